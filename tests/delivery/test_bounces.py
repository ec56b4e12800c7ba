"""What comes back finds its delivery by the postmark and is weighed by its status."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from publisher.audience.subscribers import Subscribers
from publisher.delivery.bounces import Intake
from publisher.delivery.postmark import Postmark
from publisher.model.report import ReportKind, Weight, weigh
from publisher.store.bounces import Bounces
from publisher.store.schema import consents, notices, subscribers, suppressions
from publisher.store.subscribers import Register
from publisher.transport import report as reports
from publisher.transport.letterbox import take_maildir, take_mbox
from publisher.transport.listener import Listener
from tests.delivery.house import FRIDAY, House, readers

SAMPLES = Path(__file__).parents[1] / "fixtures" / "dsn"
MARKS = Postmark(b"tests")
COMPLAINT = """\
From: fbl@receiver.example
To: complaints@bounce.slow.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="x"

--x
Content-Type: text/plain

A reader pressed the button.
--x
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: receiver/1
Version: 1
Original-Mail-From: <b+{mark}@bounce.slow.example>
--x
Content-Type: text/rfc822-headers

From: letter@slow.example
To: redacted@receiver.example
Message-ID: <slow.{mark}@slow.example>
--x--
"""


def sample(name: str, release: int = 1, subscriber: int = 1) -> bytes:
    """A real report, with a postmark of ours in its envelope address."""
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    mark = MARKS.seal(release, subscriber).encode()
    who = raw.partition(b"To: b+ep87+")[2].partition(b"@")[0]
    return raw.replace(b"b+ep87+" + who, b"b+" + mark)


def complaint(subscriber: int = 1, kind: str = "abuse") -> bytes:
    return COMPLAINT.format(mark=MARKS.seal(1, subscriber), kind=kind).encode()


@pytest.mark.parametrize(
    ("name", "kind", "status", "action", "weight"),
    [
        ("2.0.0-relayed", ReportKind.NOTICE, "2.0.0", "relayed", Weight.NONE),
        ("4.7.1-delayed-greylisted", ReportKind.NOTICE, "4.7.1", "delayed", Weight.NONE),
        ("4.7.1-failed-after-greylisting", ReportKind.BOUNCE, "4.7.1", "failed", Weight.SOFT),
        ("5.1.1-unknown-user", ReportKind.BOUNCE, "5.1.1", "failed", Weight.HARD),
        ("5.2.2-mailbox-full", ReportKind.BOUNCE, "5.2.2", "failed", Weight.COUNTED),
        ("5.6.7-internationalised-address", ReportKind.BOUNCE, "5.6.7", "failed", Weight.COUNTED),
        ("5.7.26-unauthenticated", ReportKind.BOUNCE, "5.7.26", "failed", Weight.SENDER),
    ],
)
def test_a_real_report_is_read_and_weighed(
    name: str, kind: ReportKind, status: str, action: str, weight: Weight
) -> None:
    report = reports.read(sample(name))

    assert (report.kind, report.status, report.action) == (kind, status, action)
    assert weigh(report) is weight
    assert MARKS.open(report.marks[0]) == (1, 1)


def test_a_complaint_is_found_by_the_mark_though_its_reader_is_blacked_out() -> None:
    report = reports.read(complaint(7))

    assert report.kind is ReportKind.COMPLAINT
    assert MARKS.open(report.marks[0]) == (1, 7)


def test_not_spam_is_no_complaint() -> None:
    assert weigh(reports.read(complaint(kind="not-spam"))) is Weight.NONE


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000), st.text(max_size=200))
def test_nothing_that_comes_in_breaks_the_reading(raw: bytes, recipient: str) -> None:
    assert weigh(reports.read(raw, recipient)) in Weight
    broken = sample("5.1.1-unknown-user")[: len(raw) * 2] + raw
    assert weigh(reports.read(broken)) in Weight


@pytest.fixture
def intake(house: House) -> Intake:
    house.subscribe(readers(4))
    people = Subscribers(Register(house.database), house.now)
    return Intake(
        Bounces(house.database),
        MARKS,
        house.bell,
        reports.read,
        lambda number: people.let_go(number, "mail"),
    )


def state(house: House, subscriber: int = 1) -> str:
    with house.database.read() as connection:
        return str(
            connection.execute(
                select(subscribers.c.state).where(subscribers.c.id == subscriber)
            ).scalar_one()
        )


def reasons(house: House) -> dict[str, str]:
    with house.database.read() as connection:
        return {row.key: row.reason for row in connection.execute(select(suppressions))}


def test_an_unknown_user_is_never_mailed_again(house: House, intake: Intake) -> None:
    first = intake.receive(sample("5.1.1-unknown-user"), FRIDAY)
    again = intake.receive(sample("5.1.1-unknown-user"), FRIDAY)

    assert (first.fresh, first.suppressed) == (True, True)
    assert (again.fresh, again.suppressed) == (False, False)
    assert state(house) == "bounced"
    assert reasons(house) == {readers(1)[0]: "bounced"}


def test_a_full_mailbox_counts_by_release_and_the_fifth_is_too_many(
    house: House, intake: Intake
) -> None:
    for release in (1, 2, 3, 3, 4):
        raw = sample("5.2.2-mailbox-full", release) + f"\n{release}".encode()
        assert not intake.receive(raw, FRIDAY).suppressed
    assert state(house) == "active"

    assert intake.receive(sample("5.2.2-mailbox-full", 5), FRIDAY).suppressed
    assert state(house) == "bounced"


def test_full_mailboxes_of_long_ago_are_forgotten(house: House, intake: Intake) -> None:
    for release in (1, 2, 3, 4):
        intake.receive(sample("5.2.2-mailbox-full", release), FRIDAY - timedelta(days=100))

    assert not intake.receive(sample("5.2.2-mailbox-full", 5), FRIDAY).suppressed


@pytest.mark.parametrize(
    "name", ["4.7.1-failed-after-greylisting", "4.7.1-delayed-greylisted", "2.0.0-relayed"]
)
def test_what_passes_leaves_the_reader_alone(house: House, intake: Intake, name: str) -> None:
    for release in range(1, 9):
        intake.receive(sample(name, release), FRIDAY)

    assert state(house) == "active"
    assert reasons(house) == {}


def test_our_own_fault_rings_and_touches_nobody(house: House, intake: Intake) -> None:
    intake.receive(sample("5.7.26-unauthenticated"), FRIDAY)

    assert house.bell.codes == ["delivery/senders-fault"]
    assert state(house) == "active"


def test_a_complaint_is_an_unsubscribe(house: House, intake: Intake) -> None:
    assert intake.receive(complaint(2), FRIDAY).suppressed

    assert state(house, 2) == "left"
    assert reasons(house) == {readers(2)[1]: "complained"}
    with house.database.read() as connection:
        last = connection.execute(
            select(consents.c.given, consents.c.source)
            .where(consents.c.subscriber_id == 2)
            .order_by(consents.c.id.desc())
        ).first()
    assert last is not None
    assert tuple(last) == (False, "complaint")


def farewell(subscriber: int = 1, to: str = "") -> bytes:
    """What a mail program writes when its reader presses “unsubscribe”."""
    to = to or f"leave+{MARKS.seal(1, subscriber)}@bounce.slow.example"
    return f"From: someone@else.example\r\nTo: {to}\r\nSubject: unsubscribe\r\n\r\n".encode()


def test_a_mail_to_the_address_to_leave_by_is_a_farewell(house: House, intake: Intake) -> None:
    """Whoever it is from: the address is known only to who has the mail. It is told as any other."""
    received = intake.receive(farewell(2), FRIDAY)

    assert (received.weight, received.suppressed) == (Weight.LEAVE, True)
    assert state(house, 2) == "left"
    assert reasons(house) == {}
    with house.database.read() as connection:
        last = connection.execute(
            select(consents.c.given, consents.c.source)
            .where(consents.c.subscriber_id == 2)
            .order_by(consents.c.id.desc())
        ).first()
        told = connection.execute(select(notices.c.kind, notices.c.subscriber_id)).all()
    assert last is not None
    assert tuple(last) == (False, "mail")
    assert [tuple(row) for row in told] == [("withdrawal", 2)]


def test_a_farewell_read_again_takes_nobody_off_who_came_back(house: House, intake: Intake) -> None:
    intake.receive(farewell(), FRIDAY)
    with house.database.write() as connection:
        connection.execute(update(subscribers).values(state="active", left_at=None))

    again = intake.receive(farewell(), FRIDAY)

    assert (again.ours, again.fresh, again.suppressed) == (True, False, False)
    assert state(house) == "active"


@pytest.mark.parametrize(
    ("raw", "recipient"),
    [
        (farewell(to=f"leave+{'a' * 26}@bounce.slow.example"), ""),
        (farewell(), f"b+{MARKS.seal(1, 1)}@bounce.slow.example"),
        (farewell(to="letter@slow.example"), ""),
    ],
)
def test_what_only_looks_like_a_farewell_takes_nobody_off(
    house: House, intake: Intake, raw: bytes, recipient: str
) -> None:
    """A forged mark; a mail that came to another address; one that names none of ours."""
    assert not intake.receive(raw, FRIDAY, recipient).suppressed
    assert state(house) == "active"


def test_a_bounce_that_quotes_the_address_to_leave_by_is_a_bounce(
    house: House, intake: Intake
) -> None:
    quoted = farewell().split(b"\r\n")[1]
    raw = sample("5.2.2-mailbox-full").replace(b"Subject:", quoted + b"\nSubject:", 1)

    assert intake.receive(raw, FRIDAY).weight is Weight.COUNTED
    assert state(house) == "active"


def test_a_forged_report_touches_nobody(house: House, intake: Intake) -> None:
    raw = (SAMPLES / "5.1.1-unknown-user.eml").read_bytes()
    forged = raw.replace(b"b+ep87+", b"b+" + b"a" * 26 + b"+")

    received = intake.receive(forged, FRIDAY)

    assert not received.ours
    assert reasons(house) == {}


def test_a_maildir_is_emptied_into_cur(house: House, intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1.x").write_bytes(sample("5.1.1-unknown-user"))
    (tmp_path / "new" / "2.x").write_bytes(complaint(2))

    assert take_maildir(tmp_path, lambda raw: intake.receive(raw, FRIDAY)) == 2
    assert take_maildir(tmp_path, lambda raw: intake.receive(raw, FRIDAY)) == 0

    assert len(reasons(house)) == 2
    assert sorted(p.name for p in (tmp_path / "cur").iterdir()) == ["1.x:2,S", "2.x:2,S"]


def test_an_mbox_may_be_read_as_often_as_one_likes(
    house: House, intake: Intake, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    mails = [sample("5.1.1-unknown-user"), complaint(2), b"Subject: hi\n\n>From me to you\n"]
    box.write_bytes(b"".join(b"From x\n" + mail + b"\n" for mail in mails))

    for _ in range(2):
        assert take_mbox(box, lambda raw: intake.receive(raw, FRIDAY)) == 3
    assert len(reasons(house)) == 2


@pytest.fixture(params=["smtp", "lmtp", "unix"])
def line(request: pytest.FixtureRequest, intake: Intake, tmp_path: Path) -> Iterator[smtplib.SMTP]:
    """A client connected to a listener."""
    path = tmp_path / "s" if request.param == "unix" else None
    listener = Listener(
        lambda raw, recipient: intake.receive(raw, FRIDAY, recipient), intake.wanted, path=path
    )
    listener.start()
    try:
        client: smtplib.SMTP
        if request.param == "smtp":
            client = smtplib.SMTP("127.0.0.1", listener.port, timeout=10)
        else:
            where = str(path) if path else "127.0.0.1"
            client = smtplib.LMTP(where, listener.port, timeout=10)
        with client:
            yield client
    finally:
        listener.stop()


def test_the_listener_writes_down_what_a_server_brings(house: House, line: smtplib.SMTP) -> None:
    address = f"b+{MARKS.seal(1, 3)}@bounce.slow.example"

    refused = line.sendmail("", [address], sample("5.1.1-unknown-user", subscriber=3))

    assert refused == {}
    assert state(house, 3) == "bounced"


def test_the_listener_takes_a_farewell(house: House, line: smtplib.SMTP) -> None:
    address = f"LEAVE+{MARKS.seal(1, 4).upper()}@bounce.slow.example"

    refused = line.sendmail("reader@x.example", [address], b"Subject: unsubscribe\r\n\r\n")

    assert refused == {}
    assert state(house, 4) == "left"


def test_the_listener_takes_nothing_for_anybody_else(line: smtplib.SMTP) -> None:
    for address in ("postmaster@slow.example", f"b+{'a' * 26}@slow.example", "<script>"):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            line.sendmail("", [address], b"Subject: x\r\n\r\nrelay me\r\n")
