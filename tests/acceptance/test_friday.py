"""On the slot, once: mail to every reader, the page and the feed before it, nobody twice."""

import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.acceptance.house import House
from tests.acceptance.relay import Relay, relay, use

READERS = 24
EPISODE = "ai-wont-save-us/05"
#: Every third reader is a member.
MEMBERS = [n for n in range(READERS) if n % 3 == 0]
#: A sentence that stands behind the gate of the sample's fifth episode.
FRIDAY = "2026-11-20T16:59:57+09:00"


@pytest.fixture
def catcher() -> Iterator[Relay]:
    with relay() as log:
        yield log


@pytest.fixture
def friday(house: House, catcher: Relay) -> House:
    """The sample publication a few seconds before its Friday, with readers and older episodes out."""
    use(house, catcher)
    rows = ["email,audience"]
    rows += [f"r{n}@reader.example,{'members' if n in MEMBERS else 'free'}" for n in range(READERS)]
    house.clock = "2026-10-01T09:00:00+09:00"
    listing = house.write("list.csv", "\n".join(rows) + "\n")
    house.fine("subscribers", "import", str(listing))
    for n in MEMBERS:
        house.fine("subscribers", "grant", f"r{n}@reader.example")
    house.clock = "2026-11-20T12:00:00+09:00"
    for number, day in enumerate(("10-23", "10-30", "11-06", "11-13"), start=1):
        house.fine(
            "publish", f"ai-wont-save-us/{number}", "--slot", f"2026-{day}T17:00", "--without-mail"
        )
    for number, day in enumerate(("11-10", "11-17"), start=1):
        house.fine(
            "publish", f"ai-x-files/{number}", "--slot", f"2026-{day}T08:00", "--without-mail"
        )
    house.clock = FRIDAY
    return house


def daemon(house: House) -> subprocess.Popen[str]:
    """Start ``publisher run`` as an operator does."""
    return subprocess.Popen(
        [sys.executable, "-m", "publisher", "-C", str(house.root), "run"],
        env=house.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop it politely; give exit code and what it had to say."""
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


@pytest.mark.slow
def test_two_daemons_started_by_mistake_publish_once(friday: House, catcher: Relay) -> None:
    first, second = daemon(friday), daemon(friday)
    try:
        taken = catcher.wait_for(READERS)
    finally:
        outcomes = [end(first), end(second)]

    assert [code for code, _ in outcomes] == [0, 0], outcomes
    copies = Counter(mail.recipient for mail in taken)
    assert copies == Counter(f"r{n}@reader.example" for n in range(READERS))
    states = friday.fine("status", "--json").data["releases"]
    released = next(r for r in states if r["release"] == EPISODE)
    assert released["state"] == "complete"
    assert released["deliveries"]["sent"] == READERS


@pytest.mark.slow
def test_the_page_and_the_feed_are_there_and_the_gate_holds(friday: House, catcher: Relay) -> None:
    process = daemon(friday)
    try:
        taken = catcher.wait_for(READERS)
    finally:
        code, err = end(process)

    assert code == 0, err
    public = friday.root / "public"
    feed = feedparser.parse((public / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.entries[0].title == "눈으로 보아도 믿을 수 없을 때"
    assert feed.entries[0].link == "https://slow-signal.example/ai-wont-save-us/5/"
    secret = _gated_sentence(friday.root)
    by_reader = {mail.recipient: mail for mail in taken}
    for number in range(READERS):
        mail = by_reader[f"r{number}@reader.example"]
        for kind in ("plain", "html"):
            words = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", mail.part(kind)))
            assert (secret in words) == (number in MEMBERS), (number, kind)
    for file in public.rglob("*"):
        if file.suffix in {".html", ".xml", ".json"}:
            words = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", file.read_text(encoding="utf-8")))
            assert secret not in words, file


def _gated_sentence(root: Path) -> str:
    """Find a plain sentence behind the gate of the fifth episode, spaces taken out."""
    (source,) = root.glob("episodes/ai-wont-save-us/05-*.md")
    text = source.read_text(encoding="utf-8")
    gated = re.search(r"^:{3,} members\n(.*?)^:{3,}\s*$", text, re.DOTALL | re.MULTILINE)
    assert gated is not None
    lines = [line for line in gated[1].splitlines() if re.fullmatch(r"[가-힣 ,.0-9]{25,}", line)]
    runs = re.findall(r"[가-힣 ]{25,}", gated[1])
    return re.sub(r"\s+", "", (lines or runs)[0])


@pytest.mark.slow
def test_a_daemon_that_was_down_at_the_slot_sends_late_within_the_grace(
    friday: House, catcher: Relay
) -> None:
    friday.clock = "2026-11-20T18:30:00+09:00"
    process = daemon(friday)
    try:
        taken = catcher.wait_for(READERS)
    finally:
        code, err = end(process)

    assert code == 0, err
    assert len({mail.recipient for mail in taken}) == READERS


@pytest.mark.slow
def test_a_slot_missed_by_days_is_held_and_says_so(friday: House, catcher: Relay) -> None:
    friday.clock = "2026-11-23T09:00:00+09:00"
    config = friday.root / "config.toml"
    alerts = '\n[alerts]\nmail = ["desk@reader.example"]\n'
    config.write_text(config.read_text(encoding="utf-8") + alerts, encoding="utf-8")
    process = daemon(friday)
    try:
        (told,) = catcher.wait_for(1)
        held = friday.fine("status", "--json").data["held"]
    finally:
        end(process)

    (one,) = held
    assert (one["series"], one["slot"], one["number"]) == (
        "ai-wont-save-us",
        "2026-11-20T17:00[Asia/Seoul]",
        5,
    )
    assert one["why"].endswith(".md was ready, but nothing ran at its time")
    assert "publisher publish ai-wont-save-us/05 --slot 2026-11-20T17:00" in one["remedy"]
    assert told.recipient == "desk@reader.example"
    assert "2026-11-20 17:00 Asia/Seoul" in told.part("plain")
    friday.fine("publish", EPISODE)
    assert len(catcher.wait_for(1 + READERS)) == 1 + READERS


@pytest.mark.slow
def test_an_episode_with_an_error_is_held_and_the_other_series_goes_on(
    friday: House, catcher: Relay
) -> None:
    (source,) = friday.root.glob("episodes/ai-wont-save-us/05-*.md")
    sound = source.read_text(encoding="utf-8")
    dangling = "\n[없는 화](episode:ai-wont-save-us/99)\n"
    source.write_text(sound + dangling, encoding="utf-8")
    process = daemon(friday)
    try:
        deadline = time.monotonic() + 40
        held: list[dict[str, Any]] = []
        while not held and time.monotonic() < deadline:
            held = friday.fine("status", "--json").data["held"]
            time.sleep(0.5)
    finally:
        _, err = end(process)

    assert [entry["slot"] for entry in held] == ["2026-11-20T17:00[Asia/Seoul]"]
    assert held[0]["episode"] == EPISODE
    (problem,) = held[0]["problems"]
    written = (sound + dangling).partition("(episode:ai-wont-save-us/99)")[0]
    assert problem["path"] == source.relative_to(friday.root).as_posix()
    assert problem["line"] == written.count("\n") + 1
    assert str(problem["path"]) in held[0]["why"]
    assert "link-episode" in err or "delivery/" in err
    assert catcher.taken == []
    source.write_text(sound, encoding="utf-8")
    friday.clock = "2026-11-20T19:00:00+09:00"
    friday.fine("publish", EPISODE)
    assert len(catcher.wait_for(READERS)) == READERS
