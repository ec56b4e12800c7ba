"""The letter: its parts, their order, and who is shown which."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from publisher.model.body import Body
from publisher.model.episode import Audience, Correction, Kind
from publisher.model.setting import Setting
from publisher.render import Renderer
from publisher.render.mail.letter import Letter, preheader_of, subject_of
from tests.render import shelf
from tests.render.stage import AUDIENCES, block, everything, p, publication, setting

RENDERER = Renderer(publication())


def letter(whole: Setting, audience: Audience = Audience.FREE) -> Letter:
    return RENDERER.letter(whole, audience)


class Words(HTMLParser):
    """Reads a mail aloud, with the tag around every run of words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.feed(html.partition("<body")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"br", "hr", "img", "meta"}:
            self.tags.append(tag)
        self.said += [("img", value or "") for key, value in attrs if tag == "img" and key == "alt"]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.tags:
            del self.tags[len(self.tags) - 1 - self.tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        words = re.sub("[\u2007\u034f\xa0]", "", data).strip(" ·\n")
        if words:
            self.said.append((self.tags[-1] if self.tags else "", words))


ORDER = (
    *(
        "한 줄로 된 부제",
        "AI가 우리를 구하지 않는다",
        "1화",
        "중국에도 AI가 있다",
        "한 줄로 된 부제",
    ),
    *("편집부 에디터", "2026년 3월 6일 금요일", "표지 그림", "표지 설명", "출처: 직접 그림"),
    *("매주 금요일, AI를 둘러싼 변화를 읽습니다.", "본문이다.", "#AI", "#테크"),
    *("다음 화 · 3월 13일 금요일 오후 5시", "2화", "다음 제목", "다음 화 예고 문구"),
    *("이어서 읽기", "관련된 글", "회원 되기", "읽어 주셔서 고맙습니다."),
    *("웹에서 보기", "수신거부", "구독 설정", "Unsubscribe", "서울특별시 중구 가상로 1, 2층"),
)


def in_order(words: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Give what of the wanted was not found after the one before it."""
    rest = iter(words)
    return [want for want in wanted if not any(want == said for said in rest)]


def test_the_parts_stand_in_the_order_of_the_contract() -> None:
    said = [words for _, words in Words(letter(setting(Body((p("본문이다."),)))).html).said]
    assert in_order(said, ORDER) == []


def test_the_text_has_the_same_parts_in_the_same_order() -> None:
    text = letter(setting(Body((p("본문이다."),)))).text
    places = [text.index(words) for words in (*ORDER[1:10], "본문이다.", "#AI #테크", "다음 제목")]
    assert places == sorted(places)


def test_members_get_all_but_the_call() -> None:
    said = [
        w for _, w in Words(letter(setting(Body((p("본문이다."),))), Audience.MEMBERS).html).said
    ]
    assert in_order(said, tuple(w for w in ORDER if w != "회원 되기")) == []
    assert "회원 되기" not in said


@pytest.mark.parametrize("audience", AUDIENCES)
def test_there_is_one_first_heading_and_no_level_is_skipped(audience: Audience) -> None:
    html = letter(setting(), audience).html
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_image_has_whole_pixels_and_an_absolute_address(audience: Audience) -> None:
    images = re.findall(r"<img[^>]*>", letter(setting(), audience).html)
    assert len(images) == 3
    for image in images:
        found = re.search(r'src="https://[^"]+" alt="[^"]+" width="(\d+)" height="(\d+)"', image)
        assert found
        assert int(found[1]) <= 600


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_table_that_lays_out_says_so(audience: Audience) -> None:
    html = letter(setting(), audience).html
    tables = re.findall(r"<table[^>]*>", html)
    plain = [table for table in tables if 'role="presentation"' not in table]
    assert len(plain) == html.count("<thead>") == 1


def test_every_address_in_a_mail_is_absolute() -> None:
    html = letter(setting()).html
    assert re.findall(r'(?:href|src)="(?!https://|mailto:)[^"]*', html) == []


def test_a_box_stands_where_the_editor_put_it_and_nowhere_else() -> None:
    placed = letter(setting(Body((block("next"), p("본문이다."))))).html
    assert placed.count("다음 화 예고 문구") == 1
    assert placed.index("다음 화 예고 문구") < placed.index("본문이다.")


def test_the_last_of_a_finished_series_says_so() -> None:
    last = replace(setting(Body((p("끝"),))), next=None, finale=True)
    assert "이 연재는 이번 화로 끝납니다." in letter(last).html
    assert "이 연재는 이번 화로 끝납니다." in letter(last).text
    unknown = replace(last, finale=False)
    assert "다음 화" not in letter(unknown).html


def test_corrections_are_told_with_their_date() -> None:
    corrections = (Correction(date(2026, 3, 7), "‘2024년’을 ‘2025년’으로 고칩니다."),)
    whole = setting()
    whole = replace(whole, episode=replace(whole.episode, corrections=corrections))
    for part in (letter(whole).html, letter(whole).text):
        assert "2026년 3월 7일 토요일: ‘2024년’을 ‘2025년’으로 고칩니다." in part


def test_a_logo_stands_over_the_letter_in_its_proportion_and_on_the_site() -> None:
    whole = setting()
    theme = replace(whole.publication.theme, logo="art/mark.png", logo_width=960, logo_height=88)
    outlet = replace(whole.publication, theme=theme)
    html = letter(replace(whole, publication=outlet)).html
    assert (
        '<img src="https://slow-signal.example/assets/logo.png" alt="느린 신호" width="240" height="22"'
        in html
    )
    assert "logo.png" not in letter(whole).html
    sheets = shelf.site_of(outlet)
    assert sheets["assets/logo.png"] == b"art/mark.png"


def test_a_series_in_english_speaks_english() -> None:
    whole = setting(Body((p("Hello"),)))
    whole = replace(whole, series=replace(whole.series, language="en", title="Slow"))
    made = letter(whole)
    assert subject_of(whole, Audience.FREE) == "Slow No. 1 · 중국에도 AI가 있다"
    assert '<html lang="en" dir="ltr"' in made.html
    assert "Next episode · Friday, 13 March, 17:00" in made.html
    assert "Unsubscribe" in made.text
    assert "수신거부" not in made.html + made.text


def test_the_preheader_is_the_editors_or_the_deck() -> None:
    whole = setting()
    assert preheader_of(whole) == "한 줄로 된 부제"
    own = replace(whole, episode=replace(whole.episode, preheader=" 따로\n쓴  문구 "))
    assert preheader_of(own) == "따로 쓴 문구"


def test_an_advertisement_is_labelled_in_the_title_of_the_document_too() -> None:
    whole = setting(everything())
    whole = replace(whole, episode=replace(whole.episode, kind=Kind.AD))
    assert "<title>(광고) AI가 우리를 구하지 않는다 1화" in letter(whole).html
