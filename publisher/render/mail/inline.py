"""Styles into elements, once for each edition: what premailer does well, fenced from the rest.

Only the flat sheet is inlined; sheets marked ``data-premailer="ignore"`` pass byte for byte.
Pixel sizes are attributes in the templates already, so the inliner may not guess them.
Four shortcuts make it many times as fast, and letters like those before it never see (the
wardrobe); the tests compare every byte with what it does alone.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from publisher.render.legible import legible
from publisher.render.mail.finding import PLAIN, Index
from publisher.render.mail.wardrobe import Parted, UnknownError, Wardrobe, parted

# The inliner's one knob for its cache is read when it is imported; its default of 128 entries
# is less than one sheet's selectors, so every mail would parse them again.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")  # noqa: TID251 -- set, not read

from premailer import Premailer, premailer

_ELEMENT = re.compile(r"<[a-zA-Z]")
_Sheet = tuple[list[object], list[object]]
#: Sheets kept: one a publication and palette, a few while a desk edits its theme.
_SHEETS = 16
#: Merged styles kept: a sheet comes to some forty.
_STYLES = 1024
_INDEX = Index()
_compiled = premailer._create_cssselector


@lru_cache(maxsize=_STYLES)
def _finder(selector: str) -> Any:
    """Look elements up where a selector is plain; let the inliner compile any other."""
    return _INDEX.finder(selector) or _compiled(selector)


class _Merged:
    """Styles merged before: a letter wears the same few over and over.

    The inliner hands over the same list for the same declarations; each that is part of a key
    is kept alive here, so that no other can take its identity.
    """

    def __init__(self, merge: Callable[..., str]) -> None:
        self._merge = merge
        self._known: dict[tuple[object, ...], tuple[str, list[Any]]] = {}

    def __call__(
        self,
        inline: str,
        styles: list[Any],
        classes: list[str],
        remove_unset_properties: bool = False,
    ) -> str:
        key = (inline, *map(id, styles), *classes, remove_unset_properties)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _STYLES:
                self._known.clear()
            merged = self._merge(inline, styles, classes, remove_unset_properties)
            known = self._known[key] = (merged, styles)
        return known[0]


# Its doors to selectors and styles are functions of its module, unchanged since 2021.
premailer._create_cssselector = _finder
premailer.merge_styles = _Merged(premailer.merge_styles)
premailer.csstext_to_pairs = lru_cache(maxsize=4 * _STYLES)(premailer.csstext_to_pairs)


class _Noted:
    """Takes the place of an element to learn which attributes it would be given."""

    def __init__(self) -> None:
        self.attrib: dict[str, str] = {}


class _Inliner(Premailer):  # type: ignore[misc]  # premailer has no types
    """Premailer that reads a sheet, and what follows from a style, once and not for each mail."""

    _sheets: ClassVar[dict[str, _Sheet]] = {}
    _attributes: ClassVar[dict[str, dict[str, str]]] = {}
    #: Whether what an element wears follows from the tags around it alone.
    plain = True

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> _Sheet:
        # What is read depends on the place of the sheet too: selectors sort by it.
        key = f"{ruleset_index}:{css_body}"
        if key not in self._sheets:
            if len(self._sheets) >= _SHEETS:
                self._sheets.clear()
            self._sheets[key] = super()._parse_style_rules(css_body, ruleset_index)
        rules: Any = self._sheets[key][0]
        self.plain = self.plain and all(PLAIN.fullmatch(selector) for _, selector, _ in rules)
        return self._sheets[key]

    def _style_to_basic_html_attributes(
        self, element: Any, style_content: str, force: bool = False
    ) -> None:
        if not force:
            super()._style_to_basic_html_attributes(element, style_content, force)
            return
        found = self._attributes.get(style_content)
        if found is None:
            if len(self._attributes) >= _STYLES:
                self._attributes.clear()
            noted = _Noted()
            super()._style_to_basic_html_attributes(noted, style_content, force)
            found = self._attributes[style_content] = noted.attrib
        for name, value in found.items():
            element.attrib[name] = value


_wardrobes: dict[tuple[str, str], Wardrobe] = {}


def inlined(html: str) -> str:
    """Move the flat sheet of a legible mail into ``style`` attributes; the result is legible.

    The head keeps the sheets that are marked to be ignored, with their priorities. Nothing is
    fetched. Hangul stays Hangul: the result has no numeric character references.
    """
    if not _ELEMENT.search(html):
        return html  # a template of the publication that writes no element: nothing to dress
    letter = parted(html.strip())
    wardrobe = _wardrobes.get((letter.before, letter.after)) if letter else None
    if letter and wardrobe and wardrobe.sound:
        try:
            return wardrobe.dress(letter)
        except UnknownError:
            pass
    dressed, plain = _dressed(html)
    if letter and plain and (made := parted(dressed)):
        _note(letter, made)
    return dressed


def _note(letter: Parted, made: Parted) -> None:
    head = (letter.before, letter.after)
    if head not in _wardrobes:
        if len(_wardrobes) >= _SHEETS:
            _wardrobes.clear()
        _wardrobes[head] = Wardrobe(made.before, made.after)
    _wardrobes[head].note(letter, made)


def _dressed(html: str) -> tuple[str, bool]:
    """Let the inliner dress a letter; say also whether all its selectors were plain."""
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
        return legible(str(inliner.transform(pretty_print=False))), inliner.plain
    finally:
        _INDEX.forget()
