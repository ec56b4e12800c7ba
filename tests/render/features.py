"""Which features of HTML and CSS a mail uses, named as the support table names them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

TABLE = Path(__file__).parents[1] / "fixtures" / "caniemail" / "support.json"

_TAGS = {
    **{f"h{level}": "html-h1-h6" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "html-lists"),
    **dict.fromkeys(("table", "tbody", "thead", "tr", "td", "th"), "html-table"),
    **dict.fromkeys(("section", "article", "aside", "figure", "figcaption", "nav"), "html-semantics"),
    "meta": "html-meta-color-scheme", "html": "html-doctype", "s": "html-strike",
}  # fmt: skip
#: Older than any table: every client has shown these since there were mails in HTML.
_OLD_TAGS = {"head", "title", "a", "br", "em", "sup", "sub"}
_ATTRIBUTES = {
    *("align", "valign", "lang", "dir", "role", "aria-label", "cellpadding", "cellspacing"),
    *("width", "height", "background", "target", "srcset", "hidden"),
}
#: Properties the table does not name: older than it, or meant for one client and no other.
_OLD_PROPERTIES = re.compile(
    r"color|font-family|font-style|mso-.*|-webkit-text-size-adjust|-ms-.*|supported-color-schemes|border-color"
)
_PROPERTIES = {
    **{f"{kind}-{side}": f"css-{kind}" for kind in ("margin", "padding", "border") for side in ("top", "right", "bottom", "left")},
    "border-top-color": "css-border", "list-style": "css-list-style",
}  # fmt: skip


def support() -> dict[str, dict[str, str]]:
    """Read the table: feature to client to ``y``, ``n``, ``a`` (partly) or ``u`` (unknown)."""
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text())
    return table


class _Reader(HTMLParser):
    def __init__(self, table: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.table = table
        self.used: set[str] = set()
        self.unnamed: set[str] = set()
        self.sheets: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        slug = _TAGS.get(tag, f"html-{tag}")
        self._note(slug, tag, tag in _OLD_TAGS)
        for key, value in attrs:
            if key in _ATTRIBUTES:
                self._note(f"html-{key}", key, known=False)
            if key == "style":
                self.declarations(value or "")
            if key == "href" and (value or "").startswith("#"):
                self.used.add("html-anchor-links")
            if key == "href" and (value or "").startswith("mailto:"):
                self.used.add("html-mailto-links")
            if key == "src":
                kind = (value or "").rpartition(".")[2].replace("jpeg", "jpg")
                self._note(f"image-{kind}", f"image {kind}", known=False)

    def handle_data(self, data: str) -> None:
        if self.inside == "style":
            self.sheets.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_comment(self, data: str) -> None:
        self.used.add("html-comments")

    def _note(self, slug: str, name: str, known: bool) -> None:
        if slug in self.table:
            self.used.add(slug)
        elif not known:
            self.unnamed.add(name)

    def declarations(self, text: str) -> None:
        """Note the properties, units and values of a run of declarations."""
        for declaration in filter(None, (d.strip() for d in text.split(";"))):
            name, _, value = (part.strip() for part in declaration.partition(":"))
            slug = _PROPERTIES.get(name, f"css-{name}")
            self._note(slug, name, bool(_OLD_PROPERTIES.fullmatch(name)))
            for unit in re.findall(r"\d(px|em|rem|vw|vh|pt|%)", value):
                self.used.add("css-unit-" + {"%": "percent"}.get(unit, unit))
            if "!important" in value:
                self.used.add("css-important")
            if name == "display" and value.split()[0] in {"none", "flex", "grid"}:
                self.used.add(f"css-display-{value.split()[0]}")
            for function in re.findall(r"(var|calc|clamp|min|max|rgb|rgba|light-dark)\(", value):
                self.unnamed.add(f"{function}()")

    def sheet(self, text: str) -> None:
        """Note the rules, conditions and selectors of a sheet."""
        for condition in re.findall(r"@([a-z-]+)([^{;]*)", text):
            self._note(f"css-at-{condition[0]}", f"@{condition[0]}", known=False)
            if "prefers-color-scheme" in condition[1]:
                self.used.add("css-at-media-prefers-color-scheme")
        for selector, body in re.findall(r"([^{}@;]+)\{([^{}]*)\}", text):
            self.declarations(body)
            for one in selector.split(","):
                kinds = {
                    "css-selector-attribute": r"\[",
                    "css-selector-descendant": r"\S \S",
                    "css-selector-class": r"\.",
                    "css-selector-chaining": r"\.[\w-]+\.",
                    "css-selector-type": r"(^|\s)[a-z]",
                }
                self.used |= {slug for slug, mark in kinds.items() if re.search(mark, one.strip())}
            if "," in selector:
                self.used.add("css-selector-grouping")


def features(html: str) -> tuple[set[str], set[str]]:
    """Give the features a mail uses, and what it uses that the table has no name for."""
    reader = _Reader(support())
    reader.feed(html)
    for sheet in reader.sheets:
        reader.sheet(sheet)
    return reader.used, reader.unnamed
