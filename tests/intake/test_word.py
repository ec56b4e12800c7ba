"""Word files: their words in order, nothing followed, nothing unpacked."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.intake import Refused, article
from publisher.intake.draft import tally
from publisher.intake.passage import Form
from tests.intake.documents import PIXEL, W, docx, p, relations, zipped

RUNS = (
    "<w:r><w:rPr><w:b/></w:rPr><w:t>굵은</w:t></w:r>"
    '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> 말 </w:t></w:r>'
    '<w:r><w:t>옆에 </w:t></w:r><w:hyperlink r:id="rId1"><w:r><w:t>고리</w:t></w:r></w:hyperlink>'
    "<w:del><w:r><w:delText>지운 말</w:delText></w:r></w:del>"
    "<w:ins><w:r><w:t>, 넣은 말</w:t></w:r></w:ins>"
    '<w:r><w:footnoteReference w:id="2"/></w:r>'
)


def test_a_word_file_becomes_an_episode() -> None:
    """Styles, runs, links, insertions, footnotes, tables and pictures are read."""
    drawing = (
        '<w:r><w:drawing><wp:docPr descr="작은 점"/><a:blip r:embed="rId2"/></w:drawing></w:r>'
    )
    cells = "".join(f"<w:tc>{p(t)}</w:tc>" for t in ("가|나", "다"))
    body = (
        p("3화 칩과 강", "a0") + p(drawing) + p("점 하나. 출처: 느린 신호") + p("소제목", "1")
        + p(RUNS) + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        + '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr><w:r><w:t>항목</w:t></w:r></w:p>'
    )  # fmt: skip
    note = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{p("각주의 말")}</w:footnote></w:footnotes>'
    members: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": relations(
            ("rId1", "hyperlink", "https://example.com/a"),
            ("rId2", "image", "media/image1.png"),
        ),
        "word/media/image1.png": PIXEL,
        "word/footnotes.xml": note,
    }
    data = docx(body, **members)

    made = article(data, Form.DOCX)

    assert (made.number, made.title) == (3, "칩과 강")
    assert made.pictures == (("image1.png", PIXEL),)
    assert (
        "cover: {src: image1.png, alt: 작은 점, caption: 점 하나., source: 느린 신호}" in made.text
    )
    assert (
        "## 소제목\n\n**굵은 말** 옆에 [고리](https://example.com/a), 넣은 말[^2]\n\n"
        "| 가\\|나 | 다 |\n| --- | --- |\n\n  - 항목\n\n[^2]: 각주의 말\n"
    ) in made.text
    assert "지운 말" not in made.text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_word_of_a_word_file_is_dropped(paragraphs: list[str]) -> None:
    """Whatever the paragraphs hold."""
    try:
        made = article(docx("".join(p(escape(t)) for t in paragraphs)), Form.DOCX)
    except Refused:
        assert not tally(" ".join(paragraphs))
        return
    said = tally(unicodedata.normalize("NFC", "\n".join(paragraphs)))
    assert said - tally(made.text) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 no zip",
        b"",
        zipped({"other.txt": "a"}),
        zipped({"word/document.xml": "<not closed"}),
        zipped({"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}),
        zipped({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}),
    ],
)
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    """Broken zips, broken XML and document types, each with a clear word."""
    with pytest.raises(Refused) as refused:
        article(data, Form.DOCX, name="a.docx")

    assert refused.value.problem.code == "intake/unreadable"
    assert refused.value.problem.place.path == "a.docx"


def test_an_external_entity_is_not_followed() -> None:
    """No file of this machine gets into an episode."""
    xml = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'

    with pytest.raises(Refused):
        article(zipped({"word/document.xml": xml}), Form.DOCX)


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    """Forty kilobytes that would become forty megabytes."""
    with pytest.raises(Refused) as refused:
        article(zipped({"word/document.xml": b" " * (40 * 2**20)}), Form.DOCX)

    assert refused.value.problem.code == "intake/too-large"


@pytest.mark.parametrize("name", ["../a.xml", "/a.xml", "a/../../b", "C:\\a", "a\\..\\b", "a\nb"])
def test_a_zip_with_a_name_that_climbs_out_is_refused(name: str) -> None:
    """Nothing is unpacked, and still such a file is not trusted."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as box:
        box.writestr("word/document.xml", "<x/>")
        box.writestr(zipfile.ZipInfo(name), "x")

    with pytest.raises(Refused) as refused:
        article(data.getvalue(), Form.DOCX)

    assert refused.value.problem.code == "intake/hostile-name"
