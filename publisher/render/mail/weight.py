"""Which blocks of a mail cost most; what it may weigh is the checker's to say."""

from __future__ import annotations

from publisher.model.body import Block, Node, plain, runs
from publisher.render.mail.letter import Letter

#: How many blocks are named.
NAMED = 3


def heaviest(letter: Letter) -> tuple[str, ...]:
    """Name the heaviest blocks of the body with their line and kilobytes, the heaviest first."""
    weights = [(node, len(html.encode())) for node, html in letter.weights]
    ranked = sorted(weights, key=lambda pair: (-pair[1], pair[0].line))[:NAMED]
    return tuple(f"{_name(node)} ({node.line}: {octets / 1000:,.1f} KB)" for node, octets in ranked)


def _name(node: Node) -> str:
    if isinstance(node, Block):
        return node.name
    words = " ".join(plain(run) for run in runs(node)).split()
    opening = " ".join(words)[:20]
    return f"{type(node).__name__} “{opening}…”" if opening else type(node).__name__
