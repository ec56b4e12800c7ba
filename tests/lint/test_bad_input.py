"""What an editor can get wrong at worst: told at its place with a remedy, before the slot."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from publisher.lint import check
from publisher.model.problem import Severity
from publisher.translation import remedy_of
from tests.lint.cases import FRONT, SERIES, Picture, episode
from tests.lint.publications import reading, write

SVG = '<?xml version="1.0"?>\n<!-- 그림 -->\n<svg xmlns="http://www.w3.org/2000/svg"/>\n'
#: The head of what a phone saves, which nothing here opens.
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
_IHDR = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
#: A head that promises forty thousand pixels each way, and little behind it.
VAST = (
    b"\x89PNG\r\n\x1a\n\0\0\0\r"
    + _IHDR
    + zlib.crc32(_IHDR).to_bytes(4, "big")
    + b"\0\0\0\x04IDAT"
    + bytes(8)
)


@dataclass(frozen=True)
class Bad:
    """A text, what is said of it and where, and the pictures beside it."""

    text: str
    code: str
    line: int
    column: int
    pictures: dict[str, Picture | bytes] = field(default_factory=dict)


def shown(name: str, picture: Picture | bytes, code: str) -> Bad:
    return Bad(FRONT + f"가 나 ![그림의 말]({name})\n", code, 7, 5, {name: picture})


def titled(title: str, code: str, column: int = 8) -> Bad:
    return Bad(episode(title), code, 2, column)


def linked(href: str, code: str) -> Bad:
    return Bad(FRONT + f"밤의 [문 하나]({href})\n", code, 7, 4)


COVER = "cover: {src: none.png, alt: 그림의 말}\n"
BAD = {
    "image missing": Bad(FRONT + "![빈자리](none.png)\n", "source/image-missing", 7, 1),
    "cover missing": Bad(episode(more=COVER), "source/image-missing", 5, 14),
    "image high": shown("a.png", Picture(100, 6100), "lint/image-huge"),
    "image vast": shown("a.png", VAST, "source/image-pixels"),
    "image heavy": shown("a.png", Picture(1000, 500, noise=True), "lint/image-weight"),
    "image too heavy": shown("a.png", Picture(1800, 1000, noise=True), "lint/image-too-heavy"),
    "image endless": shown("a.png", bytes(31 << 20), "source/image-large"),
    "image animated": shown("a.gif", Picture(format="GIF", frames=2), "lint/image-animated"),
    "image animated, PNG": shown("a.png", Picture(frames=2), "lint/image-animated"),
    "image WebP": shown("a.webp", Picture(format="WEBP"), "lint/image-format"),
    "image WebP by another name": shown("a.png", Picture(format="WEBP"), "lint/image-format"),
    "image AVIF": shown("a.avif", Picture(format="AVIF"), "lint/image-format"),
    "image SVG": shown("a.svg", SVG.encode(), "lint/image-format"),
    "image SVG by another name": shown("a.png", SVG.encode(), "lint/image-format"),
    "image HEIC": shown("a.heic", HEIC, "lint/image-format"),
    "image broken": shown("a.png", b"\x89PNG\r\n\x1a\nnothing", "source/image-unreadable"),
    "image AVIF on the web": Bad(FRONT + "![가](https://a.kr/a.avif)\n", "lint/image-format", 7, 1),
    "image SVG on the web": Bad(FRONT + "![가](https://a.kr/a.svg)\n", "lint/image-format", 7, 1),
    "image of no size": Bad(FRONT + "![가](https://a.kr/a.png)\n", "lint/image-size", 7, 1),
    "title of 300": titled("밤" * 300, "keys/too-long"),
    "title with an emoji": titled("밤 🌙 낮", "lint/subject-emoji", 10),
    "title with joined emoji": titled("밤 👩‍🚀", "lint/subject-emoji", 10),
    "title with brackets": titled("<기생충>을 보다", "lint/subject-brackets"),
    "title with quotes": titled("그는 '밤'이라 했다", "lint/subject-quotes", 11),
    "title with quotes not closed": titled('"밤"이라는 말', "source/front-quotes", 11),
    "title on two lines": titled('"줄이\\n바뀐 제목"', "keys/line-break"),
    "title with a header": titled('"밤\\r\\nBcc: x@y.kr"', "keys/line-break"),
    "title as a block": titled("|\n  밤의\n  도서관", "keys/line-break"),
    "title with an escaped C1": titled('"밤\\u0085"', "files/control-character"),
    "title with an escaped override": titled('"밤\\u202e"', "files/direction-character"),
    "title with half a character": titled('"밤\\ud83d"', "source/front-escape", 10),
    "title with a C1": titled("밤\x85낮", "files/control-character", 9),
    "title with an override": titled("밤\u202e낮", "files/direction-character", 9),
    "link to a script": linked("javascript:alert(1)", "source/link-scheme"),
    "link to a script in disguise": linked("JavaScript&#58;alert(1)", "source/link-scheme"),
    "link to a file": linked("file:///etc/passwd", "source/link-scheme"),
    "link to localhost": linked("http://localhost:8000/a", "lint/link-local"),
    "link to this machine": linked("https://127.0.0.1/", "lint/link-local"),
    "link to this machine, in hex": linked("http://0x7f000001/", "lint/link-local"),
    "link to a machine of the house": linked("https://printer/", "lint/link-local"),
    "link to a neighbour": linked("02-next.md", "lint/link-address"),
    "button to a script": Bad(
        FRONT + '::: cta {href="javascript:a()" label="밤"}\n밤.\n:::\n', "source/link-scheme", 7, 10
    ),
    "button to localhost": Bad(
        FRONT + '::: cta {href="http://localhost/" label="밤"}\n밤.\n:::\n', "lint/link-local", 7, 1
    ),
    "C1 control": Bad(FRONT + "밤\x85이다.\n", "files/control-character", 7, 2),
    "bidi override": Bad(FRONT + "밤\u202e이다.\n", "files/direction-character", 7, 2),
    "C1 control in words for a picture": Bad(
        FRONT + "![그\x85림](https://a.kr/a.png)\n", "files/control-character", 7, 4
    ),
    "half a character": Bad(FRONT + "밤\ud83d이다.\n", "files/encoding", 7, 2),
}  # fmt: skip


def laid_out(bad: Bad, root: Path) -> None:
    drawn = {n: p for n, p in bad.pictures.items() if isinstance(p, Picture)}
    write(root, {"series.toml": SERIES}, drawn)
    folder = root / "episodes" / "slow"
    (folder / "01-a.md").write_bytes(bad.text.encode("utf-8", "surrogatepass"))
    for name, picture in bad.pictures.items():
        if isinstance(picture, bytes):
            (folder / name).write_bytes(picture)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad_input_is_told_at_its_place_with_a_remedy(bad: Bad, tmp_path: Path) -> None:
    laid_out(bad, tmp_path)
    whole, complaints = reading(tmp_path)

    found = [p for p in (*complaints, *check(whole)) if p.code == bad.code]

    assert [str(p.place) for p in found] == [f"episodes/slow/01-a.md:{bad.line}:{bad.column}"]
    assert found[0].remedy
    assert remedy_of(found[0], "ko") not in ("", found[0].remedy)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_fault_is_told_once(bad: Bad, tmp_path: Path) -> None:
    laid_out(bad, tmp_path)
    whole, complaints = reading(tmp_path)

    places = [p.place for p in (*complaints, *check(whole)) if p.severity is not Severity.HINT]

    assert len(places) == len(set(places)) <= 2


def test_what_opens_and_closes_every_episode_is_looked_at_too(tmp_path: Path) -> None:
    intro = '"""\n첫 줄의 [문](http://localhost/)과 [다음](x.md).\n\n![가](a.webp)\n"""\n'
    footer = '"[끝](javascript:1) ![나](https://a.kr/x.png)"\n'
    button = "'''\n::: cta {href=\"https://printer/\" label=\"밤\"}\n밤.\n:::\n'''\n"
    first = f"intro = {intro}footer = {footer}{SERIES}"
    second = f"footer = {button}{SERIES}"

    assert _told(tmp_path / "first", first) == [
        ("lint/image-format", 4, 1),
        ("lint/image-size", 6, 29),
        ("lint/link-address", 2, 30),
        ("lint/link-local", 2, 6),
        ("source/link-scheme", 6, 11),
    ]
    assert _told(tmp_path / "second", second) == [("lint/link-local", 2, 1)]


def _told(root: Path, series: str) -> list[tuple[str, int, int]]:
    write(root, {"series.toml": series}, {"a.webp": Picture(format="WEBP")})
    whole, complaints = reading(root)
    return sorted((p.code, p.place.line, p.place.column) for p in (*complaints, *check(whole)))


@pytest.mark.parametrize("rule", ["subject-emoji", "subject-brackets", "subject-quotes"])
def test_a_publication_that_likes_such_marks_sets_the_rule_off(rule: str, tmp_path: Path) -> None:
    text = episode("<밤> 🌙 '낮'")
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text}, {})
    whole, _ = reading(tmp_path, off={rule: "우리 매체의 버릇"})

    assert f"lint/{rule}" not in {p.code for p in check(whole)}
    assert len(check(whole)) == 2


@pytest.mark.parametrize(
    "title", ["〈기생충〉을 다시 보다", "“말”과 ‘글’", "A & B", "AI won't save us"]
)
def test_a_title_with_proper_marks_is_fine(title: str, tmp_path: Path) -> None:
    text = episode("'" + title.replace("'", "''") + "'")
    write(tmp_path, {"series.toml": SERIES, "01-a.md": text}, {})
    whole, complaints = reading(tmp_path)

    assert whole.episodes[0].title == title
    assert [str(p) for p in (*complaints, *check(whole))] == []
