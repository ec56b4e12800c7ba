"""Bounds for hostile text: a paragraph that no person wrote is told, and kept as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from publisher.model.problem import Fault, Severity
from publisher.source.markdown import strong
from publisher.source.markdown.sheet import Sheet

OVERLOADED = Fault(
    "source/paragraph",
    Severity.ERROR,
    "This paragraph is too long, or has too many brackets and marks, to be read as Markdown.",
    "Break it into several paragraphs, or delete what was pasted by mistake.",
)

TOO_LONG = Fault(
    "source/lines",
    Severity.ERROR,
    "The text has more than {limit} lines; what follows is left out.",
    "Split the text, or delete what was pasted by mistake.",
)

#: Without one of these a paragraph is one text, to every rule of the parser.
_MARKED = re.compile(r"[\n\\`*_~\[\]!<&^{]")
LINES = 20_000
_CHARACTERS = 50_000
_BRACKETS = 500
_MARKS = 5_000
_Rule = Callable[[StateInline, bool], bool]


def plugin(md: MarkdownIt) -> None:
    """Bound the reading of paragraphs, and spare brackets that nothing closes."""
    md.core.ruler.at("inline", _inline)
    for rule in md.inline.ruler.__rules__:
        if rule.name in {"link", "image", "footnote_inline"}:
            md.inline.ruler.at(rule.name, _closed(rule.fn))


def _closed(rule: _Rule) -> _Rule:
    """Try a rule of brackets only if a bracket closes somewhere behind."""

    def only_if_closed(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] not in "[!^" or state.html_terminator_last("]") < state.pos:
            return False
        return rule(state, silent)

    return only_if_closed


def _inline(state: StateCore) -> None:
    """Read the inline text of every block, as the parser’s own rule does, but for monsters."""
    sheet: Sheet = state.env["sheet"]
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if _is_monster(token.content):
            sheet.tell(OVERLOADED, token.map[0] if token.map else 0)
            _as_text(token.content, token.children)
        elif not _MARKED.search(token.content):
            token.children.append(Token("text", "", 0, content=token.content, map=[0, -1]))
        elif (children := strong.tokens(token.content)) is not None:
            token.children += children
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _is_monster(content: str) -> bool:
    if len(content) < _BRACKETS:
        return False
    return (
        len(content) > _CHARACTERS
        or content.count("[") > _BRACKETS
        or sum(map(content.count, "*_~`<&\\")) > _MARKS
    )


def _as_text(content: str, into: list[Token]) -> None:
    at = 0
    for number, line in enumerate(content.split("\n")):
        if number:
            into.append(Token("softbreak", "br", 0, map=[at - 1, -1]))
        into.append(Token("text", "", 0, content=line, map=[at, -1]))
        at += len(line) + 1
