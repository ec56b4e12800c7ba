"""The lists of a website, planned: of each series, tag and author, of each year, and the lists of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from publisher.model.episode import Series
from publisher.model.setting import Setting
from publisher.render.page.frame import Frame
from publisher.render.page.listing import Listing
from publisher.render.page.lists import Lists, Opening, Row, Subject
from publisher.render.paths import ARCHIVE, TAGS, year_path
from publisher.render.site.seals import Key, Seals, key_of
from publisher.render.site.sheet import Sheet

#: Episodes under one word, by the path of its page: the word as it was spelled last, newest first.
Groups = Mapping[str, tuple[str, Sequence[Setting]]]


@dataclass(frozen=True, eq=False)
class ListSheets:
    """Plans every list of one website. ``rows`` are all its lines, newest first."""

    frame: Frame
    seals: Seals
    rows: Mapping[Key, Listing]

    @property
    def _lists(self) -> Lists:
        return Lists(self.frame)

    def series(self, series: Series, settings: Iterable[Setting]) -> Iterator[Sheet]:
        """Plan the list of a series; perhaps nothing of it is out yet."""
        yield from self._list(
            self._lists.of_series(series),
            settings,
            partial(self._lists.series, series),
            self.seals.series[series.slug],
        )

    def tags(self, groups: Groups) -> Iterator[Sheet]:
        """Plan the list of each tag, and the list of all tags."""
        for tag, settings in groups.values():
            subject = self._lists.of_tag(tag)
            yield from self._list(subject, settings, partial(self._lists.tag, tag), tag)
        every = [Row(f"#{tag}", path, len(some)) for path, (tag, some) in groups.items()]
        yield self.seals.sheet(TAGS, lambda: self._lists.tags(every), repr(every))

    def authors(self, groups: Groups) -> Iterator[Sheet]:
        """Plan the list of each author."""
        for name, settings in groups.values():
            subject = self._lists.of_author(name)
            yield from self._list(subject, settings, partial(self._lists.author, name), name)

    def archive(self, authors: Groups) -> Iterator[Sheet]:
        """Plan the list of each year, and the list of years and authors."""
        years = _by_year(self.rows.values())
        yield from self._years(self._lists.of_all(), years)
        counts = {year: len(rows) for year, rows in years.items()}
        names = [Row(name, path, len(some)) for path, (name, some) in authors.items()]
        yield self.seals.sheet(
            ARCHIVE, lambda: self._lists.archive(counts, names), repr(counts), repr(names)
        )

    def _list(
        self,
        subject: Subject,
        settings: Iterable[Setting],
        first: Callable[[Opening], str],
        *parts: str,
    ) -> Iterator[Sheet]:
        """Plan one list: the years of it, where it is long, and the page that leads to them."""
        rows = [self.rows[key_of(setting)] for setting in settings]
        opening = Opening.of(rows)
        if opening.years:
            yield from self._years(subject, _by_year(rows))
        yield self.seals.sheet(subject.path, partial(first, opening), *parts, *opening.signature)

    def _years(self, subject: Subject, years: Mapping[int, list[Listing]]) -> Iterator[Sheet]:
        for year, rows in years.items():
            yield self.seals.sheet(
                year_path(year, subject.folder),
                partial(self._lists.year, subject, year, rows, years),
                repr(subject),
                repr([*years]),
                *(row.signature for row in rows),
            )


def _by_year(rows: Iterable[Listing]) -> dict[int, list[Listing]]:
    """Part lines by the year in which they came out, the first year first."""
    years: dict[int, list[Listing]] = {}
    for row in rows:
        years.setdefault(row.day.year, []).append(row)
    return dict(sorted(years.items()))
