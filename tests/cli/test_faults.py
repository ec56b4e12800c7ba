"""How the command ends when something is wrong: the code, a line in the right language, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.house import House, sample

EPISODE = "ai-x-files/01"


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = sample(tmp_path)
    # Each command starts the clock anew: who signs up a minute before any release gets its mail.
    now, house.clock = house.clock, "2026-11-21T11:00:00+09:00"
    house.fine("subscribers", "add", "--quietly", "a@reader.example")
    house.clock = now
    return house


def test_a_broken_template_fails_the_build_at_its_line(house: House) -> None:
    house.fine("publish", EPISODE, "--now")
    house.write(
        "templates/page/episode.html.j2", "{% extends 'page/base.html.j2' %}\n{{ nobody.x }}\n{% if"
    )

    ran = house.run("build")

    assert (ran.code, ran.err.splitlines()[0].split(": ")[:2]) == (
        1,
        ["templates/page/episode.html.j2:3:1", "error render/template-syntax"],
    )


def test_mail_that_no_server_takes_is_a_failure_of_the_outside_world(house: House) -> None:
    settings = (house.root / "config.toml").read_text(encoding="utf-8")
    nobody = '[[delivery.relay]]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
    house.write(
        "config.toml", settings.replace('transport = "outbox"', 'transport = "smtp"') + nobody
    )

    ran = house.run("publish", EPISODE, "--now")

    assert (ran.code, ran.out.splitlines()[-1]) == (3, "pending 1"), ran


def test_what_needs_a_person_is_said_in_the_language_of_the_command(house: House) -> None:
    house.fine("publish", EPISODE, "--now", "--open-only")
    house.fine("pause", EPISODE)

    (english,) = [line for line in house.fine("status").out.splitlines() if line.startswith("! ")]
    assert english == f"! {EPISODE} is paused: by hand. Go on with: publisher resume {EPISODE}"
    house.language = "ko"
    (korean,) = [line for line in house.fine("status").out.splitlines() if line.startswith("! ")]
    assert korean != english


def test_init_names_a_folder_with_spaces_so_that_it_can_be_pasted(tmp_path: Path) -> None:
    house = House(tmp_path)

    assert "publisher -C '내 신문' check" in house.fine("init", "내 신문").out


def test_the_plan_marks_an_episode_that_errors_would_hold(house: House) -> None:
    before = house.fine("plan", "--json", "--weeks", "52").data
    house.write(
        "episodes/ai-x-files/99-last.md",
        "---\ntitle: 끝\nstatus: ready\npublish_at: 2026-12-30 08:00\n---\n<b>본문</b>\n",
    )

    after = house.fine("plan", "--json", "--weeks", "52").data

    assert {line["sound"] for line in before} == {True}
    assert [line["episode"] for line in after if not line["sound"]] == ["ai-x-files/99"]
    assert "끝 · to mend" in house.fine("plan", "--weeks", "52").out
