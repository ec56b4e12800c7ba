"""The whole path over real sockets, and whatever a relay can say of mails and of us."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from publisher.delivery import run_due
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import ReleaseState
from tests.delivery.house import FRIDAY, House, readers
from tests.delivery.relays import prove, send, who
from tests.transport.sink import Manners, Sink, sometimes


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
