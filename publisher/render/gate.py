"""Who may see what: a tree without the sentences that an audience has not paid for.

Every channel is set from what comes out of here, so none can forget the gate: the words
behind it are not in the tree any more, nor in the source text, nor in a footnote.
"""

from __future__ import annotations

from dataclasses import replace

from publisher.model.body import (
    Block,
    BlockQuote,
    Body,
    Definition,
    DefinitionList,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Strikethrough,
    Strong,
    Table,
    inlines,
    plain,
    runs,
    walk,
)
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.alike import nodes_of

MEMBERS = "members"
WALL = "wall"


#: Settings as audiences see them, by identity: every channel of an edition asks for the same.
_seen: dict[tuple[int, Audience], tuple[Setting, Setting]] = {}
_KEPT = 8


def gated(setting: Setting, audience: Audience) -> Setting:
    """Give the setting as an audience may see it.

    Members see all but the calls to become one. For everyone else each ``members`` block
    becomes a ``wall`` block that says how much stands behind it; the whole body does when the
    episode is for members.
    """
    known = _seen.get((id(setting), audience))
    if known is None or known[0] is not setting:
        if len(_seen) >= _KEPT:
            _seen.clear()
        known = _seen[id(setting), audience] = (setting, _gated(setting, audience))
    return known[1]


def _gated(setting: Setting, audience: Audience) -> Setting:
    episode = setting.episode
    if audience is Audience.MEMBERS:
        called = setting.publication.membership_url and any(
            _is_call(node, setting) for node in nodes_of(episode.body)
        )
        if not called:
            return setting
        nodes = tuple(node for node in episode.body.nodes if not _is_call(node, setting))
        return replace(setting, episode=replace(episode, body=replace(episode.body, nodes=nodes)))
    body = open_part(episode.body)
    if episode.access is Audience.MEMBERS:
        body = Body((_wall(episode.body.nodes),)) if episode.body else body
    return replace(
        setting,
        episode=replace(episode, body=body, text=""),
        series=replace(
            setting.series,
            intro=open_part(setting.series.intro),
            footer=open_part(setting.series.footer),
        ),
    )


def is_open(setting: Setting) -> bool:
    """Say whether every audience sees the same tree: nothing is gated, and nobody is called."""
    series, body = setting.series, setting.episode.body
    return (
        setting.episode.access is Audience.FREE
        and all(open_part(part) is part for part in (series.intro, body, series.footer))
        and gated(setting, Audience.MEMBERS) is setting
    )


def open_part(body: Body) -> Body:
    """Cut the ``members`` blocks out of a body, and the footnotes that only they speak of."""
    if not any(map(_is_gated, nodes_of(body))) and not _gated_notes(body):
        return body
    nodes = _open(body.nodes)
    notes = {note.number: replace(note, children=_open(note.children)) for note in body.footnotes}
    kept: dict[int, int] = {}
    _follow(nodes, notes, kept)
    marks = _Marks(kept)
    nodes = marks.in_nodes(nodes)
    footnotes = tuple(
        replace(notes[old], number=new, children=marks.in_nodes(notes[old].children))
        for old, new in kept.items()
    )
    return Body(nodes, tuple(replace(n, references=marks.seen.get(n.number, 0)) for n in footnotes))


def calls_to_membership(setting: Setting) -> bool:
    """Say whether the body asks its reader to become a member: a wall does, and a call may."""
    return any(
        (isinstance(node, Block) and node.name == WALL) or _is_call(node, setting)
        for node in nodes_of(setting.episode.body)
    )


def _is_call(node: Node, setting: Setting) -> bool:
    """Tell a ``cta`` block that leads to membership, written as a path or as a whole address."""
    url = setting.publication.membership_url
    if not url or not isinstance(node, Block) or node.name != "cta":
        return False
    return node.get("href").removeprefix(setting.publication.url) == url.removeprefix(
        setting.publication.url
    )


def has_gate(body: Body) -> bool:
    """Say whether part of a body is for members only."""
    return any(map(_is_gated, nodes_of(body))) or _gated_notes(body)


def _is_gated(node: Node) -> bool:
    return isinstance(node, Block) and node.name == MEMBERS


def _gated_notes(body: Body) -> bool:
    return any(_is_gated(node) for note in body.footnotes for node in walk(note.children))


def _open(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(_open_node(node) for node in nodes)


def _open_node(node: Node) -> Node:
    match node:
        case Block(name="members"):
            return _wall(node.children, node.line, node.column)
        case Block() | BlockQuote():
            return replace(node, children=_open(node.children))
        case List():
            return replace(node, items=tuple(_open(part) for part in node.items))
        case DefinitionList():
            return replace(
                node,
                entries=tuple(
                    replace(e, details=tuple(_open(d) for d in e.details)) for e in node.entries
                ),
            )
        case _:
            return node


def _wall(nodes: tuple[Node, ...], line: int = 0, column: int = 0) -> Block:
    """Say what stands behind: how many characters, headings and pictures, and not which."""
    behind = tuple(walk(nodes))
    characters = sum(
        1 for node in behind for run in runs(node) for mark in plain(run) if not mark.isspace()
    )
    headings = sum(isinstance(node, Heading) for node in behind)
    figures = sum(isinstance(node, Figure) for node in behind)
    counts = (("characters", characters), ("headings", headings), ("figures", figures))
    return Block(WALL, tuple((name, str(count)) for name, count in counts), (), line, column)


def _follow(nodes: tuple[Node, ...], notes: dict[int, Footnote], kept: dict[int, int]) -> None:
    """Number the footnotes anew in order of first mention, those within footnotes too."""
    fresh: list[int] = []
    for node in walk(nodes):
        for run in runs(node):
            for mark in inlines(run):
                if not isinstance(mark, FootnoteReference) or mark.number not in notes:
                    continue
                if mark.number not in kept:
                    kept[mark.number] = len(kept) + 1
                    fresh.append(mark.number)
    for number in fresh:
        _follow(notes[number].children, notes, kept)


class _Marks:
    """Rewrites footnote marks to their new numbers and counts them again."""

    def __init__(self, kept: dict[int, int]) -> None:
        self.kept = kept
        self.seen: dict[int, int] = {}

    def in_nodes(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(self._in_node(node) for node in nodes)

    def _in_node(self, node: Node) -> Node:
        match node:
            case Paragraph() | Heading():
                return replace(node, children=self._in_run(node.children))
            case Block() | BlockQuote():
                return replace(node, children=self.in_nodes(node.children))
            case List():
                return replace(node, items=tuple(self.in_nodes(part) for part in node.items))
            case Table():
                head = tuple(self._in_run(cell) for cell in node.head)
                rows = tuple(tuple(self._in_run(cell) for cell in row) for row in node.rows)
                return replace(node, head=head, rows=rows)
            case DefinitionList():
                return replace(node, entries=tuple(self._in_entry(e) for e in node.entries))
            case _:
                return node

    def _in_entry(self, entry: Definition) -> Definition:
        term = self._in_run(entry.term)
        return replace(entry, term=term, details=tuple(self.in_nodes(d) for d in entry.details))

    def _in_run(self, run: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(one for inline in run for one in self._in_inline(inline))

    def _in_inline(self, inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case FootnoteReference():
                new = self.kept.get(inline.number)
                if new is None:
                    return ()
                self.seen[new] = self.seen.get(new, 0) + 1
                return (replace(inline, number=new, occurrence=self.seen[new]),)
            case Emphasis() | Strong() | Strikethrough() | Link():
                return (replace(inline, children=self._in_run(inline.children)),)
            case _:
                return (inline,)
