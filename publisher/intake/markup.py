"""A saved web page, or a piece of one, taken apart into passages.

The article is found by its element; what stands around it (menus, share buttons, footers) is
kept aside and named, never silently lost. Scripts and styles are not text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from publisher.intake.passage import (
    Passage,
    Shape,
    Taken,
    address,
    as_markdown,
    escape,
    escape_start,
    seen,
)
from publisher.intake.refusal import NOTHING_INSIDE, TOO_DEEP, TOO_LARGE, UNREADABLE, Refused

LARGEST = 16 * 2**20
#: From so many levels on, elements around a single other one are taken away before reading.
DEEP = 100
#: Elements that mean nothing where they hold nothing but one other.
_WRAPPERS = frozenset(["div", "section", "span", "font", "center", "big", "small", "tbody"])
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "input",
        "button",
        "canvas",
        "audio",
        "video",
        "link",
        "meta",
    ]
)
#: Of these, what a reader might see: set aside by name, for there may be an article's words in it.
_SET_ASIDE = frozenset(
    ["noscript", "svg", "iframe", "object", "select", "button", "canvas", "audio", "video"]
)
_NEVER_TEXT = frozenset(["nav", "form", "menu", "dialog"])
_AROUND = _NEVER_TEXT | {"header", "footer", "aside"}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "dialog",
        "search",
        "hgroup",
    ]
)
_STRONG = frozenset({"strong", "b"})
_EMPHASIS = frozenset({"em", "i"})


def from_html(data: str | bytes, name: str = "") -> Taken:
    """Take a web page apart. Raises Refused for what is no page, or too large a one."""
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE, name, what=name or "HTML", limit=LARGEST // 2**20)
    root = _parse(data, name)
    try:
        return _taken(root)
    except RecursionError:
        raise _too_deep(root, name) from None


def passages_of(fragment: str, name: str = "") -> list[Passage]:
    """Take a piece of HTML apart, all of it."""
    root = _parse(f"<body>{fragment}</body>", name)
    try:
        return _Reader(root).read()
    except RecursionError:
        raise _too_deep(root, name) from None


def _taken(root: lxml_html.HtmlElement) -> Taken:
    article = _article(root)
    around = _AROUND if article.tag == "body" else _NEVER_TEXT
    reader = _Reader(article, around)
    taken = Taken(passages=reader.read(), stated=_stated(root), left_out=reader.left_out)
    taken.left_out += filter(None, (_set_aside(e) for e in article.iter(*sorted(_SET_ASIDE))))
    outside = " ".join(" ".join(_outside(root, article)).split())
    if outside:
        taken.left_out.append(outside)
    return taken


def _parse(data: str | bytes, name: str) -> lxml_html.HtmlElement:
    text = data if isinstance(data, str) else _decoded(data)
    text = "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text
    )
    if not text.strip():
        raise Refused(NOTHING_INSIDE, name)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = lxml_html.HTMLParser(
        encoding="utf-8",
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # or a picture within the page, of 10 MB, would end the reading
    )
    try:
        root = lxml_html.document_fromstring(
            unicodedata.normalize("NFC", text).encode("utf-8"), parser=parser
        )
    except (etree.LxmlError, ValueError) as fault:
        raise Refused(UNREADABLE, name, form="HTML") from fault
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # The parser gave up in the middle: what it has read is not all there is.
        raise _too_deep(root, name)
    return _unwrapped(root)


def _levels(root: lxml_html.HtmlElement) -> Iterator[tuple[lxml_html.HtmlElement, int]]:
    """Give every element with how deep it lies, without a call for each level."""
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start":
            yield element, depth


def _unwrapped(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Take needless elements away from a page that is nested deeply."""
    if all(depth <= DEEP for _, depth in _levels(root)):
        return root
    for element in list(root.iter(*sorted(_WRAPPERS))):
        around = element.getparent()
        if around is None or len(element) != 1 or (element.text or "").strip():
            continue
        (inner,) = element
        parts = element.tag in _BLOCKS and inner.tag not in _BLOCKS  # it parts two lines of words
        if not parts and not (inner.tail or "").strip():
            inner.tail = element.tail
            around.replace(element, inner)
    return root


def _too_deep(root: lxml_html.HtmlElement, name: str) -> Refused:
    """Name the line where the nesting goes beyond what an article has."""
    deep = next((element for element, depth in _levels(root) if depth > DEEP), root)
    return Refused(TOO_DEEP, name, line=deep.sourceline or 0, levels=DEEP)


