"""Runs of text that mail, page and feed set alike: set once for all three."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from publisher.model.body import Break, Code, Emphasis, Inline, Strikethrough, Strong, Text

Run = tuple[Inline, ...]
#: Runs set lately, by identity: all channels are set from the same tree.
_kept: dict[int, tuple[Run, Markup]] = {}
_MOST = 2000


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
