"""Articles from elsewhere become episode files: all recognised, nothing dropped."""

from __future__ import annotations

import re
import time
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.intake import Known, Refused, article
from publisher.intake.article import form_of
from publisher.intake.draft import tally
from publisher.intake.passage import Form
from publisher.intake.plain import tidy
from publisher.translation import remedy_of

PASTE = """\
AI won’t save us 1화

중국에도 AI가 있다

칩을 못 사게 하자 칩을 만들기 시작했다

편집부 에디터 editor@slow-signal.example

▲ 선전의 한 전자 상가. 출처: 로이터

변화
당국이 자국 기업에 외국산 칩을 쓰지 말라고 권고했다.
징후
미래는 다른 곳에서도 움트고 있다.

화웨이의 시간

화웨이는 2019년에 제재 명단에 올랐다. 모두 끝이라고 말했지만 *끝나지* 않았고, <b>아직도</b> 팔린다.

“우리는 빨리 움직여야 한다. 그리고 조심해야 한다.” (“We have to move fast. And be careful.”)
— 홍길동, 어느 회사 대표 (유튜브 채널 ‘느린 신호’, 2025-09)

사유

기계가 생각한다는 말은 오래되었다. 우리는 무엇을 생각하고 있나.

다음 화에서는 칩을 건너는 사람들의 이야기를 전합니다.

다음 이야기가 궁금하신가요? 프라임 멤버십에 가입하고 읽어 보세요.

#AI #테크 #중국
"""


def _lines(text: str) -> list[str]:
    return text.split("\n")


def test_a_pasted_article_has_its_parts_recognised() -> None:
    """Number, title, deck, byline, tags and cover go to their keys."""
    made = article(PASTE, Form.TEXT, Known("AI won't save us", membership_url="/join/"))

    assert made.name == "01-중국에도-ai가-있다.md"
    assert _lines(made.text)[:7] == [
        "---",
        "title: 중국에도 AI가 있다",
        "deck: 칩을 못 사게 하자 칩을 만들기 시작했다",
        "status: draft",
        'byline: "편집부 에디터 <editor@slow-signal.example>"',
        "tags: [AI, 테크, 중국]",
        "cover: {src: TODO.jpg, alt: TODO, caption: 선전의 한 전자 상가., source: 로이터}",
    ]


def test_a_pasted_article_has_its_blocks_recognised() -> None:
    """Change and sign, a bilingual quotation, the thought and the call stand as blocks."""
    made = article(PASTE, Form.TEXT, Known("AI won't save us", membership_url="/join/"))

    assert (
        "::: 변화와징후\n변화\n: 당국이 자국 기업에 외국산 칩을 쓰지 말라고 권고했다.\n\n"
        "징후\n: 미래는 다른 곳에서도 움트고 있다.\n:::\n\n## 화웨이의 시간\n"
    ) in made.text
    assert (
        ':::: 인용 {by="홍길동" role="어느 회사 대표" source="유튜브 채널 ‘느린 신호’" '
        'date="2025-09"}\n우리는 빨리 움직여야 한다. 그리고 조심해야 한다.\n\n'
        "::: 원문 {lang=en}\nWe have to move fast. And be careful.\n:::\n::::\n"
    ) in made.text
    assert "::: 사유\n기계가 생각한다는 말은" in made.text
    assert '::: 안내 {href="/join/" label=' in made.text
    assert made.teaser == "다음 화에서는 칩을 건너는 사람들의 이야기를 전합니다."


def test_what_is_unsure_is_marked_in_the_file_and_said_with_its_line() -> None:
    """Each note points at the mark that stands for it."""
    made = article(PASTE, Form.TEXT, Known("AI won't save us", membership_url="/join/"))

    codes = [note.code for note in made.notes]
    assert codes == [
        "intake/guessed-title",
        "intake/guessed-deck",
        "intake/teaser",
        "intake/no-picture",
        "intake/guessed-heading",
    ]
    for note in made.notes:
        assert _lines(made.text)[note.place.line - 1].startswith("# TODO ")


