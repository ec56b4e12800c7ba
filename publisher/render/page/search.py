"""The index that the search page reads: titles, summaries, tags and open headings, as JSON.

Small on purpose: about 500 octets an episode, one file, so that a phone can hold it. Each thing is
said once. What is for members only is not in it, nor is the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from publisher.model.body import Heading, plain
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.address import encoded
from publisher.render.legible import one_line
from publisher.render.page.listing import Listing
from publisher.render.words import day, numbered

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def headings(setting: Setting) -> list[str]:
    """Give the headings of an episode that everybody may read.

    Only those that stand in the text itself: blocks, ``members`` among them, keep theirs.
    """
    episode = setting.episode
    if episode.access is Audience.MEMBERS:
        return []
    return [one_line(plain(n.children)) for n in episode.body.nodes if isinstance(n, Heading)]


def index(
    settings: Sequence[Setting],
    lines: Iterable[Listing],
    headings: Callable[[Setting], Sequence[str]] = headings,
) -> bytes:
    """Write the index of the published episodes, in the order given.

    ``lines`` are the listings of the settings, one for one; dates are in the publication's language.
    """
    rows = [
        _row(line, setting.publication.language, headings(setting))
        for setting, line in zip(settings, lines, strict=True)
    ]
    written = ",\n".join(map(_JSON.encode, rows))
    return f'{{"pages":[\n{written}\n]}}\n'.encode()


def _row(line: Listing, language: str, inside: Sequence[str]) -> dict[str, object]:
    # What a line shows is searched as it is shown; here stands what else finds it.
    summary = line.summary if line.summary != line.deck else ""
    more = [summary, line.author, *line.tags, *inside]
    row: dict[str, object] = {
        "path": encoded(line.path),
        "title": line.title,
        "deck": line.deck,
        "text": " ".join(dict.fromkeys(words for words in more if words)),
        "series": line.series_title,
        "number": numbered(line.number, language),
        "date": day(line.day, language),
        "language": line.language,
    }
    return row | {"members": True} if line.members else row
