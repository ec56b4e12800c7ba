"""The ``:::`` blocks: a fence of three or more colons, a name, attributes, and a closing fence.

Where blocks nest, the outer fence has more colons. A fence that does not fit is told, and read
in the way that keeps most inside: a forgotten fence never lets a members' part out.
"""

from __future__ import annotations

import re
import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from publisher.model.problem import Fault, Severity
from publisher.source.blocks import nearest_block
from publisher.source.markdown import attributes
from publisher.source.markdown.sheet import Sheet

_OPEN = re.compile(r"(:{3,})[ \t]*([^\s:{}][^\s{}]*)?[ \t]*(.*)$", re.DOTALL)
_CODE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})")

STRAY = Fault(
    "source/fence-stray",
    Severity.ERROR,
    "This fence closes a block, but none is open here.",
    "Delete the line, or write the opening line (::: name) where the block begins.",
)
UNCLOSED = Fault(
    "source/fence-open",
    Severity.ERROR,
    "The block “{name}” is opened here and never closed.",
    "Write a line of {count} colons ({fence}) where the block ends.",
)
MISMATCH = Fault(
    "source/fence-length",
    Severity.ERROR,
    "This fence has {found} colons; the block “{name}” that it closes was opened with {count} on line {line}.",
    "Write the same number of colons on both.",
)
NESTING = Fault(
    "source/fence-nesting",
    Severity.ERROR,
    "The block “{name}” stands inside another one whose fence has {outer} colons.",
    "Give the outer block more colons than the inner one has, where it opens and where it closes.",
)
NAMELESS = Fault(
    "source/block-name",
    Severity.ERROR,
    "This block has no name.",
    "Write one behind the colons, such as ::: note.",
)
UNKNOWN = Fault(
    "source/block-unknown",
    Severity.ERROR,
    "There is no block “{name}”.",
    "Use one of: {names}. Or add a pair of templates of that name.",
)
UNKNOWN_NEAR = Fault(
    "source/block-unknown-near",
    Severity.ERROR,
    "There is no block “{name}”; “{nearest}” is near.",
    "Write “{nearest}” if that is what you mean.",
)
TRAILING = Fault(
    "source/fence-text",
    Severity.ERROR,
    "Text stands behind the name of the block “{name}”: {excerpt}",
    'Put the text on the next line, and attributes in braces: ::: {name} {{key="value"}}',
)


