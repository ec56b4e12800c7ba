"""Ghost's own forms of a letter, Lexical and Mobiledoc, as HTML: every word of them, cards too.

An export usually has the HTML beside them. Where it has not, what a card is made of is not known
in advance, so that whatever holds words in it is taken.
"""

from __future__ import annotations

import json
from html import escape

#: Nodes inside nodes; what is deeper is no letter.
_DEEPEST = 60
#: Under which names the cards of Ghost keep words that a reader sees, in their order.
_SPOKEN = (
    "calloutEmoji", "calloutText", "heading", "header", "productTitle", "productDescription",
    "title", "subheader", "text", "content", "markdown", "html", "description", "author",
    "publisher", "buttonText", "productButton", "fileTitle", "fileCaption", "fileName",
    "disclaimer", "caption", "alertText", "sponsorLabel", "textValue",
)  # fmt: skip
_BLOCKS = {"paragraph": "p", "listitem": "li", "quote": "blockquote", "aside": "blockquote"}
_MARKS = ((1, "strong"), (2, "em"), (4, "s"), (16, "code"))
_TAGS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li", "ul", "ol"})
_PAYWALL = "<!--members-only-->"


def html_of(document: object) -> str:
    """Write a letter's Lexical or Mobiledoc, as its JSON text, as HTML; nothing for neither."""
    try:
        whole = json.loads(document) if isinstance(document, str) else None
    except (ValueError, RecursionError):
        return ""
    if not isinstance(whole, dict):
        return ""
    if isinstance(whole.get("sections"), list):
        return "".join(_section(section, whole) for section in whole["sections"])
    return _node(whole.get("root"), 0)


def _node(node: object, depth: int) -> str:
    if not isinstance(node, dict) or depth > _DEEPEST:
        return ""
    kind = str(node.get("type", "")).removeprefix("extended-")
    if kind in ("text", "tab"):
        return _text(node)
    if kind == "linebreak":
        return "<br>"
    inside = "".join(_node(child, depth + 1) for child in _list(node.get("children")))
    if kind in _BLOCKS:
        return f"<{_BLOCKS[kind]}>{inside}</{_BLOCKS[kind]}>"
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" else "ul"
        return f"<{tag}>{inside}</{tag}>"
    if kind == "heading":
        level = _said(node, "tag")
        level = level if level in _TAGS else "h2"
        return f"<{level}>{inside}</{level}>"
    if kind in ("link", "autolink"):
        return f'<a href="{escape(_said(node, "url"))}">{inside}</a>'
    return inside + _card(kind, node, depth)


def _text(node: dict[str, object]) -> str:
    words = escape(_said(node, "text"))
    look = node.get("format")
    for bit, tag in _MARKS:
        if isinstance(look, int) and look & bit:
            words = f"<{tag}>{words}</{tag}>"
    return words


def _card(kind: str, node: dict[str, object], depth: int) -> str:
    """Write what is no running text: a picture, a rule, a wall, or a card with words in it."""
    if kind == "paywall":
        return _PAYWALL
    if kind in ("horizontalrule", "hr"):
        return "<hr>"
    if kind in ("codeblock", "code"):
        return f"<pre>{escape(_said(node, 'code'))}</pre><p>{_caption(node)}</p>"
    pictures = [node, *(image for image in _list(node.get("images")) if isinstance(image, dict))]
    drawn = "".join(_picture(image) for image in pictures) if kind != "video" else ""
    if kind == "image" and drawn:
        return drawn
    spoken = "".join(_piece(_said(node, name), name) for name in _SPOKEN)
    link = _said(node, "url") or _said(node, "buttonUrl") or _said(node, "productUrl")
    if link and kind != "image":
        spoken += f'<p><a href="{escape(link)}">{escape(link)}</a></p>'
    metadata = node.get("metadata")
    if isinstance(metadata, dict):
        spoken += _card("", metadata, depth + 1) if depth < _DEEPEST else ""
    return drawn + spoken


def _piece(words: str, name: str) -> str:
    if not words.strip():
        return ""
    if name != "markdown" and "<" in words:
        return f"<div>{words}</div>"
    parts = (part for part in words.split("\n\n") if part.strip())
    return "".join(f"<p>{escape(part)}</p>" for part in parts)


def _picture(node: dict[str, object]) -> str:
    src = _said(node, "src")
    if not src:
        return ""
    alt, title = escape(_said(node, "alt")), escape(_said(node, "title"))
    caption = _caption(node) if node.get("type") == "image" or "type" not in node else ""
    return (
        f'<figure><img src="{escape(src)}" alt="{alt}" title="{title}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _caption(node: dict[str, object]) -> str:
    return _said(node, "caption")


def _section(section: object, whole: dict[str, object]) -> str:
    """Write one section of Mobiledoc 0.3: words, a list, a picture or a card."""
    match section:
        case [1, str() as tag, list() as markers, *_]:
            tag = tag if tag in _TAGS else "p"
            return f"<{tag}>{_markers(markers, whole)}</{tag}>"
        case [3, str() as tag, list() as items, *_]:
            rows = (f"<li>{_markers(_list(item), whole)}</li>" for item in items)
            return f"<{tag if tag in _TAGS else 'ul'}>{''.join(rows)}</{tag if tag in _TAGS else 'ul'}>"
        case [2, str() as src, *_]:
            return _picture({"src": src})
        case [10, int() as index, *_]:
            match _at(whole.get("cards"), index):
                case [str() as kind, dict() as payload, *_]:
                    return _card(kind, {**payload, "type": kind}, 0)
    return ""


def _markers(markers: list[object], whole: dict[str, object]) -> str:
    written: list[str] = []
    closing: list[str] = []
    for marker in markers:
        match marker:
            case [int() as kind, list() as opens, int() as closes, value, *_]:
                for index in opens:
                    start, stop = _markup(_at(whole.get("markups"), index))
                    written.append(start)
                    closing.append(stop)
                written.append(_worded(kind, value, whole))
                written.extend(closing.pop() for _ in range(min(closes, len(closing))))
    return "".join(written + closing[::-1])


def _worded(kind: int, value: object, whole: dict[str, object]) -> str:
    if kind == 0:
        return escape(value) if isinstance(value, str) else ""
    match _at(whole.get("atoms"), value):
        case ["soft-return", *_]:
            return "<br>"
        case [_, str() as words, *_]:
            return escape(words)
    return ""


def _markup(markup: object) -> tuple[str, str]:
    match markup:
        case ["a", ["href", str() as href, *_], *_]:
            return f'<a href="{escape(href)}">', "</a>"
        case [("strong" | "b" | "em" | "i" | "s" | "code") as tag, *_]:
            return f"<{tag}>", f"</{tag}>"
    return "", ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _at(value: object, index: object) -> object:
    rows = _list(value)
    return rows[index] if isinstance(index, int) and 0 <= index < len(rows) else None


def _said(node: dict[str, object], name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""
