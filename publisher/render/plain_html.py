"""Plain semantic HTML for feeds: what feed readers would strip is stripped here, not half kept.

Blocks come from templates that a publication may write for its pages and mails; in a feed
their classes, styles and boxes would be cut by each reader in its own way.
"""

from __future__ import annotations

from html.parser import HTMLParser

from markupsafe import Markup, escape

_KEPT = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("strong", "em", "del", "sup", "sub", "code", "pre", "a", "br", "hr", "ruby", "rt", "rp"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "abbr", "cite"),
}
_ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title", "width", "height"),
    "ol": ("start",),
    "th": ("scope", "colspan", "rowspan"),
    "td": ("colspan", "rowspan"),
}
_RENAMED = {"b": "strong", "i": "em", "s": "del"}
_SILENT = {"script", "style", "template", "iframe", "object", "form", "noscript", "svg"}
_VOID = {"br", "hr", "img"}
_ADDRESSES = ("https://", "http://", "mailto:", "tel:")


def plain_html(html: str) -> Markup:
    """Keep the words and the elements that mean something; unwrap every other element.

    Addresses are absolute or go; elements that would run or embed something go with their
    content.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Markup("".join(reader.parts).strip())  # noqa: S704 -- every part is escaped below


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        name = _RENAMED.get(tag, tag)
        if self.silent or name not in _KEPT:
            return
        kept = "".join(
            f' {key}="{escape(value)}"'
            for key, value in attrs
            if key in _ATTRIBUTES.get(name, ()) and value is not None and _is_fit(key, value)
        )
        self.parts.append(f"<{name}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        name = _RENAMED.get(tag, tag)
        if not self.silent and name in _KEPT - _VOID:
            self.parts.append(f"</{name}>")
        self.silent = max(0, self.silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(escape(data))


def _is_fit(key: str, value: str) -> bool:
    return key not in {"href", "src"} or value.lower().startswith(_ADDRESSES)
