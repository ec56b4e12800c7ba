"""Header fields: what is written is what an independent reader reads, on every Python."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.render.mail import headers
from tests.render.rfc2047 import decoded, faults, unfolded
from tests.render.subjects import subjects

COUNT = 3_000


def interpreters() -> list[str]:
    """Find the Pythons of this machine, 3.11 and later: on PATH, and where pyenv keeps them."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = {str(p) for p in home.glob("versions/*/bin/python3")}
    found |= {w for minor in range(11, 16) if (w := shutil.which(f"python3.{minor}"))}
    versions: dict[str, str] = {}
    for path in sorted(found):
        probe = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
        asked = subprocess.run([path, "-c", probe], capture_output=True, text=True, check=False)
        version = asked.stdout.strip()
        if asked.returncode == 0 and tuple(map(int, version.split("."))) >= (3, 11):
            versions.setdefault(version, path)
    own = ".".join(map(str, sys.version_info[:3]))
    return [path for version, path in sorted(versions.items()) if version != own]


def check(rows: list[tuple[str, str]]) -> None:
    assert len(rows) == COUNT
    wrong = [s for s, wire in rows if decoded(unfolded(wire.encode())[1]) != s]
    assert wrong == []
    assert [wire for _, wire in rows if faults(wire.encode())] == []


def test_three_thousand_korean_subjects_lose_nothing() -> None:
    check([(s, headers.text("Subject", s).decode()) for s in subjects(COUNT)])


def test_the_subjects_are_the_same_on_every_python_found() -> None:
    """The wire form may not depend on the interpreter: the library's own writer does."""
    others = interpreters()
    if not others:
        pytest.skip("no other Python found; `pyenv install 3.13` would add one")
    here = [[s, headers.text("Subject", s).decode()] for s in subjects(COUNT)]
    script = str(Path(__file__).parents[1] / "subjects.py")
    for python in others:
        command = [python, "-I", script, headers.__file__, str(COUNT)]
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
        rows = json.loads(asked.stdout)
        assert rows == here, python
        check([tuple(row) for row in rows])


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
)
def test_any_subject_of_one_line_reads_back(subject: str) -> None:
    subject = subject.strip() or "x"
    written = headers.text("Subject", subject)
    assert decoded(unfolded(written)[1]) == subject
    assert faults(written) == []


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
)
def test_any_display_name_reads_back(name: str) -> None:
    written = headers.mailbox("From", "a@b.example", " ".join(name.split()) or "x")
    value = unfolded(written)[1]
    shown = decoded(value).removesuffix("<a@b.example>").rstrip(" ")
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', shown) if b"=?" not in value else None
    shown = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else shown
    assert shown == (" ".join(name.split()) or "x")
    assert faults(written) == []


@pytest.mark.parametrize(
    "value", ["a\r\nBcc: x@y.example", "a\nb", "a\x00", "가", "", " ", "a\x85"]
)
def test_a_field_refuses_what_would_be_another_header(value: str) -> None:
    with pytest.raises(ValueError, match="not a value"):
        headers.field("List-Id", value)


@pytest.mark.parametrize(
    "url", ["https://x.example/\r\nBcc:", "https://x.example/가", "a b", "<x>", 'a"']
)
def test_a_list_of_urls_refuses_what_is_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"not a (value|URL)"):
        headers.addresses("List-Unsubscribe", url)


@pytest.mark.parametrize(
    "address", ["a@b@c", "a b@c", "a@가.kr", "a", "<a@b.kr>", "a@b.kr\r\n", "a@"]
)
def test_an_address_field_refuses_what_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        headers.mailbox("From", address)


def test_a_long_unsubscribe_address_is_never_encoded_and_folds_after_the_comma() -> None:
    long = "https://letters.example.kr/u/" + "T" * 200
    written = headers.addresses(
        "List-Unsubscribe", long, "mailto:leave+x@b.example?subject=unsubscribe"
    )
    assert (
        written
        == (
            f"List-Unsubscribe: <{long}>,\r\n <mailto:leave+x@b.example?subject=unsubscribe>\r\n"
        ).encode()
    )


def test_a_line_over_998_octets_is_refused() -> None:
    with pytest.raises(ValueError, match="998"):
        headers.addresses("List-Help", "https://x.example/" + "x" * 1000)


def test_a_plain_subject_stays_plain() -> None:
    assert headers.text("Subject", "Chips and power") == b"Subject: Chips and power\r\n"


@pytest.mark.parametrize(
    ("display", "written"),
    [
        ("Slow Signal", b"From: Slow Signal <a@b.kr>\r\n"),
        ('Lee, "J"', b'From: "Lee, \\"J\\"" <a@b.kr>\r\n'),
        ("느린 신호", b"From: =?utf-8?b?64qQ66awIOyLoO2YuA==?= <a@b.kr>\r\n"),
        ("", b"From: a@b.kr\r\n"),
    ],
)
def test_a_display_name_is_atoms_a_quoted_string_or_encoded(display: str, written: bytes) -> None:
    assert headers.mailbox("From", "a@b.kr", display) == written


def test_a_display_name_of_fourteen_hangul_is_one_word() -> None:
    assert headers.mailbox("From", "a@b.kr", "가" * 14).count(b"=?") == 1
