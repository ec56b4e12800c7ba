"""A saved web page, or a piece of one, taken apart into passages.

The article is found by its element; what stands around it (menus, share buttons, footers) is
kept aside and named, never silently lost. Scripts and styles are not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html as lxml_html

from publisher.intake.elements import AROUND, BLOCKS, NEVER_TEXT, SET_ASIDE, SILENT
from publisher.intake.inline import children, fenced, inline, lines, one_line, source, text
from publisher.intake.page import too_deep, tree_of
from publisher.intake.passage import Passage, Shape, Taken, as_markdown, escape_start, seen
from publisher.intake.refusal import TOO_LARGE, Refused

LARGEST = 16 * 2**20


def from_html(data: str | bytes, name: str = "") -> Taken:
    """Take a web page apart. Raises Refused for what is no page, or too large a one."""
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE, name, what=name or "HTML", limit=LARGEST // 2**20)
    root = tree_of(data, name)
    try:
        return _taken(root)
    except RecursionError:
        raise too_deep(root, name) from None


def passages_of(fragment: str, name: str = "") -> list[Passage]:
    """Take a piece of HTML apart, all of it."""
    root = tree_of(f"<body>{fragment}</body>", name)
    try:
        return _Reader(root).read()
    except RecursionError:
        raise too_deep(root, name) from None


def _taken(root: lxml_html.HtmlElement) -> Taken:
    article = _article(root)
    around = AROUND if article.tag == "body" else NEVER_TEXT
    reader = _Reader(article, around)
    taken = Taken(passages=reader.read(), stated=_stated(root), left_out=reader.left_out)
    taken.left_out += filter(None, (_set_aside(e) for e in article.iter(*sorted(SET_ASIDE))))
    outside = " ".join(" ".join(_outside(root, article)).split())
    if outside:
        taken.left_out.append(outside)
    return taken


def _stated(root: lxml_html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    names = {
        "og:title": "title",
        "og:description": "deck",
        "author": "byline",
        "article:author": "byline",
        "article:published_time": "date",
        "og:image": "cover",
    }
    for meta in root.iter("meta"):
        key = names.get(meta.get("property") or meta.get("name") or "")
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            found.setdefault(key, value)
    return found


def _article(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Find the element that is the article: the longest ``article``, else ``main``, else all."""
    for tag in ("article", "main"):
        candidates = [e for e in root.iter(tag) if "".join(_words(e)).strip()]
        if candidates:
            return max(candidates, key=lambda e: sum(map(len, _words(e))))
    body = root.find("body")
    return root if body is None else body


def _set_aside(element: lxml_html.HtmlElement) -> str:
    """Give the words of a button, a picture drawn in the page and their like, once."""
    if any(above.tag in SET_ASIDE | {"script", "style"} for above in element.iterancestors()):
        return ""
    return seen(" ".join(" ".join(element.itertext()).split()))


def _words(element: lxml_html.HtmlElement) -> Iterator[str]:
    if element.tag in SILENT:
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""


def _outside(element: lxml_html.HtmlElement, article: lxml_html.HtmlElement) -> Iterator[str]:
    """Give the words of a page that do not stand in its article, the head's among them."""
    if element is article or element.tag in SILENT:
        return
    yield element.text or ""
    for child in element:
        yield from _outside(child, article)
        yield child.tail or ""


