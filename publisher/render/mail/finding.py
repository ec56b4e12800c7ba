"""Finding elements by the selectors a flat sheet has: a tag, a class, one inside the other.

A letter's sheet has some eighty selectors. Compiled to XPath each of them walks the whole tree;
here the tree is walked once and they are looked up. Anything less plain is left to whoever
compiles selectors otherwise.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

#: A selector that a flat sheet has.
PLAIN = re.compile(r"(\.?[\w-]+)(?: (\.?[\w-]+))?")
#: Finds the elements of a document, in its order.
Finder = Callable[[Any], list[Any]]


class Index(threading.local):
    """The elements of the document at hand by tag and by ``.class``; one for each thread."""

    def __init__(self) -> None:
        self.root: Any = None
        self.shelves: dict[str, list[Any]] = {}
        #: By element, the tags and classes of all that stands around it.
        self.around: dict[Any, frozenset[str]] = {}

    def of(self, page: Any) -> dict[str, list[Any]]:
        """Index a document, given as a tree or as its root, unless it is the one at hand."""
        root = page.getroot() if hasattr(page, "getroot") else page
        if self.root is not root:
            self.root, self.shelves, self.around = root, {}, {}
            for element in root.iter("*"):  # elements alone, each after the one around it
                names = _names(element.tag, element.get("class"))
                for name in names:
                    self.shelves.setdefault(name, []).append(element)
                parent = element.getparent()
                self.around[element] = (
                    frozenset()
                    if parent is None or parent not in self.around
                    else _joined(self.around[parent], _names(parent.tag, parent.get("class")))
                )
        return self.shelves

    def forget(self) -> None:
        """Let the document go."""
        self.root, self.shelves, self.around = None, {}, {}

    def finder(self, selector: str) -> Finder | None:
        """Give what finds a plain selector's elements; None for one that is not plain."""
        plain = PLAIN.fullmatch(selector)
        if plain is None:
            return None
        first, second = plain.groups()
        if second is None:
            return lambda page: self._named(page, first)
        return lambda page: self._inside(page, first, second)

    def _named(self, page: Any, name: str) -> list[Any]:
        if hasattr(page, "getroot") and not name.startswith("."):
            # A whole tree is asked for its head before anything else, and may yet be given one.
            return list(page.iter(name))
        return self.of(page).get(name, [])

    def _inside(self, page: Any, outer: str, inner: str) -> list[Any]:
        shelves = self.of(page)
        if outer not in shelves:
            return []
        around = self.around
        return [element for element in shelves.get(inner, ()) if outer in around[element]]


@lru_cache(maxsize=1024)
def _names(tag: str, classes: str | None) -> tuple[str, ...]:
    """Give the names that an element stands under."""
    return tuple(dict.fromkeys((tag, *(f".{name}" for name in (classes or "").split()))))


@lru_cache(maxsize=1024)
def _joined(around: frozenset[str], names: tuple[str, ...]) -> frozenset[str]:
    return around.union(names)
