"""``publisher check FILE.eml``: any message, whoever wrote it, in bounded time and without a traceback."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from publisher.cli.command import MISUSE, run
from publisher.lint import letter
from tests.golden.files import FOLDER
from tests.lint.letters import Letter

GOOD = Letter()
HEAD = b"From: a@b.kr\r\nTo: c@d.kr\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
SIZE = 300_000


def html(piece: bytes, size: int = SIZE) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + piece * (size // len(piece))


def nested(depth: int) -> bytes:
    inside = b"x"
    for n in range(depth):
        b = b"b%d" % n
        head = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (b, b)
        inside = head + inside + b"\r\n--%s--\r\n" % b
    return HEAD + inside


def headed(name: bytes, value: bytes) -> bytes:
    return HEAD + name + b": " + value + b"\r\n\r\nx"


HOSTILE = {
    "nothing": b"",
    "no message": bytes(SIZE),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400,
    "a thousand deep": nested(1000),
    "messages in messages": b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    "a hundred thousand parts": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\n" * 100_000,
    "a hundred thousand fields": b"From: a\r\n" * 100_000,
    "one field of many lines": headed(b"X", b"a\r\n" + b" x\r\n" * 100_000),
    "encoded words": headed(b"Subject", b"=?utf-8?b?YQ==?=" * 20_000),
    "a slow charset": headed(b"Subject", b"=?punycode?q?" + b"a" * SIZE + b"?="),
    "a refusing charset": headed(b"Subject", b"=?undefined?b?YQ==?="),
    "a charset with a NUL": headed(b"Subject", b"=?a\0b?b?YQ==?="),
    "a compressed part": HEAD + b"Content-Type: text/html; charset=zlib\r\n\r\nx",
    "an unknown charset": HEAD + b"Content-Type: text/html; charset=x-none\r\n\r\n\xff\xfe",
    "a date beyond time": headed(b"Date", b"Fri, 27 Nov 2026 17:00:00 +99999999999999"),
    "a date of digits": headed(b"Date", b"9" * 5000),
    **{
        f"html {piece.decode()}": html(piece)
        for piece in (
            b"<!--", b"<a ", b"<![", b"<!", b"<?", b"</", b"&#", b"<b>x", b"<table><th>", b"<style>",
            b'<a href="', b"<img src=x>", b"<p style='color:#111'>x", b"<a href=https://[>", b"{{a",
        )
    },
    **{
        f"css {piece.decode()}": html(b"<style>" + piece * (SIZE // len(piece)) + b"</style>", SIZE)
        for piece in (b"/*", b"@media x{", b"}")
    },
    "sheet and classes": html(
        b"<style>" + b"@media (max-width:1px){a{b:c}}" * 1000 + b"</style>", 31_000
    )
    + b"".join(b"<p class='c%d' style=color:red>x" % n for n in range(9000)),
}  # fmt: skip


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_checked_in_bounded_time(octets: bytes) -> None:
    begin = time.process_time()
    found = letter.check(octets)
    spent = time.process_time() - begin

    codes = [problem.code for problem in found]
    assert codes, "none of them is a letter"
    assert max(map(codes.count, codes)) <= letter.MOST
    assert spent < 5, f"{spent:.1f} s"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no publication, with good and bad mail in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.eml").write_bytes(GOOD.octets)
    (tmp_path / "bad.eml").write_bytes(GOOD.header("Date", None).octets)
    (tmp_path / "small.eml").write_bytes(GOOD.header("List-Id", None).octets)
    (tmp_path / "letter.txt").write_bytes(GOOD.octets)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.eml"], 0),
        (["bad.eml"], 1),
        (["good.eml", "bad.eml"], 1),
        (["small.eml"], 0),
        (["small.eml", "--strict"], 1),
        (["GONE.EML"], MISUSE),
        (["."], MISUSE),
        (["good.eml", "s/1"], MISUSE),
        (["s/1", "s/2"], MISUSE),
    ],
)
def test_the_exit_code_says_how_it_went(folder: Path, names: list[str], code: int) -> None:
    assert run(["--lang", "en", "check", *names]) == code


def test_a_letter_needs_no_publication(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "check", "bad.eml", "good.eml"]) == 1

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "bad.eml:1:1: error letter/header-missing: The header Date is missing."
    assert said[-1] == "2 letters: 1 errors, 0 warnings, 0 hints."


def test_what_is_found_is_told_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--lang", "ko", "check", "--json", str(folder / "bad.eml")])

    said = json.loads(capsys.readouterr().out)
    assert said["letters"] == 1
    assert [(p["path"], p["line"], p["code"]) for p in said["problems"]] == [
        (str(folder / "bad.eml"), 1, "letter/header-missing")
    ]


def test_what_is_found_is_told_as_sarif(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "--sarif", "bad.eml"])

    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["ruleId"] == "letter/header-missing"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad.eml"


def test_a_file_too_large_for_a_letter_is_a_problem(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "huge.eml").open("wb") as file:
        file.truncate(6 << 20)

    assert run(["--lang", "en", "check", "huge.eml"]) == 1
    assert capsys.readouterr().out.startswith("huge.eml: error files/too-large: ")


def test_a_golden_letter_of_the_house_passes_but_for_its_placeholders(
    capsys: pytest.CaptureFixture[str],
) -> None:
    golden = min(FOLDER.rglob("*.eml"))

    run(["check", "--json", str(golden)])

    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {p["code"] for p in problems} <= {"letter/placeholder", "letter/address"}
