"""A named part of the list, from config.toml through the plan to the mail."""

from __future__ import annotations

import re

from tests.acceptance.house import House

SEGMENT = '\n[segments.hangul]\ndomain = ["한글메일.한국"]\n'
BAD = '\n[segments.bad]\ndomain = ["a b"]\n'
EPISODE = "ai-wont-save-us/01"


def test_an_episode_goes_to_a_segment_and_to_nobody_else(house: House) -> None:
    config = house.root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + SEGMENT, encoding="utf-8")
    listing = "email\none@한글메일.한국\ntwo@한글메일.한국\nelse@reader.example\n"
    house.clock = "2026-10-01T09:00:00+09:00"
    house.fine("subscribers", "import", str(house.write("list.csv", listing)))
    house.fine("subscribers", "remove", "two@한글메일.한국")
    house.clock = "2026-10-23T17:00:30+09:00"

    lines = house.fine("plan", "--segment", "hangul", "--json").data
    planned = next(line for line in lines if line["episode"] == EPISODE)
    shown = house.fine("plan", "--segment", "hangul").out
    done = house.fine("publish", EPISODE, "--now", "--segment", "hangul", "--json").data
    again = house.run("publish", EPISODE, "--segment", "없는것")

    assert planned["segment"] == "hangul"
    assert planned["recipients"] == {"free": 1, "members": 0}
    assert planned["left_out"] == {"left": 1}
    assert re.search(rf"{EPISODE}\s+1\s", shown)
    assert (done["segment"], done["deliveries"]["sent"]) == ("hangul", 1)
    assert sum(done["deliveries"].values()) == 1
    (mail,) = (house.root / "data/outbox").rglob("*.eml")
    assert b"To: one@xn--" in mail.read_bytes()
    assert again.code == 2
    assert "wiring/no-segment" in again.err
    released = house.fine("status", "--json").data["releases"]
    assert [(one["release"], one["segment"]) for one in released] == [(EPISODE, "hangul")]


def test_a_segment_of_no_domain_is_misuse(house: House) -> None:
    config = house.root / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + BAD, encoding="utf-8")

    ran = house.run("plan", "--segment", "bad")

    assert ran.code == 2
    assert "address/" in ran.err
    assert "config.toml" in ran.err
