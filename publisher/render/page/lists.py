"""The lists of the reading room: of a series, a tag, an author, a year, and the lists of these.

Lists get Listings, which hold nothing that is for members only. A long list shows its newest
episodes and leads on to a page of each year: a page of a thousand lines is half a megabyte, and
one corrected title would change all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from publisher.model.episode import Series
from publisher.render.address import encoded
from publisher.render.legible import one_line
from publisher.render.page.announcing import begins, rhythm
from publisher.render.page.frame import Frame
from publisher.render.page.head import FeedLink, Head, feed_links
from publisher.render.page.listing import Listing
from publisher.render.paths import (
    ARCHIVE,
    HOME,
    TAGS,
    author_path,
    series_path,
    tag_path,
    year_path,
)
from publisher.render.words import month, speaker

#: Lines of a list that is shown whole: a weekly's four years.
WHOLE = 200
#: Lines that a longer one begins with: about a year.
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an index: words, where they lead, and how many episodes stand there."""

    words: str
    path: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first page of a list shows of its ``count`` episodes: ``rows``, newest first.

    ``years`` counts the episodes of each year; it is empty where all of them are shown.
    """

    rows: Sequence[Listing]
    count: int
    years: Mapping[int, int]

    @classmethod
    def of(cls, rows: Sequence[Listing]) -> Opening:
        """Open a list, whole if it is not too long."""
        if len(rows) <= WHOLE:
            return cls(rows, len(rows), {})
        return cls(rows[:NEWEST], len(rows), Counter(row.day.year for row in rows))

    @property
    def signature(self) -> tuple[str, ...]:
        """All that is shown of it."""
        return (*(row.signature for row in self.rows), repr(sorted(self.years.items())))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a list is a list of: its name, where its first page stands, and under which folder its years.

    ``mixed`` says whether episodes of several series stand in it.
    """

    words: str
    path: str
    folder: str
    language: str
    feeds: tuple[FeedLink, ...]
    mixed: bool = True


@dataclass(frozen=True, slots=True)
class _Month:
    words: str
    rows: Sequence[Listing]


@dataclass(frozen=True, slots=True)
class _More:
    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Lists:
    """Sets the lists of one publication."""

    frame: Frame

    # --- what there are lists of ----------------------------------------------------

    def of_all(self) -> Subject:
        """Name the list of everything, which is by year from the beginning."""
        language = self.frame.publication.language
        say = speaker(language)
        return Subject(say("Archive"), ARCHIVE, HOME, language, self.frame.feeds)

    def of_series(self, series: Series) -> Subject:
        """Name the list of a series."""
        path = series_path(series.slug)
        feeds = (*self.frame.series_feeds(series), *self.frame.feeds)
        return Subject(one_line(series.title), path, path, series.language, feeds, mixed=False)

    def of_tag(self, tag: str) -> Subject:
        """Name the list of a tag."""
        path, publication = tag_path(tag), self.frame.publication
        own = feed_links(publication, path, f"#{tag} – {one_line(publication.name)}")
        return Subject(f"#{tag}", path, path, publication.language, (*own, *self.frame.feeds))

    def of_author(self, name: str) -> Subject:
        """Name the list of an author."""
        path = author_path(name)
        return Subject(name, path, path, self.frame.publication.language, self.frame.feeds)

    # --- first pages ----------------------------------------------------------------

    def series(self, series: Series, opening: Opening) -> str:
        """Set the page of a series."""
        subject = self.of_series(series)
        head = self.frame.head(series.title, subject.path, series.description, feeds=subject.feeds)
        context = {
            "series": series,
            "rows": opening.rows,
            "years": _years(subject, opening.years),
            "rhythm": rhythm(series),
            "begins": "" if opening.rows else begins(series),
        }
        return self.frame.fill("series", series.language, subject.path, head, context)

    def tag(self, tag: str, opening: Opening) -> str:
        """Set the page of a tag."""
        subject = self.of_tag(tag)
        say = speaker(subject.language)
        above = Row(say("Tags"), TAGS)
        context = {"above": above, "feed": encoded(subject.path + "feed.xml")}
        return self._first(subject, opening, context)

    def author(self, name: str, opening: Opening) -> str:
        """Set the page of an author."""
        subject = self.of_author(name)
        say = speaker(subject.language)
        return self._first(subject, opening, {"label": say("Author")})

    def _first(self, subject: Subject, opening: Opening, context: Mapping[str, object]) -> str:
        head = self.frame.head(subject.words, subject.path, feeds=subject.feeds)
        every = {
            "heading": subject.words,
            "months": [_Month("", opening.rows)],
            "count": opening.count,
            "years": _years(subject, opening.years),
        }
        return self._list(subject, subject.path, head, {**every, **context})

    # --- years ----------------------------------------------------------------------

    def year(
        self, subject: Subject, year: int, rows: Sequence[Listing], others: Iterable[int]
    ) -> str:
        """Set all that came out in a year, by month; ``others`` are the years there are."""
        path, language = year_path(year, subject.folder), subject.language
        say = speaker(language)
        words = say("{year}", year=year)
        whole = words if subject.folder == HOME else f"{subject.words} {words}"
        # Where it is morning of the first here, it is still the month before elsewhere.
        by_month = sorted(rows, key=lambda row: row.day.month, reverse=True)
        months = [
            _Month(name, list(group))
            for name, group in groupby(by_month, key=lambda row: month(row.day, language))
        ]
        years = sorted(others)
        before = [y for y in years if y < year][-1:]
        after = [y for y in years if y > year][:1]
        context = {
            "heading": words,
            "months": months,
            "count": len(rows),
            "above": Row(subject.words, subject.path),
            "previous": next((_year(subject, y) for y in before), None),
            "following": next((_year(subject, y) for y in after), None),
        }
        head = self.frame.head(whole, path, feeds=subject.feeds)
        return self._list(subject, path, head, context)

    def _list(self, subject: Subject, path: str, head: Head, context: Mapping[str, object]) -> str:
        every: dict[str, object] = {
            "above": None,
            "label": "",
            "feed": "",
            "mixed": subject.mixed,
            "years": (),
            "previous": None,
            "following": None,
        }
        return self.frame.fill("list", subject.language, path, head, {**every, **context})

    # --- lists of lists -------------------------------------------------------------

    def archive(self, years: Mapping[int, int], authors: Sequence[Row]) -> str:
        """Set the list of years, with the authors after it."""
        subject = self.of_all()
        say = speaker(subject.language)
        more = _More(say("Authors"), authors) if authors else None
        head = self.frame.head(subject.words, ARCHIVE)
        context = {"heading": subject.words, "rows": _years(subject, years), "more": more}
        return self.frame.fill("index", subject.language, ARCHIVE, head, context)

    def tags(self, rows: Sequence[Row]) -> str:
        """Set the list of all tags."""
        language = self.frame.publication.language
        say = speaker(language)
        words = say("Tags")
        context = {"heading": words, "rows": rows, "more": None}
        return self.frame.fill("index", language, TAGS, self.frame.head(words, TAGS), context)


def _years(subject: Subject, years: Mapping[int, int]) -> list[Row]:
    """Give the years of a list, the last one first."""
    return [_year(subject, year, years[year]) for year in sorted(years, reverse=True)]


def _year(subject: Subject, year: int, count: int = 0) -> Row:
    say = speaker(subject.language)
    return Row(say("{year}", year=year), year_path(year, subject.folder), count)
