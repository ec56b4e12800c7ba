"""Legal changes of releases and deliveries are one table each, and the tables keep the promise."""

from itertools import product

import pytest

from publisher.model import delivery, release
from publisher.model.delivery import DELIVERY_CHANGES, TERMINAL, UNFINISHED, DeliveryState
from publisher.model.release import RELEASE_CHANGES, ReleaseState

LEGAL = """
pending   -> sending deferred refused withheld
deferred  -> sending deferred refused withheld
sending   -> sent deferred refused pending uncertain
uncertain -> sent deferred refused pending withheld
sent      ->
refused   ->
withheld  ->
"""


def table() -> dict[str, set[str]]:
    lines = (line.partition("->") for line in LEGAL.strip().splitlines())
    return {before.strip(): set(after.split()) for before, _, after in lines}


@pytest.mark.parametrize(("before", "after"), [*product(DeliveryState, DeliveryState)])
def test_every_pair_of_delivery_states(before: DeliveryState, after: DeliveryState) -> None:
    assert delivery.may_become(before, after) is (after.value in table()[before.value])


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_a_terminal_state_never_changes(state: DeliveryState) -> None:
    assert not [after for before, after in DELIVERY_CHANGES if before is state]


def test_only_a_mail_in_the_air_can_be_uncertain() -> None:
    before = {b for b, after in DELIVERY_CHANGES if after is DeliveryState.UNCERTAIN}

    assert before == {DeliveryState.SENDING}


def test_only_the_ledger_of_a_mail_that_left_says_sent() -> None:
    before = {b for b, after in DELIVERY_CHANGES if after is DeliveryState.SENT}

    assert before == {DeliveryState.SENDING, DeliveryState.UNCERTAIN}


def test_each_state_is_finished_unfinished_or_in_doubt() -> None:
    assert set(DeliveryState) - TERMINAL - UNFINISHED == {DeliveryState.UNCERTAIN}


def test_releases_change_only_so() -> None:
    assert sorted(f"{a} -> {b}" for a, b in RELEASE_CHANGES) == [
        "complete -> open",
        "open -> cancelled",
        "open -> complete",
        "open -> paused",
        "paused -> cancelled",
        "paused -> open",
        "prepared -> open",
    ]


def test_a_cancelled_release_stays_cancelled() -> None:
    assert not any(release.may_become(ReleaseState.CANCELLED, after) for after in ReleaseState)
