"""``series.toml`` to a Series."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from publisher.files import spans, text, toml
from publisher.files.escaped import escaped
from publisher.files.keys import Places, check
from publisher.files.names import relative
from publisher.model.body import Body
from publisher.model.episode import Audience, Course, Series
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.slot import Cadence, IfMissed, IfNotReady
from publisher.source import values
from publisher.source.keys import CadenceKeys, SeriesKeys
from publisher.source.markdown import tree
from publisher.source.markdown.sheet import PictureFinder, Sheet
from publisher.source.sought import ReadSeries, Surroundings, digest_of

ABSENT = Fault(
    "source/series-missing",
    Severity.ERROR,
    "The folder holds episodes and no series.toml.",
    "Write a file series.toml with title and cadence into the folder.",
)


def read(folder: Path, around: Surroundings, picture: PictureFinder) -> ReadSeries:
    """Read the ``series.toml`` of a folder. There is always a Series, if only by its name."""
    path = folder / "series.toml"
    name = relative(path, around.root)
    slug = relative(folder, folder.parent)
    if not os.path.lexists(path):
        return ReadSeries(Series(slug, slug, name), [ABSENT.at(Place(name))])
    written = text.read(path, around.root)
    if isinstance(written, Problem):
        return ReadSeries(Series(slug, slug, name), [written])
    found = toml.read(written, name)
    problems = text.surprises(written, name) + found.problems
    if found.problems:
        return ReadSeries(Series(slug, slug, name), problems, digest_of(written))
    prose = ("intro", "footer", "description")
    problems.extend(escaped(found.values, found.places, written, prose))
    keys, told = check(SeriesKeys, found.values, found.places, {"title": slug})
    problems.extend(told)
    if keys is None:
        return ReadSeries(Series(slug, slug, name), problems, digest_of(written))
    reader = _BodyReader(written, name, found.places, around, picture, problems)
    series = _made(slug, name, keys, around.timezone, found.places, reader)
    return ReadSeries(series, problems, digest_of(written))


def _made(
    slug: str, name: str, keys: SeriesKeys, zone: str, places: Places, bodies: _BodyReader
) -> Series:
    return Series(
        slug=slug,
        title=keys.title,
        path=name,
        description=keys.description,
        intro=bodies.read("intro", keys.intro),
        footer=bodies.read("footer", keys.footer),
        language=keys.language,
        byline=values.byline(keys.byline),
        tags=keys.tags,
        access=Audience(keys.access),
        course=Course(keys.status),
        cadence=_cadence(keys.cadence, zone),
        places=places.named(),
    )


def _cadence(keys: CadenceKeys | None, zone: str) -> Cadence | None:
    if keys is None:
        return None
    return Cadence(
        weekday=values.weekday_number(keys.weekday),
        at=keys.at,
        timezone=keys.timezone or zone,
        start=keys.start,
        skip=frozenset[date](keys.skip),
        late_ok=spans.span(keys.late_ok),
        if_missed=IfMissed(keys.if_missed),
        if_not_ready=IfNotReady(keys.if_not_ready),
    )


@dataclass(slots=True)
class _BodyReader:
    """Reads the Markdown inside of TOML strings, and finds its places there."""

    text: str
    path: str
    places: Places
    around: Surroundings
    picture: PictureFinder
    problems: list[Problem]

    def read(self, key: str, markdown: str) -> Body:
        if not markdown.strip():
            return Body()
        place = self.places.value((key,))
        first, shift, exact = self._begin(place, markdown)
        sheet = Sheet(
            self.path,
            markdown.split("\n"),
            first,
            self.around.blocks,
            self.picture,
            shift=shift,
            placed=exact,
        )
        body = tree.read(sheet)
        self.problems.extend(sheet.problems)
        return body

    def _begin(self, place: Place, markdown: str) -> tuple[int, int, bool]:
        """Find line and shift of the first character; without luck, the value stands for all."""
        lines = self.text.split("\n")
        line = lines[place.line - 1]
        mark = line[place.column - 1 : place.column + 2]
        first, shift = place.line, place.column - 1 + (3 if mark in {'"""', "'''"} else 1)
        if len(line) == shift and len(mark) == 3:
            first, shift = first + 1, 0
        behind = "\n".join([lines[first - 1][shift:], *lines[first:]])
        bare = behind.lstrip()
        if bare.startswith(markdown):
            skipped = behind[: len(behind) - len(bare)]
            rows = skipped.count("\n")
            column = len(skipped) - skipped.rfind("\n") - 1
            return first + rows, column if rows else shift + len(skipped), True
        return place.line, place.column - 1, False
