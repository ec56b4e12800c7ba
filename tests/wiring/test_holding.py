"""A held slot says what is wrong, where, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.model.calendar import Standing
from publisher.model.slot import Slot
from publisher.store.releases import Releases
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.standing import standing
from tests.wiring.slow import CONFIG, SERIES

SLOT = Slot(datetime(2026, 11, 20, 17), "Asia/Seoul")
NOW = datetime(2026, 11, 21, 0, tzinfo=UTC)
FILE = "episodes/slow/01-x.md"
EPISODE = "---\ntitle: 첫 회\nstatus: {status}\n---\n\n본문입니다.\n{more}"
COMMAND = "publisher publish slow/01 --slot 2026-11-20T17:00"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "episodes" / "slow"
    folder.mkdir(parents=True)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "series.toml").write_text(SERIES, encoding="utf-8")
    return tmp_path


def held(root: Path, number: int | None = None) -> Newsroom:
    """Open the publication after its slot was held."""
    newsroom = open_newsroom(root, {})
    newsroom.clock = lambda: NOW
    ledger = Releases(newsroom.database)
    ledger.watch(["slow"], NOW)
    ledger.settle_slot("slow", SLOT, Standing.HELD, number, "not-ready", NOW)
    return newsroom


@pytest.mark.parametrize(
    ("text", "number", "why", "remedy"),
    [
        (None, None, "no episode stood there", "publisher publish slow/N --slot 2026-11-20T17:00"),
        (EPISODE.format(status="draft", more=""), None, f"{FILE} is still a draft", COMMAND),
        (
            EPISODE.format(status="ready", more="\n[없는 화](episode:slow/99)\n"),
            None,
            f"{FILE}:8:",
            COMMAND,
        ),
        ("---\ntitle: 첫 회\nsttaus: ready\n---\n\n본문\n", None, f"{FILE}:3:1", COMMAND),
        (EPISODE.format(status="ready", more=""), None, "was not ready then, and is now", COMMAND),
        (EPISODE.format(status="ready", more=""), 1, "nothing ran at its time", COMMAND),
    ],
)
def test_the_reason_is_what_the_files_say_now(
    root: Path, text: str | None, number: int | None, why: str, remedy: str
) -> None:
    if text is not None:
        (root / FILE).write_text(text, encoding="utf-8")
    newsroom = held(root, number)

    (one,) = standing(newsroom, "en").held
    (need,) = standing(newsroom, "en").needs
    newsroom.database.close()

    assert why in one.why
    assert remedy in one.remedy
    assert one.why.rstrip(".") in need
    assert one.remedy in need
