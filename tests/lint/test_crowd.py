"""Of many faults of one kind in a file the first are shown, and how many follow."""

from __future__ import annotations

from publisher.lint.crowd import SHOWN, bounded
from publisher.model.problem import Fault, Place, Problem, Severity, in_order, stops

WORN = Fault("lint/worn", Severity.HINT, "Worn.", "Mend it.")
TORN = Fault("lint/torn", Severity.ERROR, "Torn.", "Mend it.")


def many(fault: Fault, count: int, path: str = "a.md") -> tuple[Problem, ...]:
    return tuple(fault.at(Place(path, line, 3)) for line in range(1, count + 1))


def test_as_many_as_are_shown_are_left_as_they_are() -> None:
    found = in_order((*many(WORN, SHOWN), *many(TORN, SHOWN), *many(WORN, SHOWN, "b.md")))

    assert bounded(found) == found


def test_the_first_of_a_kind_keep_their_places_and_one_line_counts_the_others() -> None:
    *first, more = bounded(many(WORN, 1000))

    assert tuple(first) == many(WORN, 1000)[:SHOWN]
    assert (more.code, str(more.place), more.severity) == ("lint/more", "a.md:51:3", "hint")
    assert dict(more.details) == {"count": "950", "kind": "lint/worn"}


def test_no_kind_is_hidden_by_another_and_no_file_by_another() -> None:
    found = in_order((*many(WORN, 1000), *many(TORN, 60), *many(WORN, 60, "b.md")))

    shown = bounded(found)

    counts = [(dict(p.details)["kind"], p.place.path) for p in shown if p.code == "lint/more"]
    assert counts == [("lint/torn", "a.md"), ("lint/worn", "a.md"), ("lint/worn", "b.md")]
    assert len(shown) == 3 * SHOWN + 3
    assert shown == in_order(shown)


def test_a_kind_that_stops_a_release_is_seen_to_do_so() -> None:
    """What is left out of errors is told by an error."""
    (more,) = bounded(many(TORN, SHOWN + 1))[SHOWN:]

    assert more.severity is Severity.ERROR
    assert stops((more,))
