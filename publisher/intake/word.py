"""A Word file (.docx, ECMA-376) taken apart: styles, runs, links, lists, tables, notes, pictures.

What a reviewer deleted is not text; what one inserted is. Comments of reviewers are left out and
named. External entities, document types and references out of the file are never followed.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from publisher.intake.passage import Passage, Shape, Taken, address, escape, escape_start
from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])", re.IGNORECASE)


def from_docx(data: bytes, name: str = "") -> Taken:
    """Take a Word file apart. Raises Refused for what is no Word file."""
    box = Strongbox(data, name, ".docx")
    if "word/document.xml" not in box.names:
        raise Refused(UNREADABLE, name, form=".docx")
    return _Document(box, name).read()


class _Document:
    def __init__(self, box: Strongbox, name: str) -> None:
        self.box, self.name = box, name
        self.links: dict[str, str] = {}
        self.media: dict[str, str] = {}
        self.styles = self._style_names()
        self.taken = Taken()
        self.notes: list[str] = []
        self._relations()

    def read(self) -> Taken:
        body = self._xml("word/document.xml").find(f"{_W}body")
        if body is None:
            raise Refused(UNREADABLE, self.name, form=".docx")
        self._blocks(body)
        self._footnotes()
        if "word/comments.xml" in self.box.names:
            words = " ".join(" ".join(self._xml("word/comments.xml").itertext()).split())
            if words:
                self.taken.left_out.append(unicodedata.normalize("NFC", words))
        return self.taken

    def _xml(self, member: str) -> etree._Element:
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

    def _style_names(self) -> dict[str, str]:
        if "word/styles.xml" not in self.box.names:
            return {}
        found = {}
        for style in self._xml("word/styles.xml").iter(f"{_W}style"):
            label = style.find(f"{_W}name")
            found[style.get(f"{_W}styleId", "")] = (
                "" if label is None else label.get(f"{_W}val", "")
            )
        return found

    def _relations(self) -> None:
        member = "word/_rels/document.xml.rels"
        if member not in self.box.names:
            return
        for relation in self._xml(member):
            target, kind = relation.get("Target", ""), relation.get("Type", "")
            if kind.endswith("/hyperlink"):
                self.links[relation.get("Id", "")] = target
            elif kind.endswith("/image") and relation.get("TargetMode") != "External":
                self.media[relation.get("Id", "")] = f"word/{target}".replace(
                    "word//word/", "word/"
                )

    def _blocks(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == f"{_W}p":
                self._paragraph(element)
            elif element.tag == f"{_W}tbl":
                self._table(element)
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                self._blocks(element)

    def _paragraph(self, element: etree._Element) -> None:
        style = self._style(element)
        pictures: list[Passage] = []
        written = _lines(self._runs(element, pictures))
        if written:
            self.taken.passages.append(self._shaped(element, style, written))
        self.taken.passages.extend(pictures)
        for box in element.iter(f"{_W}txbxContent"):
            if not any(a.tag == f"{_MC}Fallback" for a in box.iterancestors()):
                self._blocks(box)

    def _style(self, element: etree._Element) -> str:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        key = "" if style is None else style.get(f"{_W}val", "")
        return self.styles.get(key, "") or key

    def _shaped(self, element: etree._Element, style: str, written: str) -> Passage:
        heading = _HEADING.match(style)
        flat = " ".join(written.replace("\\\n", " ").split())
        if style.casefold() in ("title", "제목"):
            return Passage(Shape.HEADING, flat, level=1)
        if heading:
            return Passage(Shape.HEADING, flat, level=min(int(heading[1]) + 1, 6))
        if "quote" in style.casefold() or style in ("인용", "강한 인용"):
            return Passage(Shape.QUOTE, written)
        if element.find(f"{_W}pPr/{_W}numPr") is not None:
            level = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
            depth = 0 if level is None else _small(level.get(f"{_W}val", "0"))
            return Passage(Shape.VERBATIM, "  " * depth + "- " + flat)
        return Passage(Shape.PARAGRAPH, written)

    def _runs(self, parent: etree._Element, pictures: list[Passage]) -> str:
        """Write what stands in a paragraph, a link or an insertion."""
        pieces: list[tuple[str, str]] = []
        for child in parent:
            if child.tag == f"{_W}r":
                pieces.append((_mark(child), self._run(child, pictures)))
            elif child.tag == f"{_W}hyperlink":
                words = self._runs(child, pictures)
                href = self.links.get(child.get(f"{_R}id", ""), "")
                pieces.append(("", _link(href, words)))
            elif child.tag in (
                f"{_W}ins", f"{_W}smartTag", f"{_W}sdt", f"{_W}sdtContent", f"{_W}moveTo",
                f"{_W}fldSimple", f"{_W}customXml", f"{_W}dir", f"{_W}bdo",
            ):  # fmt: skip
                pieces.append(("", self._runs(child, pictures)))
        return _joined(pieces)

    def _run(self, run: etree._Element, pictures: list[Passage]) -> str:
        words: list[str] = []
        for child in run:
            if child.tag == f"{_W}t":
                words.append(_said(child.text or ""))
            elif child.tag in (f"{_W}tab", f"{_W}ptab"):
                words.append(" ")
            elif child.tag in (f"{_W}br", f"{_W}cr"):
                words.append("\\\n")
            elif child.tag == f"{_W}noBreakHyphen":
                words.append("-")
            elif child.tag == f"{_W}footnoteReference":
                words.append(f"[^{_small(child.get(f'{_W}id', '0'))}]")
                self.notes.append(child.get(f"{_W}id", "0"))
            else:
                self._pictures(child, pictures)
        return "".join(words)

    def _pictures(self, element: etree._Element, pictures: list[Passage]) -> None:
        for blip in element.iter(f"{_A}blip"):
            member = self.media.get(blip.get(f"{_R}embed", ""), "")
            if member not in self.box.names:
                continue
            name = re.sub(r"[^A-Za-z0-9._-]", "-", member.rpartition("/")[2])
            self.taken.pictures[name] = self.box.read(member)
            said = next(element.iter(f"{_WP}docPr"), None)
            alt = "" if said is None else " ".join(said.get("descr", "").split())
            pictures.append(
                Passage(Shape.FIGURE, "", src=name, alt=unicodedata.normalize("NFC", alt))
            )

    def _table(self, element: etree._Element) -> None:
        rows = []
        for row in element.iter(f"{_W}tr"):
            cells = []
            for cell in row.iter(f"{_W}tc"):
                pictures: list[Passage] = []
                words = [self._runs(p, pictures) for p in cell.iter(f"{_W}p")]
                self.taken.passages.extend(pictures)
                flat = " ".join(" ".join(words).replace("\\\n", " ").split())
                cells.append(re.sub(r"(?<!\\)\|", r"\\|", flat))
            rows.append(cells)
        width = max(map(len, rows), default=0)
        if width == 0:
            return
        if width == 1:
            for (cell,) in (row for row in rows if row and row[0]):
                self.taken.passages.append(Passage(Shape.PARAGRAPH, escape_start(cell)))
            return
        lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        self.taken.passages.append(Passage(Shape.VERBATIM, "\n".join(lines)))

    def _footnotes(self) -> None:
        if not self.notes or "word/footnotes.xml" not in self.box.names:
            return
        for note in self._xml("word/footnotes.xml").iter(f"{_W}footnote"):
            number = note.get(f"{_W}id", "")
            if number not in self.notes:
                continue
            pieces = [_lines(self._runs(p, [])) for p in note.iter(f"{_W}p")]
            words = "\n\n    ".join(piece for piece in pieces if piece)
            self.taken.passages.append(Passage(Shape.VERBATIM, f"[^{_small(number)}]: {words}"))


def _said(text: str) -> str:
    clean = "".join(c if unicodedata.category(c) != "Cc" else " " for c in text)
    return escape(unicodedata.normalize("NFC", clean))


def _small(number: str) -> int:
    return int(number) if number.isdigit() and len(number) < 7 else 0


def _mark(run: etree._Element) -> str:
    """Say which Markdown marks a run's look asks for."""

    def is_on(name: str) -> bool:
        found = run.find(f"{_W}rPr/{_W}{name}")
        return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "none")

    bold, italic = is_on("b"), is_on("i")
    return "***" if bold and italic else "**" if bold else "*" if italic else ""


def _joined(pieces: list[tuple[str, str]]) -> str:
    """Join runs; neighbours of one look share their marks, which stand tight around words."""
    merged: list[tuple[str, str]] = []
    for mark, words in pieces:
        if merged and merged[-1][0] == mark:
            merged[-1] = (mark, merged[-1][1] + words)
        else:
            merged.append((mark, words))
    written = []
    for mark, words in merged:
        inner = words.strip()
        if not mark or not inner or "\n" in inner:
            written.append(words)
            continue
        start = words[: len(words) - len(words.lstrip())]
        stop = words[len(words.rstrip()) :]
        written.append(f"{start}{mark}{inner}{mark}{stop}")
    return "".join(written)


def _link(href: str, words: str) -> str:
    if not words.strip() or not re.match(r"(?:https?://|mailto:)", href, re.IGNORECASE):
        return words
    return f"[{words.strip()}]({address(href)})" + (" " if words != words.rstrip() else "")


def _lines(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\\\n")]
    return "\n\n".join(
        "\\\n".join(escape_start(line) for line in group) for group in _groups(lines)
    )


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
