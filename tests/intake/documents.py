"""Word files and zips, made by hand so that each test shows what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "00000002000154a24f5f0000000049454e44ae426082"
)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Make a zip of files by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in files.items():
            box.writestr(name, content)
    return data.getvalue()


def docx(body: str, **members: str | bytes) -> bytes:
    """Make a Word file around the content of its body; further members by name."""
    document = (
        f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f"<w:body>{body}</w:body></w:document>"
    )
    styles = f'<w:styles xmlns:w="{W}">' + "".join(
        f'<w:style w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in (("a0", "Title"), ("1", "heading 1"), ("a7", "Quote"))
    ) + "</w:styles>"  # fmt: skip
    return zipped({"word/document.xml": document, "word/styles.xml": styles, **members})


def p(text: str, style: str = "") -> str:
    """Make a paragraph of runs, or of one plain text."""
    inside = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>"
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{inside}</w:p>"


def relations(*rows: tuple[str, str, str]) -> str:
    """Make the relations of a document: id, kind, target."""
    inside = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>'
        for key, kind, target in rows
    )
    return f'<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'
