"""A Word file (.docx, ECMA-376) taken apart: styles, runs, links, lists, tables, notes, pictures.

What a reviewer deleted is not text; what one inserted is. An element that is not known here is
gone into, so that its words are not lost. Comments of reviewers and the lines at the head and foot
of the pages are set aside. External entities, document types and references out of the file are
never followed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from publisher.intake.passage import Passage, Shape, Taken, as_markdown
from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox
from publisher.intake.word_parts import Lists, Package, Relations, Styles, W, numbering, small
from publisher.intake.word_runs import BREAK, flat, joined, lines, link, mark, said, symbol

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_V = "{urn:schemas-microsoft-com:vml}"
_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])", re.IGNORECASE)
_FIELD = re.compile(r'^\s*HYPERLINK\s+"([^"]+)"', re.IGNORECASE)
#: What is no text: looks, what was deleted or moved away, the instructions of fields.
_SILENT = frozenset(
    f"{W}{name}"
    for name in (
        "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "del", "moveFrom",
        "delText", "instrText", "delInstrText", "softHyphen", "fldChar",
    )
)  # fmt: skip


def from_docx(data: bytes, name: str = "") -> Taken:
    """Take a Word file apart. Raises Refused for what is no Word file."""
    box = Strongbox(data, name, ".docx")
    if "word/document.xml" not in box.names:
        raise Refused(UNREADABLE, name, form=".docx")
    return _Document(Package(box, name)).read()


class _Document:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.relations: Relations = package.relations("document.xml")
        self.styles, self.lists = Styles(package), Lists(package)
        self.taken = Taken()
        self.last_list: Passage | None = None
        self.in_cell = False
        #: The labels of the notes that are referred to: a number, with an e for an endnote.
        self.notes: set[str] = set()

    def read(self) -> Taken:
        body = self.package.xml("word/document.xml").find(f"{W}body")
        if body is None:
            raise Refused(UNREADABLE, self.package.name, form=".docx")
        self._blocks(body)
        self._notes("footnote", "")
        self._notes("endnote", "e")
        self._aside()
        return self.taken

    def _blocks(self, parent: etree._Element) -> None:
        for element in _children(parent):
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            else:
                self._blocks(element)

    def _paragraph(self, element: etree._Element) -> None:
        pictures: list[Passage] = []
        written = lines(self._runs(element, pictures))
        if written:
            self._add(element, written)
        self.taken.passages.extend(pictures)
        for box in _boxes(element):
            self._blocks(box)

    def _add(self, element: etree._Element, written: str) -> None:
        """Add a paragraph in the shape its style gives it; entries of one list stand together."""
        style = element.find(f"{W}pPr/{W}pStyle")
        key = "" if style is None else style.get(f"{W}val", "")
        passage = self._shaped(self.styles.names.get(key, "") or key, written)
        listed, depth = self._list_of(element, key)
        passages = self.taken.passages
        if passage.shape is not Shape.PARAGRAPH or not listed:
            self.lists.over()
            passages.append(passage)
            return
        if not passages or passages[-1] is not self.last_list:
            self.lists.over()
        line = self.lists.mark(listed, min(small(depth), 8)) + flat(written)
        if passages and passages[-1] is self.last_list:
            line = f"{passages.pop().text}\n{line}"
        self.last_list = Passage(Shape.VERBATIM, line)
        passages.append(self.last_list)

    def _list_of(self, element: etree._Element, style: str) -> tuple[str, str]:
        own = element.find(f"{W}pPr/{W}numPr")
        if own is None:
            return self.styles.list_of(style)
        key, depth = numbering(own)
        # Without a list of its own the level speaks of the style's.
        no_id = own.find(f"{W}numId") is None
        return (self.styles.list_of(style)[0] or "-", depth) if no_id else (key, depth)

    def _shaped(self, style: str, written: str) -> Passage:
        heading = _HEADING.match(style)
        if style.casefold() in ("title", "제목"):
            return Passage(Shape.HEADING, flat(written), level=1)
        if heading:
            return Passage(Shape.HEADING, flat(written), level=min(int(heading[1]) + 1, 6))
        if "quote" in style.casefold() or style in ("인용", "강한 인용"):
            return Passage(Shape.QUOTE, written)
        return Passage(Shape.PARAGRAPH, written)

    def _runs(self, parent: etree._Element, pictures: list[Passage]) -> str:
        """Write what stands in a paragraph, a link or an insertion."""
        pieces: list[tuple[str, str]] = []
        fields: list[tuple[int, str]] = []
        for child in _children(parent):
            if child.tag == f"{W}r":
                self._field(child, pieces, fields)
                pieces.append((mark(child), self._run(child, pictures)))
            elif child.tag == f"{W}hyperlink":
                href = self.relations.links.get(child.get(f"{_R}id", ""), "")
                pieces.append(("", link(href, self._runs(child, pictures))))
            elif child.tag == f"{_M}oMath":
                pieces.append(("", said("".join(t.text or "" for t in child.iter(f"{_M}t")))))
            else:
                pieces.append(("", self._runs(child, pictures)))
        return joined(pieces)

    def _field(
        self, run: etree._Element, pieces: list[tuple[str, str]], fields: list[tuple[int, str]]
    ) -> None:
        """Follow a field from its beginning to its end: older files write their links so."""
        for child in run:
            if child.tag == f"{W}instrText" and fields:
                start, order = fields[-1]
                fields[-1] = (start, order + (child.text or ""))
            elif child.tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                if kind == "begin":
                    fields.append((len(pieces), ""))
                elif kind == "end" and fields:
                    start, order = fields.pop()
                    leads = _FIELD.match(order)
                    if leads and not fields:
                        pieces[start:] = [("", link(leads[1], joined(pieces[start:])))]

    def _run(self, run: etree._Element, pictures: list[Passage]) -> str:
        words: list[str] = []
        for child in _children(run):
            if child.tag == f"{W}t":
                words.append(said(child.text or ""))
            elif child.tag in (f"{W}tab", f"{W}ptab"):
                words.append(" ")
            elif child.tag in (f"{W}br", f"{W}cr"):
                words.append(BREAK)
            elif child.tag == f"{W}noBreakHyphen":
                words.append("-")
            elif child.tag == f"{W}sym":
                words.append(symbol(child.get(f"{W}char", "")))
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                letter = "e" if child.tag == f"{W}endnoteReference" else ""
                label = f"{letter}{small(child.get(f'{W}id', '0'))}"
                self.notes.add(label)
                words.append(f"[^{label}]")
            elif child.tag == f"{W}ruby":
                words.append(self._ruby(child, pictures))
            else:
                words.append(self._drawn(child, pictures))
        return "".join(words)

    def _ruby(self, ruby: etree._Element, pictures: list[Passage]) -> str:
        """Write a word with its reading above it as people write it on one line: 漢字(한자)."""
        base, reading = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
        words = "" if base is None else self._runs(base, pictures)
        above = "" if reading is None else self._runs(reading, pictures).strip()
        return f"{words}({above})" if above else words

    def _drawn(self, element: etree._Element, pictures: list[Passage]) -> str:
        """Take the pictures of a drawing; words drawn as a shape are words."""
        words: list[str] = []
        for one in _shown(element):
            if one.tag == f"{_A}blip":
                self._picture(element, one.get(f"{_R}embed", ""), pictures)
            elif one.tag == f"{_V}imagedata":
                self._picture(element, one.get(f"{_R}id", ""), pictures)
            elif one.tag in (f"{_A}t", f"{W}t"):
                words.append(said(one.text or ""))
            elif one.tag == f"{_V}textpath":
                words.append(said(one.get("string", "")))
        return " ".join(word for word in words if word.strip())

    def _picture(self, element: etree._Element, key: str, pictures: list[Passage]) -> None:
        member = self.relations.media.get(key, "")
        if member not in self.package.box.names:
            return
        name = self._kept(member, self.package.box.read(member))
        drawing = next(element.iter(f"{_WP}docPr"), None)
        shape = next(element.iter(f"{_V}shape"), None)
        alt = drawing.get("descr", "") if drawing is not None else ""
        if not alt and shape is not None:
            alt = shape.get("alt", "")
        alt = unicodedata.normalize("NFC", " ".join(alt.split()))
        pictures.append(Passage(Shape.FIGURE, "", src=name, alt=alt))

    def _kept(self, member: str, data: bytes) -> str:
        """Keep a picture under a name that a file may have; two pictures never share one."""
        plain = unicodedata.normalize("NFC", member.rpartition("/")[2])
        stem = re.sub(r"[^\w.-]+", "-", plain).strip("-.") or "picture"
        name, again = stem, 1
        while self.taken.pictures.get(name, data) != data:
            again += 1
            name = f"{again}-{stem}"
        self.taken.pictures[name] = data
        return name

    def _table(self, element: etree._Element) -> None:
        rows = [
            [self._cell(cell) for cell in _within(row, f"{W}tc")]
            for row in _within(element, f"{W}tr")
        ]
        width = max(map(len, rows), default=0)
        passages = [passage for row in rows for cell in row for passage in cell]
        if width <= 1 or self.in_cell:
            self.taken.passages.extend(passages)
            return
        written = []
        for row in rows:
            cells = [re.sub(r"(?<!\\)\|", r"\\|", _in_cell(cell)) for cell in row]
            written.append("| " + " | ".join(cells + [""] * (width - len(row))) + " |")
        written.insert(1, "|" + " --- |" * width)
        self.taken.passages.append(Passage(Shape.VERBATIM, "\n".join(written)))
        self.taken.passages.extend(p for p in passages if p.shape is Shape.FIGURE)

    def _cell(self, cell: etree._Element) -> list[Passage]:
        """Read a cell; a table inside a cell is read as the paragraphs it holds."""
        around, was_in = self.taken.passages, self.in_cell
        self.taken.passages = []
        self.in_cell = True
        self._blocks(cell)
        inside, self.taken.passages, self.in_cell = self.taken.passages, around, was_in
        return inside

    def _notes(self, kind: str, letter: str) -> None:
        if f"word/{kind}s.xml" not in self.package.box.names:
            return
        self.relations = self.package.relations(f"{kind}s.xml")
        for note in self.package.xml(f"word/{kind}s.xml").iter(f"{W}{kind}"):
            label = f"{letter}{small(note.get(f'{W}id', ''))}"
            if label not in self.notes or note.get(f"{W}type") is not None:
                continue
            inside = [p for p in self._cell(note) if p.shape is not Shape.FIGURE]
            words = "\n\n".join(as_markdown(p) for p in inside).replace("\n", "\n    ")
            words = re.sub(r"[ ]+$", "", words, flags=re.MULTILINE)
            self.taken.passages.append(Passage(Shape.VERBATIM, f"[^{label}]: {words}"))

    def _aside(self) -> None:
        """Set aside what is no text of the article: comments, the head and foot of its pages."""
        kinds = re.compile(r"word/(?:comments|header\d*|footer\d*)\.xml")
        seen: set[str] = set()
        for member in sorted(filter(kinds.fullmatch, self.package.box.names)):
            paragraphs = self.package.xml(member).iter(f"{W}p")
            spoken = (word for p in paragraphs for word in _spoken(p).split())
            words = unicodedata.normalize("NFC", " ".join(spoken))
            if words and words not in seen:
                seen.add(words)
                self.taken.left_out.append(words)


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Give what an element shows: of alternatives the first, and nothing that is no text."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in _SILENT:
            continue
        if child.tag == f"{_MC}AlternateContent":
            yield from child[:1]
        else:
            yield child


def _shown(element: etree._Element) -> Iterator[etree._Element]:
    """Walk what is drawn; the text boxes in it are read as paragraphs by themselves."""
    yield element
    for child in _children(element):
        if child.tag != f"{W}txbxContent":
            yield from _shown(child)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Find the text boxes of a paragraph, not those that lie in one of them."""
    for child in _children(element):
        if child.tag == f"{W}txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _within(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Find the rows of a table or the cells of a row, not those of a table inside."""
    for child in _children(element):
        if child.tag == tag:
            yield child
        elif child.tag != f"{W}tbl":
            yield from _within(child, tag)


def _spoken(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))


def _in_cell(passages: list[Passage]) -> str:
    return flat(" ".join(p.text for p in passages if p.shape is not Shape.FIGURE))
