"""Texts written against the checks: judged in bounded time, told in bounded number."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from publisher.lint import check
from publisher.lint.gate import prove
from publisher.lint.manuscript import MOST
from publisher.lint.secret import secrets
from publisher.lint.unwrap import Artefact
from tests.lint.cases import FRONT, SERIES, episode
from tests.lint.publications import reading, write
from tests.lint.test_gate import GATED

LONG = 60_000
NASTY = {
    "spaces": "가  " * LONG,
    "opened": "가(" * LONG,
    "closed": "가)” " * LONG,
    "both": "(" * LONG + "」" * LONG,
    "particles": "AI을 " * LONG,
    "brackets": "가(나)을 " * LONG,
    "stars": "가** " * (LONG // 10),
    "hanja": "言 " * LONG,
    "acronyms": " ".join(f"{chr(65 + n % 26)}{chr(65 + n // 26 % 26)}Q은" for n in range(LONG)),
    "jamo": "\u1107가" * LONG,
    "zeros": "000 0 " * LONG,
    "keys": "sk-" * LONG,
    "signs": "eyJ" + "a" * LONG,
    "addresses": "https://a:" * (LONG // 10),
    "promises": "다음 화는 ‘" * LONG,
    "fields of templates": "{{ " * LONG + "{% " * LONG,
    "names of secrets": "비밀번호:" * LONG,
    "tokens": "-eyJ" * LONG,
    "one word": "가" * LONG,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_a_nasty_text_is_checked_in_bounded_time(text: str, tmp_path: Path) -> None:
    write(tmp_path, {"series.toml": SERIES, "01-a.md": FRONT + text + "\n"}, {})
    whole, _ = reading(tmp_path)

    begin = time.process_time()
    found = check(whole)
    spent = time.process_time() - begin

    codes = [p.code for p in found]
    assert max(map(codes.count, codes), default=0) <= MOST
    assert spent < 8, f"{spent:.1f} s"


def test_a_gated_text_of_one_letter_is_proved_in_bounded_time(tmp_path: Path) -> None:
    text = "::: members\n" + "ㅋ" * 20_000 + "\n:::\n"
    write(tmp_path, {"series.toml": SERIES, "01-a.md": episode(body="글이다.\n\n" + text)}, {})
    whole, _ = reading(tmp_path)

    begin = time.process_time()
    found = prove(secrets(whole.episodes[0]), [Artefact("a.html", b"<p>" + "ㅋ".encode() * 3000)])
    spent = time.process_time() - begin

    assert [p.code for p in found] == ["gate/leak"]
    assert spent < 8, f"{spent:.1f} s"


@pytest.mark.parametrize(
    "piece", ["<!--", "<sup>", "<a ", "&#", "%EB", "\\u00", "[1", "<style", '<p x="', "<![CDATA["]
)
def test_a_nasty_artefact_is_unwrapped_in_bounded_time(piece: str) -> None:
    data = (piece * 40_000).encode()

    begin = time.process_time()
    for name in ("a.html", "a.txt", "a.json", "a.eml"):
        assert not prove(secrets(GATED), [Artefact(name, data)])
    spent = time.process_time() - begin

    assert spent < 8, f"{spent:.1f} s"
