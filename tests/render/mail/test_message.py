"""The MIME message: what leaves, octet by octet."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from publisher.model.body import Body
from publisher.model.edition import Edition, Placeholder
from publisher.model.episode import Audience, Kind
from publisher.model.setting import Setting
from publisher.render import Renderer
from publisher.render.mail.message import ascii_domain, label
from tests.render.rfc2047 import decoded, faults, unfolded
from tests.render.stage import AUDIENCES, ROOT, SECRET, block, p, publication, setting

RENDERER = Renderer(publication())


def edition(audience: Audience = Audience.FREE, whole: Setting | None = None) -> Edition:
    return RENDERER.edition(whole or setting(), audience)


def fields(octets: bytes) -> list[bytes]:
    """Cut the header into its fields, folds and all."""
    head = octets.partition(b"\r\n\r\n")[0] + b"\r\n"
    return re.findall(rb"[^ \t\r\n][^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", head)


def header(octets: bytes, name: str) -> str:
    values = [v for n, v in map(unfolded, fields(octets)) if n == name]
    assert len(values) == 1
    return decoded(values[0])


def parsed(octets: bytes) -> EmailMessage:
    found = message_from_bytes(octets, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("audience", AUDIENCES)
def test_lines_are_ascii_crlf_and_short(audience: Audience) -> None:
    octets = edition(audience).message
    assert octets.isascii()
    assert octets.replace(b"\r\n", b"").count(b"\n") == 0
    assert octets.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, octets.split(b"\r\n"))) <= 998


def test_every_header_stands_once_and_without_fault() -> None:
    octets = edition().message
    names = Counter(unfolded(f)[0] for f in fields(octets))
    assert set(names.values()) == {1}
    assert list(names) == [
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id"),
        *("List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "List-Archive"),
        *("Feedback-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"),
        *("MIME-Version", "Content-Type"),
    ]
    assert [f for f in fields(octets) if faults(f) and b"List-Unsubscribe" not in f] == []


def test_the_fixed_headers_say_what_receivers_ask_for() -> None:
    octets = edition().message
    said = {name: header(octets, name) for name in ("From", "To", "Date", "Message-ID", "List-Id")}
    assert said == {
        "From": "느린 신호 <letter@slow-signal.example>",
        "To": Placeholder.ADDRESS,
        "Date": "Fri, 06 Mar 2026 17:00:00 +0900",
        "Message-ID": f"<{Placeholder.MAIL}@slow-signal.example>",
        "List-Id": "AI가 우리를 구하지 않는다 <s.slow-signal.example>",
    }
    assert header(octets, "List-Unsubscribe") == (
        f"<https://slow-signal.example/u/{Placeholder.LEAVE}>, "
        f"<mailto:leave+{Placeholder.MAIL}@bounce.slow-signal.example?subject=unsubscribe>"
    )
    assert header(octets, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert header(octets, "Feedback-ID") == "e1:free:s:slowsignalexamp"


def test_the_parts_are_text_then_html_and_say_what_the_edition_holds() -> None:
    whole = edition()
    parts = list(parsed(whole.message).iter_parts())
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/html"]
    assert {p["Content-Transfer-Encoding"] for p in parts} == {"base64"}
    assert [p.get_content().replace("\r\n", "\n") for p in parts] == [whole.text, whole.html]


def test_every_placeholder_is_where_the_sender_looks_for_it() -> None:
    whole = edition()
    for placeholder in (Placeholder.LEAVE, Placeholder.PREFERENCES, Placeholder.SINCE):
        assert placeholder in whole.html
        assert placeholder in whole.text
    assert Placeholder.ADDRESS not in whole.html + whole.text
    assert Placeholder.MAIL not in whole.html + whole.text


def test_the_same_edition_is_the_same_octets() -> None:
    assert edition() == edition()
    assert edition(Audience.FREE).digest != edition(Audience.MEMBERS).digest


@pytest.mark.slow
def test_the_octets_do_not_depend_on_the_hash_seed_or_the_locale() -> None:
    program = (
        "from tests.render.mail.test_message import edition, AUDIENCES;"
        "print([edition(a).digest for a in AUDIENCES])"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale, zone in (("0", "C", "UTC"), ("77", "C.UTF-8", "America/New_York"))
    }
    assert shown == {f"{[edition(a).digest for a in AUDIENCES]}\n"}


def test_no_word_of_the_members_part_is_in_the_free_mail() -> None:
    free, members = edition(Audience.FREE), edition(Audience.MEMBERS)
    channels = (free.subject, free.preheader, free.html, free.text, free.page, free.item.html)
    assert [SECRET in channel for channel in channels] == [False] * 6
    assert SECRET in members.html
    assert SECRET in members.text


def test_hangul_stays_hangul() -> None:
    html = edition(Audience.MEMBERS).html
    assert re.findall(r"&#x?[0-9a-f]+;", html, re.IGNORECASE) == []
    assert "다시 모두가 읽는 문단" in html


def advertising(kind: Kind, pitch_is_ad: bool, audience: Audience) -> str:
    whole = setting()
    law = replace(whole.publication.law, pitch_is_ad=pitch_is_ad)
    whole = replace(
        whole,
        publication=replace(whole.publication, law=law),
        episode=replace(whole.episode, kind=kind, subject="제목"),
    )
    return header(edition(audience, whole).message, "Subject")


def test_the_label_of_the_law_stands_first_for_each_audience_that_it_concerns() -> None:
    subjects = {
        (kind, pitch, audience): advertising(kind, pitch, audience)
        for kind in Kind
        for pitch in (False, True)
        for audience in AUDIENCES
    }
    labelled = {key for key, subject in subjects.items() if subject == "(광고) 제목"}
    assert labelled == {
        *((Kind.AD, pitch, audience) for pitch in (False, True) for audience in AUDIENCES),
        (Kind.LETTER, True, Audience.FREE),
    }
    assert {s for key, s in subjects.items() if key not in labelled} == {"제목"}


def test_a_label_that_the_editor_wrote_is_not_doubled() -> None:
    whole = setting()
    whole = replace(whole, episode=replace(whole.episode, kind=Kind.AD, subject="(광고)제목"))
    assert edition(whole=whole).subject == "(광고) 제목"


def test_the_footer_says_who_how_and_since_when_in_two_languages() -> None:
    for part in (edition().html, edition().text):
        for words in (
            "editor@slow-signal.example",
            "02-000-0000",
            "서울특별시 중구 가상로 1, 2층",
            "수신거부",
            "Unsubscribe",
            "free of charge",
            Placeholder.SINCE,
        ):
            assert words in part


def test_only_the_free_audience_is_called_to_membership() -> None:
    whole = setting(Body((p("글"),)))
    free, members = edition(Audience.FREE, whole), edition(Audience.MEMBERS, whole)
    assert [part.count("회원 되기") for part in (free.html, free.text)] == [1, 1]
    assert [part.count("회원 되기") for part in (members.html, members.text)] == [0, 0]


def test_a_letter_that_calls_to_membership_does_not_call_twice() -> None:
    for call in (
        block("cta", p("오세요"), href="/join/", label="가입"),
        block("members", p(SECRET)),
    ):
        free = edition(Audience.FREE, setting(Body((call,))))
        assert "회원 되기" not in free.html + free.text
        assert free.html.count('href="https://slow-signal.example/join/"') == 1


HOSTILE = (
    "가" * 300,
    "🙂👩‍🚀 이모지 제목 " * 20,
    "<기생충>과 “따옴표” 그리고 'x' \"y\" & z",
    "줄이\r\nBcc: evil@example.org\r\n바뀌는 제목",
    "제어\x85문자\x00와 \u202e거꾸로\u202c",
    "반쪽 \ud83d 글자",
    "=?utf-8?b?64qQ66aw?=",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_makes_a_sound_mail(title: str) -> None:
    whole = setting()
    whole = replace(whole, episode=replace(whole.episode, title=title, deck=title, teaser=title))
    made = edition(whole=whole)
    assert header(made.message, "Subject") == made.subject
    assert [f for f in map(faults, fields(made.message)) if "over 998" in str(f)] == []
    assert "Bcc" not in {unfolded(f)[0] for f in fields(made.message)}
    assert "<기생충>" not in made.html
    assert (
        re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", made.html + made.text)
        == []
    )
    assert parsed(made.message)["To"] == Placeholder.ADDRESS


def test_names_in_hangul_get_ascii_labels_that_never_change() -> None:
    assert label("ai-wont-save-us") == "ai-wont-save-us"
    assert label("느린 신호") == "s-" + label("느린 신호")[2:]
    assert len(label("느린 신호")) == 18
    assert ascii_domain("한글메일.한국") == "xn--bj0bv7uyik4pn.xn--3e0b707e"
