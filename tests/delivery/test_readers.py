"""Readers who leave, move or are poison in the middle of a release trouble nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from publisher.audience.subscribers import Subscribers
from publisher.delivery import Dispatch, decide, run_due
from publisher.delivery.address import wire
from publisher.model.delivery import NO_LONGER
from publisher.model.delivery import DeliveryState as S
from publisher.model.episode import Audience, Kind
from publisher.model.ledger import Addressee, Result, Settlement
from publisher.model.release import Release
from publisher.model.subscriber import Purpose
from publisher.store.schema import consents, subscriber_series, subscribers, suppressions
from publisher.store.subscribers import Register
from tests.delivery.house import BEFORE, FRIDAY, House, readers


def opened(house: House) -> Release:
    house.now.at = BEFORE
    run_due(house.office, BEFORE)
    house.now.at = FRIDAY
    decide(house.office, FRIDAY)
    (release,) = house.releases.listed()
    return release


def change(house: House, statement: Any) -> None:
    with house.database.write() as connection:
        connection.execute(statement)


def states(house: House, release: Release) -> dict[int, str]:
    rows = house.deliveries.who(release.id)
    return {row.subscriber: row.state.value for row in rows}


def test_who_leaves_after_the_opening_is_withheld_and_who_left_before_is_not_listed(
    house: House,
) -> None:
    house.subscribe(readers(6))
    change(
        house, update(subscribers).where(subscribers.c.id == 1).values(state="left", left_at=BEFORE)
    )
    release = opened(house)
    after = FRIDAY.replace(minute=1)
    change(
        house, update(subscribers).where(subscribers.c.id == 2).values(state="left", left_at=after)
    )
    change(house, insert(suppressions).values(key=readers(6)[2], reason="by-hand", at=after))
    house.subscribe(["new@x.example"], since=after)

    Dispatch(house.office).run()

    assert states(house, release) == {
        2: "withheld",
        3: "withheld",
        4: "sent",
        5: "sent",
        6: "sent",
    }


def test_who_leaves_through_the_door_after_the_opening_is_told_of_in_the_sums(
    house: House,
) -> None:
    """Leaving withdraws the consent; the ledger says all the same that they were to be mailed."""
    house.with_policy(chunk=2).subscribe(readers(5))
    house.subscribe(["never@x.example"], purposes=())
    release = opened(house)
    house.now.at += timedelta(minutes=1)
    people = Subscribers(Register(house.database), house.now)
    chunk = house.deliveries.claim(release.id, house.owner, 2, house.now())
    assert chunk is not None
    for number in (1, 3, 4, 6):
        people.let_go(number, "mail")

    Dispatch(house.office).run()

    rows = {row.subscriber: row for row in house.deliveries.who(release.id)}
    withheld = {number for number, row in rows.items() if row.state is S.WITHHELD}
    assert withheld == {1, 3, 4}
    assert {rows[number].reply for number in withheld} == {NO_LONGER}
    assert {rows[number].at for number in withheld} == {house.now()}
    counts = house.deliveries.counts(release.id)
    assert (counts[S.SENT], counts[S.WITHHELD], sum(counts.values())) == (2, 3, 5)


def test_a_reader_who_moves_between_claim_and_departure_is_mailed_at_the_new_address(
    house: House, tmp_path: Path
) -> None:
    """The departure is refused by the ledger itself, and the reader is read anew."""
    house.subscribe(readers(3))
    release = opened(house)
    chunk = house.deliveries.claim(release.id, "me", 500, FRIDAY)
    assert chunk is not None
    stale = tuple(house.deliveries.load(chunk, 0, 10))
    change(
        house, update(subscribers).where(subscribers.c.id == 1).values(address="moved@x.example")
    )
    change(
        house, update(subscribers).where(subscribers.c.id == 2).values(state="left", left_at=FRIDAY)
    )
    change(house, delete(consents).where(consents.c.subscriber_id == 3))
    change(house, delete(subscribers).where(subscribers.c.id == 3))

    settled = house.deliveries.settle(Settlement(starts=stale, chunks=(chunk,)), FRIDAY)

    assert settled.started == frozenset()
    assert [one.address for one in house.deliveries.load(chunk, 0, 10)] == [
        "moved@x.example",
        "",
        "",
    ]
    house.deliveries.hand_back(chunk)
    Dispatch(house.office).run()
    assert states(house, release) == {1: "sent", 2: "withheld", 3: "withheld"}
    (mail,) = (tmp_path / "outbox").rglob("*.eml")
    assert b"\r\nTo: moved@x.example\r\n" in mail.read_bytes()


def test_who_is_on_the_list_alone_is_counted_as_the_cutting_will_find_them(house: House) -> None:
    house.with_policy(chunk=2).subscribe(readers(7))
    house.subscribe(["never@x.example"], purposes=())
    prepared = house.deliveries.ahead(1)
    release = opened(house)
    counts = [prepared, house.deliveries.ahead(release.id)]
    house.deliveries.claim(release.id, house.owner, 2, house.now())
    counts.append(house.deliveries.ahead(release.id))
    Dispatch(house.office).run()
    counts.append(house.deliveries.ahead(release.id))

    assert counts == [0, 7, 5, 0]
    assert house.deliveries.counts(release.id)[S.SENT] == 7


def test_the_rest_of_a_long_list_is_reckoned_from_its_next_part(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.store.deliveries.SAMPLE", 4)
    house.subscribe(readers(3))
    house.subscribe(["never@x.example"], purposes=())
    house.subscribe(readers(4, "y.example"))
    release = opened(house)

    assert house.deliveries.ahead(release.id) == 6


def test_an_advertisement_goes_only_where_advertising_is_consented_to(house: House) -> None:
    house.press.kind = Kind.AD
    house.subscribe(readers(2))
    house.subscribe(["yes@x.example"], purposes=(Purpose.LETTER, Purpose.ADVERTISING))
    release = opened(house)
    Dispatch(house.office).run()

    assert states(house, release) == {3: "sent"}


def test_who_withdraws_only_the_consent_to_advertising_is_withheld_at_any_moment(
    house: House,
) -> None:
    """Not cut off the list yet; in a chunk, read or not; put off for later: the ledger says so."""
    house.press.kind = Kind.AD
    both = (Purpose.LETTER, Purpose.ADVERTISING)
    house.with_policy(chunk=2).subscribe(readers(6), purposes=both)
    release = opened(house)
    house.now.at += timedelta(minutes=1)
    chunk = house.deliveries.claim(release.id, house.owner, 2, house.now())
    assert chunk is not None
    read = tuple(house.deliveries.load(chunk, 0, 10))
    for number in (1, 3, 6):
        withdrawn = insert(consents).values(
            subscriber_id=number, purpose="advertising", given=False, at=house.now()
        )
        change(house, withdrawn)

    settled = house.deliveries.settle(Settlement(starts=read, chunks=(chunk,)), house.now())
    off = Result(release.id, chunk.id, 2, S.DEFERRED, 451, "later", house.now())
    house.deliveries.settle(Settlement(results=(off,)), house.now())
    change(
        house,
        insert(consents).values(
            subscriber_id=2, purpose="advertising", given=False, at=house.now()
        ),
    )
    Dispatch(house.office).run()

    assert settled.started == {(release.id, 2)}
    assert states(house, release) == {
        1: "withheld",
        2: "withheld",
        3: "withheld",
        4: "sent",
        5: "sent",
        6: "withheld",
    }
    rows = {row.subscriber: row for row in house.deliveries.who(release.id)}
    assert {rows[number].reply for number in (1, 2, 3, 6)} == {NO_LONGER}


def test_an_edition_for_members_goes_to_members_and_a_series_to_who_chose_it(house: House) -> None:
    house.press.audiences = (Audience.MEMBERS,)
    house.subscribe(readers(4), members=readers(4)[1:])
    change(house, insert(subscriber_series).values(subscriber_id=2, series="another"))
    change(house, insert(subscriber_series).values(subscriber_id=3, series="slow"))
    release = opened(house)
    Dispatch(house.office).run()

    assert states(house, release) == {3: "sent", 4: "sent"}


POISON = [
    "a\x00b@x.example",
    "a@x.example\r\nBcc: all@x.example",
    "a" * 70_000 + "@x.example",
    "한글@x.example",
    "a b@x.example",
    "a@b@x.example",
    "no-at-sign",
    "a@-x.example",
    "a@" + "x" * 64 + ".example",
    "@x.example",
    "a@",
    '"quoted string"@x.example',
    "a@[127.0.0.1]",
    "<a@x.example>",
]


def test_a_name_that_is_poison_harms_no_mail(house: House, tmp_path: Path) -> None:
    """Names never go into a mail; however long or odd, their readers have theirs like all others."""
    house.subscribe(readers(4))
    names = ["가" * 70_000, "x\r\nBcc: all@x.example", "\x1b[31m\u202e\ufeff", "=cmd()"]
    for number, name in enumerate(names, start=1):
        change(house, update(subscribers).where(subscribers.c.id == number).values(name=name))
    release = opened(house)
    Dispatch(house.office).run()

    assert states(house, release) == dict.fromkeys(range(1, 5), "sent")
    mails = [path.read_bytes() for path in (tmp_path / "outbox").rglob("*.eml")]
    assert not any(b"Bcc" in mail or len(mail) > 20_000 for mail in mails)


def test_poison_is_refused_with_a_clear_line_and_nobody_else_is_touched(house: House) -> None:
    fit = [address for address in POISON if not (house.database.postgres and "\x00" in address)]
    house.subscribe([*readers(3), *fit, "reader@한글메일.한국", "Last@X.Example"])
    release = opened(house)
    Dispatch(house.office).run()

    rows = list(house.deliveries.who(release.id))
    refused = [row for row in rows if row.state is S.REFUSED]
    assert [row.address for row in refused] == fit
    assert all(row.reply.startswith("not sent: the ") for row in refused)
    assert len([row for row in rows if row.state is S.SENT]) == 5


@pytest.mark.parametrize("address", [*POISON, "a\ud800@x.example", "a@\ud800.example"])
def test_an_address_that_cannot_be_mailed_says_why(address: str) -> None:
    with pytest.raises(ValueError, match=r"^the (address|part)"):
        wire(address)


def test_a_korean_domain_goes_out_as_a_labels() -> None:
    found = wire("reader@한글메일.한국")

    assert found == ("reader@xn--bj0bv7uyik4pn.xn--3e0b707e", "xn--bj0bv7uyik4pn.xn--3e0b707e")


@given(st.text(max_size=80))
@example("a@b.c\n")
@example("a@b\u2028.c")
def test_whatever_passes_is_one_line_of_printable_ascii(text: str) -> None:
    try:
        address, domain = wire(text)
    except ValueError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(" <>\r\n\t")
    assert domain == domain.lower()


def test_the_same_address_twice_is_one_row_of_the_list(house: House) -> None:
    from sqlalchemy.exc import IntegrityError

    house.subscribe(["reader@x.example"])
    with pytest.raises(IntegrityError):
        house.subscribe(["Reader@x.example"])


def test_a_start_needs_the_chunk_to_be_ours(house: House) -> None:
    """Fenced off by a new owner, the old one can let nothing leave."""
    house.subscribe(readers(2))
    release = opened(house)
    chunk = house.deliveries.claim(release.id, "old", 500, FRIDAY)
    assert chunk is not None
    starts: tuple[Addressee, ...] = tuple(house.deliveries.load(chunk, 0, 10))
    (claim,) = house.deliveries.claims()
    assert house.deliveries.take_over(claim, "new", FRIDAY, None) is not None

    settled = house.deliveries.settle(Settlement(starts=starts, chunks=(chunk,)), FRIDAY)

    assert settled.lost == {chunk.id}
    assert settled.started == frozenset()
    assert house.deliveries.counts(release.id)[S.SENDING] == 0


def test_a_run_that_broke_off_is_taken_up_by_the_next_of_the_same_process(house: House) -> None:
    """What it had in the air is in doubt; nothing stays `sending` for ever."""
    house.subscribe(readers(5))
    release = opened(house)
    chunk = house.deliveries.claim(release.id, house.owner, 500, FRIDAY)
    assert chunk is not None
    flying = tuple(house.deliveries.load(chunk, 0, 2))
    house.deliveries.settle(Settlement(starts=flying, chunks=(chunk,)), FRIDAY)

    Dispatch(house.office).run()

    assert house.deliveries.counts(release.id)[S.SENT] == 5
    rows = house.deliveries.who(release.id)
    assert [row.doubts for row in rows] == [1, 1, 0, 0, 0]
