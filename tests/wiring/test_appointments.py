"""The plan in calendar programs: what a slot wants is called to mind before it comes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publisher.cli.command import run
from publisher.press.agenda import agenda
from publisher.wiring.appointments import icalendar
from publisher.wiring.newsroom import open_newsroom
from tests.preview.folder import write_publication
from tests.wiring.test_taking_in import CONFIG

CLOCK = {"PUBLISHER_CLOCK": "2026-11-21T12:00:00+09:00"}


def _events(text: str) -> list[list[str]]:
    unfolded = text.replace("\r\n ", "")
    return [event.split("\r\n") for event in unfolded.split("BEGIN:VEVENT\r\n")[1:]]


def test_empty_and_unapproved_slots_remind(tmp_path: Path) -> None:
    """A ready one that nobody approved wants a person as much as an empty one."""
    write_publication(tmp_path, episodes=2)
    (tmp_path / "config.toml").write_text(
        CONFIG + '[editorial]\napproval = "required"\n', encoding="utf-8"
    )
    newsroom = open_newsroom(tmp_path, CLOCK)
    table = newsroom.table()

    events = _events(icalendar(newsroom, table, agenda(table, weeks=5), "en"))

    wanting = [next(f for f in event if f.startswith("DESCRIPTION")) for event in events]
    assert [w.partition("\\n")[0] for w in wanting] == [
        "DESCRIPTION:Nobody has approved the episode yet.",
        "DESCRIPTION:Nobody has approved the episode yet.",
        "DESCRIPTION:No episode stands at this slot yet.",
        "DESCRIPTION:No episode stands at this slot yet.",
        "DESCRIPTION:No episode stands at this slot yet.",
    ]
    assert all(event.count("ACTION:DISPLAY") == 2 for event in events)


def test_a_ready_slot_needs_no_reminder(tmp_path: Path) -> None:
    """Where approval is optional, ready is enough."""
    write_publication(tmp_path, episodes=1)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    newsroom = open_newsroom(tmp_path, CLOCK)
    table = newsroom.table()

    (event,) = _events(icalendar(newsroom, table, agenda(table, weeks=1), "en"))

    assert "STATUS:CONFIRMED" in event
    assert "ACTION:DISPLAY" not in event


def test_the_plan_names_holidays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the terminal, for scripts, and in the calendar."""
    write_publication(tmp_path, episodes=1)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    for name, value in CLOCK.items():
        monkeypatch.setenv(name, value)
    arguments = ["--lang", "en", "-C", str(tmp_path), "plan", "--weeks", "6"]

    assert run([*arguments, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert run([*arguments, "--ics"]) == 0
    ics = capsys.readouterr().out

    assert [r["local"] for r in rows if r["holiday"]] == ["2026-12-25T17:00", "2027-01-01T17:00"]
    assert "Holiday: Christmas Day" in ics
    assert ics.startswith("BEGIN:VCALENDAR\r\n")
