"""Styles into elements, once for each edition: what premailer does well, fenced from the rest.

Only the flat sheet is inlined; sheets marked ``data-premailer="ignore"`` pass byte for byte.
Pixel sizes are attributes in the templates already, so the inliner may not guess them.
Two shortcuts make it four times as fast; the tests compare every byte with what it does alone.
"""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from typing import Any, ClassVar

from publisher.render.mail.finding import Index

# The inliner's one knob for its cache is read when it is imported; its default of 128 entries
# is less than one sheet's selectors, so every mail would parse them again.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")  # noqa: TID251 -- set, not read

from premailer import Premailer, premailer

_ELEMENT = re.compile(r"<[a-zA-Z]")
_Sheet = tuple[list[object], list[object]]
#: Sheets kept: one a publication and palette, a few while a desk edits its theme.
_SHEETS = 16
_INDEX = Index()
_compiled = premailer._create_cssselector


def _finder(selector: str) -> Any:
    """Look elements up where a selector is plain; let the inliner compile any other."""
    return _INDEX.finder(selector) or _compiled(selector)


# Its one door to selectors is a function of its module, and it has been unchanged since 2021.
premailer._create_cssselector = _finder


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that reads a sheet once: it would serialise every rule again for each mail."""

    _sheets: ClassVar[dict[str, _Sheet]] = {}

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> _Sheet:
        # What is read depends on the place of the sheet too: selectors sort by it.
        key = f"{ruleset_index}:{css_body}"
        if key not in self._sheets:
            if len(self._sheets) >= _SHEETS:
                self._sheets.clear()
            self._sheets[key] = super()._parse_style_rules(css_body, ruleset_index)
        return self._sheets[key]


@lru_cache(maxsize=2)
def inlined(html: str) -> str:
    """Move the flat sheet of a mail into ``style`` attributes.

    The head keeps the sheets that are marked to be ignored, with their priorities. Nothing is
    fetched. Hangul stays Hangul: the result has no numeric character references.
    """
    if not _ELEMENT.search(html):
        return html  # a template of the publication that writes no element: nothing to dress
    inliner = _Inliner(
        html,
        strip_important=True,
        keep_style_tags=False,
        remove_classes=False,
        disable_validation=True,
        allow_network=False,
        align_floating_images=False,
        disable_basic_attributes=["width", "height"],
        cssutils_logging_level=logging.CRITICAL,
    )
    try:
        return str(inliner.transform(pretty_print=False))
    finally:
        _INDEX.forget()
