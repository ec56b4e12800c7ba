"""An episode file to an Episode: front matter, text, pictures and the digest over them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from publisher.files import text
from publisher.files.escaped import escaped
from publisher.files.keys import Places, RefusedError, check
from publisher.files.names import relative
from publisher.model.body import Body, Picture
from publisher.model.episode import (
    Audience,
    Correction,
    Cover,
    Episode,
    Kind,
    Series,
    Status,
)
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.source import frontmatter, values
from publisher.source.keys import EpisodeKeys
from publisher.source.markdown import tree
from publisher.source.markdown.sheet import PictureFinder, Sheet
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
CONTRADICTS = Fault(
    "source/contradiction",
    Severity.ERROR,
    "“{name}” says {written}, and the file’s name says {named}.",
    "Delete the line, or rename the file.",
)

_UNSEEN = {"approved", "status", "allow"}


def read(
    file: EpisodeFile, around: Surroundings, finder: Callable[[list[Problem]], PictureFinder]
) -> tuple[Episode | None, list[Problem]]:
    """Read one file; the Episode is None only if there is no text to be had from it."""
    path = relative(file.path, around.root)
    written = text.read(file.path, around.root)
    if isinstance(written, Problem):
        return None, [written]
    if not written.strip():
        return None, [EMPTY.at(Place(path, 1, 1))]
    problems = text.surprises(written, path)
    front = frontmatter.read(written, path)
    problems.extend(front.problems)
    problems.extend(escaped(front.values, front.places, written, prose=("allow",)))
    keys, told = check(EpisodeKeys, front.values, front.places, {"title": _title(file)})
    # Front matter that cannot be read has told so; that keys are missing then is no news.
    unread = bool(front.problems) and "title" not in front.values
    problems.extend(p for p in told if not (unread and p.code == "keys/missing"))
    if keys is None:
        return None, problems
    picture = finder(problems)
    sheet = Sheet(path, front.body.split("\n"), front.first, around.blocks, picture)
    body = tree.read(sheet)
    problems.extend(sheet.problems)
    if not body and not front.problems:
        problems.append(NO_TEXT.at(Place(path, front.first, 1)))
    maker = _Maker(file, keys, front.places, problems, around.timezone)
    return maker.episode(path, written, front.body, body, picture), problems


def _title(file: EpisodeFile) -> str:
    return file.name.slug.replace("-", " ") or f"{file.series.title} {file.name.number}"


@dataclass(slots=True)
class _Maker:
    """Fills in what the series says where the episode is silent."""

    file: EpisodeFile
    keys: EpisodeKeys
    places: Places
    problems: list[Problem]
    timezone: str

    def episode(
        self, path: str, written: str, markdown: str, body: Body, picture: PictureFinder
    ) -> Episode:
        keys, series, name = self.keys, self.file.series, self.file.name
        self._contradictions()
        cover = self._cover(picture)
        return Episode(
            series=series.slug,
            number=name.number,
            slug=name.slug,
            path=path,
            title=keys.title,
            status=Status(keys.status),
            body=body,
            text=written,
            digest=digest(keys, series, markdown, (name.number, body, cover)),
            deck=keys.deck,
            byline=values.byline(keys.byline) or series.byline,
            tags=values.tags([*keys.tags, *series.tags]),
            access=Audience(keys.access) if keys.access else series.access,
            publish_at=self._publish_at(),
            subject=keys.subject,
            preheader=keys.preheader,
            summary=keys.summary,
            teaser=keys.teaser,
            cover=cover,
            kind=Kind(keys.kind),
            approved=keys.approved,
            corrections=tuple(Correction(each.date, each.text) for each in keys.corrections),
            allow=tuple(keys.allow.items()),
            places=self.places.named(),
            text_digest=hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest(),
        )

    def _cover(self, picture: PictureFinder) -> Cover | None:
        cover = self.keys.cover
        if cover is None:
            return None
        place = self.places.value(("cover", "src"))
        found = picture(cover.src, place)
        if cover.width and cover.height and not found.path:
            found = replace(found, width=cover.width, height=cover.height)
        return Cover(found, cover.alt, cover.caption, cover.source)

    def _publish_at(self) -> datetime | None:
        if not self.keys.publish_at:
            return None
        cadence = self.file.series.cadence
        zone = cadence.timezone if cadence else self.timezone
        try:
            return values.moment(self.keys.publish_at, zone, cadence.at if cadence else None)
        except RefusedError as refused:
            place = self.places.value(("publish_at",))
            self.problems.append(refused.fault.at(place, **refused.details))
            return None

    def _contradictions(self) -> None:
        name = self.file.name
        said: tuple[tuple[str, Any, Any], ...] = (
            ("number", self.keys.number, name.number),
            ("slug", self.keys.slug, name.slug),
            ("series", self.keys.series, self.file.series.slug),
        )
        for key, written, named in said:
            if written is not None and written != named:
                place = self.places.value((key,))
                fault = CONTRADICTS.at(place, name=key, written=written, named=named)
                self.problems.append(fault)


def digest(
    keys: EpisodeKeys, series: Series, markdown: str, rest: tuple[int, Body, Cover | None]
) -> str:
    """Sum up all that readers can see of an episode: its text, its series’, its pictures.

    What only editors see (approval, status, rules set off) is left out.
    """
    number, body, cover = rest
    written, shared = _of_series(series)
    pictures = [*pictures_in(body), *shared]
    if cover is not None:
        pictures.append(cover.picture)
    seen = (
        repr(number),
        repr(keys.model_dump(mode="json", exclude=_UNSEEN)),
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