class _Reader:
    """Walks one element and writes passages as it leaves them."""

    def __init__(self, root: lxml_html.HtmlElement, around: frozenset[str] = frozenset()) -> None:
        self.root = root
        self.around = around
        self.left_out: list[str] = []
        self.passages: list[Passage] = []
        self.line: list[str] = []

    def read(self) -> list[Passage]:
        self._inside(self.root)
        self._flush()
        return self.passages

    def _flush(self) -> None:
        written = lines("".join(self.line))
        self.line = []
        if written:
            self.passages.append(Passage(Shape.PARAGRAPH, written))

    def _inside(self, element: lxml_html.HtmlElement) -> None:
        self.line.append(text(element.text))
        for child in element:
            self._element(child)
            self.line.append(text(child.tail))

    def _element(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            return
        if tag in self.around:
            words = " ".join(" ".join(_words(element)).split())
            if words:
                self.left_out.append(words)
            return
        if tag not in BLOCKS and tag != "img":
            if any(d.tag in BLOCKS or d.tag == "img" for d in element.iterdescendants()):
                self._inside(element)
            else:
                self.line.append(inline(element))
            return
        self._flush()
        self._block(element, tag)

    def _block(self, element: lxml_html.HtmlElement, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag) and not any(element.iter("img")):
            words = one_line(children(element))
            if words:
                self.passages.append(Passage(Shape.HEADING, words, level=int(tag[1])))
        elif tag == "figure":
            self._figure(element)
        elif tag == "img":
            self._picture(element, "")
        elif tag == "blockquote":
            inner = "\n\n".join(as_markdown(p) for p in _Reader(element).read())
            if inner:
                self.passages.append(Passage(Shape.QUOTE, inner))
        elif tag in ("ul", "ol"):
            self._verbatim(_listed(element))
        elif tag == "table" and element.find(".//th") is not None:
            self._verbatim(_tabled(element))
        elif tag == "pre":
            self._verbatim(fenced("".join(element.itertext())))
        elif tag == "hr":
            self._verbatim("* * *")
        else:
            self._inside(element)
            self._flush()

    def _verbatim(self, text: str) -> None:
        if text.strip():
            self.passages.append(Passage(Shape.VERBATIM, text))

    def _figure(self, element: lxml_html.HtmlElement) -> None:
        images = list(element.iter("img"))
        captions = list(element.iter("figcaption"))
        if len(images) != 1 or len(captions) > 1:
            self._inside(element)
            self._flush()
            return
        caption = " ".join("".join(captions[0].itertext()).split()) if captions else ""
        self._picture(images[0], caption)
        for child in element.iterchildren():
            if child.tag in ("figcaption", "img", "picture", "a", "source"):
                continue
            if "".join(_words(child)).strip() and not any(child.iter("figcaption", "img")):
                self._element(child)
        self._flush()

    def _picture(self, image: lxml_html.HtmlElement, caption: str) -> None:
        src = source(image)
        alt = " ".join((image.get("alt") or "").split())
        title = " ".join((image.get("title") or "").split())
        if not (src or alt or caption or title):
            return
        if title and title not in (caption, alt):
            caption = f"{caption} {title}".strip()
        self.passages.append(Passage(Shape.FIGURE, caption, src=src, alt=alt))


def _listed(element: lxml_html.HtmlElement, depth: int = 0) -> str:
    """Write a list, nested ones indented; deeper than eight levels they lie flat."""
    rows: list[str] = []
    number = 1
    for item in element:
        if item.tag in ("ul", "ol"):
            rows.append(_listed(item, depth + 1))
            continue
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        pad = " " * len(mark)
        pieces = [as_markdown(p) for p in _Reader(item).read()]
        written = "\n\n".join(pieces) or ""
        if not written:
            continue
        if depth > 8:
            rows.append(written)
            continue
        first, *rest = written.split("\n")
        rows.append("\n".join([mark + first, *((pad + line if line else "") for line in rest)]))
        if (item.tail or "").strip():
            rows.append(mark + one_line(text(item.tail)))
    return "\n".join(rows)


def _tabled(element: lxml_html.HtmlElement) -> str:
    rows = []
    for row in element.iter("tr"):
        cells = [one_line(" ".join(as_markdown(p) for p in _Reader(c).read())) for c in row]
        rows.append([re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells])
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    rows = [row + [""] * (width - len(row)) for row in rows]
    written = ["| " + " | ".join(row) + " |" for row in rows]
    caption = element.find(".//caption")
    words = one_line(children(caption)) if caption is not None else ""
    table = "\n".join([written[0], "|" + " --- |" * width, *written[1:]])
    return f"{escape_start(words)}\n\n{table}" if words else table
