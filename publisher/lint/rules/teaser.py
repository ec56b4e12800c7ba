"""What an episode promises of the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.episode import Course, Episode, Series, Status
from publisher.model.problem import Fault, Problem, Severity

MISSING = Fault(
    "lint/teaser-missing",
    Severity.HINT,
    "Episode {before} ends with a box about this one, which has no teaser.",
    "Write “teaser:”, one sentence that makes readers wait for it.",
)
OTHER_TITLE = Fault(
    "lint/teaser-title",
    Severity.WARNING,
    "The text promises “{promised}”, but the next episode is called “{title}”.",
    "Let both say the same; the box at the end takes the title from the next file by itself.",
)
NO_NEXT = Fault(
    "lint/teaser-no-next",
    Severity.WARNING,
    "A next episode is announced here, but there is no file for number {number}.",
    "Begin the file of the next episode (a draft is enough), or take the announcement out.",
)
LAST = Fault(
    "lint/teaser-last",
    Severity.WARNING,
    "A next episode is announced here, but this is the last one of a finished series.",
    "Take the announcement out; the box at the end says by itself that the series is over.",
)
COPIED = Fault(
    "lint/teaser-same",
    Severity.HINT,
    "The teaser repeats the {key}, which stands right beside it.",
    "Write what readers do not know yet.",
)

_QUOTED = r"[‘“《「『〈]([^’”》」』〉\n]{2,60})[’”》」』〉]"
_NEXT = re.compile(
    r"(?:다음\s?(?:화|회|편)(?:는|은|에서는|에는|에선|에서|의 제목은)?|차회 예고)\s?[:：,—–-]?\s?"
)
_PROMISE = re.compile(_NEXT.pattern + _QUOTED)
_ANNOUNCED = re.compile(r"(?:^|(?<=\0))\s*(?:다음\s?(?:화|회|편)|차회)\s?(?:예고|[:：—–])")


def check(reading: Reading) -> Iterator[Problem]:
    for manuscript in reading.manuscripts:
        episode = manuscript.episode
        if (episode.series, episode.number) in reading.released:
            continue
        series = reading.by_slug.get(episode.series)
        following = reading.by_number.get((episode.series, episode.number + 1))
        if not any(word in episode.text for word in ("다음", "차회")):
            pass
        elif following is not None:
            yield from _title(manuscript, following)
        elif series is not None:
            yield from _nothing_follows(manuscript, series)
        yield from _teaser(reading, episode)


def _teaser(reading: Reading, episode: Episode) -> Iterator[Problem]:
    before = reading.by_number.get((episode.series, episode.number - 1))
    is_next = before is not None and (before.series, before.number) not in reading.released
    teaser = episode.teaser.strip()
    if before is not None and is_next and not teaser and before.status is Status.READY:
        yield MISSING.at(episode.place("title"), before=before.number)
    for key in ("title", "deck"):
        if teaser and teaser.rstrip(".") == getattr(episode, key).strip().rstrip("."):
            yield COPIED.at(episode.place("teaser"), key=key)


def _title(manuscript: Manuscript, following: Episode) -> Iterator[Problem]:
    for found in _PROMISE.finditer(manuscript.words):
        promised = found.group(1)
        if not _alike(promised, following.title):
            place = manuscript.place_at(found.start(1), promised)
            yield OTHER_TITLE.at(place, promised=promised, title=following.title)


def _alike(one: str, other: str) -> bool:
    bare, whole = (re.sub(r"[\W_]+", "", text).casefold() for text in (one, other))
    return bare in whole or whole in bare


def _nothing_follows(manuscript: Manuscript, series: Series) -> Iterator[Problem]:
    number = manuscript.episode.number + 1
    # A ``next`` block only says where the box stands; it promises nothing by itself.
    places = [spot.place for spot in manuscript.search(_ANNOUNCED)]
    places += [
        manuscript.place_at(found.start(), found.group())
        for found in _PROMISE.finditer(manuscript.words)
    ]
    is_last = series.course is Course.FINISHED
    for place in places if is_last else places[:1]:
        yield LAST.at(place) if is_last else NO_NEXT.at(place, number=number)


RULE = LintRule(
    "The promise of the next episode is why readers open the next mail. It must name what really comes, and be kept.",
    (MISSING, OTHER_TITLE, NO_NEXT, LAST, COPIED),
    reading=check,
)
