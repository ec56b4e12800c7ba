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
from tests.intake.documents import PIXEL, R, W, docx, p, relations, zipped

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
        "| 가\\|나 | 다 |\n| --- | --- |\n\n- 항목\n\n[^2]: 각주의 말\n"
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


def made_of(body: str, **members: str | bytes) -> str:
    """Make an episode of a title and a body, and give its text."""
    return article(docx(p("칩과 강", "a0") + body, **members), Form.DOCX).text


def notes(kind: str, inside: str) -> str:
    """Make the footnotes or endnotes part, with the separator that Word always writes."""
    return (
        f'<w:{kind}s xmlns:w="{W}" xmlns:r="{R}"><w:{kind} w:type="separator" w:id="2">'
        f'<w:p/></w:{kind}><w:{kind} w:id="3">{inside}</w:{kind}></w:{kind}s>'
    )


def test_a_reading_above_a_word_is_kept() -> None:
    """Ruby, which Korean Word calls a phonetic guide: both the word and its reading."""
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>한자</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>를 읽다</w:t></w:r>"
    )

    assert made_of(p(ruby)).endswith("\n\n漢字(한자)를 읽다\n")


def test_words_in_a_formula_a_control_and_an_unknown_element_are_kept() -> None:
    """What is not known is gone into."""
    maths = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>수식</m:t></m:r></m:oMath>'
    strange = "<w:unheard><w:r><w:t> 낯선 말</w:t></w:r></w:unheard>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('상자 속 말')}</w:sdtContent></w:sdt>"
    moved = "<w:moveFrom><w:r><w:t>떠난 말</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>온 말</w:t></w:r></w:moveTo>"

    assert made_of(p(maths + strange + "<w:r><w:t>.</w:t></w:r>") + control + p(moved)).endswith(
        "\n\n수식 낯선 말.\n\n상자 속 말\n\n온 말\n"
    )


def test_endnotes_are_kept_beside_footnotes_with_links_of_their_own() -> None:
    """The links of a note are told in the relations of its part, under the same ids."""
    runs = (
        '<w:hyperlink r:id="rId1"><w:r><w:t>글</w:t></w:r></w:hyperlink>'
        '<w:r><w:footnoteReference w:id="3"/></w:r><w:r><w:endnoteReference w:id="3"/></w:r>'
    )
    linked = p('<w:hyperlink r:id="rId1"><w:r><w:t>각주 출처</w:t></w:r></w:hyperlink>')
    text = made_of(
        p(runs),
        **{
            "word/_rels/document.xml.rels": relations(("rId1", "hyperlink", "https://a.example/")),
            "word/_rels/footnotes.xml.rels": relations(("rId1", "hyperlink", "https://b.example/")),
            "word/footnotes.xml": notes("footnote", linked),
            "word/endnotes.xml": notes("endnote", p("미주의 말") + p("둘째 문단")),
        },
    )

    assert text.endswith(
        "\n\n[글](https://a.example/)[^3][^e3]\n\n[^3]: [각주 출처](https://b.example/)\n\n"
        "[^e3]: 미주의 말\n\n    둘째 문단\n"
    )


def test_a_table_in_a_table_and_a_text_box_in_a_cell_are_written_once() -> None:
    """Each word as often as it stands there."""
    inner = f"<w:tbl><w:tr><w:tc>{p('속')}</w:tc><w:tc>{p('안')}</w:tc></w:tr></w:tbl>"
    words = "<w:txbxContent><w:p><w:r><w:t>글상자</w:t></w:r></w:p></w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice>{words}</mc:Choice>"
        f"<mc:Fallback>{words}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    table = f"<w:tbl><w:tr><w:tc>{p('가')}</w:tc><w:tc>{inner}{p(box)}</w:tc></w:tr></w:tbl>"

    assert made_of(table).endswith("\n\n| 가 | 속 안 글상자 |\n| --- | --- |\n")


def test_lists_are_bulleted_or_numbered_as_they_were_and_stand_together() -> None:
    """Also where the style makes the list."""

    def entry(text: str, number: str, depth: int = 0) -> str:
        look = f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        return f"<w:p>{look}<w:r><w:t>{text}</w:t></w:r></w:p>"

    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:lvl w:ilvl="0"><w:numFmt w:val="{shape}"/></w:lvl></w:abstractNum>'
        for key, shape in (("10", "bullet"), ("11", "decimal"))
    )
    numbers = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{kind}"/></w:num>'
        for key, kind in (("1", "10"), ("2", "11"))
    )
    body = (
        entry("첫째", "2") + entry("속", "1", 1) + entry("둘째", "2") + p("사이") + entry("점", "1")
        + entry("목록 아님", "0") + p("스타일 항목", "a9")
    )  # fmt: skip
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="a0"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="a8"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="a9"><w:name w:val="List"/><w:basedOn w:val="a8"/></w:style></w:styles>'
    )
    members: dict[str, str | bytes] = {
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{kinds}{numbers}</w:numbering>',
        "word/styles.xml": styles,
    }

    assert made_of(body, **members).endswith(
        "\n\n1. 첫째\n   - 속\n2. 둘째\n\n사이\n\n- 점\n\n목록 아님\n\n- 스타일 항목\n"
    )


def test_a_link_written_as_a_field_keeps_its_address() -> None:
    """Older Word, and some that write its files, link by an instruction between marks."""
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText> HYPERLINK "https://a.example/x" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>기사</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>를 보라</w:t></w:r>'
    )

    assert made_of(p(runs)).endswith("\n\n[기사](https://a.example/x)를 보라\n")


def test_an_older_picture_with_a_korean_name_is_kept() -> None:
    """VML names its picture by another attribute; its file keeps its letters."""
    runs = '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape alt="점"><v:imagedata r:id="rId1"/></v:shape></w:pict></w:r>'
    members: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": relations(("rId1", "image", "media/그림 1.png")),
        "word/media/그림 1.png": PIXEL,
    }
    data = docx(p("제목", "a0") + p("말") + p(runs), **members)

    made = article(data, Form.DOCX)

    assert made.pictures == (("그림-1.png", PIXEL),)
    assert made.text.endswith("\n\n![점](그림-1.png)\n")


def test_the_head_of_the_pages_and_comments_are_set_aside() -> None:
    """They are no text of the article; they are named, not lost."""
    header = f'<w:hdr xmlns:w="{W}">{p("머리글의 말")}</w:hdr>'
    comments = f'<w:comments xmlns:w="{W}"><w:comment>{p("여기 확인")}</w:comment></w:comments>'
    members: dict[str, str | bytes] = {
        "word/header1.xml": header,
        "word/header2.xml": header,
        "word/comments.xml": comments,
    }
    data = docx(p("제목", "a0") + p("말"), **members)

    assert article(data, Form.DOCX).left_out == ("여기 확인", "머리글의 말")


def test_marks_that_nobody_sees_are_taken_out_of_words() -> None:
    """Soft hyphens and spaces of no width, which pages and typesetters leave in words."""
    text = made_of(p("반도\u00ad체와\u200b\ufeff 칩") + p("\u200b"))

    assert text.endswith("\n---\n\n반도체와 칩\n")
