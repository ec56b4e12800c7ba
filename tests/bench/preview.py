"""Save a file of a thousand: how long until the open tab shows it, in a real browser.

Clocked from the moment the saved file has its name to the first change in the proof's document
that holds the new words. Beside it, what a tool without memory does: read everything, set the one
episode, load the page anew.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from publisher.model.episode import Audience
from publisher.preview import Settings, app
from publisher.render.theme import Templates
from publisher.wiring.desk import PressDesk
from publisher.wiring.newsroom import open_newsroom
from tests.bench.publication import write
from tests.chromium import PROGRAM, launched
from tests.preview.running import running

EPISODES, CHARACTERS, SAVES = 1_000, 6_000, 15
WATCH = """word => {
  const shown = document.querySelector('iframe').contentDocument;
  window.seen = new Promise(done => {
    const eye = new MutationObserver(() => {
      if (!shown.body.textContent.includes(word)) return;
      eye.disconnect();
      done(Date.now());
    });
    eye.observe(shown, {subtree: true, childList: true, characterData: true});
  });
}"""


def save(path: Path, text: str) -> float:
    """Save as editors do, whole or not at all; give the moment in milliseconds."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    moment = time.time() * 1000
    fresh.replace(path)
    return moment


def followed(tab: Page, path: Path, text: str) -> list[float]:
    """Save the file again and again and clock the tab."""
    spans = []
    for number in range(SAVES):
        word = f"표지말{number}번"
        tab.evaluate(WATCH, word)
        moment = save(path, f"{text}\n{word}\n")
        spans.append(tab.evaluate("window.seen") - moment)
        tab.wait_for_timeout(700)  # the rules have read it all by then
    return spans


def anew(root: Path, series: str, number: int) -> float:
    """Read everything and set one episode with nothing remembered, in milliseconds."""
    begun = time.perf_counter()
    desk = PressDesk(open_newsroom(root))
    snapshot = desk.look(frozenset())
    episode = snapshot.find(series, number)
    assert episode is not None
    assert desk.proof(snapshot, episode, Audience.FREE).edition is not None
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    if PROGRAM is None:
        print("no Chromium here; on Debian: apt-get install chromium fonts-noto-cjk")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, EPISODES, characters=CHARACTERS)
        path = sorted((root / "episodes").glob("*/*.md"))[EPISODES // 2]
        series, number = path.parent.name, int(path.name.split("-")[0])
        text = path.read_text(encoding="utf-8")
        desk = PressDesk(open_newsroom(root))
        desk.check(desk.look(frozenset()))  # the rules remember what they have read
        door = app(desk, Settings(str(root)), Templates(), folders=(root / "episodes",))
        with running(door) as address, launched() as browser:
            tab = browser.new_page()
            tab.goto(f"{address}/episode/{series}/{number}")
            tab.wait_for_load_state("load")
            tab.wait_for_timeout(2_000)
            spans = followed(tab, path, text)
        whole = min(anew(root, series, number) for _ in range(2))
    middle = statistics.median(spans)
    print(f"{EPISODES} episodes of {CHARACTERS} characters, {SAVES} saves of one")
    print(
        f"save to DOM change: median {middle:.0f} ms, best {min(spans):.0f}, worst {max(spans):.0f}"
    )
    print(f"all anew, without a browser: {whole:.0f} ms ({whole / middle:.1f} times the median)")