def test_marks_of_a_plain_paste_mean_themselves() -> None:
    """Asterisks and angle brackets of plain text are no emphasis and no HTML."""
    made = article(PASTE, Form.TEXT)

    assert r"\*끝나지\* 않았고, \<b>아직도\</b> 팔린다." in made.text


LISTED = """\
반도체 전쟁의 그늘

칩을 쓰지 말라는 나라가 있고, 그 나라에 칩을 팔려는 나라가 있다.

■ 숫자가 말하는 것

수입은 줄었다.

1. 첫째 이유는 값이다.
2. 둘째 이유는 #시간이다.

· 하나
· 둘

■ 하나뿐인 목록
■ 둘째 줄

2. 둘로 시작하는 글은 목록이 아니다.

- 왜 떠났나.
그가 되물었다.
"""


def test_lists_and_marked_headings_of_a_plain_paste_are_recognised() -> None:
    """Lines that count on, or share a mark, are a list; a line under ■ is a heading."""
    body = article(LISTED, Form.TEXT).text.partition("\n---\n")[2]

    assert "\n## 숫자가 말하는 것\n" in body
    assert "\n1. 첫째 이유는 값이다.\n2. 둘째 이유는 #시간이다.\n" in body
    assert "\n- 하나\n- 둘\n" in body
    assert "\n■ 하나뿐인 목록\n\n■ 둘째 줄\n" in body
    assert "2\\. 둘로 시작하는 글은 목록이 아니다." in body
    assert "\n\\- 왜 떠났나.\n\n그가 되물었다." in body


def test_the_number_of_the_file_is_the_one_that_was_asked_for() -> None:
    """A text that names itself otherwise is said to do so."""
    made = article(PASTE, Form.TEXT, Known("AI won't save us", number=7))

    assert made.number == 7
    assert "intake/second-number" in [note.code for note in made.notes]


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("1화 중국에도 AI가 있다", 1, "중국에도 AI가 있다"),
        ("[AI won’t save us] 12화. 칩과 강", 12, "칩과 강"),
        ("제3회: 느린 신호", 3, "느린 신호"),
        ("EP. 4 느린 신호", 4, "느린 신호"),
        ("느린 신호 (5화)", 5, "느린 신호"),
        ("3화음의 비밀", None, "3화음의 비밀"),
        ("10회 연속 금리 인상", None, "10회 연속 금리 인상"),
    ],
)
def test_the_number_is_read_off_the_title(line: str, number: int | None, title: str) -> None:
    """Only what names an episode is a number; the words of a title stay."""
    made = article(f"# {line}\n\n본문이다.\n", Form.MARKDOWN)

    assert (made.number, made.title) == (number or 1, title)


def test_markdown_is_carried_over_as_its_author_wrote_it() -> None:
    """Emphasis, lists, tables, links and code fences stay; raw HTML and foreign fences do not."""
    source = (
        "# 제목\n\n**굵은** [말](https://example.com/a)이다.\n\n- 하나\n- 둘\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\n# 코드 <b>\n\n:::\n```\n\n"
        "#### 작은 제목\n\n::: warning\n<span>말</span>\n:::\n"
    )

    body = article(source, Form.MARKDOWN).text.split("---\n\n", 1)[1]

    assert body == (
        "**굵은** [말](https://example.com/a)이다.\n\n- 하나\n- 둘\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\n# 코드 <b>\n\n:::\n```\n\n"
        "## 작은 제목\n\n\\::: warning\n\\<span>말\\</span>\n\\:::\n"
    )


