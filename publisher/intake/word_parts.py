"""The parts of a Word file beside its text: relations, styles, numbering.

Each part has relations of its own: the links of the footnotes are not those of the document.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BULLETS = ("bullet", "none")


@dataclass(frozen=True, slots=True)
class Relations:
    """Where the links and pictures of one part lead, by their ids."""

    links: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)


class Package:
    """A Word file's parts, read one by one. Raises Refused for what is broken or hostile."""

    def __init__(self, box: Strongbox, name: str) -> None:
        self.box, self.name = box, name

    def xml(self, member: str) -> etree._Element:
        """Read a part as XML: no document type, no entity, nothing from elsewhere."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(self.box.read(member), parser)
        except etree.XMLSyntaxError as fault:
            raise Refused(UNREADABLE, self.name, form=".docx") from fault
        if root.getroottree().docinfo.doctype:
            raise Refused(UNREADABLE, self.name, form=".docx")
        return root

    def relations(self, part: str) -> Relations:
        """Read where a part's links and pictures lead."""
        found = Relations()
        member = f"word/_rels/{part}.rels"
        if member not in self.box.names:
            return found
        for relation in self.xml(member).iter("{*}Relationship"):
            target, kind = relation.get("Target", ""), relation.get("Type", "")
            if kind.endswith("/hyperlink"):
                found.links[relation.get("Id", "")] = target
            elif kind.endswith("/image") and relation.get("TargetMode") != "External":
                inside = posixpath.normpath(posixpath.join("/word", target))
                found.media[relation.get("Id", "")] = inside.lstrip("/")
        return found


class Styles:
    """What the styles of a document are called, and which of them are lists."""

    def __init__(self, package: Package) -> None:
        self.names: dict[str, str] = {}
        self._lists: dict[str, tuple[str, str]] = {}
        self._based: dict[str, str] = {}
        if "word/styles.xml" not in package.box.names:
            return
        for style in package.xml("word/styles.xml").iter(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            self.names[key] = value(style.find(f"{W}name"))
            self._based[key] = value(style.find(f"{W}basedOn"))
            number = style.find(f"{W}pPr/{W}numPr")
            if number is not None:
                self._lists[key] = numbering(number)

    def list_of(self, key: str) -> tuple[str, str]:
        """Give the list and level of a style or of one it is based on; empty for none."""
        for _ in range(12):
            if key in self._lists:
                return self._lists[key]
            key = self._based.get(key, "")
        return "", ""


class Lists:
    """Counts the lists of a document as Word does, and writes each entry's mark."""

    def __init__(self, package: Package) -> None:
        self._formats: dict[tuple[str, int], str] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._widths: dict[int, int] = {}
        if "word/numbering.xml" not in package.box.names:
            return
        root = package.xml("word/numbering.xml")
        kinds: dict[str, dict[int, str]] = {}
        for kind in root.iter(f"{W}abstractNum"):
            levels = kinds.setdefault(kind.get(f"{W}abstractNumId", ""), {})
            for level in kind.iter(f"{W}lvl"):
                depth = small(level.get(f"{W}ilvl", "0"))
                levels[depth] = value(level.find(f"{W}numFmt"))
        for one in root.iter(f"{W}num"):
            key = one.get(f"{W}numId", "")
            for depth, shape in kinds.get(value(one.find(f"{W}abstractNumId")), {}).items():
                self._formats[key, depth] = shape

    def mark(self, key: str, depth: int) -> str:
        """Write the mark of the next entry of a list, indented under the one it belongs to."""
        for level in [at for at in self._widths if at > depth]:
            del self._widths[level]
            self._counts.pop((key, level), None)
        if self._formats.get((key, depth), "bullet") in _BULLETS:
            sign = "- "
        else:
            self._counts[key, depth] = self._counts.get((key, depth), 0) + 1
            sign = f"{self._counts[key, depth]}. "
        indent = sum(width for level, width in self._widths.items() if level < depth)
        self._widths[depth] = len(sign)
        return " " * indent + sign

    def over(self) -> None:
        """Say that other text follows: the next entry lies under none."""
        self._widths.clear()


def numbering(element: etree._Element) -> tuple[str, str]:
    """Read which list a paragraph belongs to, and how deep it lies; list 0 is none."""
    key = value(element.find(f"{W}numId"))
    return ("" if key == "0" else key), value(element.find(f"{W}ilvl"))


def value(element: etree._Element | None) -> str:
    """Give the one value that most elements of Word hold."""
    return "" if element is None else element.get(f"{W}val", "")


def small(number: str) -> int:
    """Read a number that means something only while it is small."""
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) else 0
