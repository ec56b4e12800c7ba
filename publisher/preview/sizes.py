"""How heavy an edition is, part by part and block by block: what Gmail's limit is spent on."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from publisher.model.edition import Edition
from publisher.preview.inboxes import CLIP


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of something, and how much of its limit that is, in percent from 0 to 100."""

    name: str
    size: int
    share: int
    limit: int = 0


def parts(edition: Edition) -> tuple[Weight, ...]:
    """Weigh the parts: HTML against Gmail's limit, the rest against the heaviest."""
    sizes = {
        "html": len(edition.html.encode()),
        "text": len(edition.text.encode()),
        "message": len(edition.message),
        "page": len(edition.page.encode()),
        "item": len(edition.item.html.encode()),
    }
    heaviest = max([*sizes.values(), 1])
    return tuple(
        Weight(name, size, min(100, round(100 * size / (CLIP if name == "html" else heaviest))),
               CLIP if name == "html" else 0)
        for name, size in sizes.items()
    )  # fmt: skip


def blocks(html: str, most: int = 60) -> tuple[Weight, ...]:
    """Weigh what stands in a mail one after the other, by the words each begins with.

    The column of text is found by following the heaviest element down to where the weight
    spreads over several.
    """
    try:
        root = lxml_html.document_fromstring(html)
    except (etree.LxmlError, ValueError):
        return ()
    element = root.find("body")
    if element is None:
        return ()
    while True:
        weighed = [(len(_bytes(child)), child) for child in element if isinstance(child.tag, str)]
        if not weighed:
            return ()
        heaviest, child = max(weighed, key=lambda pair: pair[0])
        total = sum(size for size, _ in weighed)
        if len(weighed) >= 4 and heaviest < 0.7 * total:
            break
        if not any(isinstance(grandchild.tag, str) for grandchild in child):
            break
        element = child
    return tuple(
        Weight(_name(child), size, round(100 * size / max(total, 1)))
        for size, child in weighed[:most]
        if size
    )


def _bytes(element: lxml_html.HtmlElement) -> bytes:
    data: bytes = etree.tostring(element, encoding="utf-8", method="html", with_tail=False)
    return data


def _name(element: lxml_html.HtmlElement) -> str:
    """Call a block by its first words, or by the image it holds."""
    words = " ".join("".join(element.itertext()).split())
    if words:
        return words[:36] + ("…" if len(words) > 36 else "")
    image = next(element.iter("img"), None)
    alt = image.get("alt", "") if image is not None else ""
    return alt[:36] or f"<{element.tag}>"