def plugin(md: MarkdownIt) -> None:
    """Teach the parser the ``:::`` blocks."""
    md.block.ruler.before(
        "fence", "block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip(" \t")


def _fence(state: StateBlock, line: int) -> re.Match[str] | None:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(":::", start) or start + 3 > state.eMarks[line]:
        return None
    if state.is_code_block(line):
        return None
    return _OPEN.match(_line(state, line))


def _closes(found: re.Match[str]) -> bool:
    return not found[2] and not found[3]


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    found = _fence(state, start)
    if not found or silent:
        return found is not None
    sheet: Sheet = state.env["sheet"]
    column = _column(sheet, state, start)
    if _closes(found):
        sheet.tell(STRAY, start, column)
        state.line = start + 1
        return True
    name, pairs = _head(sheet, found, start, column)
    count = len(found[1])
    if sheet.fences and sheet.fences[-1] <= count:
        sheet.tell(NESTING, start, column, name=found[2] or "", outer=sheet.fences[-1])
    close, length = _closing(state, start, end, count)
    if not length:
        sheet.tell(UNCLOSED, start, column, name=found[2] or "", count=count, fence=":" * count)
    elif length != count:
        sheet.tell(
            MISMATCH,
            close,
            _column(sheet, state, close),
            found=length,
            count=count,
            name=found[2] or "",
            line=sheet.place(start).line,
        )
    _inside(state, start, close, name, pairs, count)
    state.line = min(close + 1, end) if length else close
    return True


def _column(sheet: Sheet, state: StateBlock, line: int) -> int:
    """Find the column of a line's first character, behind whatever marks stand before it."""
    return len(sheet.lines[line].rstrip(" \t")) - len(_line(state, line))


def _inside(
    state: StateBlock,
    start: int,
    close: int,
    name: str,
    pairs: list[tuple[str, str, int]],
    count: int,
) -> None:
    sheet: Sheet = state.env["sheet"]
    token = state.push("block_open", "", 1)
    token.map = [start, close]
    token.info = name
    token.meta = {"pairs": pairs, "column": _column(sheet, state, start)}
    before = state.parentType, state.lineMax
    state.parentType = "block"
    state.lineMax = close
    sheet.fences.append(count)
    state.md.block.tokenize(state, start + 1, close)
    sheet.fences.pop()
    state.parentType, state.lineMax = before
    state.push("block_close", "", -1)


def _head(
    sheet: Sheet, found: re.Match[str], line: int, column: int
) -> tuple[str, list[tuple[str, str, int]]]:
    """Read the name and the attributes of an opening fence."""
    name = _name(sheet, found, line, column)
    if not found[3]:
        return name, []
    rest = column + found.start(3)
    if not found[3].startswith("{"):
        sheet.tell(TRAILING, line, rest, name=found[2] or "", excerpt=found[3][:20])
        return name, []
    read = attributes.read(found[3], 0)
    for slip in read.slips:
        sheet.tell(slip.fault, line, rest + slip.at, **dict(slip.details))
    behind = found[3][read.end :].lstrip()
    if behind and not read.slips:
        sheet.tell(
            TRAILING,
            line,
            rest + len(found[3]) - len(behind),
            name=found[2] or "",
            excerpt=behind[:20],
        )
    return name, [(key, value, rest + at) for key, value, at in read.pairs]


def _name(sheet: Sheet, found: re.Match[str], line: int, column: int) -> str:
    """Give the canonical name of a block; the nearest one for a slip, so that it stays shut."""
    if not found[2]:
        sheet.tell(NAMELESS, line, column)
        return ""
    written = unicodedata.normalize("NFC", found[2])
    if written in sheet.blocks:
        return sheet.blocks[written]
    near = nearest_block(written, sheet.blocks)
    at = column + found.start(2)
    if near:
        sheet.tell(UNKNOWN_NEAR, line, at, name=written[:40], nearest=near)
        return sheet.blocks[near]
    names = ", ".join(sorted(set(sheet.blocks.values())))
    sheet.tell(UNKNOWN, line, at, name=written[:40], names=names)
    return ""


def _closing(state: StateBlock, start: int, end: int, count: int) -> tuple[int, int]:
    """Find the line that closes a block, and the colons it has; (end of the room, 0) for none."""
    open_fences = [count]
    code = ""
    line = start + 1
    while line < end:
        begin = state.bMarks[line] + state.tShift[line]
        if begin < state.eMarks[line]:
            if state.sCount[line] < state.blkIndent:
                break
            letter = state.src[begin]
            if letter in "`~":
                code = _code(code, _line(state, line))
            elif letter == ":" and not code and (found := _fence(state, line)):
                if not _closes(found):
                    open_fences.append(len(found[1]))
                else:
                    length = len(found[1])
                    _close(open_fences, length)
                    if not open_fences:
                        return line, length
        line += 1
    return line, 0


def _code(code: str, line: str) -> str:
    """Follow the fences of code, inside which no colon counts; ``code`` is the open one."""
    found = _CODE.match(line)
    if not found:
        return code
    if not code:
        return found[1]
    closes = found[1].startswith(code) and not line[found.end() :].strip()
    return "" if closes else code


def _close(open_fences: list[int], length: int) -> None:
    """Close the innermost block of that many colons, or simply the innermost one."""
    if length in open_fences:
        while open_fences.pop() != length:
            pass
    else:
        open_fences.pop()
