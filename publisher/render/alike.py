"""What mail, page and feed have in common: runs of text set once for all three, trees walked once."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from publisher.model.body import (
    Body,
    Break,
    Code,
    Emphasis,
    Inline,
    Node,
    Strikethrough,
    Strong,
    Text,
    walk,
)

Run = tuple[Inline, ...]
#: Runs set lately, by identity: all channels are set from the same tree.
_kept: dict[int, tuple[Run, Markup]] = {}
_MOST = 2000
#: Bodies walked lately, by identity: a dozen questions are asked of every node of an episode.
_walked: dict[int, tuple[Body, tuple[Node, ...]]] = {}
_FEW = 16


def nodes_of(body: Body) -> tuple[Node, ...]:
    """Give every block node of a body in reading order, parents before children."""
    known = _walked.get(id(body))
    if known is None or known[0] is not body:
        if len(_walked) >= _FEW:
            _walked.clear()
        known = _walked[id(body)] = (body, tuple(walk(body.nodes)))
    return known[1]


def safe(html: str) -> Markup:
    """Take over HTML that a walker has set; Markup itself would ask first what it is given."""
    return str.__new__(Markup, html)


def once(run: Run, make: Callable[[Run], Markup]) -> Markup:
    """Set a run, or give what another channel made of it."""
    known = _kept.get(id(run))
    if known is not None and known[0] is run:
        return known[1]
    html = make(run)
    if _is_alike(run):
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[id(run)] = (run, html)
    return html


def _is_alike(run: Run) -> bool:
    """Say whether no link, note or picture is in a run: those have another form in each channel."""
    for inline in run:
        match inline:
            case Text() | Code() | Break():
                pass
            case Emphasis() | Strong() | Strikethrough():
                if not _is_alike(inline.children):
                    return False
            case _:
                return False
    return True
