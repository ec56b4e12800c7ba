"""A problem in one line: where, how grave, which, and what is wrong."""

from __future__ import annotations

import pytest

from publisher.model.problem import Fault, Place, Severity

NOTHING = Fault("room/nothing", Severity.ERROR, "{name} says nothing.", "Write something.")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place("episodes/s/01.md", 3, 7), "episodes/s/01.md:3:7: "),
        (Place("episodes/s/01.md"), "episodes/s/01.md:1:1: "),
        (Place("episodes/s/표지.png"), "episodes/s/표지.png: "),
        (Place("episodes/s"), "episodes/s: "),
        (Place(""), ""),
    ],
)
def test_a_problem_begins_with_its_place_if_it_has_one(place: Place, line: str) -> None:
    assert str(NOTHING.at(place, name="It")) == f"{line}error room/nothing: It says nothing."
