"""The mail as each kind of inbox shows it: what they take away is taken away here.

Imitations, not the programs themselves: Naver and Daum drop ``<style>``, Gmail knows no dark
mode of ours and clips, Outlook's Word engine ignores most of what browsers can do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from lxml import etree
from lxml import html as lxml_html

#: Where Gmail cuts a mail: bytes of its HTML.
CLIP = 102 * 1024
#: A style element larger than this is dropped whole by Gmail.
GMAIL_STYLE = 16 * 1024


class Inbox(StrEnum):
    """A kind of inbox."""

    SENT = "sent"
    NO_STYLE = "no-style"
    NO_IMAGES = "no-images"
    GMAIL = "gmail"
    OUTLOOK = "outlook"


_STYLE = re.compile(r"<style\b[^>]*>.*?</style\s*>", re.IGNORECASE | re.DOTALL)
_STYLESHEET = re.compile(r"<link\b[^>]*stylesheet[^>]*>", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SOURCES = re.compile(r"""\s(?:src|srcset)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:\s*url\([^)]*\)[^;\"']*;?", re.IGNORECASE)
_MSO_ONLY = re.compile(
    r"<!--\[if\s+(?!!)[^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", re.IGNORECASE | re.DOTALL
)
_NOT_MSO = re.compile(
    r"<!--\[if\s+!mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.IGNORECASE | re.DOTALL
)
#: Settings for Word inside its comments: read by it, never shown.
_OFFICE = re.compile(r"<xml\b[^>]*>.*?</xml\s*>", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"mso-hide\s*:\s*all|display\s*:\s*none", re.IGNORECASE)
_PARAGRAPH_START = re.compile(rb"<(?:p|div|h[1-6]|blockquote|ul|ol|table)\b", re.IGNORECASE)
_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)


def seen_in(html: str, inbox: Inbox, clipped: str) -> str:
    """Give a mail's HTML as an inbox shows it; ``clipped`` is what stands at Gmail's cut."""
    views: dict[Inbox, Callable[[str], str]] = {
        Inbox.SENT: lambda whole: whole,
        Inbox.NO_STYLE: without_style,
        Inbox.NO_IMAGES: without_images,
        Inbox.GMAIL: lambda whole: _clip(_gmail_style(whole), len(html.encode()), clipped),
        Inbox.OUTLOOK: in_word,
    }
    return views[inbox](html)


def without_style(html: str) -> str:
    """Drop every style element: only what was inlined is left."""
    return _STYLESHEET.sub("", _STYLE.sub("", html))


def without_images(html: str) -> str:
    """Load no image: the alternative text stands in its place."""
    bare = _IMAGE.sub(lambda found: _SOURCES.sub("", found[0]), html)
    return _BACKGROUND.sub("", bare)


def in_mode(html: str, *, dark: bool) -> str:
    """Settle dark or light whatever the machine prefers, by settling the media queries."""
    asked = "dark" if dark else "light"

    def settled(found: re.Match[str]) -> str:
        return "(min-width:0)" if found[1].lower() == asked else "(max-width:0)"

    def styled(found: re.Match[str]) -> str:
        return _SCHEME.sub(settled, found[0])

    whole = _STYLE.sub(styled, html)
    scheme = f"<style>:root{{color-scheme:only {asked}}}</style>"
    head = re.search(r"</head\s*>", whole, re.IGNORECASE)
    return whole[: head.start()] + scheme + whole[head.start() :] if head else scheme + whole


def _gmail_style(html: str) -> str:
    """Take away what Gmail does: large style elements, dark mode, rules for other programs."""

    def kept(found: re.Match[str]) -> str:
        if len(found[0].encode()) > GMAIL_STYLE:
            return ""
        return _without_rules(found[0], ("prefers-color-scheme", "data-ogsc", "data-ogsb"))

    return _STYLE.sub(kept, html)


def _without_rules(css: str, words: tuple[str, ...]) -> str:
    """Drop the outermost rules whose heading holds one of the words."""
    kept: list[str] = []
    rest = css
    while True:
        opening = rest.find("{")
        if opening < 0:
            return "".join(kept) + rest
        depth, close = 0, len(rest)
        for place in range(opening, len(rest)):
            depth += {"{": 1, "}": -1}.get(rest[place], 0)
            if depth == 0:
                close = place + 1
                break
        heading = rest[:opening]
        if any(word in heading for word in words):
            kept.append(heading[: heading.find(">") + 1])  # the style tag itself, if it is there
        else:
            kept.append(rest[:close])
        rest = rest[close:]


def _clip(html: str, size: int, clipped: str) -> str:
    """Draw the line where Gmail clips a mail of so many bytes, between two paragraphs."""
    if size <= CLIP:
        return html
    data = html.encode()
    found = _PARAGRAPH_START.search(data, min(CLIP, len(data)))
    if not found:
        return html
    line = (
        '<div style="margin:24px 0;border-top:3px dashed #b23a24;padding-top:8px;color:#b23a24;'
        f'font:700 14px sans-serif">{clipped}</div>'
    )
    cut = found.start()
    return data[:cut].decode("utf-8", "ignore") + line + data[cut:].decode("utf-8", "ignore")


#: What Word's engine does not know, on any element.
_UNKNOWN = re.compile(
    r"^(?:max-width|min-width|max-height|min-height|border-radius|box-shadow|text-shadow|float|"
    r"position|top|left|right|bottom|z-index|opacity|overflow|overflow-wrap|word-break|text-wrap|"
    r"background-image|display|flex.*|grid.*|gap|object-fit|transform|animation.*|transition.*)$"
)
_ONLY_CELLS = re.compile(r"^(?:padding.*|width|height)$")
_CELLS = frozenset({"td", "th", "table"})


def in_word(html: str) -> str:
    """Read a mail as Outlook's Word engine does: its own comments, few styles, no media rules."""
    whole = _MSO_ONLY.sub(r"\1", _NOT_MSO.sub("", html))
    whole = _OFFICE.sub("", whole)
    whole = _STYLE.sub(lambda found: _without_rules(found[0], ("@media", "data-og", ":")), whole)
    try:
        root = lxml_html.document_fromstring(whole)
    except (etree.LxmlError, ValueError):
        return whole
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        style = element.get("style")
        if style:
            hidden = _HIDDEN.search(style)
            element.set("style", "display:none" if hidden else _word_style(element.tag, style))
        if element.tag == "img" and not element.get("width"):
            element.set("style", "")
    shown: str = lxml_html.tostring(root, encoding="unicode", doctype="<!doctype html>")
    return shown


def _word_style(tag: str, style: str) -> str:
    kept = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name = name.strip().lower()
        if not name or "!important" in value or _UNKNOWN.match(name):
            continue
        if tag not in _CELLS and _ONLY_CELLS.match(name):
            continue
        kept.append(f"{name}:{value.strip()}")
    return ";".join(kept)


def at_home(html: str, publication_url: str, base: str) -> str:
    """Point images and style sheets of the website to be at the desk, which has them already."""
    host = re.escape(publication_url.rstrip("/"))
    loaded = rf"""(<(?:img|source|link)\b[^>]*?\s(?:src|srcset|href)\s*=\s*["'])(?:{host})?/(?!/)"""
    return re.sub(loaded, rf"\1{base}/", html, flags=re.IGNORECASE)
