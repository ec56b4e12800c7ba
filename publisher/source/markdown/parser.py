"""The parser, put together once: CommonMark, what the format adds, and bounds for hostile text."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from publisher.source.markdown import bounds, fences, plain, terms
from publisher.source.markdown.inline import PlacedInline, image_attributes
from publisher.source.markdown.sheet import Sheet

DEEPEST = 32
"""Blocks inside blocks; what lies deeper is told and left out."""


@cache
def parser() -> MarkdownIt:
    """Build the parser. It holds no state between texts."""
    md = MarkdownIt("commonmark")
    md.inline = PlacedInline()
    md.configure("commonmark", options_update={"maxNesting": DEEPEST, "html": True})
    md.enable(["table", "strikethrough"])
    md.use(fences.plugin)
    md.use(deflist_plugin)
    md.use(terms.plugin)
    md.use(footnote_plugin, move_to_end=False)
    md.use(plain.plugin)
    md.inline.ruler.after("image", "image_attributes", image_attributes)
    md.use(bounds.plugin)
    # The tree tells which addresses are unsafe; their text stays as the editor wrote it.
    setattr(md, "validateLink", _any)  # noqa: B010 - methods are the parser's switches
    setattr(md, "normalizeLinkText", str)  # noqa: B010
    normalize = MarkdownIt.normalizeLink

    def address(url: str) -> str:
        if url.startswith("episode:"):
            return url
        try:
            return normalize(md, url)
        except ValueError:
            return url

    setattr(md, "normalizeLink", address)  # noqa: B010
    md.inline.ruler2.disable("fragments_join")
    md.core.ruler.disable("text_join")
    return md


def _any(_: str) -> bool:
    return True


def tokens(sheet: Sheet, env: dict[str, object]) -> list[Token]:
    """Parse the Markdown of a sheet; ``env`` takes what the parser learns on the way."""
    env["sheet"] = sheet
    return parser().parse("\n".join(sheet.lines), env)