HTML = """<!doctype html><html><head><title>느린 신호</title><style>p{}</style></head><body>
<nav><a href="/">홈</a> 로그인</nav>
<article><h1>2화. 칩과 강</h1><h3>부제는 여기에 있다</h3>
<figure><img src="https://example.com/a.png" alt="그래프"><figcaption>수출 추이. 출처: 블룸버그</figcaption></figure>
<p><strong> 굵은 말</strong>과 <a href="javascript:alert(1)">나쁜 고리</a>, <a href="https://example.com/?a=(1)">좋은 고리</a>.<br>다음 줄</p>
<script>alert("말")</script>
<h2>소제목</h2><ul><li>하나<ul><li>속</li></ul></li><li>둘</li></ul>
<blockquote><p>“우리는 간다.”</p><p>(“And then we all go there.”)</p><p>— 이름, 직함</p></blockquote>
<p>프라임에 가입하세요</p><p><a href="/prime/">프라임 멤버십 가입하기</a></p>
</article><footer>회사 소개</footer></body></html>"""


def test_a_saved_page_becomes_an_episode() -> None:
    """The article is found; its figure, lists, links and quotation are Markdown."""
    made = article(HTML, Form.HTML)

    assert (made.number, made.title) == (2, "칩과 강")
    assert (
        'cover: {src: "https://example.com/a.png", alt: 그래프, '
        "caption: 수출 추이., source: 블룸버그}"
    ) in made.text
    assert (
        "**굵은 말**과 나쁜 고리, [좋은 고리](<https://example.com/?a=(1)>).\\\n다음 줄\n\n"
        "## 소제목\n\n- 하나\n\n  - 속\n- 둘\n\n"
        ':::: 인용 {by="이름" role="직함"}\n우리는 간다.\n\n'
        "::: 원문 {lang=en}\nAnd then we all go there.\n:::\n::::\n\n"
        '::: 안내 {href="/prime/" label="프라임 멤버십 가입하기"}\n프라임에 가입하세요\n:::\n'
    ) in made.text
    assert "alert" not in made.text


def test_words_around_a_saved_article_are_set_aside_and_named() -> None:
    """Menus and footers are no text of the article, and not lost."""
    made = article(HTML, Form.HTML)

    assert made.left_out == ("홈 로그인 회사 소개",)
    assert "intake/left-out" in [note.code for note in made.notes]


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("a.docx", b"PK\x03\x04...", Form.DOCX),
        ("-", b"\xef\xbb\xbf<!DOCTYPE html><p>a", Form.HTML),
        ("-", b"<p>a</p>", Form.HTML),
        ("a.md", b"a", Form.MARKDOWN),
        ("-", "## 제목\n\n글".encode(), Form.MARKDOWN),
        ("-", "그냥 글이다.".encode(), Form.TEXT),
    ],
)
def test_the_form_of_a_source_is_seen(name: str, data: bytes, form: Form) -> None:
    """By its first bytes, its name, and how it reads."""
    assert form_of(name, data) is form


def test_an_older_code_page_is_read() -> None:
    """Files of older Korean editors are CP949."""
    made = article("제목\n\n본문이다.".encode("cp949"), Form.TEXT)

    assert made.title == "제목"


def test_a_picture_of_which_only_the_words_are_left_keeps_them() -> None:
    made = article('<p>글</p><img title="불 켜진 공장">', Form.HTML)
    assert "불 켜진 공장" in made.text


@pytest.mark.parametrize("form", [Form.TEXT, Form.MARKDOWN, Form.HTML])
def test_an_empty_source_is_refused(form: Form) -> None:
    """There is nothing to make an episode of."""
    with pytest.raises(Refused) as refused:
        article(" \n\n ", form, name="a")

    assert refused.value.problem.code == "intake/nothing-inside"


