"""Letters dressed from memory: byte for byte what premailer makes, and left to it when in doubt."""

from __future__ import annotations

from random import Random

import pytest

from publisher.render.mail import inline
from publisher.render.mail.inline import inlined
from publisher.render.mail.wardrobe import UnknownError, Wardrobe, parted
from tests.render.mail.test_inline import plainly

SHEET = (
    "p{color:red;text-align:left}.a p{margin:0}td{background-color:#abc}.b,.c .b{width:3px}"
    "h1 a{top:0}li p{left:0}div div{bottom:0}a{color:blue !important}strong{font-weight:bold}"
)


@pytest.fixture(autouse=True)
def nothing_is_known() -> None:
    inline._wardrobes.clear()


def letter(body: str, *, title: str = "제목", sheet: str = SHEET) -> str:
    return (
        f"<!DOCTYPE html>\n<html><head><title>{title}</title><style>{sheet}</style></head>\n"
        f"<body>{body}</body>\n</html>"
    )


def from_memory(html: str) -> str | None:
    """What is put together from the notes alone; None where the inliner has to be asked."""
    whole = parted(html.strip())
    if whole is None:
        return None
    wardrobe = inline._wardrobes.get((whole.before, whole.after))
    if wardrobe is None or not wardrobe.sound:
        return None
    try:
        return wardrobe.dress(whole)
    except UnknownError:
        return None


def test_a_letter_of_known_tags_is_put_together_with_its_own_words() -> None:
    inlined(letter('<p>가</p><p class="b"><a href="https://a.kr/1">나</a></p>'))
    second = letter('<p class="b"><a href="/2?a=1&amp;b=2">다 &#39;라&#39;</a></p>', title="둘째")

    assert from_memory(second) == plainly(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<p>가</p>", "<div><p>가</p></div>"),
        ('<div class="a"><p>가</p></div>', '<div class="c"><p>가</p></div>'),
        ("<ul><li>가</li></ul>", "<ul><li></li></ul>"),
        ("<p>가<br>나</p>", "<p>가<br> </p>"),
        ("<p>가</p>", "<p>가 &copy;</p>"),
        ("<p>가</p>", "<p>1 > 0</p>"),
        ("<p>가</p>", "<p>가</p\n>"),
        ("<p>가</p>", "<p>가"),
        ('<img src="/a.png" alt="가">', '<img src="/가.png" alt="가">'),
        ('<img src="/a.png" alt="가">', '<img src="/a.png" alt="&#34;가&#34;">'),
        ('<img src="/a.png" alt="가">', '<img src="/a.png" alt="">'),
        ("<p>가</p>", "<p style='top:0'>가</p>"),
        ("<p>가</p>", "<p>가</p><style>p{top:9px}</style>"),
        ("<p>가</p><!-- 가 -->", "<p>가</p><!-- 나 -->"),
    ],
)
def test_whatever_stands_nowhere_in_the_notes_is_left_to_the_inliner(
    first: str, second: str
) -> None:
    inlined(letter(first))

    assert from_memory(letter(second)) is None
    assert inlined(letter(second)) == plainly(letter(second))


def test_a_sheet_that_asks_for_more_than_tags_and_classes_is_never_noted() -> None:
    for sheet in ("p:first-child{top:0}", "p+p{top:0}", "a[href]{top:0}", "p>a{top:0}"):
        inlined(letter("<p>가</p>", sheet=sheet))

    assert inline._wardrobes == {}


def test_letters_that_gainsay_each_other_end_the_memory() -> None:
    whole = parted(letter("<p>가</p>"))
    made = parted(letter('<p style="top:0">가</p>'))
    other = parted(letter('<p style="top:9px">가</p>'))
    assert whole is not None
    assert made is not None
    assert other is not None
    wardrobe = Wardrobe(made.before, made.after)

    wardrobe.note(whole, made)
    assert wardrobe.sound
    wardrobe.note(whole, other)
    assert not wardrobe.sound


TAGS = ("p", "div", "table", "tr", "td", "ul", "li", "a", "strong", "h1", "blockquote", "option")
WORDS = (*("가나다", " ", "\n", "&amp;", "&lt;b&gt;", "&#34;x&#34;", "&nbsp;", "\N{NO-BREAK SPACE}"),
         *("&copy;", "a & b", "> ", "< 3", "&#54620;"))  # fmt: skip
SINGLE = ("<br>", "<hr>", '<img src="/a.png" alt="그림" width="9">', "<!-- 가 -->", "</p>", "<li>")


def piece(chance: Random, depth: int = 0) -> str:
    """Some markup, most of it sound, some of it to be repaired by the parser."""
    if depth > 4 or chance.random() < 0.4:
        return chance.choice(WORDS[:8] if chance.random() < 0.9 else WORDS)
    if chance.random() < 0.1:
        return chance.choice(SINGLE[:4] if chance.random() < 0.8 else SINGLE)
    name, css = chance.choice(TAGS), chance.choice(("", "", ' class="a"', ' class="b c"'))
    href = chance.choice(("", "", "", ' href="https://a.kr/1"', ' href="/한글"', ' href=""'))
    inside = "".join(piece(chance, depth + 1) for _ in range(chance.randrange(4)))
    return f"<{name}{css}{href}>{inside}</{name}>"


@pytest.mark.slow
def test_no_byte_differs_from_what_premailer_makes_whatever_came_before() -> None:
    chance, remembered = Random(20), 0
    for _ in range(2500):
        html = letter("".join(piece(chance) for _ in range(chance.randrange(1, 4))))
        remembered += from_memory(html) is not None
        assert inlined(html) == plainly(html)

    assert remembered > 300
