"""Lines that break off, fall silent or talk nonsense: a doubt at most, and only where there is one."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from publisher.model.delivery import DeliveryState as S
from publisher.model.release import ReleaseState
from tests.delivery.house import House, readers
from tests.delivery.relays import IMPATIENT, prove, send, who
from tests.transport.sink import Hangup, Manners, Silence, Sink


def test_a_line_cut_after_the_dot_leaves_one_in_doubt(office: Callable[..., House]) -> None:
    """The mail was stored, the answer never came: uncertain, told, and held."""
    cut = set(readers(60)[10:13])

    def stored(address: str) -> None:
        if address in cut:
            raise Hangup

    with Sink(Manners(stored=stored)) as sink:
        house = office(sink)
        release = send(house)

        assert prove(house, sink, release, 60) == {S.SENT: 57, S.UNCERTAIN: 3}
        doubtful = [row for row in who(house, release) if row.state is S.UNCERTAIN]
        assert {row.address for row in doubtful} == cut
        assert release.state is ReleaseState.COMPLETE
        assert house.bell.codes == ["delivery/uncertain"]


def test_a_line_cut_before_the_answer_is_sent_again_if_the_policy_says_so(
    office: Callable[..., House],
) -> None:
    """Not stored this time: with ``resend`` everybody has it in the end, and nobody twice."""
    cut = {readers(60)[5]}

    def end(address: str) -> str | None:
        if address in cut:
            cut.discard(address)
            raise Hangup
        return None

    with Sink(Manners(on_end=end)) as sink:
        house = office(sink, resend_uncertain=True)
        release = send(house, times=3)

        assert prove(house, sink, release, 60) == {S.SENT: 60}
        assert sink.log.copies() == dict.fromkeys(readers(60), 1)
        assert sum(row.doubts for row in who(house, release)) == 1


@pytest.mark.slow
def test_a_line_cut_in_the_middle_of_a_mail_is_no_doubt(office: Callable[..., House]) -> None:
    cut = set(readers(6)[1:3])

    def data(address: str) -> int | None:
        if address in cut:
            cut.discard(address)
            return 100
        return None

    with Sink(Manners(cut_data=data, window=1_048_576)) as sink:
        house = office(sink, 6)
        house.press.text = "긴 본문입니다. " * 300_000  # far more than both sockets take at once
        release = send(house, times=3)

        assert prove(house, sink, release, 6) == {S.SENT: 6}
        assert sink.log.copies() == dict.fromkeys(readers(6), 1)


def test_silence_after_the_dot_is_a_doubt_when_time_is_up(office: Callable[..., House]) -> None:
    mute = {readers(60)[30]}

    def end(address: str) -> str | None:
        if address in mute:
            raise Silence
        return None

    with Sink(Manners(on_end=end)) as sink:
        house = office(sink, timeouts=IMPATIENT)
        release = send(house)

        assert prove(house, sink, release, 60) == {S.SENT: 59, S.UNCERTAIN: 1}
        (row,) = [row for row in who(house, release) if row.state is S.UNCERTAIN]
        assert row.reply == "it does not answer"


def test_421_after_every_few_mails_costs_nothing(office: Callable[..., House]) -> None:
    def mail(_: str, mails: int) -> str | None:
        return "421 4.7.0 enough for this connection" if mails >= 7 else None

    with Sink(Manners(on_mail=mail)) as sink:
        house = office(sink)

        assert prove(house, sink, send(house), 60) == {S.SENT: 60}
        assert sink.log.sessions > 8


def test_gibberish_in_the_middle_is_a_doubt_at_most(office: Callable[..., House]) -> None:
    bad = {readers(60)[9]}

    def end(address: str) -> str | None:
        if address in bad:
            bad.clear()
            return "what did you say?"
        return None

    with Sink(Manners(on_end=end)) as sink:
        house = office(sink)

        assert prove(house, sink, send(house), 60) == {S.SENT: 59, S.UNCERTAIN: 1}


@pytest.mark.parametrize("seed", range(3))
def test_a_relay_that_closes_at_random(office: Callable[..., House], seed: int) -> None:
    """Before MAIL, RCPT, DATA, the answer to the dot, or just after storing: all have it in the end."""
    chance = random.Random(seed)

    def perhaps(*_: object) -> None:
        if chance.random() < 0.04:
            raise Hangup

    manners = Manners(
        on_mail=perhaps, on_recipient=perhaps, on_data=perhaps, on_end=perhaps, stored=perhaps
    )
    with Sink(manners) as sink:
        house = office(sink, 120, resend_uncertain=True, max_attempts=12)
        release = send(house, times=12)

        assert prove(house, sink, release, 120) == {S.SENT: 120}
        assert set(sink.log.copies()) == set(readers(120))
