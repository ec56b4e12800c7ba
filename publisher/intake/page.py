"""A foreign page read into a tree that can be walked: decoded, and not nested deeper than an article is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from publisher.intake.elements import BLOCKS
from publisher.intake.refusal import NOTHING_INSIDE, TOO_DEEP, UNREADABLE, Refused

#: From so many levels on, elements around a single other one are taken away before reading.
DEEP = 100
#: Elements that mean nothing where they hold nothing but one other.
_WRAPPERS = frozenset(["div", "section", "span", "font", "center", "big", "small", "tbody"])


def tree_of(data: str | bytes, name: str) -> lxml_html.HtmlElement:
    """Read a page. Raises Refused for what is none, or too deep a one."""
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
        raise too_deep(root, name)
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
        parts = element.tag in BLOCKS and inner.tag not in BLOCKS  # it parts two lines of words
        if not parts and not (inner.tail or "").strip():
            inner.tail = element.tail
            around.replace(element, inner)
    return root


def too_deep(root: lxml_html.HtmlElement, name: str) -> Refused:
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
