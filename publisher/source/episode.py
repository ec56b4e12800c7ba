"""An episode file to an Episode: front matter, text, pictures and the digest over them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from publisher.files import text
from publisher.files.names import relative
from publisher.model.body import Body, Picture
from publisher.model.episode import (
    Cover,
    Episode,
    Series,
)
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.source.markdown import tree
from publisher.source.markdown.sheet import PictureFinder, Sheet
from publisher.source.matter import Matter
from publisher.source.pictures import pictures_in
from publisher.source.sought import EpisodeFile, Surroundings

EMPTY = Fault(
    "source/empty",
    Severity.ERROR,
    "The file is empty.",
    "Write front matter and text, or delete the file.",
)
NO_TEXT = Fault(
    "source/no-text",
    Severity.WARNING,
    "The episode has no text beneath its front matter.",
    "Write the text below the second --- line.",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one file; the Episode is None only if there is no text to be had."""

    episode: Episode | None
    problems: list[Problem]
    matter: Matter | None = None


def read(
    file: EpisodeFile,
    around: Surroundings,
    finder: Callable[[list[Problem]], PictureFinder],
    known: Matter | None = None,
) -> Reading:
    """Read one file. ``known`` is what its front matter came to when it was read before."""
    path = relative(file.path, around.root)
    written = text.read(file.path, around.root)
    if isinstance(written, Problem):
        return Reading(None, [written])
    if not written.strip():
        return Reading(None, [EMPTY.at(Place(path, 1, 1))])
    problems = text.surprises(written, path)
    parted = True
    if known is None or not written.startswith(known.written):
        # Loaded here: what reads YAML and keys takes as long to load as all else in this file.
        from publisher.source import fronts

        known, parted = fronts.read(file, written, path, around.timezone, problems)
    if known is None:
        return Reading(None, problems)
    picture = finder(problems)
    lines = written.split("\n")[known.first - 1 :]
    sheet = Sheet(path, lines, known.first, around.blocks, picture)
    body = tree.read(sheet)
    problems.extend(sheet.problems)
    if not body and parted:
        problems.append(NO_TEXT.at(Place(path, known.first, 1)))
    cover = known.covered(picture(known.cover.picture.src, known.drawn[0])) if known.cover else None
    markdown = "\n".join(lines)
    fields: dict[str, Any] = {**known.fields, "cover": cover}
    episode = Episode(
        series=file.series.slug,
        number=file.name.number,
        slug=file.name.slug,
        path=path,
        body=body,
        text=written,
        digest=digest(known.seen, file.series, markdown, (file.name.number, body, cover)),
        text_digest=hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest(),
        **fields,
    )
    return Reading(episode, problems, known)


def digest(front: str, series: Series, markdown: str, rest: tuple[int, Body, Cover | None]) -> str:
    """Sum up all that readers can see of an episode: its text, its series’, its pictures.

    What only editors see (approval, status, rules set off) is left out of ``front``, the keys of
    its front matter.
    """
    number, body, cover = rest
    written, shared = _of_series(series)
    pictures = [*pictures_in(body), *shared]
    if cover is not None:
        pictures.append(cover.picture)
    seen = (
        repr(number),
        front,
        repr(markdown),
        written,
        repr([(picture.src, picture.path, picture.digest) for picture in pictures]),
    )
    whole = f"({', '.join(seen)})"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


#: What the episodes of a series read lately have in common: written down once, not for each.
_shared: dict[int, tuple[Series, tuple[str, list[Picture]]]] = {}


def _of_series(series: Series) -> tuple[str, list[Picture]]:
    """Give what readers of every episode see of its series, and the pictures in that."""
    known = _shared.get(id(series))
    if known is None or known[0] is not series:
        if len(_shared) > 100:
            _shared.clear()
        pictures = [*pictures_in(series.intro), *pictures_in(series.footer)]
        known = _shared[id(series)] = (series, (repr(_visible(series)), pictures))
    return known[1]


def _visible(series: Series) -> tuple[Any, ...]:
    """List what readers of every episode can see of its series."""
    return (
        series.title,
        series.description,
        series.language,
        series.byline,
        series.tags,
        series.access,
        series.intro,
        series.footer,
    )
