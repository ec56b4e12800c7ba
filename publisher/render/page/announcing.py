"""How a series is told of where it is listed: what it is, how often it comes, when it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from publisher.model.episode import Course, Series
from publisher.render.words import clock, day, speaker, weekday


@dataclass(frozen=True, slots=True)
class Told:
    """A series in a list. ``begins`` is empty once it has begun."""

    series: Series
    rhythm: str
    begins: str = ""

    @property
    def signature(self) -> tuple[str, ...]:
        """All that a list says of it."""
        series = self.series
        return (series.slug, series.title, series.description, self.rhythm, self.begins)


def told(shelves: Iterable[Series], coming: frozenset[str]) -> list[Told]:
    """Tell of series; ``coming`` are the slugs of those that have nothing out yet."""
    return [
        Told(series, rhythm(series), begins(series) if series.slug in coming else "")
        for series in shelves
    ]


def rhythm(series: Series) -> str:
    """Say how often a series comes: ``매주 금요일 오후 5시``."""
    say = speaker(series.language)
    if series.course is Course.FINISHED:
        return say("A finished series")
    if series.course is Course.HIATUS:
        return say("Taking a rest")
    if series.cadence is None:
        return say("From time to time")
    name = weekday(series.cadence.weekday, series.language)
    return say("Every {day}, {time}", day=name, time=clock(series.cadence.at, series.language))


def begins(series: Series) -> str:
    """Say when the first episode comes, if ``series.toml`` says it: ``첫 화 2026년 11월 10일 화요일``."""
    cadence = series.cadence
    if cadence is None or cadence.start is None or series.course is not Course.RUNNING:
        return ""
    # A day of grace: the first slot may lie on the day before in UTC.
    since = datetime.combine(cadence.start, time.min, UTC) - timedelta(days=1)
    first = next(cadence.slots(since), None)
    if first is None:
        return ""
    say = speaker(series.language)
    return say("First episode: {day}", day=day(first.local.date(), series.language))
