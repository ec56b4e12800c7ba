"""Inline elements of a foreign page, and the words between them, written as Markdown."""

from __future__ import annotations

import re

from lxml import html as lxml_html

from publisher.intake.elements import SILENT
from publisher.intake.passage import address, escape, escape_start

_STRONG = frozenset({"strong", "b"})
_EMPHASIS = frozenset({"em", "i"})


def source(image: lxml_html.HtmlElement) -> str:
    """Find where a picture is: pages that load late keep the true address beside a small one."""
    names = ("data-lazy-src", "data-original", "data-src", "src")
    src = next((image.get(name) for name in names if (image.get(name) or "").strip()), "").strip()
    return f"https:{src}" if src.startswith("//") else src


def text(text: str | None) -> str:
    return escape(re.sub(r"[ \t\r\n\f]+", " ", text or ""))


def inline(element: lxml_html.HtmlElement) -> str:
    """Write an inline element, its own marks included, as Markdown."""
    tag = element.tag
    if not isinstance(tag, str) or tag in SILENT:
        return ""
    if tag == "br":
        return "\\\n"
    if tag in ("code", "kbd", "samp") and not len(element):
        return _code(element.text or "")
    inside = children(element)
    if tag == "a":
        return _link(element.get("href") or "", inside)
    if tag in _STRONG:
        return _marked("**", inside)
    if tag in _EMPHASIS:
        return _marked("*", inside)
    if tag in ("del", "s", "strike"):
        return _marked("~~", inside)
    if tag == "rt":
        return f"({inside})" if inside.strip() else ""
    if tag == "rp":
        return ""
    return inside


def children(element: lxml_html.HtmlElement) -> str:
    parts = [text(element.text)]
    for child in element:
        if child.tag == "img":
            parts.append(_inline_picture(child))
        else:
            parts.append(inline(child))
        parts.append(text(child.tail))
    return "".join(parts)


def _inline_picture(image: lxml_html.HtmlElement) -> str:
    src, alt = source(image), " ".join((image.get("alt") or "").split())
    return f"![{escape(alt)}]({address(src)})" if src else escape(alt)


def _marked(mark: str, inside: str) -> str:
    """Put marks tightly around words: Markdown does not open emphasis before a space."""
    words = inside.strip()
    if not words or "\n" in words:
        return inside
    before = inside[: len(inside) - len(inside.lstrip())]
    after = inside[len(inside.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _link(href: str, inside: str) -> str:
    href = re.sub(r"\s+", "", href)
    if not inside.strip() or not re.match(r"(?:https?://|mailto:|/|#)", href, re.IGNORECASE):
        return inside
    words = inside.strip()
    tail = " " if inside != inside.rstrip() else ""
    head = " " if inside != inside.lstrip() else ""
    return f"{head}[{words}]({address(href)}){tail}"


def _code(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    ticks = "`" * (max(map(len, re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str) -> str:
    ticks = "`" * max(3, max(map(len, re.findall(r"`+", text)), default=0) + 1)
    return f"{ticks}\n{text.strip(chr(10))}\n{ticks}"


def one_line(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def lines(text: str) -> str:
    """Write the lines of a paragraph: single spaces, hard breaks kept between words only."""
    lines = [" ".join(line.split()) for line in text.split("\\\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    paragraphs, current = [], []
    for line in lines:
        if line:
            current.append(escape_start(line))
        elif current:
            paragraphs.append("\\\n".join(current))
            current = []
    paragraphs.append("\\\n".join(current))
    return "\n\n".join(paragraphs)
