"""What each file of the site is made of, brought down to a name: equal names, equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from publisher.model.episode import Series
from publisher.model.setting import Neighbour, Setting
from publisher.render.address import Channel, link
from publisher.render.paths import on_disk
from publisher.render.site.glance import Glance
from publisher.render.site.sheet import Sheet

#: An episode's series and number.
Key = tuple[str, int]


def key_of(setting: Setting) -> Key:
    """Name the episode of a setting."""
    return (setting.series.slug, setting.episode.number)


@dataclass(frozen=True, eq=False)
class Seals:
    """Names what is worked into the files of one plan; each thing is spelled out only once.

    ``base`` is what every page depends on: the program, the templates, the publication, our
    choices. ``shown`` are the series that have a page, ``known`` the episodes that links reach.
    """

    base: bytes
    settings: tuple[Setting, ...]
    shown: Mapping[str, Series]
    known: frozenset[Key]
    glance: Callable[[Setting], Glance]
    #: By identity: the settings keep every neighbour alive for as long as this plan.
    _spoken: dict[int, str] = field(default_factory=dict)

    def of(self, *parts: str) -> str:
        """Name what a file is made of."""
        # The lengths keep two lists of parts apart that come to the same text.
        said = "\0".join((*parts, str([*map(len, parts)])))
        whole = self.base + said.encode("utf-8", "replace")
        return hashlib.sha256(whole).hexdigest()[:32]

    def sheet(self, path: str, make: Callable[[], str], *parts: str) -> Sheet:
        """Plan a page at a path that is made of ``parts``."""
        return Sheet(on_disk(path), self.of(path, *parts), lambda: make().encode())

    @cached_property
    def series(self) -> dict[str, str]:
        """Name each series by what its intro, footer and front matter say."""
        found = {}
        for slug, series in self.shown.items():
            said = repr(series)
            # Whether a link in an intro leads anywhere depends on all that is out.
            known = repr(sorted(self.known)) if "episode:" in said else ""
            found[slug] = self.of(said, known)
        return found

    def text(self, setting: Setting) -> str:
        """Say what an episode's own text, date and name come to, without its neighbours."""
        return self._texts[key_of(setting)]

    @cached_property
    def _texts(self) -> dict[Key, str]:
        return {key_of(s): self._spelled(s) for s in self.settings}

    def _spelled(self, setting: Setting) -> str:
        found = self.glance(setting).links
        links = [(href, link(href, setting, Channel.PAGE)) for href in found]
        return "\0".join(
            (
                setting.episode.digest,
                self.series[setting.series.slug],
                setting.slot.key,
                setting.guid,
                setting.updated.isoformat(),
                str(setting.finale),
                repr(links) if links else "",
            )
        )

    def around(self, setting: Setting) -> str:
        """Say what an episode's neighbours come to: next, previous and related."""
        return "\0".join(map(self.said, (setting.next, setting.previous, *setting.related)))

    def said(self, neighbour: Neighbour | None) -> str:
        """Spell a neighbour out, once for all who stand beside it."""
        said = self._spoken.get(id(neighbour))
        if said is None:
            said = self._spoken[id(neighbour)] = neighbour.spelled if neighbour else ""
        return said
