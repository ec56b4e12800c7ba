"""Paragraphs and headings that nothing else can be, read at once: most of what an editor writes.

The parser asks a dozen kinds of block of every line whether it begins one. A line that begins with a
Hangul syllable and has an empty line behind it begins none of them: there is no mark in front, no
row of a table and no line of dashes below. All is still read by the parser's own rules.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, heading, paragraph


def plugin(md: MarkdownIt) -> None:
    """Ask before all other kinds of block."""
    md.block.ruler.before("table", "plain", _plain)


def _plain(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    following = start + 1
    if silent or state.is_code_block(start):
        return False
    if following < end and not state.isEmpty(following):
        return False
    at = state.bMarks[start] + state.tShift[start]
    letter = state.src[at : at + 1]
    if letter == "#":
        return heading(state, start, end, silent)
    if not "\uac00" <= letter <= "\ud7a3":
        return False
    # Over one empty line hangs the explanation of a term.
    behind = following + 1
    if behind < end and state.src.startswith(
        (":", "~"), state.bMarks[behind] + state.tShift[behind]
    ):
        return False
    return paragraph(state, start, end, silent)