@pytest.mark.parametrize("tags", [("div",), ("span",), ("section", "div", "center"), ("font",)])
def test_a_page_nested_in_wrappers_a_thousand_deep_is_read(tags: tuple[str, ...]) -> None:
    """Page builders wrap and wrap; what they wrap is read, and what stands around it."""
    opened = "".join(f"<{tag}>" for tag in tags) * (1000 // len(tags))
    closed = "".join(f"</{tag}>" for tag in reversed(tags)) * (1000 // len(tags))
    page = f"<body><h1>제목</h1><p>부제</p><p>앞에 선 글</p>{opened}<div><b>깊은 글</b></div><div>그 아래 글</div>{closed}<p>뒤에 선 글</p></body>"

    text = article(page, Form.HTML).text

    for words in ("앞에 선 글", "**깊은 글**\n\n그 아래 글", "뒤에 선 글"):
        assert words in text, words


@pytest.mark.parametrize("levels", [300, 5000])
@pytest.mark.parametrize("tag", ["blockquote", "figure"])
def test_a_page_nested_too_deeply_is_refused_at_its_line(tag: str, levels: int) -> None:
    """Half of an article is worse than none: the editor hears where, and what helps."""
    page = "<body>\n<p>앞에 선 글</p>\n" + f"<{tag}>" * levels + "깊은 글" + "<p>뒤에 선 글</p>"

    with pytest.raises(Refused) as refused:
        article(page, Form.HTML, name="page.html")

    problem = refused.value.problem
    assert (problem.code, str(problem.place)) == ("intake/too-deep", "page.html:3:1")
    assert "읽기 모드" in remedy_of(problem, "ko")
    assert "reader view" in remedy_of(problem, "en")


def test_a_page_with_a_large_picture_inside_is_read_to_its_end() -> None:
    """A browser saves pictures into the page as text of many megabytes."""
    page = f'<p>앞에 선 글</p><img alt="그림" src="data:image/png;base64,{"A" * 11_000_000}"><p>뒤에 선 글</p>'

    text = article(page, Form.HTML).text

    assert "앞에 선 글" in text
    assert "뒤에 선 글" in text


#: Pieces that the recognisers look for, so that random articles run through every branch.
PIECES = st.sampled_from(
    [
        *PASTE.split("\n\n"),
        "변화",
        "징후",
        "변화: 값",
        "사유",
        "“말이다.”",
        "— 이름, 직함",
        "(Some foreign words here)",
        "다음 화 예고",
        "멤버십 가입하기",
        "[회원 가입](/join/)",
        "#태그 #둘",
        "글 홍길동",
        "1화",
        "2026.03.06",
        "> 인용\n> — 이름",
        "- 하나\n- 둘",
        "## 소제목",
        "![대체](a.png)",
        "▲ 설명 출처: AP",
        "| 가 | 나 |",
        "1. 하나",
        "```\n코드\n```",
        "<p>문단</p>",
        "a_b_c __d__",
        "[^1]: 각주",
        "* * *",
    ]
)
ANYTHING = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=40
)
BARE_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|figure|ul|ol|table|blockquote|img|section|article|hr|br)\s*/?>",
    re.IGNORECASE,
)
SOURCES = st.lists(PIECES | ANYTHING, min_size=1, max_size=12).map("\n\n".join)


def test_a_picture_over_the_title_becomes_the_cover() -> None:
    """A picture that stands above the heading keeps its file and its description."""
    made = article("![대체](a.png)\n\n## 소제목", Form.MARKDOWN, Known("AI won't save us"))

    assert "title: 소제목\n" in made.text
    assert "cover: {src: a.png, alt: 대체}\n" in made.text


@settings(max_examples=150, deadline=None)
@given(SOURCES)
def test_no_word_of_a_plain_article_is_dropped(source: str) -> None:
    """Every word of the source is in the file, as often as it was there."""
    _all_there(source, Form.TEXT)


@settings(max_examples=150, deadline=None)
@example("<IMG 0")
@example("<IMG 0>")
@example("<p 사람>")
@example("<p>앞</p><img alt=뒤")
@given(SOURCES)
def test_no_word_of_a_markdown_article_is_dropped(source: str) -> None:
    """Every word, the parts that recognition rewrites included; a tag is no word."""
    _all_there(BARE_TAG.sub(" ", source), Form.MARKDOWN)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "h2", "h3", "li", "div", "blockquote", "td", "b", "span"]),
            PIECES | ANYTHING,
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_word_of_a_page_is_dropped(pieces: list[tuple[str, str]]) -> None:
    """Whatever elements hold the words, and however they nest."""
    source = "\n".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in pieces)
    said = " ".join(words for _, words in pieces)
    _all_there(source, Form.HTML, said)


