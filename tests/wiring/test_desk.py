"""The desk over a real newsroom: quick to show, thorough afterwards, and never a writer."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from publisher.model.calendar import Standing
from publisher.model.episode import Audience
from publisher.wiring.approving import approve
from publisher.wiring.desk import AHEAD, OVERDUE, PressDesk
from publisher.wiring.newsroom import open_newsroom
from tests.preview.folder import episode_text, write_publication
from tests.wiring.test_taking_in import CONFIG

CLOCK = {"PUBLISHER_CLOCK": "2026-11-21T12:00:00+09:00"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_publication(tmp_path)
    required = CONFIG + '[editorial]\napproval = "required"\n'
    (tmp_path / "config.toml").write_text(required, encoding="utf-8")
    return tmp_path


def _bytes(root: Path) -> dict[str, str]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(f.relative_to(root)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_looking_proving_and_checking_write_nothing(root: Path) -> None:
    """No ledger, no site, no outbox, no byte of a file."""
    before = _bytes(root)
    desk = PressDesk(open_newsroom(root, CLOCK))
    snapshot = desk.look(frozenset())
    for episode in snapshot.episodes:
        for audience in Audience:
            made = desk.proof(snapshot, episode, audience)
            assert made.more is not None
            made.more()
    desk.check(snapshot)

    assert _bytes(root) == before


def test_the_edition_comes_first_and_its_problems_after(root: Path) -> None:
    """What the final bytes bring to light is asked for, not waited for."""
    desk = PressDesk(open_newsroom(root, CLOCK))
    snapshot = desk.look(frozenset())
    episode = snapshot.find("ai", 1)
    assert episode is not None

    made = desk.proof(snapshot, episode, Audience.FREE)

    assert made.edition is not None
    assert "1화의 첫 문장이다." in made.edition.html
    assert made.problems == ()
    assert made.more is not None
    assert "press/unapproved" in [p.code for p in made.more()]


def test_what_comes_next_unapproved_is_a_problem_on_the_first_page(root: Path) -> None:
    """Until somebody approves it; the ones that follow still want it."""
    newsroom = open_newsroom(root, CLOCK)
    desk = PressDesk(newsroom)

    def unapproved() -> list[str]:
        found = desk.check(desk.look(frozenset()))
        return [p.place.path for p in found if p.code == "press/unapproved"]

    assert unapproved() == [f"episodes/ai/{n:02d}-화.md" for n in (1, 2, 3)]
    approve(newsroom, "ai/1", "한서율")
    assert unapproved() == [f"episodes/ai/{n:02d}-화.md" for n in (2, 3)]


def test_the_coming_slots_are_shown_however_many_are_overdue(root: Path) -> None:
    """Fifteen ready episodes whose Fridays have passed hide neither each other nor the next Friday."""
    for number in range(1, 16):
        path = root / f"episodes/ai/{number:02d}-화.md"
        path.write_text(episode_text(number, f"{number}번째 제목"), encoding="utf-8")
    series = root / "episodes/ai/series.toml"
    cadence = series.read_text("utf-8").replace("[cadence]", "[cadence]\nstart = 2026-08-14")
    series.write_text(cadence, encoding="utf-8")
    snapshot = PressDesk(open_newsroom(root, CLOCK)).look(frozenset())

    shown = [e for e in snapshot.calendar if e.series == "ai"]
    overdue = [entry for entry in shown if entry.slot.instant <= snapshot.now]
    ahead = [entry for entry in shown if entry.slot.instant > snapshot.now]

    assert [entry.standing for entry in overdue] == [Standing.LATE] * OVERDUE
    assert [entry.slot.key[:10] for entry in ahead][:2] == [
        "2026-11-27",
        "2026-12-04",
    ]
    assert len(ahead) == AHEAD


def test_new_settings_and_templates_are_followed(root: Path) -> None:
    """Without a restart: the name of the publication, and a template of its own."""
    desk = PressDesk(open_newsroom(root, CLOCK))
    desk.look(frozenset())
    config = root / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("느린 신호", "빠른 신호"), "utf-8")
    blocks = root / "templates" / "blocks"
    blocks.mkdir(parents=True)
    (blocks / "note.html.j2").write_text("<p>우리 참고: {{ content }}</p>", encoding="utf-8")
    body = "::: note\n말\n:::"
    (root / "episodes/ai/01-화.md").write_text(episode_text(1, "제목", body=body), "utf-8")

    snapshot = desk.look(frozenset({"config.toml", "templates/blocks/note.html.j2"}))
    episode = snapshot.find("ai", 1)
    assert episode is not None
    made = desk.proof(snapshot, episode, Audience.FREE)

    assert snapshot.publication.name == "빠른 신호"
    assert made.edition is not None
    assert "우리 참고:" in made.edition.html


def test_a_saved_template_is_worn_at_the_next_look(root: Path) -> None:
    """Its own pages too: the desk is dressed by the newest look, not by the first."""
    desk = PressDesk(open_newsroom(root, CLOCK))
    desk.look(frozenset())
    own = root / "templates" / "desk" / "gone.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("new", encoding="utf-8")

    desk.look(frozenset({"templates/desk/gone.html.j2"}))

    assert desk.newsroom.press.renderer.templates.fill("desk/gone.html.j2", {}) == "new"
