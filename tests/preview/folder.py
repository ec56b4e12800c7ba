"""A desk over real files and real templates, as the press gives one: for tests and benchmarks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from publisher import source
from publisher.files import text
from publisher.model.episode import Audience, Episode
from publisher.model.problem import Problem
from publisher.model.publication import Publication, Sender
from publisher.model.slot import Slot
from publisher.press.table import Table, by_slug
from publisher.preview.ports import Asset, Issued, Proof, Snapshot
from publisher.render import Renderer, TemplateFault

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
PUBLICATION = Publication(
    name="느린 신호",
    url="https://slow-signal.example",
    timezone="Asia/Seoul",
    language="ko",
    sender=Sender("느린 신호", "letter@slow-signal.example"),
    membership_url="/join/",
)


class FolderDesk:
    """Reads a folder anew at every look; what was read and did not change is remembered."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = lambda: NOW,
        issued: tuple[Issued, ...] = (),
        rules: Callable[[Snapshot], tuple[Problem, ...]] = lambda _: (),
        templates: tuple[Path, ...] = (),
    ) -> None:
        self.root, self.clock, self.issued, self.rules = root, clock, issued, rules
        self.reader = source.Reader()
        self.renderer = Renderer(PUBLICATION, templates)
        self.table = Table(PUBLICATION, {}, (), {}, clock())

    def look(self, changed: frozenset[str]) -> Snapshot:
        found = source.scan(self.root, Path("episodes"), timezone="Asia/Seoul", reader=self.reader)
        self.table = Table(PUBLICATION, by_slug(found.series), found.episodes, {}, self.clock())
        entries = [
            entry for series in found.series for entry in self.table.calendar(series.slug, 5)
        ]
        return Snapshot(
            PUBLICATION,
            found.series,
            found.episodes,
            tuple(entries),
            self.clock(),
            found.problems,
            self.issued,
        )

    def check(self, snapshot: Snapshot) -> tuple[Problem, ...]:
        return self.rules(snapshot)

    def proof(self, snapshot: Snapshot, episode: Episode, audience: Audience) -> Proof:
        slot = self.table.expected(episode.series).get(episode.number)
        slot = slot or Slot(datetime(2026, 11, 27, 17), "Asia/Seoul")
        setting = self.table.setting(episode, slot, self.table.as_if_published(slot))
        try:
            return Proof(self.renderer.edition(setting, audience))
        except TemplateFault as fault:
            return Proof(None, (fault.problem,))

    def source(self, path: str) -> str | None:
        read = text.read(self.root / path, self.root)
        return read if isinstance(read, str) else None

    def asset(self, snapshot: Snapshot, path: str) -> Asset | None:
        name = path.rpartition("/")[2]
        digest, _, ending = name.partition(".")
        for picture in sorted((self.root / "episodes").rglob(f"*.{ending}")):
            data = picture.read_bytes()
            if hashlib.sha256(data).hexdigest().startswith(digest):
                return Asset(data, f"image/{ending}")
        return None


SERIES = """\
title = "AI won’t save us"
description = "기술과 사람 사이에서 벌어지는 일"
language = "ko"
byline = "편집부 에디터"
tags = ["AI"]

[cadence]
weekday = "fri"
at = "17:00"
"""


def episode_text(number: int, title: str, *, status: str = "ready", body: str = "") -> str:
    """Write an episode that is sound."""
    return (
        f"---\ntitle: {title}\ndeck: 부제 {number}\nstatus: {status}\n---\n\n"
        f"{body or f'{number}화의 첫 문장이다.'}\n\n::: members\n회원만 읽는 문장이다.\n:::\n"
    )


def write_publication(root: Path, episodes: int = 3) -> Path:
    """Lay a small publication on disk and give the folder of its series."""
    series = root / "episodes" / "ai"
    series.mkdir(parents=True)
    (series / "series.toml").write_text(SERIES, encoding="utf-8")
    for number in range(1, episodes + 1):
        name = f"{number:02d}-화.md"
        (series / name).write_text(episode_text(number, f"{number}번째 제목"), encoding="utf-8")
    return series
