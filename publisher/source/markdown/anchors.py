"""Anchors of headings: readable in Hangul, fit for a URL, one of a kind in an episode."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_GAPS = re.compile(r"[^\w]+", re.UNICODE)


@dataclass(slots=True)
class Anchors:
    """Hands out anchors and remembers which are taken."""

    taken: dict[str, int] = field(default_factory=dict)

    def make(self, title: str) -> str:
        """Make an anchor from a heading’s words; a second one of the same words gets ``-2``."""
        base = _GAPS.sub("-", title.casefold()).strip("-_")[:80].rstrip("-_") or "section"
        anchor = base
        count = self.taken.get(base, 0)
        while anchor in self.taken or count == 0:
            count += 1
            anchor = base if count == 1 else f"{base}-{count}"
            if anchor not in self.taken:
                break
        self.taken[base] = count
        self.taken.setdefault(anchor, 1)
        return anchor
