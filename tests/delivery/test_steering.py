"""Pause, resume, cancel and resolve take hold at once and lose nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from publisher.delivery import Dispatch, decide, run_due, steering
from publisher.model.delivery import UNFINISHED
from publisher.model.delivery import DeliveryState as S
from publisher.model.ledger import Claim, Settlement
from publisher.model.problem import MisuseError
from publisher.model.release import Release, ReleaseState
from publisher.transport.outbox import Outbox
from tests.delivery.house import BEFORE, FRIDAY, House, readers


def opened(house: House, count: int) -> Release:
    """Open the release of the Friday; nothing is sent yet."""
    house.subscribe(readers(count))
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY
    decide(house.office, FRIDAY)
    (release,) = house.releases.listed()
    return release


def ledger(house: House) -> steering.Ledger:
    return steering.Ledger(house.releases, house.deliveries)


def current(house: House) -> Release:
    (release,) = house.releases.listed()
    return release


class Counting(Outbox):
    """An outbox that does something after so many mails."""

    def __init__(self, folder: Path, after: int, act: Callable[[], object]) -> None:
        super().__init__(folder)
        self._after, self._act, self._count = after, act, 0

    def room(self) -> int:
        return min(super().room(), 1)

    def go(self, keys: Sequence[tuple[int, int]]) -> None:
        super().go(keys)
        self._count += len(keys)
        if self._count == self._after:
            self._act()


def test_pause_takes_hold_under_load_and_resume_goes_on(house: House, tmp_path: Path) -> None:
    release = opened(house, 40)
    house.transport = lambda: Counting(
        tmp_path / "o", 10, lambda: steering.pause(ledger(house), current(house), FRIDAY)
    )
    Dispatch(house.office).run()

    counts = house.deliveries.counts(release.id)
    assert counts[S.SENT] == 10
    assert current(house).state is ReleaseState.PAUSED
    assert house.deliveries.counts(release.id)[S.SENDING] == 0

    house.transport = lambda: Outbox(tmp_path / "o")
    Dispatch(house.office).run()
    assert house.deliveries.counts(release.id)[S.SENT] == 10

    steering.resume(ledger(house), current(house), FRIDAY)
    Dispatch(house.office).run()
    assert house.deliveries.counts(release.id)[S.SENT] == 40
    assert current(house).state is ReleaseState.COMPLETE


@pytest.mark.parametrize("chunk", [3, 7, 100])
def test_cancel_under_load_leaves_everybody_in_one_state(
    house: House, tmp_path: Path, chunk: int
) -> None:
    house.with_policy(chunk=chunk)
    release = opened(house, 40)
    house.transport = lambda: Counting(
        tmp_path / "o", 10, lambda: steering.cancel(ledger(house), current(house), FRIDAY)
    )
    Dispatch(house.office).run()

    counts = house.deliveries.counts(release.id)
    assert current(house).state is ReleaseState.CANCELLED
    assert {state: count for state, count in counts.items() if count} == {
        S.SENT: 10,
        S.WITHHELD: 30,
    }
    assert house.deliveries.claims() == []
    with pytest.raises(MisuseError):
        steering.resume(ledger(house), current(house), FRIDAY)


def test_what_is_over_cannot_be_paused_or_cancelled(house: House) -> None:
    opened(house, 1)
    Dispatch(house.office).run()

    for act in (steering.pause, steering.cancel):
        with pytest.raises(MisuseError) as caught:
            act(ledger(house), current(house), FRIDAY)
        assert caught.value.problems[0].code == "delivery/not-now"


def test_a_release_that_is_not_there_is_named(house: House) -> None:
    with pytest.raises(MisuseError) as caught:
        steering.find(ledger(house), "slow", 9)
    assert caught.value.problems[0].message == "There is no release slow/09."


def in_doubt(house: House, count: int) -> Release:
    """Leave two mails in the air, and let their owner vanish."""
    release = opened(house, count)
    chunk = house.deliveries.claim(release.id, "gone", 500, FRIDAY)
    assert chunk is not None
    flying = tuple(house.deliveries.load(chunk, 0, 2))
    house.deliveries.settle(Settlement(starts=flying, chunks=(chunk,)), FRIDAY)
    claim = Claim(chunk.id, release.id, "gone", 0, 1)
    taken = house.deliveries.take_over(claim, "me", FRIDAY, None)
    assert taken is not None
    house.deliveries.hand_back(taken)
    Dispatch(house.office).run()
    return current(house)


def test_doubts_are_sent_again_when_a_person_says_so(house: House) -> None:
    release = in_doubt(house, 5)
    assert release.state is ReleaseState.COMPLETE
    assert house.deliveries.counts(release.id)[S.UNCERTAIN] == 2

    assert steering.resolve(ledger(house), release, FRIDAY, resend=True) == 2
    assert current(house).state is ReleaseState.OPEN
    Dispatch(house.office).run()

    assert house.deliveries.counts(release.id)[S.SENT] == 5
    assert [row.doubts for row in steering.who(ledger(house), release)] == [1, 1, 0, 0, 0]


def test_doubts_are_assumed_sent_when_a_person_says_so(house: House) -> None:
    release = in_doubt(house, 5)

    assert steering.resolve(ledger(house), release, FRIDAY, resend=False) == 2
    assert steering.resolve(ledger(house), release, FRIDAY, resend=False) == 0

    counts = house.deliveries.counts(release.id)
    assert counts[S.SENT] == 5
    assert not any(counts[state] for state in UNFINISHED)


def test_who_got_it_when_and_what_was_said(house: House) -> None:
    release = opened(house, 3)
    Dispatch(house.office).run()

    rows = list(steering.who(ledger(house), release, [S.SENT]))

    assert [(row.address, row.state, row.at, row.reply) for row in rows] == [
        (address, S.SENT, FRIDAY, "written") for address in readers(3)
    ]
    assert house.deliveries.domains(release.id) == {"naver.example": {S.SENT: 3}}
