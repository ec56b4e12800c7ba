"""A publication that is worked on for weeks: what is remembered of it never shows.

After every change a new process checks and builds it with all that was remembered, and another with
nothing; both must tell and write the same.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from publisher.model.problem import ProblemError
from publisher.source import register
from publisher.wiring.building import build
from publisher.wiring.checking import check
from publisher.wiring.newsroom import open_newsroom
from tests.source.test_pictures import drawn

CLOCK = {"PUBLISHER_CLOCK": "2026-06-01T00:00:00+09:00"}
CONFIG = """\
[publication]
name = "느린 신호"
url = "https://example.com"
[sender]
address = "letter@example.com"
"""
SERIES = (
    'title = "느린 연재"\n{more}\n[cadence]\nweekday = "friday"\nat = "17:00"\nstart = 2026-01-02\n'
)
SECRET = "비밀 문장은 열두 번째 줄에 있다."
SENTENCES = (
    *("공개된 글이다.", "느린 글이다.", "[앞 화](episode:느린/2)를 보라.", "![점](점.png)", "![없는](none.png)"),
    *("**강조**한 말은 `코드`다.", "이것은  두 칸이다.", "TODO 고치기", "::: box\n상자\n:::"),
    f"::: members\n{SECRET}\n:::",
)  # fmt: skip
OF_SERIES = ("", 'intro = "**안녕** ![점](점.png)"', 'access = "members"', 'tags = ["공통"]')
OF_EPISODE = (
    *(f"deck: {SECRET}", "deck: 한 줄", "tags: [가, 나]", "access: members", "publish_at: 언젠가"),
    *("titel: x", "cover:\n  src: 점.png\n  alt: 점", "teaser: 다음에", "allow:\n  lint/todo: 까닭"),
)  # fmt: skip
#: Far enough apart for any disk, and long ago: then a file is believed by its stamp.
TICK = 1_000_000_000


class Outlet:
    """A publication of six episodes, and an editor who changes something every time."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance = root, chance
        self.folder = root / "episodes" / "느린"
        self.ages = count(10**18, TICK)
        self.folder.mkdir(parents=True)
        (root / "config.toml").write_text(CONFIG, encoding="utf-8")
        self.series()
        self.picture()
        for number in range(1, 7):
            self.put(self.folder / f"{number:02}-글 {number}.md", self.head() + self.text())

    def put(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        age = next(self.ages)
        os.utime(path, ns=(age, age))

    def some(self) -> Path:
        return self.chance.choice(sorted(self.folder.glob("*.md")))

    def head(self) -> str:
        keys = self.chance.sample(OF_EPISODE, self.chance.randint(0, 3))
        return "\n".join(("---", "title: 제목", "status: ready", *keys, "---", "\n"))

    def text(self) -> str:
        return "\n\n".join(self.chance.choices(SENTENCES, k=self.chance.randint(1, 4))) + "\n"

    def parted(self, path: Path) -> tuple[str, str]:
        head, mark, text = path.read_text("utf-8").rpartition("\n---\n\n")
        return head + mark, text

    # --- what an editor does ----------------------------------------------------------

    def mend(self) -> None:
        path = self.some()
        self.put(path, self.parted(path)[0] + self.text())

    def rename_keys(self) -> None:
        path = self.some()
        self.put(path, self.head() + self.parted(path)[1])

    def touch(self) -> None:
        path = self.some()
        self.put(path, path.read_text("utf-8"))

    def move(self) -> None:
        self.some().rename(self.folder / f"{self.chance.randint(1, 8):02}-새 글.md")

    def series(self) -> None:
        self.put(self.folder / "series.toml", SERIES.format(more=self.chance.choice(OF_SERIES)))

    def picture(self) -> None:
        path = self.folder / "점.png"
        path.write_bytes(drawn("PNG", (self.chance.randint(2, 9), 3)))
        age = next(self.ages)
        os.utime(path, ns=(age, age))

    def box(self) -> None:
        """Add a block by two template files, or take it away."""
        for form in ("html", "txt"):
            path = self.root / "templates" / "blocks" / f"box.{form}.j2"
            if path.exists():
                path.unlink()
            else:
                self.put(path, "<div>{{ body }}</div>\n" if form == "html" else "{{ body }}\n")

    def name(self) -> None:
        name = self.chance.choice(("느린 신호", "빠른 신호"))
        self.put(self.root / "config.toml", CONFIG.replace("느린 신호", name))

    def change(self) -> str:
        what: Callable[[], None] = self.chance.choice(
            [
                *[self.mend, self.mend, self.rename_keys, self.rename_keys, self.touch],
                *[self.move, self.series, self.picture, self.box, self.name],
            ]
        )
        what()
        return what.__name__

    # --- what comes of it -------------------------------------------------------------

    def told_and_laid(self, out: Path) -> tuple[object, object]:
        told = [
            (p.code, str(p.place), p.message)
            for p in check(open_newsroom(self.root, CLOCK)).problems
        ]
        try:
            built = build(open_newsroom(self.root, CLOCK), out, as_if=True)
        except ProblemError as refused:
            # What was laid before the leak was found is not the same: they begin with other files.
            return told, {problem.code for problem in refused.problems}
        files = (path for path in out.rglob("*") if path.is_file() and path.name[0] != ".")
        return told, (
            {path.relative_to(out).as_posix(): path.read_bytes() for path in files},
            [(p.code, str(p.place), p.message) for p in built.problems],
        )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2, 3, 4])
def test_what_is_remembered_never_shows(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "FEW", 0)
    outlet = Outlet(tmp_path / "outlet", random.Random(seed))
    memory, aside = outlet.root / "data/cache", tmp_path / "aside"
    done, refused = [], 0
    for _ in range(25):
        done.append(outlet.change())
        with_memory = outlet.told_and_laid(tmp_path / "site")
        memory.rename(aside)
        without = outlet.told_and_laid(tmp_path / "anew")
        shutil.rmtree(memory)
        shutil.rmtree(tmp_path / "anew", ignore_errors=True)
        aside.rename(memory)
        assert with_memory == without, done
        refused += isinstance(without[1], set)
    assert 0 < refused < len(done)
    assert (memory / register.NAME).is_file()