def _decoded(data: bytes) -> str:
    """Decode a saved page: UTF-8 first, then the code page of older Korean pages."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


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
    if any(above.tag in _SET_ASIDE | {"script", "style"} for above in element.iterancestors()):
        return ""
    return seen(" ".join(" ".join(element.itertext()).split()))


def _words(element: lxml_html.HtmlElement) -> Iterator[str]:
    if element.tag in _SILENT:
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""


def _outside(element: lxml_html.HtmlElement, article: lxml_html.HtmlElement) -> Iterator[str]:
    """Give the words of a page that do not stand in its article, the head's among them."""
    if element is article or element.tag in _SILENT:
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
        written = _lines("".join(self.line))
        self.line = []
        if written:
            self.passages.append(Passage(Shape.PARAGRAPH, written))

    def _inside(self, element: lxml_html.HtmlElement) -> None:
        self.line.append(_text(element.text))
        for child in element:
            self._element(child)
            self.line.append(_text(child.tail))

    def _element(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT:
            return
        if tag in self.around:
            words = " ".join(" ".join(_words(element)).split())
            if words:
                self.left_out.append(words)
            return
        if tag not in _BLOCKS and tag != "img":
            if any(d.tag in _BLOCKS or d.tag == "img" for d in element.iterdescendants()):
                self._inside(element)
            else:
                self.line.append(inline(element))
            return
        self._flush()
        self._block(element, tag)

    def _block(self, element: lxml_html.HtmlElement, tag: str) -> None:
        if re.fullmatch(r"h[1-6]", tag) and not any(element.iter("img")):
            words = _one_line(_children(element))
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
            self._verbatim(_fenced("".join(element.itertext())))
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
        src = _source(image)
        alt = " ".join((image.get("alt") or "").split())
        title = " ".join((image.get("title") or "").split())
        if not (src or alt or caption or title):
            return
        if title and title not in (caption, alt):
            caption = f"{caption} {title}".strip()
        self.passages.append(Passage(Shape.FIGURE, caption, src=src, alt=alt))


def _source(image: lxml_html.HtmlElement) -> str:
    """Find where a picture is: pages that load late keep the true address beside a small one."""
    names = ("data-lazy-src", "data-original", "data-src", "src")
    src = next((image.get(name) for name in names if (image.get(name) or "").strip()), "").strip()
    return f"https:{src}" if src.startswith("//") else src


def _text(text: str | None) -> str:
    return escape(re.sub(r"[ \t\r\n\f]+", " ", text or ""))


def inline(element: lxml_html.HtmlElement) -> str:
    """Write an inline element, its own marks included, as Markdown."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _SILENT:
        return ""
    if tag == "br":
        return "\\\n"
    if tag in ("code", "kbd", "samp") and not len(element):
        return _code(element.text or "")
    inside = _children(element)
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


def _children(element: lxml_html.HtmlElement) -> str:
    parts = [_text(element.text)]
    for child in element:
        if child.tag == "img":
            parts.append(_inline_picture(child))
        else:
            parts.append(inline(child))
        parts.append(_text(child.tail))
    return "".join(parts)


def _inline_picture(image: lxml_html.HtmlElement) -> str:
    src, alt = _source(image), " ".join((image.get("alt") or "").split())
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


def _fenced(text: str) -> str:
    ticks = "`" * max(3, max(map(len, re.findall(r"`+", text)), default=0) + 1)
    return f"{ticks}\n{text.strip(chr(10))}\n{ticks}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def _lines(text: str) -> str:
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
            rows.append(mark + _one_line(_text(item.tail)))
    return "\n".join(rows)


def _tabled(element: lxml_html.HtmlElement) -> str:
    rows = []
    for row in element.iter("tr"):
        cells = [_one_line(" ".join(as_markdown(p) for p in _Reader(c).read())) for c in row]
        rows.append([re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells])
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    rows = [row + [""] * (width - len(row)) for row in rows]
    written = ["| " + " | ".join(row) + " |" for row in rows]
    caption = element.find(".//caption")
    words = _one_line(_children(caption)) if caption is not None else ""
    table = "\n".join([written[0], "|" + " --- |" * width, *written[1:]])
    return f"{escape_start(words)}\n\n{table}" if words else table
