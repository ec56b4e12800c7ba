"""What a mail may weigh: Gmail cuts it off near 102 KB, and the way to leave stands at its end.

Whether Gmail counts the HTML or its base64 is disputed, so both have a limit. Editors are told
kilobytes, of 1,000 octets each.
"""

from __future__ import annotations

#: Octets of decoded HTML that ask for attention, and that stop a release.
HEAVY, TOO_HEAVY = 80_000, 100_000
#: Octets of the HTML part as it travels, in base64 with its line ends, that ask for attention.
TRAVELLING = 102_000


def travelling(octets: int) -> int:
    """Count the octets of a base64 part of so many octets: lines of 76 and their CRLF."""
    encoded = (octets + 2) // 3 * 4
    return encoded + -(-encoded // 76) * 2


def is_heavy(octets: int) -> bool:
    """Say whether so many octets of HTML are worth a word, decoded or as they travel."""
    return octets >= HEAVY or travelling(octets) > TRAVELLING


def kilobytes(octets: int) -> str:
    """Say a weight as editors read it, to a tenth of a kilobyte: ``104.2``."""
    return f"{octets / 1000:,.1f}"
