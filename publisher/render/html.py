"""The tree as HTML: one walker for mail, page and feed; blocks come from templates.

What differs between the channels: a page has ids, classes and paths of its own site; a mail has
classes that the inliner turns into styles, and pixel sizes on every image; a feed is plain
semantic HTML, since readers strip the rest. Headings are levelled so that the title is the
only ``h1`` and no level is skipped. Long because it is one walk: a node set elsewhere would be
a node that some channel forgets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

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
    Picture,
    Rule,
    Strikethrough,
    Strong,
    Table,
    Text,
    plain,
)
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.address import Channel, link, permalink, picture_address
from publisher.render.alike import nodes_of, once, safe
from publisher.render.legible import legible
from publisher.render.plain_html import plain_html
from publisher.render.showable import is_showable
from publisher.render.theme import Templates
from publisher.render.words import Voice

#: Width of the text column of a mail in CSS pixels.
COLUMN = 544
_HAN = re.compile("[\u3400-\u9fff]|[\uf900-\ufaff]")


def text(words: str) -> Markup:
    """Escape plain characters for HTML; characters that must not leave are dropped."""
    return escape(legible(words))


def body_html(
    body: Body,
    channel: Channel,
    setting: Setting,
    audience: Audience,
    templates: Templates,
    prefix: str = "",
) -> Markup:
    """Set a body, its footnotes after it. ``setting`` must have passed the gate.

    ``prefix`` keeps the anchors of a series' intro apart from those of the episode.
    Raises TemplateFault when a block's template cannot be filled.
    """
    return Walker(channel, setting, audience, templates, prefix).body(body)


class Attributes(dict[str, str]):
    """What an editor wrote in the braces of a block; what is not written reads as empty."""

    def __missing__(self, key: str) -> str:
        return ""


@dataclass
class Walker:
    """Walks one body in one channel. ``weights`` holds what each block came to."""

    channel: Channel
    setting: Setting
    audience: Audience
    templates: Templates
    prefix: str = ""
    levels: dict[str, int] = field(default_factory=dict)
    weights: list[tuple[Node, str]] = field(default_factory=list)

    @property
    def styled(self) -> bool:
        """Say whether classes mean anything in this channel."""
        return self.channel is not Channel.FEED

    def body(self, body: Body) -> Markup:
        """Set the nodes of a body and then its footnotes."""
        self.levels |= outline(body)
        parts = []
        for node in body.nodes:
            html = self.node(node)
            self.weights.append((node, html))
            parts.append(html)
        return _lines([*parts, self.footnotes(body.footnotes)])

    # --- blocks ---------------------------------------------------------------------

    def nodes(self, nodes: Iterable[Node]) -> Markup:
        """Set a run of block nodes, each on a line of its own."""
        return _lines(self.node(node) for node in nodes)

    def node(self, node: Node) -> Markup:
        """Set one block node."""
        return _SETTERS[type(node)](self, node)

    def tag(self, name: str, content: Markup, css: str = "", **attributes: str) -> Markup:
        """Write one element around HTML; classes only where they mean something.

        Called for every mark of a text, hence plain strings; attributes are escaped here.
        """
        opening = f"<{name}"
        if css and self.styled:
            opening += f' class="{css}"'
        for key, value in attributes.items():
            if value:
                opening += f' {key.replace("_", "-")}="{escape(value)}"'
        return safe(f"{opening}>{content}</{name}>")

    def paragraph(self, node: Paragraph) -> Markup:
        return self.tag("p", self.run(node.children))

    def heading(self, node: Heading) -> Markup:
        level = self.levels.get(node.anchor, 2)
        css = "hanja" if _HAN.search(plain(node.children)) else ""
        name = self.prefix + node.anchor if self.channel is Channel.PAGE else ""
        return self.tag(f"h{level}", self.run(node.children), css, id=name)

    def list(self, node: List) -> Markup:
        entries = [self.tag("li", self._entry(part, node.tight)) for part in node.items]
        start = str(node.start) if node.ordered and node.start != 1 else ""
        return self.tag("ol" if node.ordered else "ul", _apart(entries), start=start)

    def _entry(self, nodes: tuple[Node, ...], tight: bool) -> Markup:
        if not tight:
            return self.nodes(nodes)
        return _lines(
            self.run(n.children) if isinstance(n, Paragraph) else self.node(n) for n in nodes
        )

    def quotation(self, node: BlockQuote) -> Markup:
        return self.tag("blockquote", _apart([self.nodes(node.children)]))

    def code_block(self, node: CodeBlock) -> Markup:
        return self.tag("pre", self.tag("code", text(node.text)))

    def rule(self, _node: Rule) -> Markup:
        return Markup("<hr>")

    def table(self, node: Table) -> Markup:
        head = self._row("th", node.head, node.align)
        rows = [self._row("td", row, node.align) for row in node.rows]
        return self.tag(
            "table",
            _apart([self.tag("thead", head), self.tag("tbody", _apart(rows))]),
            "data",
        )

    def _row(
        self, name: str, cells: tuple[tuple[Inline, ...], ...], align: tuple[str, ...]
    ) -> Markup:
        scope = "col" if name == "th" else ""
        set_ = [
            self.tag(name, self.run(cell), side if side in {"right", "center"} else "", scope=scope)
            for cell, side in zip(cells, align + ("",) * len(cells), strict=False)
        ]
        return self.tag("tr", Markup("").join(set_))

    def definitions(self, node: DefinitionList) -> Markup:
        rows = []
        for entry in node.entries:
            rows.append(self.tag("dt", self.run(entry.term)))
            rows += [
                self.tag("dd", self._entry(part, tight=len(part) == 1)) for part in entry.details
            ]
        return self.tag("dl", _apart(rows))

    def figure(self, node: Figure) -> Markup:
        """Set a picture with its caption, and its source after it."""
        parts = [text(node.caption)] if node.caption else []
        if node.source:
            source = text(self.voice.say("Source: {source}", source=node.source))
            parts.append(self.tag("span", source, "source") if self.styled else source)
        between = Markup(" ") if self.channel is Channel.PAGE else Markup(" · ")
        caption = between.join(parts)
        lines = [self.picture(node.picture, node.alt)]
        if self.channel is Channel.MAIL:
            if not lines[0].startswith("<img"):
                lines[0] = self.tag("p", lines[0], "caption")
            # Webmail turns figure into something else, or keeps its browser margins.
            lines += [self.tag("p", caption, "caption")] if caption else []
            return self.tag("div", _apart(lines), "figure")
        lines += [self.tag("figcaption", caption)] if caption else []
        return self.tag("figure", _apart(lines))

    def picture(self, picture: Picture, alt: str, css: str = "") -> Markup:
        """Set an image; the alternative text stands alone when there is no picture to show."""
        address = picture_address(self.setting, picture, self.channel)
        if not address:
            return self.tag("em", text(alt)) if alt else Markup("")
        width, height = picture.width or 0, picture.height or 0
        if self.channel is Channel.MAIL:
            if not is_showable(picture):
                return self._elsewhere(address, alt)
            width, height = fitted(width, height)
        attributes = Markup('src="{}" alt="{}"').format(address, legible(alt))
        if css and self.styled:
            attributes = Markup('class="{}" ').format(css) + attributes
        if width:
            attributes += Markup(' width="{}"').format(width)
        if height:
            attributes += Markup(' height="{}"').format(height)
        if self.channel is Channel.MAIL:
            # The sheet makes images as wide as their cell, or a phone's cell as wide as them.
            attributes += Markup(' style="max-width:{}px"').format(width)
        if self.channel is Channel.PAGE:
            attributes += Markup(' loading="lazy" decoding="async"')
        return Markup("<img {}>").format(attributes)

    def _elsewhere(self, address: str, alt: str) -> Markup:
        """Link to a picture that inboxes cannot show."""
        words = self.voice.say("Picture: {alt}", alt=alt) if alt else self.voice.say("Picture")
        return self.tag("a", text(words), href=address)

    def block(self, node: Block) -> Markup:
        """Set a fenced block through its template."""
        context = {
            **self.context(),
            "block": node,
            "attributes": Attributes(node.attributes),
            "content": self.nodes(node.children),
        }
        filled = self.templates.fill(f"blocks/{node.name}.html.j2", context)
        if not self.styled:
            return plain_html(filled)
        return Markup(filled.strip())  # noqa: S704 -- the template escaped it

    def context(self) -> dict[str, object]:
        """Give what every template of this walk is told."""
        return {
            "channel": self.channel.value,
            "audience": self.audience.value,
            "setting": self.setting,
            "publication": self.setting.publication,
            "series": self.setting.series,
            "episode": self.setting.episode,
            "theme": self.setting.publication.theme,
            "inline": self.run,
            "nodes": self.nodes,
            "link": self.link,
            "picture": self.picture,
            **self.voice.words(),
        }

    # --- inline ---------------------------------------------------------------------

    def run(self, run: tuple[Inline, ...]) -> Markup:
        """Set a run of inline text."""
        return once(run, lambda run: safe("".join(map(self._inline, run))))

    def link(self, href: str) -> str:
        """Resolve an address for this channel; empty when it must not be followed."""
        return link(href, self.setting, self.channel)

    @property
    def voice(self) -> Voice:
        """Speak the language of the series."""
        return Voice(self.setting.series.language)

    def _inline(self, inline: Inline) -> Markup:
        match inline:
            case Text():
                return text(inline.text)
            case Emphasis():
                return self.tag("em", self.run(inline.children))
            case Strong():
                return self.tag("strong", self.run(inline.children))
            case Strikethrough():
                return self.tag("del", self.run(inline.children))
            case Code():
                return self.tag("code", text(inline.text))
            case Break():
                return Markup("<br>\n")
            case Link():
                return self._link(inline)
            case FootnoteReference():
                return self._mark(inline)
            case Image():
                return self.picture(inline.picture, inline.alt, "inline")

    def _link(self, node: Link) -> Markup:
        href = self.link(node.href)
        words = self.run(node.children)
        return self.tag("a", words, href=href, title=legible(node.title)) if href else words

    def _mark(self, node: FootnoteReference) -> Markup:
        if self.channel is Channel.MAIL:
            # Half of all mail apps do nothing on a link within the mail: a number it is.
            return self.tag("sup", text(str(node.number)), "mark")
        anchor = f"{self.prefix}fnref-{node.number}"
        if node.occurrence > 1:
            anchor += f"-{node.occurrence}"
        target = f"#{self.prefix}fn-{node.number}"
        if self.channel is Channel.FEED:
            target, anchor = permalink(self.setting) + target, ""
        label = self.voice.say("Footnote {number}", number=node.number) if anchor else ""
        mark = self.tag("a", text(str(node.number)), href=target, id=anchor, aria_label=label)
        return self.tag("sup", mark)

    # --- footnotes ------------------------------------------------------------------

    def footnotes(self, notes: tuple[Footnote, ...]) -> Markup:
        """Set the footnotes as a list after a hairline; on a page each has its way back."""
        if not notes:
            return Markup("")
        entries = [self._footnote(note) for note in notes]
        listed = self.tag("ol", _apart(entries), "footnotes")
        title = self.voice.say("Footnotes")
        if self.channel is Channel.FEED:
            return _lines([self.tag("p", self.tag("strong", text(title))), listed])
        return _lines([self.tag("p", text(title), "label footnotes-label"), listed])

    def _footnote(self, note: Footnote) -> Markup:
        words = self._entry(note.children, tight=len(note.children) == 1)
        if self.channel is not Channel.PAGE:
            return self.tag("li", words)
        back = [self._way_back(note.number, count) for count in range(1, note.references + 1)]
        return self.tag("li", words + Markup("").join(back), id=f"{self.prefix}fn-{note.number}")

    def _way_back(self, number: int, count: int) -> Markup:
        anchor = f"#{self.prefix}fnref-{number}" + (f"-{count}" if count > 1 else "")
        label = self.voice.say("Back to the text of footnote {number}", number=number)
        # A space that does not break, or the arrow stands alone; and no emoji, as telephones draw it.
        arrow = Markup("↩\ufe0e")
        return Markup("\u00a0") + self.tag("a", arrow, "back", href=anchor, aria_label=label)


def fitted(width: int, height: int, column: int = COLUMN) -> tuple[int, int]:
    """Scale pixel sizes to the text column."""
    if width <= column:
        return width, height
    return column, max(1, round(height * column / width))


def outline(body: Body) -> dict[str, int]:
    """Level the headings of a body by anchor: they begin at 2 and never skip a level."""
    levels: dict[str, int] = {}
    above: list[int] = []
    for node in nodes_of(body):
        if isinstance(node, Heading):
            while above and above[-1] >= node.level:
                above.pop()
            above.append(node.level)
            levels[node.anchor] = min(len(above) + 1, 6)
    return levels


def _lines(parts: Iterable[Markup]) -> Markup:
    """Set parts on lines of their own."""
    return safe("\n".join(parts))


def _apart(parts: Iterable[Markup]) -> Markup:
    """Set parts on lines of their own, apart from the tags around them."""
    return safe("\n{}\n".format("\n".join(parts)))


_SETTERS: dict[type, Callable[..., Markup]] = {
    Paragraph: Walker.paragraph,
    Heading: Walker.heading,
    List: Walker.list,
    BlockQuote: Walker.quotation,
    CodeBlock: Walker.code_block,
    Rule: Walker.rule,
    Table: Walker.table,
    DefinitionList: Walker.definitions,
    Figure: Walker.figure,
    Block: Walker.block,
}
