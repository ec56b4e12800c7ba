"""The whole path over real sockets, and every way in which a relay can misbehave.

After each fault the same invariants: every recipient in exactly one state, nothing pending at
completion, and the sink's own log holds no copy that the ledger does not admit.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from publisher import store
from publisher.delivery import run_due
from publisher.delivery.ports import Rate
from publisher.model.delivery import UNFINISHED, Delivery
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import Release, ReleaseState
from publisher.transport.relay import Relay, Security, Timeouts
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.transport.sink import Hangup, Manners, Silence, Sink, sometimes

#: Far more than a busy machine needs; where silence is the fault, less.
QUICK = Timeouts(10, 10, 10, 10, 10, 10, 10, 1)
IMPATIENT = Timeouts(10, 10, 10, 10, 10, 10, 1, 1)


def relay(sink: Sink, connections: int = 4, timeouts: Timeouts = QUICK) -> Relay:
    return Relay("127.0.0.1", sink.port, Security.NONE, connections=connections, timeouts=timeouts)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    database = store.open(f"sqlite:///{tmp_path}/ledger.sqlite3")
    yield database
    database.close()


@pytest.fixture
def office(database: store.Database) -> Callable[..., House]:
    """Give a house that has watched since before the slot, sending to a sink."""

    def make(sink: Sink, count: int = 60, timeouts: Timeouts = QUICK, **policy: object) -> House:
        house = House(database, lambda: Smtp([relay(sink, 4, timeouts)], time.monotonic))
        house.with_policy(**{"chunk": 25, **policy})
        house.subscribe(readers(count))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY
        return house

    return make


def send(house: House, *, times: int = 1) -> Release:
    """Run until the release is complete, time passing between the runs as backoff wants."""
    for _ in range(times):
        run_due(house.office, house.now.at)
        (release,) = house.releases.listed()
        if release.state is not ReleaseState.OPEN:
            break
        house.now.at += house.policy.backoff_limit
    return release


def prove(house: House, sink: Sink, release: Release, recipients: int) -> dict[S, int]:
    """Check the invariants; give the counts."""
    counts = house.deliveries.counts(release.id)
    assert sum(counts.values()) == recipients
    if release.state is ReleaseState.COMPLETE:
        assert not any(counts[state] for state in UNFINISHED)
    rows = {row.address: row for row in who(house, release)}
    copies = sink.log.copies()
    for address, row in rows.items():
        assert copies[address] <= 1 + row.doubts, address
        if row.state is S.SENT:
            assert copies[address] >= 1, address
        if row.state in (S.REFUSED, S.WITHHELD):
            assert copies[address] == 0, address
        assert row.attempts <= house.policy.max_attempts
    assert set(copies) <= set(rows)
    return {state: count for state, count in counts.items() if count}


def who(house: House, release: Release) -> list[Delivery]:
    return list(house.deliveries.who(release.id, limit=100_000))


def test_everybody_gets_one_mail_over_a_few_lines(office: Callable[..., House]) -> None:
    with Sink() as sink:
        house = office(sink)
        release = send(house)

        assert prove(house, sink, release, 60) == {S.SENT: 60}
        assert sink.log.copies() == dict.fromkeys(readers(60), 1)
        assert 1 <= sink.log.most_open <= 4
        assert sink.log.commands["MAIL"] == 60
        mail = sink.log.mails[0]
        assert b"\r\nTo: reader0" in mail
        assert b"placeholder" not in mail.lower()
        senders = {one.sender for one in sink.log.accepted}
        assert len(senders) == 60
        opened = {
            house.office.postmark.open(s.partition("+")[2].partition("@")[0]) for s in senders
        }
        assert opened == {(release.id, number) for number in range(1, 61)}


@pytest.mark.parametrize("features", [("SIZE 1000000",), ("PIPELINING",), ()])
@pytest.mark.parametrize("how", ["split", "merge"])
def test_replies_come_split_or_merged_with_and_without_pipelining(
    office: Callable[..., House], features: tuple[str, ...], how: str
) -> None:
    manners = Manners(features=features, split=how == "split", merge=how == "merge")
    with Sink(manners) as sink:
        house = office(sink)
        assert prove(house, sink, send(house), 60) == {S.SENT: 60}


def test_a_refused_recipient_is_refused_with_the_reply_and_nobody_else(
    office: Callable[..., House],
) -> None:
    refuse = sometimes(0.1, "550-5.1.1 no such user\r\n550 5.1.1 here")
    with Sink(Manners(on_recipient=refuse)) as sink:
        house = office(sink, 100)
        release = send(house)

        expected = {address for address in readers(100) if refuse(address)}
        assert prove(house, sink, release, 100) == {
            S.SENT: 100 - len(expected),
            S.REFUSED: len(expected),
        }
        refused = [row for row in who(house, release) if row.state is S.REFUSED]
        assert {row.address for row in refused} == expected
        assert {(row.code, row.reply) for row in refused} == {(550, "550 5.1.1 no such user here")}


@pytest.mark.parametrize("pipelining", [True, False])
def test_refused_but_data_answered_all_the_same(
    office: Callable[..., House], pipelining: bool
) -> None:
    """A lone dot ends what was never begun, and nothing empty is stored."""
    manners = Manners(
        features=("PIPELINING",) if pipelining else (),
        on_recipient=sometimes(0.2, "550 5.1.1 no"),
        on_data=lambda _: "354 go ahead",
    )
    with Sink(manners) as sink:
        house = office(sink)
        counts = prove(house, sink, send(house), 60)

        assert counts[S.SENT] + counts[S.REFUSED] == 60
        assert all(mail for mail in sink.log.mails)


def test_greylisted_now_and_taken_later(office: Callable[..., House]) -> None:
    seen: set[str] = set()

    def grey(address: str) -> str | None:
        if address in seen or not sometimes(0.3, "x")(address):
            return None
        seen.add(address)
        return "451 4.7.1 Greylisted, try later"

    with Sink(Manners(on_recipient=grey)) as sink:
        house = office(sink, domain_patience=1000)
        run_due(house.office, FRIDAY)
        (release,) = house.releases.listed()
        waiting = [row for row in who(house, release) if row.state is S.DEFERRED]

        assert {row.address for row in waiting} == seen
        assert {(row.code, row.attempts) for row in waiting} == {(451, 1)}
        assert {row.next_at for row in waiting} == {FRIDAY + house.policy.backoff}
        assert prove(house, sink, send(house, times=3), 60) == {S.SENT: 60}


def test_put_off_for_ever_is_refused_in_the_end(office: Callable[..., House]) -> None:
    with Sink(Manners(on_end=lambda _: "452 4.2.2 full")) as sink:
        house = office(sink, 5, domain_patience=1000)
        release = send(house, times=20)

        assert prove(house, sink, release, 5) == {S.REFUSED: 5}
        assert {row.attempts for row in who(house, release)} == {6}
        assert sink.log.commands["MAIL"] == 30


def test_a_domain_that_puts_off_waits_and_delays_nobody_else(office: Callable[..., House]) -> None:
    full = {"on": True}

    def put_off(address: str) -> str | None:
        return "452 4.3.1 try later" if full["on"] and address.endswith("@slow.example") else None

    with Sink(Manners(on_recipient=put_off)) as sink:
        house = office(sink, 40)
        house.subscribe(readers(300, "slow.example"))
        run_due(house.office, FRIDAY)
        (release,) = house.releases.listed()
        counts = house.deliveries.counts(release.id)

        assert counts[S.SENT] == 40
        assert counts[S.DEFERRED] == 300
        tried = sum(row.attempts for row in who(house, release) if row.state is S.DEFERRED)
        assert tried < 20  # the domain was left alone, and the rest never tried
        full["on"] = False
        assert prove(house, sink, send(house, times=8), 340) == {S.SENT: 340}


def test_refused_after_the_dot_with_the_next_envelope_on_its_way(
    office: Callable[..., House],
) -> None:
    with Sink(Manners(on_end=sometimes(0.2, "554 5.7.1 spam?"))) as sink:
        house = office(sink)
        counts = prove(house, sink, send(house), 60)

        assert counts[S.REFUSED] > 0
        assert counts[S.SENT] == 60 - counts[S.REFUSED]


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


def test_a_relay_that_takes_few_connections_gets_few(office: Callable[..., House]) -> None:
    box: list[Sink] = []

    def connect(_: int) -> str | None:
        return "421 4.7.0 too many connections" if box[0].log.open > 2 else None

    with Sink(Manners(on_connect=connect)) as sink:
        box.append(sink)
        house = office(sink)

        assert prove(house, sink, send(house), 60) == {S.SENT: 60}


@pytest.mark.parametrize(
    "manners",
    [
        Manners(on_recipient=lambda _: "550 5.7.26 unauthenticated"),
        Manners(on_end=lambda _: "550 5.7.515 Access denied"),
        Manners(on_mail=lambda _, __: "550 5.1.8 sender rejected"),
        Manners(on_mail=lambda _, __: "550 5.1.8 sender rejected", on_data=lambda _: "354 go"),
    ],
)
def test_a_refusal_of_us_pauses_and_marks_nobody(
    office: Callable[..., House], manners: Manners
) -> None:
    with Sink(manners) as sink:
        house = office(sink)
        release = send(house)

        assert release.state is ReleaseState.PAUSED
        assert "550 5." in release.reason
        counts = house.deliveries.counts(release.id)
        assert {state for state, count in counts.items() if count} == {S.PENDING}
        assert house.bell.codes == ["delivery/paused"]
        sink.manners = Manners()
        assert house.releases.change(release.id, ReleaseState.OPEN, "", FRIDAY)
        assert prove(house, sink, send(house, times=2), 60) == {S.SENT: 60}


def test_so_many_refusals_in_a_row_are_our_fault(office: Callable[..., House]) -> None:
    with Sink(Manners(on_recipient=lambda _: "550 5.1.1 no such user")) as sink:
        house = office(sink, 100, pause_after_refusals=20)
        release = send(house)

        assert release.state is ReleaseState.PAUSED
        counts = house.deliveries.counts(release.id)
        assert counts[S.REFUSED] == 0
        sink.manners = Manners()
        house.releases.change(release.id, ReleaseState.OPEN, "", FRIDAY)
        house.now.at += house.policy.backoff
        assert prove(house, sink, send(house, times=2), 100) == {S.SENT: 100}


def test_a_few_refusals_at_the_end_are_believed(office: Callable[..., House]) -> None:
    with Sink(Manners(on_recipient=lambda _: "550 5.1.1 no such user")) as sink:
        house = office(sink, 5)

        assert prove(house, sink, send(house), 5) == {S.REFUSED: 5}


@pytest.mark.parametrize(
    "greeting",
    ["554 5.3.2 go away", "hello there", "220-never\r\n221 mind", "\x00\x01\x02", "421 busy"],
)
def test_a_relay_that_cannot_be_used_keeps_everybody_waiting(
    office: Callable[..., House], greeting: str
) -> None:
    with Sink(Manners(greeting=greeting)) as sink:
        house = office(sink, 10)
        ran = run_due(house.office, FRIDAY)
        (release,) = house.releases.listed()

        assert sum(house.deliveries.counts(release.id).values()) == 10
        assert house.deliveries.counts(release.id)[S.PENDING] == 10
        assert "delivery/no-relay" in house.bell.codes
        if release.state is ReleaseState.OPEN:
            assert ran.wake is not None
            assert ran.wake > FRIDAY


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


class Noting(Smtp):
    """A transport that notes when each mail was let go."""

    went: ClassVar[dict[tuple[int, int], float]] = {}

    def go(self, keys: Sequence[tuple[int, int]]) -> None:
        self.went.update(dict.fromkeys(keys, time.monotonic()))
        super().go(keys)


def test_one_mail_a_second_for_a_domain_is_never_exceeded(office: Callable[..., House]) -> None:
    """Every gap is kept where mails leave; what a busy machine makes of it on the way is its own."""
    with Sink() as sink:
        house = office(sink, 30)
        house.transport = lambda: Noting([relay(sink)], time.monotonic)
        Noting.went.clear()
        house.subscribe(readers(8, "slow.example"))
        house.with_policy(domains={"slow.example": Rate(connections=2, per_second=10)})
        release = send(house)

        assert prove(house, sink, release, 38) == {S.SENT: 38}
        times = [one.at for one in sink.log.accepted if one.recipient.endswith("@slow.example")]
        left = [at for (_, reader), at in sorted(Noting.went.items()) if reader > 30]
        gaps = [later - sooner for sooner, later in itertools.pairwise(sorted(left))]
        assert len(gaps) == 7
        assert min(gaps) >= 0.1
        assert times[-1] - times[0] > 0.6
        others = [one.at for one in sink.log.accepted if one.recipient.endswith("@naver.example")]
        assert max(others) < times[-1]


def test_a_relay_has_its_rate_as_well(office: Callable[..., House]) -> None:
    with Sink() as sink:
        house = office(sink, 6)
        house.with_policy(relays={f"127.0.0.1:{sink.port}": Rate(per_second=20)})

        assert prove(house, sink, send(house), 6) == {S.SENT: 6}
        times = [one.at for one in sink.log.accepted]
        assert times[-1] - times[0] > 5 * 0.04


def test_the_next_relay_steps_in(database: store.Database) -> None:
    with Sink(Manners(greeting="421 down for repairs")) as first, Sink() as second:
        house = House(
            database, lambda: Smtp([relay(first), relay(second)], time.monotonic)
        ).with_policy(chunk=25)
        house.subscribe(readers(30))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY

        assert prove(house, second, send(house), 30) == {S.SENT: 30}
        assert first.log.accepted == []


def test_a_relay_that_answers_slowly_gets_them_all_in_its_time(
    office: Callable[..., House],
) -> None:
    with Sink(Manners(latency=0.1)) as sink:
        house = office(sink, 12)

        assert prove(house, sink, send(house), 12) == {S.SENT: 12}
        assert sink.log.copies() == dict.fromkeys(readers(12), 1)


def test_a_relay_that_answers_too_slowly_is_left_for_the_next(database: store.Database) -> None:
    """What hangs in its envelope stage has cost nobody anything: the other relay takes it."""
    quick = Timeouts(10, 10, 0.3, 0.3, 0.3, 0.3, 0.3, 1)

    def mute(_: str, __: int) -> str | None:
        raise Silence

    with Sink(Manners(on_mail=mute)) as first, Sink() as second:
        relays = [relay(first, 2, quick), relay(second, 2)]
        house = House(database, lambda: Smtp(relays, time.monotonic)).with_policy(chunk=25)
        house.subscribe(readers(30))
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY

        assert prove(house, second, send(house, times=4), 30) == {S.SENT: 30}
        assert second.log.copies() == dict.fromkeys(readers(30), 1)


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