def _all_there(source: str, form: Form, said: str | None = None) -> None:
    expected = tally(tidy(said if said is not None else source))
    try:
        made = article(source, form, Known("AI won't save us", membership_url="/join/"))
    except Refused:
        assert not expected
        return
    missing = expected - tally(made.text)
    assert not missing


@pytest.mark.parametrize("line", ["글로벌 반도체 전쟁", "정리하면 이렇다", "by홍길동"])
def test_a_line_that_only_begins_like_a_byline_is_none(line: str) -> None:
    """The label of a byline stands apart from the name."""
    made = article(f"제목\n\n{line}\n\n첫 문단은 이렇게 길게 이어진다.\n\n둘째.", Form.TEXT)

    assert "byline:" not in made.text


def test_a_saved_page_shows_its_title_once_and_its_number_is_known() -> None:
    """The head of a page states the title with the page's name; the article shows it again."""
    page = (
        '<html><head><meta property="og:title" content="3화. 창밖의 반도체 - 느린 신문"></head><body>'
        "<div><p>3화. 창밖의 반도체</p></div><p>입력 2026. 11. 20. 09:00</p><p>첫 문단이다.</p></body></html>"
    )

    made = article(page, Form.HTML)

    assert (made.number, made.title) == (3, "창밖의 반도체")
    assert made.text.endswith("\n---\n\n첫 문단이다.\n")
    assert "느린 신문" in made.text
    assert "2026. 11. 20. 09:00" in made.text
    assert "deck:" not in made.text


def test_formulas_stay_and_what_a_page_draws_or_plays_is_set_aside() -> None:
    """A formula is text; a button, a drawing and what stands for a film are named."""
    page = (
        "<article><h1>제목</h1><p>식은 <math><mi>엑스</mi></math>이다. <span><button>더 보기</button></span></p>"
        "<svg><text>그림 속 글</text></svg><video>영상을 볼 수 없습니다</video></article>"
    )

    made = article(page, Form.HTML)

    assert made.text.endswith("\n\n식은 엑스이다.\n")
    assert sorted(made.left_out) == ["그림 속 글", "더 보기", "영상을 볼 수 없습니다"]


def test_a_picture_that_loads_late_has_its_true_address() -> None:
    """What stands in `src` until then is a blurred stamp."""
    page = (
        '<article><h1>제목</h1><p>글이다.</p><img src="https://a.example/s.jpg?type=w80_blur" '
        'data-lazy-src="//a.example/s.jpg?type=w966" alt="칩"></article>'
    )

    assert "![칩](https://a.example/s.jpg?type=w966)" in article(page, Form.HTML).text


def test_a_caption_as_long_as_a_book_is_read_in_bounded_time() -> None:
    """Its end may name where the picture comes from; its middle is only words."""
    page = f'<article><h1>제목</h1><p>글.</p><img src="a.png" alt="칩"><p>{"가"}</p></article>'
    long = "/" * 200_000
    figure = (
        f'<figure><img src="a.png" alt="칩"><figcaption>{long} 출처: 신문</figcaption></figure>'
    )
    began = time.process_time()

    made = article(page.replace("<p>가</p>", figure), Form.HTML)

    assert time.process_time() - began < 5
    assert '{source="신문"}' in made.text


def test_front_matter_of_nothing_but_brackets_is_text_in_bounded_time() -> None:
    """No word is lost, and no minute either."""
    matter = "a: [" * 5_000
    began = time.process_time()

    made = article(f"---\n{matter}\n---\n글이다.\n", Form.MARKDOWN)

    assert time.process_time() - began < 5
    assert tally(made.text)["a"] >= 5_000
