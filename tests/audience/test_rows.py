"""Lists of other services, read as what they say of each subscriber."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from publisher.audience.layout import Layout, Service, recognised
from publisher.audience.moments import moment
from publisher.audience.rows import Row, row
from publisher.audience.sheet import read
from publisher.model.episode import Audience
from publisher.model.problem import Place, Problem
from publisher.model.subscriber import SubscriberState

SEOUL = ZoneInfo("Asia/Seoul")
ACTIVE, LEFT = SubscriberState.ACTIVE, SubscriberState.LEFT
BOUNCED, PENDING = SubscriberState.BOUNCED, SubscriberState.PENDING
FREE, MEMBERS = Audience.FREE, Audience.MEMBERS


def table(text: str) -> tuple[Service, list[Row | Problem]]:
    lines = list(read(io.BytesIO(text.encode()), "list.csv"))
    layout = recognised(lines[0].cells, "list.csv")
    assert isinstance(layout, Layout)
    body = lines[1:] if layout.headed else lines
    return layout.service, [row(line, layout, "list.csv", SEOUL) for line in body]


def only(text: str) -> tuple[Service, Row]:
    service, rows = table(text)
    (found,) = rows
    assert isinstance(found, Row), found
    return service, found


MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
    "UNSUB_TIME,LEID,EUID,NOTES,TAGS\n"
)
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,"
    "created_at,deleted_at,labels,tiers\n"
)
SUBSTACK = "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
LISTMONK = "uuid,email,name,attributes,status,created_at,updated_at\n"
BUTTONDOWN = "email_address,notes,metadata,tags,creation_date,source,type\n"
STIBEE = "이메일 주소,이름,구독 상태,구독일,광고성 정보 수신 동의\n"


def test_mailchimp() -> None:
    service, found = only(
        MAILCHIMP
        + "a@b.kr,길동,홍,2,2024-01-01 10:00:00,1.1.1.1,2024-01-01 10:05:00,1.1.1.1,,1,e,,\n"
    )
    assert service is Service.MAILCHIMP
    assert (found.name, found.state) == ("길동 홍", None)
    assert found.since == datetime(2024, 1, 1, 10, 5, tzinfo=UTC)


def test_mailchimp_leavers() -> None:
    _, found = only(MAILCHIMP + "a@b.kr,,,2,,,2024-01-01 10:05:00,,2025-01-01 00:00:00,1,e,,\n")
    assert found.state is LEFT
    assert found.left_at == datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "state", "audience"),
    [
        ("true,,,2024-01-15T10:00:00.000Z,,,", None, FREE),
        ("false,,cus_1,2024-01-15T10:00:00.000Z,,,", LEFT, FREE),
        ("true,true,,2024-01-15T10:00:00.000Z,,,", None, MEMBERS),
        ("true,false,cus_1,2024-01-15T10:00:00.000Z,,,Gold", None, MEMBERS),
        ("true,,,2024-01-15T10:00:00.000Z,2025-01-01T00:00:00.000Z,,", LEFT, FREE),
    ],
)
def test_ghost(cells: str, state: SubscriberState | None, audience: Audience) -> None:
    service, found = only(GHOST + f"1,a@b.kr,Kim,,{cells}\n")
    assert service is Service.GHOST
    assert (found.state, found.audience) == (state, audience)
    assert found.since == datetime(2024, 1, 15, 10, tzinfo=UTC)


def test_substack_membership_ends_on_its_day() -> None:
    service, found = only(
        SUBSTACK + "a@b.kr,true,2026-12-01T00:00:00.000Z,yearly,false,2025-01-01,2025-01-01\n"
    )
    assert service is Service.SUBSTACK
    assert (found.audience, found.state) == (MEMBERS, None)
    assert found.members_until == datetime(2026, 12, 1, tzinfo=UTC)


def test_substack_disabled_address_has_left() -> None:
    _, found = only(SUBSTACK + "a@b.kr,false,,other,true,2025-01-01,\n")
    assert (found.audience, found.state) == (FREE, LEFT)


SUBSTACK_NOW = (
    "Email,Name,Stripe plan,Cancel date,Start date,Paid upgrade date,Activity,Type,"
    "State/Province,Expiration date\n"
)


@pytest.mark.parametrize(
    ("kind", "audience"),
    [("Free", FREE), ("Monthly", MEMBERS), ("Founding", MEMBERS), ("Comp", MEMBERS)],
)
def test_substack_as_its_subscribers_page_exports_now(kind: str, audience: Audience) -> None:
    """What is cancelled there is the payment; who left is not in the file."""
    cells = f"a@b.kr,길동,,2025-02-01T00:00:00.000Z,2024-01-01T00:00:00.000Z,,5,{kind},Seoul,"
    service, found = only(f"{SUBSTACK_NOW}{cells}\n")

    assert (service, found.state, found.audience) == (Service.SUBSTACK, None, audience)
    assert found.since == datetime(2024, 1, 1, tzinfo=UTC)


def test_substack_as_it_exports_now_ends_a_membership() -> None:
    cells = "a@b.kr,,Yearly,,2024-01-01,,5,Paid,,2027-01-01T00:00:00.000Z"
    _, found = only(f"{SUBSTACK_NOW}{cells}\n")

    assert found.members_until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        f"{STIBEE}a@b.kr,,휴면,2024-01-01,\n",
        f"{LISTMONK}u,a@b.kr,,{{}},asleep,2024-01-01,2024-01-01\n",
        f"{BUTTONDOWN}a@b.kr,,,,2024-01-01,,asleep\n",
        "email,status\na@b.kr,asleep\n",
    ],
)
def test_who_may_have_left_is_not_taken_in_on_a_guess(text: str) -> None:
    """A word for a state that nobody has heard of refuses its row."""
    _, (found,) = table(text)

    assert isinstance(found, Problem)
    assert found.code == "import/value"


def test_a_county_is_no_state_of_a_reader() -> None:
    """Mailchimp lets lists have columns of their own."""
    header = MAILCHIMP.replace("NOTES", "State")
    _, found = only(f"{header}a@b.kr,,,2,2024-01-01 10:00:00,,,,,1,e,California,\n")

    assert found.state is None


@pytest.mark.parametrize(("status", "state"), [("enabled", ACTIVE), ("blocklisted", LEFT)])
def test_listmonk(status: str, state: SubscriberState) -> None:
    service, found = only(
        LISTMONK + f'u,a@b.kr,Kim,"{{""a"":1}}",{status},2025-01-01T00:00:00Z,x\n'
    )
    assert (service, found.state) == (Service.LISTMONK, state)


@pytest.mark.parametrize(
    ("kind", "state", "audience"),
    [
        ("regular", ACTIVE, FREE),
        ("premium", ACTIVE, MEMBERS),
        ("unactivated", PENDING, FREE),
        ("unsubscribed", LEFT, FREE),
        ("undeliverable", BOUNCED, FREE),
        ("past_due", ACTIVE, MEMBERS),
    ],
)
def test_buttondown(kind: str, state: SubscriberState, audience: Audience) -> None:
    service, found = only(BUTTONDOWN + f"a@b.kr,,{{}},,2025-01-01,import,{kind}\n")
    assert (service, found.state, found.audience) == (Service.BUTTONDOWN, state, audience)


@pytest.mark.parametrize(
    ("status", "state"),
    [("구독중", ACTIVE), ("구독 중", ACTIVE), ("수신거부", LEFT), ("자동삭제", BOUNCED)],
)
def test_stibee(status: str, state: SubscriberState) -> None:
    service, found = only(STIBEE + f"a@b.kr,김독자,{status},2025. 3. 4. 오후 5:00,동의\n")
    assert (service, found.state, found.advertising) == (Service.STIBEE, state, True)
    assert found.since == datetime(2025, 3, 4, 8, tzinfo=UTC)


def test_a_bare_list_of_addresses_needs_no_header() -> None:
    service, rows = table("a@b.kr\nc@d.kr\n")
    assert service is Service.OTHER
    assert [r.address.key for r in rows if isinstance(r, Row) and r.address] == ["a@b.kr", "c@d.kr"]


def test_a_file_without_addresses_says_which_columns_it_has() -> None:
    problem = recognised(("이름", "전화"), "list.csv")
    assert isinstance(problem, Problem)
    assert problem.code == "import/no-address-column"
    assert "이름, 전화" in problem.message


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("email,status\na@b,구독중\n", "address/domain", 1),
        ("email,status\na@b.kr,maybe\n", "import/value", 2),
        ("email,since\na@b.kr,03/04/2026\n", "import/date", 2),
        ("name,email,series\nx,a@b.kr,a/b\n", "import/value", 3),
    ],
)
def test_a_bad_row_is_a_problem_at_its_cell(text: str, code: str, column: int) -> None:
    _, (found,) = table(text)
    assert isinstance(found, Problem)
    assert (found.code, found.place) == (code, Place("list.csv", 2, column))


def test_names_come_without_control_characters_and_short() -> None:
    _, found = only('email,name\na@b.kr,"Kim\n\x1b[31m' + "x" * 200 + '"\n')
    assert found.name is not None
    assert found.name.startswith("Kim [31mxxx")
    assert len(found.name) == 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-27", "2026-11-26T15:00:00+00:00"),
        ("2026-11-27 17:00", "2026-11-27T08:00:00+00:00"),
        ("2026-11-27T17:00:00+00:00", "2026-11-27T17:00:00+00:00"),
        ("2026-11-27T17:00:00.000Z", "2026-11-27T17:00:00+00:00"),
        ("2026.11.27", "2026-11-26T15:00:00+00:00"),
        ("2026. 11. 27. 오전 12:05", "2026-11-26T15:05:00+00:00"),
        ("2026년 11월 27일 17시 30분", "2026-11-27T08:30:00+00:00"),
        ("2026/11/27 17:00:01", "2026-11-27T08:00:01+00:00"),
    ],
)
def test_dates_of_korean_spreadsheets_are_read_in_their_zone(text: str, expected: str) -> None:
    assert moment(text, SEOUL) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["", "11/27/2026", "2026-13-01", "어제", "9" * 61, "0001-01-01"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert moment(text, SEOUL) is None


def test_a_day_that_ends_something_lasts_until_midnight() -> None:
    assert moment("2026-11-27", SEOUL, end_of_day=True) == datetime(2026, 11, 27, 15, tzinfo=UTC)
