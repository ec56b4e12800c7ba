"""Finding elements by the selectors a flat sheet has: a tag, a class, one inside the other.

A letter's sheet has some eighty selectors. Compiled to XPath each of them walks the whole tree;
here the tree is walked once and they are looked up. Anything less plain is left to whoever
compiles selectors otherwise.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

_PLAIN = re.compile(r"(\.?[\w-]+)(?: (\.?[\w-]+))?")
#: Finds the elements of a document, in its order.
Finder = Callable[[Any], list[Any]]


class Index(threading.local):
    """The elements of the document at hand by tag and by ``.class``; one for each thread."""

    def __init__(self) -> None:
        self.page: Any = None
        self.shelves: dict[str, list[Any]] = {}

    def of(self, page: Any) -> dict[str, list[Any]]:
        """Index a document, unless it is the one at hand."""
        if self.page is not page:
            self.page, self.shelves = page, {}
            for element in page.iter():
                if isinstance(element.tag, str):
                    names = (f".{name}" for name in (element.get("class") or "").split())
                    for name in dict.fromkeys((element.tag, *names)):
                        self.shelves.setdefault(name, []).append(element)
        return self.shelves

    def forget(self) -> None:
        """Let the document go."""
        self.page, self.shelves = None, {}

    def finder(self, selector: str) -> Finder | None:
        """Give what finds a plain selector's elements; None for one that is not plain."""
        plain = _PLAIN.fullmatch(selector)
        if plain is None:
            return None
        first, second = plain.groups()
        if second is None:
            return lambda page: self.of(page).get(first, [])
        return lambda page: self._inside(page, first, second)

    def _inside(self, page: Any, outer: str, inner: str) -> list[Any]:
        shelves = self.of(page)
        around = {id(element) for element in shelves.get(outer, ())}
        if not around:
            return []
        return [
            element
            for element in shelves.get(inner, ())
            if any(id(ancestor) in around for ancestor in element.iterancestors())
        ]
