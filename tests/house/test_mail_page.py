"""The page that answers every fact about mail names only what exists."""

from __future__ import annotations

import re

from publisher.lint import every_code, gate, letter
from tests.golden.samples import by_name
from tests.house.test_links import DOCS, ROOT

PAGE = (DOCS / "mail.md").read_text(encoding="utf-8")


def test_every_code_on_the_page_is_one_of_a_check() -> None:
    known = {fault.code for fault in letter.faults()} | every_code() | {gate.LEAK.code}
    named = set(re.findall(r"`((?:letter|lint|gate)/[a-z0-9-]+)`", PAGE))

    assert sorted(named - known) == []


def test_every_check_of_final_bytes_is_on_the_page() -> None:
    known = {fault.code for fault in letter.faults()}

    assert sorted(code for code in known if f"`{code}`" not in PAGE) == []


def test_every_file_and_test_on_the_page_exists() -> None:
    named = re.findall(r"`((?:tests|publisher|templates)/[\w./]+?)(?:::(\w+))?`", PAGE)

    assert len(named) >= 40
    wrong = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file()
        or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_all_twenty_failures_are_answered() -> None:
    numbered = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)

    assert numbered == [str(n) for n in range(1, 21)]


def test_every_sample_can_be_leafed_through() -> None:
    page = (DOCS / "letters.md").read_text(encoding="utf-8")
    openings = {f"images/opening-{name.replace('/', '-')}.png" for name in by_name()}

    assert sorted(one for one in openings if one not in page) == []
    assert all((DOCS / image).is_file() for image in re.findall(r"images/[\w-]+\.png", page))
