"""Every rule finds what it is for, at the exact place, and nothing in the mended text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.lint import check, every_code, every_rule
from publisher.lint.checking import FAULTS
from publisher.lint.rules.series_name import OWN
from publisher.model.problem import Problem, Severity
from publisher.render import paths
from tests.lint.cases import CASES, Case
from tests.lint.publications import reading, write

ROOT = Path(__file__).parents[2]


def findings(case: Case, root: Path, *, bad: bool) -> tuple[Problem, ...]:
    write(root, case.files(case.bad if bad else case.good), case.pictures)
    templates = case.bad_templates if bad else case.good_templates
    whole, complaints = reading(root, case.palette if bad else None, case.off, templates)
    assert not [str(p) for p in complaints]
    return check(whole)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_fault_is_found_at_its_exact_place_and_no_other(case: Case, tmp_path: Path) -> None:
    places = [at if len(at) == 3 else ("01-night-library.md", *at) for at in case.at]

    found = findings(case, tmp_path, bad=True)

    assert [
        (p.code, p.place.path.removeprefix("episodes/slow/"), p.place.line, p.place.column)
        for p in found
    ] == [(case.code, *place) for place in places]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_mended_text_has_no_fault_at_all(case: Case, tmp_path: Path) -> None:
    assert [str(p) for p in findings(case, tmp_path, bad=False)] == []


def test_every_fault_of_every_rule_has_a_case() -> None:
    known = every_code() | {fault.code for fault in FAULTS}

    assert sorted(known) == sorted(case.code for case in CASES)


def test_every_fault_is_named_after_its_room_and_declared_once() -> None:
    codes = [fault.code for _, rule in every_rule() for fault in rule.faults]

    assert sorted(set(codes)) == sorted(codes)
    assert all(code.startswith("lint/") for code in codes)


def test_the_sample_publication_gives_no_false_alarm() -> None:
    whole, _ = reading(Path(__file__).parents[2])

    assert [str(p) for p in check(whole) if p.severity is not Severity.HINT] == []


def test_every_address_of_website_and_front_door_is_kept_free_of_series() -> None:
    """The rule cannot ask the rooms that hand out the addresses; this test does."""
    named = {value for name, value in vars(paths).items() if name.isupper() and value != "/"}
    named |= {paths.tag_path("a"), paths.author_path("a"), paths.year_path(2026)}
    steps = {str(path).strip("/").partition("/")[0] for path in named if str(path)[0] == "/"}
    doors = "\n".join(path.read_text("utf-8") for path in (ROOT / "publisher/web").rglob("*.py"))
    steps |= set(re.findall(r'Route\(\s*"/(\w+)', doors))

    assert {step for step in steps if "." not in step} == OWN
