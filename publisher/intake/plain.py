"""Pasted words: plain text, or Markdown, cut into passages line by line.

Markdown is carried over, not parsed: what an author wrote stays as written. Only what an episode
may not hold, raw HTML and foreign fences, is made harmless.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from publisher.intake.markup import passages_of
from publisher.intake.passage import Passage, Shape, Taken, escape, escape_start, seen

_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINED = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_PICTURE = re.compile(
    r'^!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\((?P<src><[^<>]*>|[^()\s]+)(?:\s+"(?P<title>(?:[^"\\]|\\.)*)")?\)'
    r"(?P<rest>\{[^{}]*\})?$"
)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|\*\*\S|^\s*[-*+] \S.*\n\s*[-*+] \S|!?\[[^\]\n]+\]\([^)\s]+\)|^```|^> \S|^\|.*\|\s*$",
    re.MULTILINE,
)
_LIST = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\S")
#: One line of a list as people type it.
_ENTRY = re.compile(r"^(?:(?P<number>\d{1,2})[.)]|(?P<mark>[-*•·∙‧▪–]))\s+(?P<words>\S.*)$")
#: A tag with anything but ``name=value`` in it may be a sentence in angle brackets.
_HTML_BLOCK = re.compile(
    r"^<(?:p|div|h[1-6]|figure|ul|ol|table|blockquote|img|section|article|hr|br)"
    r"(?:\s+[a-z][\w:.-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"'=]+))*\s*/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]+>)")


def tidy(text: str) -> str:
    """Bring line ends, byte order mark and normal form into order, as reading a file does."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in text)
    return seen(unicodedata.normalize("NFC", text))


def looks_like_markdown(text: str) -> bool:
    """Say whether a paste was written in Markdown rather than copied off a page."""
    return _MARKDOWN.search(tidy(text)) is not None


def from_text(text: str) -> Taken:
    """Take plain text apart: blank lines part paragraphs, or every line end does if none is blank."""
    text = tidy(text)
    chunks = _BLANK.split(text.strip("\n"))
    taken = Taken()
    for chunk in chunks:
        for lines in _paragraphs(chunk, alone=len(chunks) == 1):
            listed = _listed(lines)
            if listed:
                taken.passages.append(Passage(Shape.VERBATIM, listed))
                continue
            written = "\n".join(escape_start(escape(line)) for line in lines)
            if written:
                taken.passages.append(Passage(Shape.PARAGRAPH, written))
    return taken


def _listed(lines: list[str]) -> str:
    """Write lines that count from one, or all begin with the same mark, as a list; else nothing."""
    found = [each for line in lines if (each := _ENTRY.match(line))]
    if len(lines) < 2 or len(found) < len(lines):
        return ""
    ordered = [each["number"] for each in found] == [str(n + 1) for n in range(len(found))]
    marks = [f"{each['number']}." for each in found] if ordered else ["-"] * len(found)
    return "\n".join(
        f"{mark} {escape_start(escape(each['words']))}"
        for mark, each in zip(marks, found, strict=True)
    )


class _Run:
    """Tells lines apart that begin a paragraph of their own from those that go on with a list."""

    def __init__(self) -> None:
        self.paragraph = 0
        self.mark = ""
        self.number = 0

    def __call__(self, line: str) -> int:
        entry = _ENTRY.match(line)
        mark, number = (entry["mark"] or "1", int(entry["number"] or 0)) if entry else ("", 0)
        goes_on = bool(mark) and mark == self.mark and (not number or number == self.number + 1)
        if not goes_on:
            self.paragraph += 1
        self.mark, self.number = mark, number
        return self.paragraph


def _paragraphs(chunk: str, *, alone: bool) -> list[list[str]]:
    """Part a chunk at line ends, unless its lines look like one paragraph wrapped by hand."""
    lines = [" ".join(line.split()) for line in chunk.split("\n")]
    lines = [line for line in lines if line]
    wrapped = (
        not alone
        and len(lines) > 2
        and len({len(line) // 12 for line in lines[:-1]}) == 1
        and len(lines[0]) > 24
    )
    if wrapped:
        return [lines]
    return [list(run) for _, run in groupby(lines, _Run())]


def from_markdown(text: str) -> Taken:
    """Take Markdown apart at its blank lines, never inside a code fence."""
    taken = Taken()
    for chunk in _chunks(tidy(text)):
        taken.passages.extend(_markdown(chunk))
    return taken


def _chunks(text: str) -> list[str]:
    chunks: list[list[str]] = [[]]
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence:
            chunks[-1].append(line)
            if opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
                chunks.append([])
            continue
        if opening:
            fence = opening[1]
            chunks.append([line])
        elif not line.strip():
            chunks.append([])
        elif _HEADING.match(line):
            chunks.extend(([line], []))
        else:
            chunks[-1].append(line.rstrip() + ("  " if line.endswith("  ") else ""))
    if fence:
        chunks[-1].append(fence)
    return ["\n".join(lines) for lines in chunks if lines]


def _markdown(chunk: str) -> list[Passage]:
    first, _, rest = chunk.partition("\n")
    if _FENCE.match(first):
        return [Passage(Shape.VERBATIM, chunk)]
    # A tag that is never closed would take its words along; such a chunk is read as text.
    if _HTML_BLOCK.match(chunk.lstrip()) and chunk.rfind("<") < chunk.rfind(">"):
        return passages_of(chunk)
    chunk = _TAG.sub(r"\\<", chunk)
    heading = _HEADING.match(chunk) if not rest else None
    if heading:
        return [Passage(Shape.HEADING, heading[2], level=len(heading[1]))]
    if rest and "\n" not in rest and _UNDERLINED.match(rest):
        level = 1 if rest.strip().startswith("=") else 2
        return [Passage(Shape.HEADING, first.strip(), level=level)]
    picture = _PICTURE.match(chunk.strip())
    if picture and not picture["rest"]:
        caption = re.sub(r"\\(.)", r"\1", picture["title"] or "")
        alt = re.sub(r"\\(.)", r"\1", picture["alt"])
        src = picture["src"].strip("<>")
        return [Passage(Shape.FIGURE, caption, src=src, alt=alt)]
    if all(line.lstrip().startswith(">") for line in chunk.split("\n")):
        inner = "\n".join(re.sub(r"^\s*> ?", "", line) for line in chunk.split("\n"))
        return [Passage(Shape.QUOTE, inner)]
    if chunk[:1] in ("|", "\t") or chunk.startswith(("    ", "[^")) or _LIST.match(first):
        return [Passage(Shape.VERBATIM, chunk)]
    if re.fullmatch(r"\s*([-*_])(?:\s*\1){2,}\s*", chunk):
        return [Passage(Shape.VERBATIM, "* * *")]
    lines = [re.sub(r"^(\s*):::", r"\1\\:::", line) for line in chunk.split("\n")]
    return [Passage(Shape.PARAGRAPH, "\n".join(lines))]
