"""A small publication that is out: a year and more of a weekly serial, ready to be laid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from publisher.model.body import Body
from publisher.model.episode import Audience, Correction, Series
from publisher.model.publication import Publication
from publisher.model.setting import Neighbour, Setting
from publisher.model.slot import Slot
from publisher.render.site.choices import Choices
from publisher.render.site.plan import Site
from publisher.render.theme import Templates
from tests.render import stage

TEMPLATES = Templates()
FIRST_SLOT = datetime(2025, 11, 28, 17)


def out(number: int = 1, body: Body | None = None, **changes: Any) -> Setting:
    """One episode that is out; ``changes`` are fields of the episode."""
    base = stage.setting(body)
    slot = Slot(FIRST_SLOT + timedelta(weeks=number - 1), "Asia/Seoul")
    title, digest = f"{number}번째 이야기", f"sha256:{number}:{sorted(changes.items())!r}"
    episode = replace(base.episode, number=number, **({"title": title, "digest": digest} | changes))
    before = Neighbour("s", base.series.title, number - 1, f"{number - 1}번째 이야기")
    return replace(
        base,
        episode=episode,
        slot=slot,
        guid=f"tag:slow-signal.example,{slot.local:%Y-%m-%d}:s/{number}",
        updated=slot.instant,
        previous=before if number > 1 else None,
        next=replace(base.next or before, number=number + 1, slot=None),
    )


def serial(count: int = 8) -> list[Setting]:
    """Some weeks of it: the fifth corrected, the sixth for members."""
    settings = [out(number) for number in range(1, count + 1)]
    if count >= 6:
        corrected = (Correction(date(2026, 1, 3), "‘2024년’을 ‘2025년’으로 바로잡습니다."),)
        settings[4] = out(5, corrections=corrected)
        settings[5] = out(6, access=Audience.MEMBERS)
    return settings


def site_of(publication: Publication) -> dict[str, bytes]:
    """Make every file of the site of an outlet that has published nothing yet."""
    made = Site(publication, [], TEMPLATES, lambda path: path.encode(), Choices())
    return {sheet.path: sheet.make() for sheet in made.sheets()}


def site(
    settings: list[Setting], announced: tuple[Series, ...] = (), **choices: Any
) -> dict[str, bytes]:
    """Make every file of the site."""
    made = Site(
        stage.publication(),
        settings,
        TEMPLATES,
        lambda path: path.encode(),
        Choices(**choices),
        announced=announced,
    )
    return {sheet.path: sheet.make() for sheet in made.sheets()}


def digests(settings: list[Setting], **choices: Any) -> dict[str, str]:
    """Give the digest of every file, making none."""
    made = Site(
        stage.publication(), settings, TEMPLATES, lambda path: path.encode(), Choices(**choices)
    )
    return {sheet.path: sheet.digest for sheet in made.sheets()}


class Reader(HTMLParser):
    """Reads a page as a browser does: its elements, and what is open and never closed."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag: str, /, **attributes: str) -> list[dict[str, str | None]]:
        """Find elements by name and attributes."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(k) == v for k, v in attributes.items())
        ]
