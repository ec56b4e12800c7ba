"""Front matter to what an Episode takes from it, by the table of its keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from publisher.files.escaped import escaped
from publisher.files.keys import Places, RefusedError, check
from publisher.model.body import Picture
from publisher.model.episode import Audience, Correction, Cover, Kind, Status
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.source import frontmatter, values
from publisher.source.keys import EpisodeKeys
from publisher.source.matter import Matter
from publisher.source.sought import EpisodeFile

CONTRADICTS = Fault(
    "source/contradiction",
    Severity.ERROR,
    "“{name}” says {written}, and the file’s name says {named}.",
    "Delete the line, or rename the file.",
)

_UNSEEN = {"approved", "status", "allow"}


def read(
    file: EpisodeFile, written: str, path: str, timezone: str, problems: list[Problem]
) -> tuple[Matter | None, bool]:
    """Read the front matter of a file, ``written`` in whole; ``problems`` takes what is wrong.

    There is none if there is no title to be had. Second comes whether it could be parted from the
    text.
    """
    before = len(problems)
    front = frontmatter.read(written, path)
    problems.extend(front.problems)
    problems.extend(escaped(front.values, front.places, written, prose=("allow",)))
    keys, told = check(EpisodeKeys, front.values, front.places, {"title": _title(file)})
    # Front matter that cannot be read has told so; that keys are missing then is no news.
    unread = bool(front.problems) and "title" not in front.values
    problems.extend(p for p in told if not (unread and p.code == "keys/missing"))
    if keys is None:
        return None, not front.problems
    filler = _Filler(file, keys, front.places, problems, timezone)
    fields = filler.fields()
    above = "\n".join([*written.split("\n")[: front.first - 1], ""])
    # A character is told where it does not stand in the file as it is, wherever that may be.
    sound = len(problems) == before and not escaped(front.values, front.places, "", ("allow",))
    matter = Matter(
        written=above if sound and written.startswith(above) else "",
        first=front.first,
        fields=fields,
        seen=repr(keys.model_dump(mode="json", exclude=_UNSEEN)),
        drawn=filler.drawn(),
    )
    return matter, not front.problems


def _title(file: EpisodeFile) -> str:
    return file.name.slug.replace("-", " ") or f"{file.series.title} {file.name.number}"


@dataclass(slots=True)
class _Filler:
    """Fills in what the series says where the episode is silent."""

    file: EpisodeFile
    keys: EpisodeKeys
    places: Places
    problems: list[Problem]
    timezone: str

    def fields(self) -> dict[str, object]:
        keys, series = self.keys, self.file.series
        self._contradictions()
        return {
            "title": keys.title,
            "status": Status(keys.status),
            "deck": keys.deck,
            "byline": values.byline(keys.byline) or series.byline,
            "tags": values.tags([*keys.tags, *series.tags]),
            "access": Audience(keys.access) if keys.access else series.access,
            "publish_at": self._publish_at(),
            "subject": keys.subject,
            "preheader": keys.preheader,
            "summary": keys.summary,
            "teaser": keys.teaser,
            "cover": self._cover(),
            "kind": Kind(keys.kind),
            "approved": keys.approved,
            "corrections": tuple(Correction(each.date, each.text) for each in keys.corrections),
            "allow": tuple(keys.allow.items()),
            "places": self.places.named(),
        }

    def _cover(self) -> Cover | None:
        cover = self.keys.cover
        return Cover(Picture(cover.src), cover.alt, cover.caption, cover.source) if cover else None

    def drawn(self) -> tuple[Place, int | None, int | None]:
        cover = self.keys.cover
        place = self.places.value(("cover", "src"))
        return place, cover.width if cover else None, cover.height if cover else None

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
