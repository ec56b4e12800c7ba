"""The tree as plain text, written for people who read mail without pictures or styles.

Links are numbered and listed at the end; footnotes too, as ``[주1]``. Lines are wrapped by
display columns. Blocks come from ``templates/blocks/NAME.txt.j2``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from publisher.model.body import (
    Block,
    BlockQuote,
    Body,
    Break,
    Code,
    CodeBlock,
    DefinitionList,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Image,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Rule,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.address import Channel, link
from publisher.render.columns import WIDTH, centred, columns, padded, prefixed, wrapped
from publisher.render.html import Attributes, outline
from publisher.render.legible import legible
from publisher.render.theme import Templates
from publisher.render.words import Voice


@dataclass
class Scribe:
    """Writes bodies of one episode as text and remembers the links to list at the end.

    ``setting`` must have passed the gate. Raises TemplateFault as the HTML walker does.
    """

    setting: Setting
    audience: Audience
    templates: Templates
    links: list[str] = field(default_factory=list)
    notes: list[Footnote] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)

    @property
    def voice(self) -> Voice:
        return Voice(self.setting.series.language)

    def body(self, body: Body) -> str:
        """Write the nodes of a body; its footnotes wait for ``endnotes``."""
        self.levels |= outline(body)
        offset = len(self.notes)
        self.notes += body.footnotes
        self._offset = offset
        return self.nodes(body.nodes)

    _offset: int = 0

    def nodes(self, nodes: Iterable[Node]) -> str:
        """Write a run of block nodes with an empty line between them."""
        written = (_WRITERS[type(node)](self, node) for node in nodes)
        return "\n\n".join(part for part in written if part.strip())

    def endnotes(self) -> str:
        """Write the footnotes of all bodies so far, in order."""
        parts = []
        for number, note in enumerate(self.notes, 1):
            parts.append(_hung(self.nodes(note.children), f"{self._noted(number)} "))
        return "\n".join(parts)

    def addresses(self) -> str:
        """List the links by number, each on a line of its own, never broken."""
        return "\n".join(f"[{number}] {href}" for number, href in enumerate(self.links, 1))

    # --- blocks ---------------------------------------------------------------------

    def paragraph(self, node: Paragraph) -> str:
        return wrapped(self.run(node.children))

    def heading(self, node: Heading) -> str:
        words = self.run(node.children).replace("\n", " ")
        if self.levels.get(node.anchor, 2) > 2:
            return wrapped(words, first="· ", rest="  ")
        under = min(WIDTH, columns(words))
        return f"{wrapped(words)}\n{'=' * under}"

    def list(self, node: List) -> str:
        marks = [f"{node.start + at}. " if node.ordered else "- " for at in range(len(node.items))]
        between = "\n" if node.tight else "\n\n"
        return between.join(
            _hung(self._entry(item, node.tight), mark)
            for item, mark in zip(node.items, marks, strict=True)
        )

    def _entry(self, nodes: tuple[Node, ...], tight: bool) -> str:
        if not tight:
            return self.nodes(nodes)
        return "\n".join(_WRITERS[type(node)](self, node) for node in nodes)

    def quotation(self, node: BlockQuote) -> str:
        return prefixed(self.nodes(node.children), "> ")

    def code_block(self, node: CodeBlock) -> str:
        return prefixed(legible(node.text).rstrip("\n"), "    ")

    def rule(self, _node: Rule) -> str:
        return centred("* * *")

    def table(self, node: Table) -> str:
        """Write a table in columns when it fits, and as one record a row when it does not."""
        head = [self.run(cell) for cell in node.head]
        rows = [[self.run(cell) for cell in row] for row in node.rows]
        widths = [max(columns(cell) for cell in column) for column in zip(head, *rows, strict=True)]
        if sum(widths) + 3 * (len(widths) - 1) > WIDTH:
            records = (
                "\n".join(
                    wrapped(f"{name}: {cell}", first="  ", rest="    ")
                    for name, cell in zip(head, row, strict=True)
                )
                for row in rows
            )
            return "\n\n".join(records)
        lines = [
            " | ".join(padded(*cell) for cell in zip(row, widths, node.align, strict=True)).rstrip()
            for row in [head, *rows]
        ]
        return "\n".join([lines[0], "-+-".join("-" * wide for wide in widths), *lines[1:]])

    def definitions(self, node: DefinitionList) -> str:
        parts = []
        for entry in node.entries:
            details = "\n".join(prefixed(self.nodes(detail), "  ") for detail in entry.details)
            parts.append(f"{wrapped(self.run(entry.term))}\n{details}")
        return "\n\n".join(parts)

    def figure(self, node: Figure) -> str:
        say = self.voice.say
        parts = [say("[Picture: {alt}]", alt=legible(node.alt))] if node.alt else []
        under = [legible(node.caption)] if node.caption else []
        if node.source:
            source = say("Source: {source}", source=legible(node.source))
            under.append(f"({source})")
        return wrapped("\n".join([*parts, *([" ".join(under)] if under else [])]))

    def block(self, node: Block) -> str:
        """Write a fenced block through its template."""
        context = {
            **self.context(),
            "block": node,
            "attributes": Attributes(node.attributes),
            "content": self.nodes(node.children),
        }
        return self.templates.fill(f"blocks/{node.name}.txt.j2", context).strip("\n")

    def context(self) -> dict[str, object]:
        """Give what every text template is told."""
        return {
            "channel": Channel.TEXT.value,
            "audience": self.audience.value,
            "setting": self.setting,
            "publication": self.setting.publication,
            "series": self.setting.series,
            "episode": self.setting.episode,
            "inline": self.run,
            "nodes": self.nodes,
            "link": self.link,
            **self.voice.words(),
        }

    # --- inline ---------------------------------------------------------------------

    def run(self, run: tuple[Inline, ...]) -> str:
        """Write a run of inline text; soft breaks are spaces, hard ones line breaks."""
        return "".join(self._inline(inline) for inline in run)

    def link(self, href: str) -> str:
        """Resolve an address; empty when it must not be followed."""
        return link(href, self.setting, Channel.TEXT)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text():
                return legible(inline.text).replace("\n", " ")
            case Emphasis() | Strong():
                return self.run(inline.children)
            case Strikethrough():
                return f"~{self.run(inline.children)}~"
            case Code():
                return legible(inline.text)
            case Break():
                return "\n"
            case Link():
                return self._link(inline)
            case FootnoteReference():
                return self._noted(self._offset + inline.number)
            case Image():
                alt = legible(inline.alt)
                return self.voice.say("[Picture: {alt}]", alt=alt) if alt else ""

    def _noted(self, number: int) -> str:
        return self.voice.say("[note {number}]", number=number)

    def _link(self, node: Link) -> str:
        href, words = self.link(node.href), self.run(node.children)
        if not href or words in {href, node.href, node.href.removeprefix("mailto:")}:
            return words
        if href not in self.links:
            self.links.append(href)
        return f"{words}[{self.links.index(href) + 1}]"


def _hung(text: str, mark: str) -> str:
    """Hang a mark before the first line and indent the others by its width."""
    indented = prefixed(text, " " * columns(mark))
    return mark + indented[columns(mark) :]


_WRITERS: dict[type, Callable[..., str]] = {
    Paragraph: Scribe.paragraph,
    Heading: Scribe.heading,
    List: Scribe.list,
    BlockQuote: Scribe.quotation,
    CodeBlock: Scribe.code_block,
    Rule: Scribe.rule,
    Table: Scribe.table,
    DefinitionList: Scribe.definitions,
    Figure: Scribe.figure,
    Block: Scribe.block,
}
