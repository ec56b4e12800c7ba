"""Style sheets that travel in a mail: read by hand, since a repaired sheet proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One rule with the at-rules around it, outermost first."""

    selector: str
    body: str
    around: tuple[str, ...]

    @property
    def is_dark(self) -> bool:
        return any("prefers-color-scheme" in at and "dark" in at for at in self.around)

    @property
    def is_narrow(self) -> bool:
        return any("width" in at and at.startswith("@media") for at in self.around)


@lru_cache(maxsize=16)
def is_balanced(css: str) -> bool:
    """Say whether every brace is closed, and none that was never opened."""
    depth = 0
    for brace in re.findall(r"[{}]", _COMMENT.sub("", css)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@lru_cache(maxsize=16)
def rules(css: str) -> tuple[StyleRule, ...]:
    """Give every rule of a sheet; stops where the braces do."""
    return tuple(_rules(css))


def _rules(css: str) -> Iterator[StyleRule]:
    css = _COMMENT.sub("", css)
    around: list[str] = []
    start = 0
    for brace in re.finditer(r"[{}]", css):
        inside = css[start : brace.start()]
        start = brace.end()
        if brace.group() == "{":
            # What ends in a semicolon before a selector is @import or @charset.
            around.append(" ".join(inside.rpartition(";")[2].split()))
        elif around:
            selector = around.pop()
            if inside.strip():
                yield StyleRule(selector, inside.strip(), tuple(around))


@lru_cache(maxsize=16)
def has_nested_media(css: str) -> bool:
    """Say whether a media query stands inside another, which Gmail drops with all the rest."""
    depth = 0
    media: list[int] = []
    for found in re.finditer(r"@media[^{;]*|[{}]", _COMMENT.sub("", css)):
        text = found.group()
        if text.startswith("@"):
            if media:
                return True
            media.append(depth)
        elif text == "{":
            depth += 1
        else:
            depth -= 1
            if media and depth <= media[-1]:
                media.pop()
    return False
