"""How the rules are run: set off with a reason, remembered, in order, the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.lint import Reading, check, every_rule, memory_key
from publisher.lint.rule import LintRule
from publisher.model.problem import Problem
from tests.lint.cases import SERIES, episode
from tests.lint.publications import NOW, SLOW, reading, write

FILES = {
    "series.toml": SERIES,
    "01-a.md": episode(
        more="allow: {josa: 시의 한 구절}\n", body="인공지능를 믿는다. [여기](https://a.kr)"
    ),
    "02-b.md": episode("아침", "teaser: 문이 열린다.\n", body="인공지능를 믿는다."),
}


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(Path(p.place.path).name, p.code) for p in problems]


def test_a_rule_set_off_in_a_file_is_off_in_that_file_alone(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})

    found = check(reading(tmp_path)[0])

    assert codes(found) == [("01-a.md", "lint/link-text"), ("02-b.md", "lint/josa")]


def test_a_rule_set_off_in_the_configuration_is_off_everywhere(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})

    found = check(reading(tmp_path, off={"lint/josa": "옛 글", "link-text": "옛 글"})[0])

    assert codes(found) == []


def test_a_rule_set_off_in_the_configuration_needs_a_reason_and_a_name(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})

    found = check(reading(tmp_path, off={"josa": " ", "link-txt": "옛 글"})[0])

    assert [(str(p.place), p.code) for p in found][:2] == [
        ("config.toml:1:1", "lint/allow-reason"),
        ("config.toml:1:1", "lint/allow-unknown"),
    ]
    assert "link-text" in found[1].remedy


def test_what_was_found_in_a_file_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})
    whole, _ = reading(tmp_path)
    memory: dict[str, tuple[Problem, ...]] = {}
    first = check(whole, memory)
    keys = {memory_key(e, whole.by_slug[e.series]): e.path for e in whole.episodes}
    assert set(memory) == set(keys)

    forgotten = next(key for key, path in keys.items() if path.endswith("02-b.md"))
    memory[forgotten] = ()
    again = check(reading(tmp_path)[0], memory)

    assert codes(first)[1:] == [("02-b.md", "lint/josa")]
    assert again == first[:1]


def test_a_changed_text_has_another_key(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})
    before, after = reading(tmp_path)[0].episodes

    assert memory_key(before, None) != memory_key(after, None)


def test_a_reading_wants_an_aware_instant() -> None:
    with pytest.raises(ValueError, match="aware"):
        Reading(SLOW, (), (), NOW.replace(tzinfo=None))


def test_a_rule_looks_at_one_episode_or_at_everything() -> None:
    with pytest.raises(ValueError, match="one episode or at everything"):
        LintRule("why", ())


def test_rules_are_found_in_the_order_of_their_names() -> None:
    names = [name for name, _ in every_rule()]

    assert names == sorted(names)
    assert "josa" in names
