"""Definition lists without empty lines between their entries, as in a ``signs`` block.

The plugin reads the second term as a lazy last line of the first explanation. Here a line
that stands less indented, directly before a ``: `` line, is the next term.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock


def plugin(md: MarkdownIt) -> None:
    """End an explanation where the next term begins."""
    md.block.ruler.before("deflist", "next_term", _next_term, {"alt": ["paragraph"]})


def _next_term(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not silent or state.parentType != "paragraph" or state.ddIndent < 0:
        return False
    following = start + 1
    if following >= end or state.sCount[start] >= state.blkIndent:
        return False
    at = state.bMarks[following] + state.tShift[following]
    return (
        state.src[at : at + 1] in {":", "~"}
        and state.src[at + 1 : at + 2] in {" ", "\t"}
        and bool(state.src[at + 2 : state.eMarks[following]].strip())
        and state.sCount[following] < state.blkIndent
    )
