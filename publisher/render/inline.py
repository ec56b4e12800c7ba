"""Styles into elements, once for each edition: what premailer does well, fenced from the rest.

Only the flat sheet is inlined; sheets marked ``data-premailer="ignore"`` pass byte for byte.
Pixel sizes are attributes in the templates already, so the inliner may not guess them.
"""

from __future__ import annotations

import logging
import os
from typing import ClassVar

# The inliner's one knob for its cache is read when it is imported; its default of 128 entries
# is less than one sheet's selectors, so every mail would parse them again.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")  # noqa: TID251 -- set, not read

from premailer import Premailer

#: Sheets kept: one a publication and palette, a few while a desk edits its theme.
_SHEETS = 16


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that reads a sheet once: it would serialise every rule again for each mail."""

    _read: ClassVar[dict[str, tuple[list[object], list[object]]]] = {}

    def _parse_style_rules(
        self, css_body: str, ruleset_index: int
    ) -> tuple[list[object], list[object]]:
        # Selectors sort by the index of their sheet; there is one flat sheet, so it is always 0.
        if ruleset_index or css_body not in self._read:
            parsed: tuple[list[object], list[object]] = super()._parse_style_rules(
                css_body, ruleset_index
            )
            if ruleset_index:
                return parsed
            if len(self._read) >= _SHEETS:
                self._read.clear()
            self._read[css_body] = parsed
        return self._read[css_body]


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
