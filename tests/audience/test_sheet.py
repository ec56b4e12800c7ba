"""A list as it lies on disk."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.sheet import LONGEST_LINE, Line, delimiter_of, guarded, read, unguarded


def rows(data: bytes) -> list[Line]:
    return list(read(io.BytesIO(data), "list.csv"))


TEXT = "이메일,이름\na@b.kr,김독자\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_encodings_of_korean_spreadsheets_are_told_apart(encoding: str) -> None:
    assert rows(TEXT.encode(encoding)) == [
        Line(1, ("이메일", "이름")),
        Line(2, ("a@b.kr", "김독자")),
    ]


def test_a_file_in_no_known_encoding_is_one_problem() -> None:
    (line,) = rows(b"email\n\xff\xff\xff\n")
    assert line.problem is not None
    assert line.problem.code == "import/encoding"


def test_an_empty_file_is_one_problem() -> None:
    for data in (b"", b"\n", "\ufeff".encode()):
        (line,) = rows(data)
        assert line.problem is not None
        assert line.problem.code == "import/empty"


def test_line_numbers_count_physical_lines() -> None:
    found = rows(b'sep=;\r\nemail;name\r\n\r\na@b.kr;"two\r\nlines"\r\nc@d.kr;x\r\n')
    assert [(line.number, line.cells) for line in found] == [
        (2, ("email", "name")),
        (4, ("a@b.kr", "two\r\nlines")),
        (6, ("c@d.kr", "x")),
    ]


def test_a_line_past_the_bound_is_a_problem_and_reading_goes_on() -> None:
    found = rows(b"email\n" + b"x" * (3 * LONGEST_LINE) + b"\na@b.kr\n")
    assert [(line.number, line.cells) for line in found] == [
        (1, ("email",)),
        (2, ()),
        (3, ("a@b.kr",)),
    ]
    assert found[1].problem is not None
    assert found[1].problem.code == "import/line-too-long"


def test_the_caller_keeps_its_file() -> None:
    file = io.BytesIO(TEXT.encode())
    list(read(file, "list.csv"))
    assert not file.closed


def test_the_delimiter_is_told_by_the_header() -> None:
    assert [delimiter_of(h) for h in ("a,b;c,d", "a;b", "a\tb", "a")] == [",", ";", "\t", ","]


@given(st.text(alphabet="'=+-@\t a＝", max_size=6))
def test_guarding_a_cell_can_be_undone_exactly(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in set("=+-@\t\r＝＋－＠")


def test_json_in_cells_survives() -> None:
    cell = json.dumps({"이름": 'a,"b"'}, ensure_ascii=False).replace('"', '""')
    found = rows(f'email,x\na@b.kr,"{cell}"\n'.encode())
    assert json.loads(found[1].cells[1]) == {"이름": 'a,"b"'}


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_only() -> None:
    found = rows(b'email,name\na@b.kr,"open\nc@d.kr,x\ne@f.kr,y\n')
    assert [(line.number, line.cells) for line in found] == [
        (1, ("email", "name")),
        (2, ()),
        (3, ("c@d.kr", "x")),
        (4, ("e@f.kr", "y")),
    ]
    assert found[1].problem is not None
    assert found[1].problem.code == "import/quote-open"


def test_a_quotation_mark_that_swallows_more_than_a_cell_gives_the_rows_back() -> None:
    many = [f"r{n}@b.kr,{'x' * 80}" for n in range(2000)]
    found = rows(('email,name\na@b.kr,"open\n' + "\n".join(many)).encode())
    assert [line.number for line in found] == list(range(1, 2003))
    assert [line.cells[0] for line in found[2:]] == [row.split(",")[0] for row in many]
    assert found[1].problem is not None


def test_a_closed_quotation_mark_on_the_last_line_is_no_fault() -> None:
    for end in (b"", b"\n", b"\r\n"):
        assert [line.cells for line in rows(b'email,name\na@b.kr,"two\nlines"' + end)][1:] == [
            ("a@b.kr", "two\nlines")
        ]
