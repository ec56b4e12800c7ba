"""The elements of foreign pages, by what they mean to whoever reads an article out of one."""

from __future__ import annotations

#: Nothing in them is text.
SILENT = frozenset(
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
SET_ASIDE = frozenset(
    ["noscript", "svg", "iframe", "object", "select", "button", "canvas", "audio", "video"]
)
#: They stand around an article and never in it.
NEVER_TEXT = frozenset(["nav", "form", "menu", "dialog"])
#: They stand around an article where nothing says what the article is.
AROUND = NEVER_TEXT | {"header", "footer", "aside"}
#: They part words from words.
BLOCKS = frozenset(
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
