"""The letters that really leave: no finding on any sample, and the gate holds in every one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.lint import letter
from publisher.lint.gate import prove
from publisher.lint.letter import Expected
from publisher.lint.secret import open_words, open_words_of_series, secrets
from publisher.lint.unwrap import Artefact
from publisher.model.edition import Edition
from publisher.model.episode import Audience
from publisher.model.publication import Law
from publisher.model.setting import Setting
from publisher.model.slot import Slot
from publisher.render.renderer import Renderer
from publisher.source import Scan, scan
from tests.lint.publications import SLOW

ROOT = Path(__file__).parents[2]
PUBLICATION = replace(SLOW, law=Law(contact="editor@slow.kr", postal_address="서울"))
SLOT = Slot(datetime(2026, 11, 27, 17), "Asia/Seoul")


@pytest.fixture(scope="module")
def samples() -> Scan:
    return scan(ROOT, Path("episodes"), timezone="Asia/Seoul")


@pytest.fixture(scope="module")
def editions(samples: Scan) -> tuple[Edition, ...]:
    renderer = Renderer(PUBLICATION, [ROOT / "templates"])
    series = {one.slug: one for one in samples.series}
    known = frozenset((e.series, e.number) for e in samples.episodes)
    settings = [
        Setting(
            PUBLICATION, series[e.series], e, SLOT, e.name, datetime(2026, 11, 27, tzinfo=UTC), known=known
        )
        for e in samples.episodes
    ]  # fmt: skip
    return tuple(renderer.edition(s, audience) for s in settings for audience in Audience)


def test_the_letters_of_the_house_have_no_finding(editions: tuple[Edition, ...]) -> None:
    found = [
        str(problem)
        for edition in editions
        for problem in letter.check(
            edition.message,
            name=f"{edition.series}-{edition.number}-{edition.audience}.eml",
            expected=Expected(edition.subject, edition.preheader, advertising=False, frozen=True),
        )
    ]

    assert len(editions) >= 16
    assert found == []


def artefacts(editions: tuple[Edition, ...], audience: Audience) -> list[Artefact]:
    return [
        artefact
        for edition in editions
        if edition.audience is audience
        for artefact in (
            Artefact(f"{edition.series}/{edition.number}/mail.eml", edition.message, "message/rfc822"),
            Artefact(f"{edition.series}/{edition.number}/page.html", edition.page.encode()),
            Artefact(f"{edition.series}/{edition.number}/item.html", edition.item.html.encode()),
        )
    ]  # fmt: skip


def public(samples: Scan) -> list[str]:
    return [*map(open_words, samples.episodes), *map(open_words_of_series, samples.series)]


def test_the_gate_holds_in_all_that_free_readers_get(
    samples: Scan, editions: tuple[Edition, ...]
) -> None:
    behind = [secret for episode in samples.episodes for secret in secrets(episode)]

    found = prove(behind, artefacts(editions, Audience.FREE), public(samples))

    assert len(behind) > 20
    assert [str(problem) for problem in found] == []


def test_every_passage_behind_the_gate_is_seen_in_the_members_editions(
    samples: Scan, editions: tuple[Edition, ...]
) -> None:
    """The counter-proof: on what members get, the same search finds each telling passage."""
    behind = [
        secret
        for episode in samples.episodes
        for secret in secrets(episode)
        if len(secret.bare) >= 30 and not secret.whole
    ]

    found = prove(behind, artefacts(editions, Audience.MEMBERS), public(samples))

    assert {(s.path, s.line) for s in behind} <= {(p.place.path, p.place.line) for p in found}
