"""Styles into elements, once for each edition: what premailer does well, fenced from the rest.

Only the flat sheet is inlined; sheets marked ``data-premailer="ignore"`` pass byte for byte.
Pixel sizes are attributes in the templates already, so the inliner may not guess them.
"""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from typing import ClassVar

# The inliner's one knob for its cache is read when it is imported; its default of 128 entries
# is less than one sheet's selectors, so every mail would parse them again.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")  # noqa: TID251 -- set, not read

from premailer import Premailer

_Rules = list[tuple[object, str, str]]
_PLAIN = re.compile(r"[\w. -]+")
_STEP = re.compile(r"(\.?)([\w-]+)")
#: Sheets kept: one a publication and palette, a few while a desk edits its theme.
_SHEETS = 16


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that reads a sheet once, and asks only for what stands in the mail.

    It would serialise every rule of the sheet again for each mail, and search the whole tree
    for each of them; most of a sheet is for blocks that one mail does not have.
    """

    _sheets: ClassVar[dict[str, tuple[_Rules, list[object]]]] = {}

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[_Rules, list[object]]:
        # Selectors sort by the index of their sheet; there is one flat sheet, so it is 0.
        key = f"{ruleset_index}:{css_body}"
        if key not in self._sheets:
            if len(self._sheets) >= _SHEETS:
                self._sheets.clear()
            self._sheets[key] = super()._parse_style_rules(css_body, ruleset_index)
        rules, leftover = self._sheets[key]
        return [rule for rule in rules if all(m in self.html for m in _marks(rule[1]))], leftover


@lru_cache(maxsize=2048)
def _marks(selector: str) -> tuple[str, ...]:
    """Name what must occur in a mail's source wherever a selector can match at all."""
    steps = _STEP.findall(selector) if _PLAIN.fullmatch(selector) else []
    return tuple(name if dot else f"<{name}" for dot, name in steps)


def inlined(html: str) -> str:
    """Move the flat sheet of a mail into ``style`` attributes.

    The head keeps the sheets that are marked to be ignored, with their priorities. Nothing is
    fetched. Hangul stays Hangul: the result has no numeric character references.
    """
    return str(
        _Inliner(
            html,
            strip_important=True,
            keep_style_tags=False,
            remove_classes=False,
            disable_validation=True,
            allow_network=False,
            align_floating_images=False,
            disable_basic_attributes=["width", "height"],
            cssutils_logging_level=logging.CRITICAL,
        ).transform(pretty_print=False)
    )
