"""Lists taken in and given out."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publisher import store
from publisher.audience.exports import export_list
from publisher.audience.imports import Tally, import_list
from publisher.audience.layout import Service
from publisher.audience.subscribers import Added, Subscribers
from publisher.audience.verdict import Change, Outcome, Terms, Verdict
from publisher.model.episode import Audience
from publisher.model.problem import Place, Problem
from publisher.model.readership import Record, Segment
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.store.subscribers import Register
from tests.audience.hand import NOON, Hand

SEOUL = ZoneInfo("Asia/Seoul")
TERMS = Terms(NOON, "import:list.csv")


def take_in(
    register: Register, text: str | bytes, terms: Terms = TERMS, *, dry_run: bool = False
) -> tuple[Tally, list[Verdict]]:
    verdicts: list[Verdict] = []
    data = io.BytesIO(text.encode() if isinstance(text, str) else text)
    tally = import_list(
        data, "list.csv", register, terms, SEOUL, dry_run=dry_run, report=verdicts.append
    )
    return tally, verdicts


def outcomes(verdicts: list[Verdict]) -> list[tuple[int, str]]:
    return [(verdict.line, verdict.outcome.value) for verdict in verdicts]


def exported(register: Register, segment: Segment | None = None) -> str:
    out = io.StringIO(newline="")
    export_list(register, out, segment or Segment())
    return out.getvalue()


def record(subscribers: Subscribers, address: str) -> Record:
    found = subscribers.find(address)
    assert isinstance(found, Record), found
    return found


def add(subscribers: Subscribers, address: str, **values: object) -> None:
    assert isinstance(subscribers.add(address, notify=False, **values), Added)  # type: ignore[arg-type]  # a test's shorthand


LIST = "email,name\na@b.kr,가\nbad\nc@d.kr,나\nA@B.kr,가\n"


def test_a_bad_row_is_named_and_the_rest_goes_in(
    register: Register, subscribers: Subscribers
) -> None:
    tally, verdicts = take_in(register, LIST)

    assert outcomes(verdicts) == [(2, "added"), (3, "refused"), (4, "added"), (5, "same")]
    problem = verdicts[1].problem
    assert problem is not None
    assert (problem.code, problem.place) == ("address/no-domain", Place("list.csv", 3, 1))
    assert tally.written
    assert tally.rows == 4
    assert [r.subscriber.name for r in subscribers.each()] == ["가", "나"]
    assert record(subscribers, "a@b.kr").consents_to(Purpose.LETTER)


def test_importing_twice_changes_nothing(register: Register) -> None:
    take_in(register, LIST)
    before = exported(register)

    _, verdicts = take_in(register, LIST, Terms(NOON.replace(year=2027), "again"))

    assert outcomes(verdicts) == [(2, "same"), (3, "refused"), (4, "same"), (5, "same")]
    assert exported(register) == before


def test_a_dry_run_says_what_an_import_does_and_does_nothing(register: Register) -> None:
    before = exported(register)
    dry, said = take_in(register, LIST, dry_run=True)
    assert exported(register) == before
    assert not dry.written

    wet, done = take_in(register, LIST)

    assert said == done
    assert dry.outcomes == wet.outcomes


def test_a_diff_names_each_field(register: Register, subscribers: Subscribers) -> None:
    add(subscribers, "a@b.kr", name="가")

    _, (verdict,) = take_in(register, "email,name,audience\na@b.kr,나,members\n")

    assert verdict.outcome is Outcome.CHANGED
    assert verdict.changes == (
        Change("name", "가", "나"),
        Change("audience", "free", "members"),
    )


def test_the_readers_own_no_is_stronger_than_a_file(
    register: Register, subscribers: Subscribers
) -> None:
    for address in ("left@b.kr", "erased@b.kr", "held@b.kr"):
        add(subscribers, address)
    subscribers.remove("left@b.kr", notify=False)
    subscribers.erase("erased@b.kr")
    subscribers.suppress("held@b.kr")
    subscribers.suppress("stranger@b.kr")
    before = exported(register)

    _, verdicts = take_in(
        register, "email\nleft@b.kr\nErased@b.kr\nheld@b.kr\nstranger@b.kr\nnew@b.kr\n"
    )

    assert outcomes(verdicts) == [
        (2, "left"),
        (3, "erased"),
        (4, "suppressed"),
        (5, "suppressed"),
        (6, "added"),
    ]
    assert len(exported(register).splitlines()) == len(before.splitlines()) + 1


def test_a_file_of_leavers_takes_readers_off(register: Register, subscribers: Subscribers) -> None:
    add(subscribers, "a@b.kr")

    take_in(
        register,
        "이메일 주소,이름,구독 상태,수신거부일\na@b.kr,,수신거부,2026-11-01\nb@b.kr,,자동삭제,\n",
    )

    gone = record(subscribers, "a@b.kr")
    assert gone.subscriber.state is SubscriberState.LEFT
    assert gone.left_at == datetime(2026, 11, 1, tzinfo=SEOUL)
    assert not gone.consents_to(Purpose.LETTER)
    assert record(subscribers, "b@b.kr").subscriber.state is SubscriberState.BOUNCED


def test_a_shop_may_sync_its_members(register: Register, subscribers: Subscribers) -> None:
    add(subscribers, "in@b.kr")
    add(subscribers, "out@b.kr", audience=Audience.MEMBERS)

    take_in(
        register,
        "email,audience,members_until\nin@b.kr,members,2026-12-31\nout@b.kr,free,\n",
    )

    assert record(subscribers, "in@b.kr").subscriber.members_until == datetime(
        2027, 1, 1, tzinfo=SEOUL
    )
    assert record(subscribers, "out@b.kr").subscriber.audience is Audience.FREE


def test_series_of_an_import_join_those_chosen_before(
    register: Register, subscribers: Subscribers
) -> None:
    add(subscribers, "a@b.kr", series=["x"])
    add(subscribers, "all@b.kr")

    take_in(register, "email\na@b.kr\nall@b.kr\nnew@b.kr\n", Terms(NOON, "i", series=("y",)))

    chosen = [r.subscriber.series for r in subscribers.each()]
    assert chosen == [("x", "y"), (), ("y",)]


def test_an_export_comes_back_to_the_last_comma(
    register: Register, subscribers: Subscribers, clock: Hand, tmp_path: Path
) -> None:
    add(subscribers, "=cmd|x@한글메일.한국", name="=HYPERLINK(1)", consent='\'=동의,\n"예"')
    add(subscribers, "a@b.kr", series=["b", "a"], audience=Audience.MEMBERS, members_until=NOON)
    add(subscribers, "left@b.kr", advertising=True, locale="en")
    clock.forward(days=3, microseconds=7)
    subscribers.remove("left@b.kr", notify=False)
    subscribers.suppress("left@b.kr", "@항의")
    subscribers.suppress("+stranger@b.kr")
    add(subscribers, "gone@b.kr")
    subscribers.erase("gone@b.kr")
    take_in(register, "email,status\np@b.kr,pending\nx@b.kr,bounced\n")
    text = exported(register)
    assert "gone@b.kr" not in text

    _, again = take_in(register, text)
    assert {verdict.outcome for verdict in again} == {Outcome.SAME}
    assert exported(register) == text

    database = store.open(f"sqlite:///{tmp_path}/other.sqlite3")
    other = Register(database)
    tally, verdicts = take_in(other, "\ufeff" + text)
    assert tally.service is Service.OWN
    assert {verdict.outcome for verdict in verdicts} == {Outcome.ADDED}
    assert exported(other) == text
    assert isinstance(Subscribers(other, clock).add("gone@b.kr"), Problem)
    database.close()


def test_no_cell_of_an_export_runs_in_a_spreadsheet(list_file: Register, clock: Hand) -> None:
    subscribers = Subscribers(list_file, clock)
    add(subscribers, "=1+1@b.kr", name="@SUM(A1)")

    row = exported(list_file).splitlines()[1].split(",")

    assert row[0] == "'=1+1@b.kr"
    assert row[1] == "'@SUM(A1)"


def test_an_export_of_a_segment_has_that_segment_only(list_file: Register, clock: Hand) -> None:
    subscribers = Subscribers(list_file, clock)
    add(subscribers, "a@b.kr")
    add(subscribers, "m@b.kr", audience=Audience.MEMBERS)
    subscribers.erase("x@b.kr")

    text = exported(list_file, Segment(audience=Audience.MEMBERS))

    assert [line.split(",")[0] for line in text.splitlines()] == ["address", "m@b.kr"]


def test_nothing_is_half_imported(list_file: Register) -> None:
    """The outside world fails in the middle: what was read before is not there either."""

    class Torn(io.BytesIO):
        """Read whole once, for its encoding; torn out half way through the second time."""

        served = 0

        def read(self, size: int | None = -1, /) -> bytes:
            if self.served > 1.5 * len(self.getbuffer()):
                raise OSError("unplugged")
            data = super().read(size)
            self.served += len(data)
            return data

    rows = "".join(f"reader{n}@b.kr\n" for n in range(90_000))
    heard: list[Verdict] = []
    with pytest.raises(OSError, match="unplugged"):
        import_list(
            Torn(("email\n" + rows).encode()),
            "list.csv",
            list_file,
            TERMS,
            SEOUL,
            report=heard.append,
        )
    assert len(heard) > 10_000
    assert exported(list_file).count("\n") == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import/empty"),
        (b"\xff\xff\xff", "import/encoding"),
        ("이름,전화\n김,010\n".encode(), "import/no-address-column"),
    ],
)
def test_a_file_that_is_no_list_is_one_problem(list_file: Register, data: bytes, code: str) -> None:
    tally, verdicts = take_in(list_file, data)
    assert verdicts == []
    assert tally.problem is not None
    assert tally.problem.code == code
    assert not tally.written


def test_a_list_in_cp949_keeps_its_names(list_file: Register, clock: Hand) -> None:
    take_in(list_file, "이메일;이름\r\na@b.kr;홍길동\r\n".encode("cp949"))
    assert [r.subscriber.name for r in Subscribers(list_file, clock).each()] == ["홍길동"]
