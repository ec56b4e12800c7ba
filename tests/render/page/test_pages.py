"""The pages: complete documents that say what they are, need no script, and keep the gate."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest

from publisher.model.body import Body
from publisher.model.episode import Audience
from publisher.model.publication import Theme
from publisher.model.setting import Neighbour
from publisher.render.page.announcing import rhythm
from publisher.render.page.frame import Frame
from publisher.render.page.head import Image, embedded
from publisher.render.page.listing import shortened
from publisher.render.page.pages import Pages
from publisher.render.paths import author_path, on_disk, tag_path
from tests.render import stage
from tests.render.shelf import TEMPLATES, Reader, out, serial, site

FRAME = Frame(stage.publication(), TEMPLATES)
PAGES = Pages(FRAME, (stage.setting().series,))


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    """The whole site of eight episodes."""
    return site(serial())


def test_every_page_is_a_whole_document_without_style_or_script_in_it(
    whole: dict[str, bytes],
) -> None:
    """A strict Content-Security-Policy holds: no inline style, no handler, no script but one file."""
    pages = {path: data.decode() for path, data in whole.items() if path.endswith(".html")}
    assert len(pages) == 21
    for path, page in pages.items():
        reader = Reader(page)
        assert (reader.open, reader.faults, path) == ([], [], path)
        assert page.startswith("<!doctype html>\n")
        assert len(reader.all("h1")) == len(reader.all("main")) == len(reader.all("title")) == 1
        assert not reader.all("style")
        for tag, attributes in reader.elements:
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]
            if tag == "script" and attributes.get("type") != "application/ld+json":
                assert path == "search/index.html"
                assert (attributes["src"] or "").startswith("/assets/search.")


def test_no_page_asks_anything_of_another_host(whole: dict[str, bytes]) -> None:
    """Style, script, icon and pictures all come from the publication itself."""
    for path, data in whole.items():
        if not path.endswith(".html"):
            continue
        reader = Reader(data.decode())
        asked = [e["src"] for e in reader.all("img") + reader.all("script") if "src" in e]
        asked += [e["href"] for e in reader.all("link") if e["rel"] in {"stylesheet", "icon"}]
        for address in asked:
            assert (address or "").startswith("/"), path
    assert b"url(" not in b"".join(data for path, data in whole.items() if path.endswith(".css"))


def test_every_link_within_the_site_leads_to_a_file(whole: dict[str, bytes]) -> None:
    """Nothing on any page points at a path that is not written, fragments included."""
    elsewhere = {"/subscribe", "/x/3/"}
    for path, data in whole.items():
        if not path.endswith(".html"):
            continue
        reader = Reader(data.decode())
        ids = {e["id"] for _, e in reader.elements if "id" in e}
        for element in (
            reader.all("a") + reader.all("link") + reader.all("img") + reader.all("script")
        ):
            address = urlsplit(str(element.get("href") or element.get("src") or ""))
            if address.scheme or not address.path:
                assert not address.fragment or address.netloc or unquote(address.fragment) in ids
                continue
            if address.path not in elsewhere:
                assert on_disk(unquote(address.path)) in whole, (path, address.path)


def test_an_episode_page_shows_its_parts_in_order() -> None:
    """Series, number, title, deck, byline, cover, intro, text, tags, related, call, footer."""
    page = PAGES.episode(out(1), Audience.FREE)
    order = [
        "AI가 우리를 구하지 않는다</a>",
        ">1화<",
        "<h1>1번째 이야기</h1>",
        "한 줄로 된 부제</p>",
        ">편집부 에디터</a>",
        "2025년 11월 28일 금요일",
        'alt="표지 그림"',
        "표지 설명",
        "매주 금요일, AI를 둘러싼",
        "변화",
        "끝내는 생각.",
        "#테크",
        "다음 제목",
        "관련된 글",
        "읽어 주셔서 고맙습니다.",
    ]
    places = [page.index(words) for words in order]

    assert places == sorted(places)


def test_the_head_names_the_page_its_neighbours_and_its_feeds() -> None:
    """Canonical address, prev and next along the series, three feeds of the series and three of all."""
    after = Neighbour("s", "AI", 3, "3번째 이야기")
    reader = Reader(PAGES.episode(out(2), Audience.FREE, after))
    links = {str(e["rel"]): e["href"] for e in reader.all("link")}

    assert links["canonical"] == "https://slow-signal.example/s/2/"
    assert links["prev"] == "https://slow-signal.example/s/1/"
    assert links["next"] == "https://slow-signal.example/s/3/"
    assert [e["href"] for e in reader.all("link", rel="alternate")] == [
        f"https://slow-signal.example{folder}/{name}"
        for folder in ("/s", "")
        for name in ("feed.xml", "atom.xml", "feed.json")
    ]
    assert len({e["title"] for e in reader.all("link", rel="alternate")}) == 6
    assert [e["href"] for e in reader.all("a", rel="next")] == ["/s/3/"]


def test_a_card_shows_the_drawn_picture_or_else_the_cover() -> None:
    """OpenGraph and Twitter tags carry title, description and one picture with its size."""
    drawn = Image("https://slow-signal.example/s/1/card.png", "1번째 이야기", 1200, 630)
    for card, url in (
        (drawn, drawn.url),
        (None, f"https://slow-signal.example/s/1/{'ab12' * 4}.png"),
    ):
        reader = Reader(PAGES.episode(out(1), Audience.FREE, card=card))
        said = {e["property"]: e["content"] for e in reader.all("meta") if "property" in e}
        assert said["og:title"] == "1번째 이야기"
        assert said["og:description"] == "한 줄로 된 부제"
        assert said["og:image"] == url
        assert said["article:published_time"] == "2025-11-28T17:00:00+09:00"
        assert reader.all("meta", name="twitter:card")[0]["content"] == "summary_large_image"


def _data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    parsed: dict[str, object] = json.loads(found[1])
    return parsed


def test_structured_data_says_honestly_what_is_behind_the_wall() -> None:
    """A gated page is not called free; an open one is."""
    open_body = Body((stage.p("열린 글"),))

    assert _data(PAGES.episode(out(1), Audience.FREE))["isAccessibleForFree"] is False
    assert _data(PAGES.episode(out(1, open_body), Audience.FREE))["isAccessibleForFree"] is True
    assert _data(PAGES.episode(out(1), Audience.FREE))["headline"] == "1번째 이야기"


def test_structured_data_cannot_end_its_element() -> None:
    """A title that closes a script stays a title."""
    evil = "</script><script>alert(1)</script><!--"
    page = PAGES.episode(out(1, title=evil), Audience.FREE)

    assert _data(page)["headline"] == evil
    assert page.count("<script") == 1
    assert embedded({"a": "\u2028&"}) == '{"a":"\\u2028\\u0026"}'


@pytest.mark.parametrize("field", ["title", "deck", "summary", "teaser"])
def test_front_matter_is_escaped_everywhere(field: str) -> None:
    """Markup in any field is shown, never obeyed."""
    evil = '"><img src=x onerror=alert(1)>'
    for page in site([out(1, None, **{field: evil})]).items():
        if page[0].endswith(".html"):
            assert b"<img src=x" not in page[1], page[0]


def test_the_gate_holds_on_the_page_and_members_see_behind_it() -> None:
    """The free page has the wall and not the words; the members' page has the words and no call."""
    free = PAGES.episode(out(1), Audience.FREE)
    members = PAGES.episode(out(1), Audience.MEMBERS)

    assert (stage.SECRET in free, 'class="wall"' in free) == (False, True)
    assert (stage.SECRET in members, 'class="wall"' in members) == (True, False)
    assert 'class="membership"' not in free + members
    assert 'class="membership"' in PAGES.episode(out(1, Body((stage.p("가"),))), Audience.FREE)


