"""What a mail weighs: Gmail cuts it off near 102 KB, and the way to leave stands at its end."""

from __future__ import annotations

from publisher.model.body import Block, Node, plain, runs
from publisher.model.problem import Fault, Problem, Severity
from publisher.model.setting import Setting
from publisher.render.mail.letter import Letter

#: Octets of decoded HTML that ask for attention, and that stop a release.
HEAVY, TOO_HEAVY = 80_000, 100_000
#: Octets of the HTML part as it travels, in base64 with its line ends.
TRAVELLING = 102_000
#: How many blocks are named.
NAMED = 3

HEAVY_MAIL = Fault(
    "render/heavy-mail",
    Severity.WARNING,
    "The mail's HTML weighs {octets} octets; Gmail cuts it off above about 100,000. Heaviest: {blocks}.",
    "Shorten the parts that weigh most, or let the mail end early and link to the page.",
)
CLIPPED_MAIL = Fault(
    "render/clipped-mail",
    Severity.ERROR,
    "The mail's HTML weighs {octets} octets; Gmail would cut it off and hide the way to leave. Heaviest: {blocks}.",
    "Shorten the parts that weigh most, or split the episode in two.",
)
HEAVY_ON_THE_WIRE = Fault(
    "render/heavy-part",
    Severity.WARNING,
    "The mail's HTML part weighs {octets} octets as it travels; some receivers cut it off above 102,000. Heaviest: {blocks}.",
    "Shorten the parts that weigh most.",
)


def travelling(octets: int) -> int:
    """Count the octets of a base64 part of so many octets: lines of 76 and their CRLF."""
    encoded = (octets + 2) // 3 * 4
    return encoded + -(-encoded // 76) * 2


def problems(letter: Letter, setting: Setting) -> tuple[Problem, ...]:
    """Weigh the HTML of a letter and name the blocks that cost most."""
    octets = len(letter.html.encode())
    found = []
    for fault, weight, limit in (
        (CLIPPED_MAIL, octets, TOO_HEAVY),
        (HEAVY_MAIL, octets if octets < TOO_HEAVY else 0, HEAVY),
        (HEAVY_ON_THE_WIRE, travelling(octets), TRAVELLING + 1),
    ):
        if weight >= limit:
            details = {"octets": f"{weight:,}", "blocks": ", ".join(heaviest(letter))}
            found.append(fault.at(setting.episode.place("title"), **details))
    return tuple(found)


def heaviest(letter: Letter) -> tuple[str, ...]:
    """Name the heaviest blocks of the body with their line and octets, the heaviest first."""
    ranked = sorted(letter.weights, key=lambda pair: (-pair[1], pair[0].line))[:NAMED]
    return tuple(f"{_name(node)} ({node.line}: {octets:,})" for node, octets in ranked)


def _name(node: Node) -> str:
    if isinstance(node, Block):
        return node.name
    words = " ".join(plain(run) for run in runs(node)).split()
    opening = " ".join(words)[:20]
    return f"{type(node).__name__} “{opening}…”" if opening else type(node).__name__
