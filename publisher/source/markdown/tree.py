"""Block tokens to the tree of the model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from publisher.model.body import (
    Block,
    BlockQuote,
    Body,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Footnote,
    Heading,
    Image,
    Inline,
    List,
    Node,
    Paragraph,
    Rule,
    Table,
    Text,
    plain,
)
from publisher.model.problem import Fault, Severity
from publisher.source.markdown import bounds, parser, runs
from publisher.source.markdown.anchors import Anchors
from publisher.source.markdown.blocks import BlockRules
from publisher.source.markdown.places import Whereabouts
from publisher.source.markdown.runs import RunReader
from publisher.source.markdown.sheet import Sheet

TOO_DEEP = Fault(
    "source/nesting",
    Severity.ERROR,
    "Lists, quotations and blocks are nested too deeply here; what lies deeper is left out.",
    "Use fewer levels.",
)
UNUSED_NOTE = Fault(
    "source/footnote-unused",
    Severity.WARNING,
    "No mark in the text points at the footnote [^{label}], so no reader sees it.",
    "Write [^{label}] where it belongs, or delete the footnote.",
)
NOTE_TWICE = Fault(
    "source/footnote-twice",
    Severity.ERROR,
    "The footnote [^{label}] has a text already on line {line}.",
    "Give one of the two another name.",
)


def read(sheet: Sheet) -> Body:
    """Read the Markdown of a sheet into a tree; what is wrong with it stays on the sheet."""
    env: dict[str, object] = {}
    if len(sheet.lines) > bounds.LINES:
        sheet.tell(bounds.TOO_LONG, bounds.LINES, limit=bounds.LINES)
        del sheet.lines[bounds.LINES :]
    reader = TreeReader(sheet, parser.tokens(sheet, env))
    return reader.body(env)


@dataclass(slots=True)
class _Note:
    """A footnote as it is gathered: its number, its text, how often it is mentioned."""

    number: int
    label: str
    mentions: int = 0


@dataclass(slots=True)
class TreeReader:
    """Walks the tokens once; ``at`` is the token that comes next."""

    sheet: Sheet
    tokens: list[Token]
    at: int = 0
    anchors: Anchors = field(default_factory=Anchors)
    notes: dict[Hashable, _Note] = field(default_factory=dict)
    definitions: dict[str, tuple[list[Token], int, int]] = field(default_factory=dict)
    runs: RunReader = field(init=False)
    rules: BlockRules = field(init=False)

    def __post_init__(self) -> None:
        self.runs = RunReader(self.sheet, self.mention)
        self.rules = BlockRules(self.sheet)

    def mention(self, key: Hashable, label: str) -> tuple[int, int]:
        """Count a mention of a footnote; numbers are given in the order of first mention."""
        note = self.notes.setdefault(key, _Note(len(self.notes) + 1, label))
        note.mentions += 1
        return note.number, note.mentions

    def body(self, env: dict[str, object]) -> Body:
        """Read everything: the text first, then the footnotes in the order of their numbers."""
        nodes = self.until("")
        read: list[Footnote] = []
        inline = env.get("footnotes")
        written = inline.get("list", {}) if isinstance(inline, dict) else {}
        # A footnote may mention further ones, which are then read in their turn.
        while len(read) < len(self.notes):
            key = list(self.notes)[len(read)]
            read.append(self._note(key, self.notes[key], written))
        counted = (
            replace(note, references=self.notes[key].mentions)
            for key, note in zip(self.notes, read, strict=True)
        )
        for label, (_, line, column) in self.definitions.items():
            if label not in self.notes:
                self.sheet.tell(UNUSED_NOTE, line, column, label=label[:40])
        return Body(nodes, tuple(counted))

    def _note(
        self, key: Hashable, note: _Note, written: dict[Hashable, dict[str, list[Token]]]
    ) -> Footnote:
        if isinstance(key, str) and key in self.definitions:
            tokens, line, column = self.definitions[key]
            self.tokens, self.at = tokens, 0
            place = self.sheet.place(line, column)
            return Footnote(note.number, note.label, self.until(""), 1, place.line, place.column)
        tokens = written.get(key, {}).get("tokens", [])
        where, shift = self.runs.inline_notes[key]
        children = self.runs.read(tokens, lambda offset: where(offset + shift))
        line, column = where(shift)
        place = self.sheet.place(line, column)
        paragraph = Paragraph(children, place.line, place.column)
        return Footnote(note.number, "", (paragraph,), 1, place.line, max(place.column - 2, 1))

    def until(self, closing: str) -> tuple[Node, ...]:
        """Read nodes up to a closing token, or to the end."""
        nodes: list[Node] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            if token.nesting > 0 and token.level >= parser.DEEPEST - 1:
                self.sheet.tell(TOO_DEEP, *self._spot(token))
            read = _READERS.get(token.type)
            if read is not None:
                nodes.extend(read(self, token))
        return tuple(nodes)

    def run(self, after: int = -1) -> tuple[tuple[Inline, ...], Token]:
        """Read the inline token that comes next."""
        token = self.tokens[self.at]
        self.at += 1
        return self.run_of(token, after), token

    def run_of(self, token: Token, after: int = -1) -> tuple[Inline, ...]:
        """Read one inline token."""
        if not token.children:
            return ()
        line = token.map[0] if token.map else 0
        where = Whereabouts(self.sheet, token, line, after)
        return self.runs.read(token.children, where, where.pipes)

    def _spot(self, token: Token) -> tuple[int, int]:
        """Find the first character of a block token: behind the marks of what it stands in."""
        line = token.map[0] if token.map else 0
        return line, self._column(line, token)

    def _column(self, line: int, token: Token) -> int:
        written = self.sheet.lines[line] if line < len(self.sheet.lines) else ""
        if token.markup and (found := written.find(token.markup)) >= 0:
            return found
        return len(written) - len(written.lstrip(" \t>"))

    # --- one reader a kind of token ---------------------------------------------------

    def paragraph(self, token: Token) -> list[Node]:
        """A paragraph; one that holds nothing but images is figures."""
        children, inline = self.run()
        self.at += 1
        line = token.map[0] if token.map else 0
        if children and _only_images(children):
            return [self._figure(child) for child in children if isinstance(child, Image)]
        for child in children:
            if isinstance(child, Image) and self.runs.sources.get(id(child)):
                spot = self.sheet.spot(child.line, child.column)
                self.sheet.tell(runs.STRAY_ATTRIBUTES, *spot)
        where = Whereabouts(self.sheet, inline, line)(0)
        place = self.sheet.place(*where)
        return [Paragraph(children, place.line, place.column)]

    def _figure(self, image: Image) -> Figure:
        source = self.runs.sources.get(id(image), "")
        return Figure(image.picture, image.alt, image.title, source, image.line, image.column)

    def heading(self, token: Token) -> list[Node]:
        children, _ = self.run()
        self.at += 1
        line, column = self._spot(token)
        if token.markup in {"=", "-"}:
            column = len(self.sheet.lines[line]) - len(self.sheet.lines[line].lstrip(" \t>"))
        place = self.sheet.place(line, column)
        anchor = self.anchors.make(plain(children))
        return [Heading(int(token.tag[1]), children, anchor, place.line, place.column)]

    def items(self, token: Token) -> list[Node]:
        """A list, numbered or not."""
        ordered = token.type == "ordered_list_open"
        closing = token.type.replace("open", "close")
        tight = True
        items: list[tuple[Node, ...]] = []
        while self.tokens[self.at].type != closing:
            self.at += 1
            tight = tight and self._tight()
            items.append(self.until("list_item_close"))
        self.at += 1
        start = token.attrs.get("start", 1)
        place = self.sheet.place(*self._spot(token))
        return [List(tuple(items), ordered, int(start), tight, place.line, place.column)]

    def _tight(self) -> bool:
        """Say whether the item that begins here is set without space between its paragraphs."""
        level = self.tokens[self.at - 1].level
        for token in self.tokens[self.at :]:
            if token.level == level and token.type == "list_item_close":
                break
            if token.level == level + 1 and token.type == "paragraph_open":
                return token.hidden
        return True

    def quotation(self, token: Token) -> list[Node]:
        place = self.sheet.place(*self._spot(token))
        return [BlockQuote(self.until("blockquote_close"), place.line, place.column)]

    def code(self, token: Token) -> list[Node]:
        place = self.sheet.place(*self._spot(token))
        return [CodeBlock(token.content, unescapeAll(token.info.strip()), place.line, place.column)]

    def rule(self, token: Token) -> list[Node]:
        line, _ = self._spot(token)
        written = self.sheet.lines[line]
        place = self.sheet.place(line, len(written) - len(written.lstrip(" \t>")))
        return [Rule(place.line, place.column)]

    def html(self, token: Token) -> list[Node]:
        """Raw HTML is refused; its text is kept so that nothing an editor wrote gets lost."""
        line, column = self._spot(token)
        runs.tell_html(self.sheet, token.content.lstrip(), line, column)
        place = self.sheet.place(line, column)
        text = Text(token.content.strip("\n"), place.line, place.column)
        return [Paragraph((text,), place.line, place.column)]

    def table(self, token: Token) -> list[Node]:
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        align: list[str] = []
        while self.tokens[self.at].type != "table_close":
            inner = self.tokens[self.at]
            self.at += 1
            if inner.type == "tr_open":
                rows.append(self._row(align if not rows else []))
        self.at += 1
        place = self.sheet.place(*self._spot(token))
        return [Table(rows[0], tuple(rows[1:]), tuple(align), place.line, place.column)]

    def _row(self, align: list[str]) -> tuple[tuple[Inline, ...], ...]:
        cells = []
        after = 0
        while self.tokens[self.at].type != "tr_close":
            opening, inline = self.tokens[self.at], self.tokens[self.at + 1]
            self.at += 3
            cells.append(self.run_of(inline, after))
            align.append(str(opening.attrs.get("style", "")).removeprefix("text-align:"))
            if inline.map:
                written = inline.content.replace("|", "\\|")
                found = self.sheet.lines[inline.map[0]].find(written, after)
                after = max(found, after) + len(written)
        self.at += 1
        return tuple(cells)

    def definitions_list(self, token: Token) -> list[Node]:
        entries: list[Definition] = []
        term: tuple[Inline, ...] = ()
        details: list[tuple[Node, ...]] = []
        begin = self.sheet.place(*self._spot(token))
        place = begin
        while True:
            inner = self.tokens[self.at]
            self.at += 1
            if inner.type in {"dt_open", "dl_close"} and details:
                entries.append(Definition(term, tuple(details), place.line, place.column))
                details = []
            if inner.type == "dl_close":
                break
            if inner.type == "dt_open":
                place = self.sheet.place(*self._spot(inner))
                term, _ = self.run()
                self.at += 1
            elif inner.type == "dd_open":
                details.append(self.until("dd_close"))
        return [DefinitionList(tuple(entries), begin.line, begin.column)]

    def block(self, token: Token) -> list[Node]:
        line = token.map[0] if token.map else 0
        column = token.meta["column"]
        attributes = self.rules.enter(token.info, token.meta["pairs"], line, column)
        children = self.until("block_close")
        self.rules.leave()
        if not token.info:
            return list(children)
        place = self.sheet.place(line, column)
        return [Block(token.info, attributes, children, place.line, place.column)]

    def note(self, token: Token) -> list[Node]:
        """Put the text of a footnote aside until it is mentioned."""
        depth, start = 1, self.at
        while depth and self.at < len(self.tokens):
            kind = self.tokens[self.at].type
            depth += (kind == "footnote_reference_open") - (kind == "footnote_reference_close")
            self.at += 1
        line, column = self._spot(token)
        label = str(token.meta["label"])
        if label in self.definitions:
            first = self.sheet.place(self.definitions[label][1]).line
            self.sheet.tell(NOTE_TWICE, line, column, label=label[:40], line=first)
        else:
            self.definitions[label] = (self.tokens[start : self.at - 1], line, column)
        return []


def _only_images(children: tuple[Inline, ...]) -> bool:
    return all(
        isinstance(child, Image) or (isinstance(child, Text) and not child.text.strip())
        for child in children
    ) and any(isinstance(child, Image) for child in children)


_READERS = {
    "paragraph_open": TreeReader.paragraph,
    "heading_open": TreeReader.heading,
    "bullet_list_open": TreeReader.items,
    "ordered_list_open": TreeReader.items,
    "blockquote_open": TreeReader.quotation,
    "fence": TreeReader.code,
    "code_block": TreeReader.code,
    "hr": TreeReader.rule,
    "html_block": TreeReader.html,
    "table_open": TreeReader.table,
    "dl_open": TreeReader.definitions_list,
    "block_open": TreeReader.block,
    "footnote_reference_open": TreeReader.note,
}