def test_no_members_sentence_is_in_any_file_of_the_site() -> None:
    """Every public byte is read: pages, feeds, search index, sitemap, in UTF-8 and as escapes."""
    secret = stage.SECRET
    escaped = json.dumps(secret)[1:-1].encode()
    for omitted in ("omit", "teaser"):
        files = site(serial(), members_in_feed=omitted)
        for path, data in files.items():
            assert secret.encode() not in data, path
            assert escaped not in data, path
            assert "회원만 보는 각주".encode() not in data, path
        assert ("6번째 이야기".encode() in files["feed.xml"]) is (omitted == "teaser")


def test_corrections_stand_at_the_foot() -> None:
    """Each with its date, after the text."""
    page = PAGES.episode(serial()[4], Audience.FREE)

    assert page.index("끝내는 생각") < page.index("바로잡습니다</h2>") < page.index("‘2024년’을")
    assert '<time datetime="2026-01-03">2026년 1월 3일 토요일</time>' in page


def test_the_next_box_gives_way_to_a_link_once_the_next_episode_is_out(
    whole: dict[str, bytes],
) -> None:
    """Before: what comes and when. After: a way there."""
    last, before = whole["s/8/index.html"].decode(), whole["s/7/index.html"].decode()

    assert ('class="next"' in last, 'rel="next"' in last) == (True, False)
    assert ('class="next"' in before, 'rel="next"' in before) == (False, True)


def test_an_english_series_has_an_english_page() -> None:
    """Language, words and dates follow the series."""
    setting = out(1)
    english = replace(setting, series=replace(setting.series, language="en"))
    page = PAGES.episode(english, Audience.FREE)

    assert '<html lang="en">' in page
    assert "Friday, 28 November 2025" in page
    assert "Skip to the text" in page
    assert rhythm(english.series) == "Every Friday, 17:00"
    assert rhythm(setting.series) == "매주 금요일 오후 5시"


def test_the_style_sheet_takes_the_theme_and_nothing_more() -> None:
    """Colours of both modes are in it; a font list cannot smuggle in a rule."""
    theme = Theme(fonts='"Gothic A1";} body{display:none} @import "x"')
    frame = Frame(replace(stage.publication(), theme=theme), TEMPLATES)
    style = frame.style.decode()

    assert "--paper: #fbfaf6;" in style
    assert "--paper: #171614;" in style
    assert '--sans: "Gothic A1" bodydisplay:none import "x";' in style


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("AI", "/tags/ai/"),
        ("#반도체", "/tags/반도체/"),
        ("../../etc", "/tags/etc/"),
        ("a/b c", "/tags/a-b-c/"),
        ("반도체", "/tags/반도체/"),
        ("?!", "/tags/545f940d/"),
    ],
)
def test_a_tag_has_one_safe_path(name: str, path: str) -> None:
    """Composed or not, upper or lower case, a tag is one step below /tags/."""
    assert tag_path(name) == path


def test_an_author_has_a_safe_path() -> None:
    """Spaces and slashes become hyphens."""
    assert author_path("한서율 에디터") == "/authors/한서율-에디터/"


def test_a_description_is_cut_at_a_space() -> None:
    """Search engines and messengers show about 160 characters."""
    assert shortened("가나 다라 마바", 6) == "가나…"
    assert shortened("가나다", 3) == "가나다"
