"""Problems as people and code hosts read them."""

from __future__ import annotations

import json
import time

import pytest

from publisher.lint.columns import columns
from publisher.lint.excerpt import excerpt
from publisher.lint.rules.josa import WRONG
from publisher.lint.sarif import sarif
from publisher.model.problem import Place

TEXT = "---\ntitle: 밤의 도서관\n---\n\n마크다운(Markdown)를 쓴다.\n"
PROBLEM = WRONG.at(
    Place("episodes/느린/01-밤 길.md", 5, 15), word="마크다운", right="을", particle="를"
)


def test_the_caret_stands_under_the_spot_though_hangul_is_twice_as_wide() -> None:
    assert excerpt(TEXT, 5, 15).split("\n") == [
        "    5 │ 마크다운(Markdown)를 쓴다.",
        "      │                   ^",
    ]


@pytest.mark.parametrize("spot", [1, 30, 200, 399, 400])
def test_a_long_line_is_cut_around_the_spot(spot: int) -> None:
    text = "가나다라마바사아자차" * 39 + "0123456789"

    line, mark = excerpt(text, 1, spot, width=60).split("\n")

    under = line.partition("│ ")[2]
    at = len(mark.partition("│ ")[2]) - 1
    cut = next(n for n in range(len(under)) if columns(under[:n]) == at)
    assert under[cut] == text[spot - 1]
    assert columns(under) <= 60


@pytest.mark.parametrize("character", ["(", "가", "\u0301", "\u200b"])
def test_a_line_as_long_as_a_book_is_drawn_where_it_is_looked_at(character: str) -> None:
    """Marks without a width fill no column, and still no more than a few are shown."""
    text = character * 400_000 + "X" + character * 400_000
    began = time.process_time()
    for _ in range(20):
        drawn = excerpt(text, 1, 400_001)

    assert "X" in drawn
    assert len(drawn) < 1000
    assert time.process_time() - began < 0.5


def test_tabs_and_invisible_characters_do_not_move_the_caret() -> None:
    assert excerpt("\ta\u200bb", 1, 4).split("\n") == ["    1 │  a b", "      │    ^"]


@pytest.mark.parametrize(("line", "column"), [(0, 1), (7, 1)])
def test_no_line_no_excerpt(line: int, column: int) -> None:
    assert excerpt(TEXT, line, column) == ""


def test_the_end_of_a_line_can_be_marked() -> None:
    assert excerpt("가나", 1, 99).split("\n") == ["    1 │ 가나", "      │     ^"]


def test_a_sarif_log_says_rule_level_and_place() -> None:
    log = sarif([PROBLEM], version="0.1.0", page=lambda code: f"https://slow.kr/rules/{code}")

    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [
        {
            "id": "lint/josa",
            "shortDescription": {"text": WRONG.message},
            "help": {"text": WRONG.remedy},
            "defaultConfiguration": {"level": "warning"},
            "helpUri": "https://slow.kr/rules/lint/josa",
        }
    ]
    assert run["results"] == [
        {
            "ruleId": "lint/josa",
            "ruleIndex": 0,
            "level": "warning",
            "message": {"text": f"{PROBLEM.message} {PROBLEM.remedy}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {
                            "uri": "episodes/%EB%8A%90%EB%A6%B0/01-%EB%B0%A4%20%EA%B8%B8.md",
                            "uriBaseId": "PUBLICATION",
                        },
                        "region": {"startLine": 5, "startColumn": 15},
                    }
                }
            ],
        }
    ]
    assert json.loads(json.dumps(log)) == log


def test_a_problem_of_a_whole_file_has_no_region_and_any_language_may_speak() -> None:
    whole = WRONG.at(Place("config.toml"), word="a", right="b", particle="c")

    log = sarif([whole], version="1", message=lambda _: "말", remedy=lambda _: "일")

    result = log["runs"][0]["results"][0]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert result["message"] == {"text": "말 일"}
