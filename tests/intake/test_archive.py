"""Archives of other services become series: dates, names and every word kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publisher import source
from publisher.intake import Refused
from publisher.intake.exports import Archive, Options, Service, archive, handover
from tests.intake.documents import PIXEL, zipped

OPTIONS = Options(url="https://old.example", membership_url="/join/")

GHOST = {
    "db": [
        {
            "data": {
                "posts": [
                    {
                        "id": "b2",
                        "title": "둘째",
                        "slug": "second",
                        "html": "<p>둘째 글이다.</p><!--members-only--><h2>회원에게</h2><p>감춘 글이다.</p>",
                        "status": "published",
                        "visibility": "paid",
                        "published_at": "2026-03-13T08:00:00.000Z",
                        "type": "post",
                    },
                    {
                        "id": "a1",
                        "title": "첫째: 시작",
                        "slug": "first",
                        "html": '<p>첫 글이다.</p><img src="__GHOST_URL__/content/images/2026/03/a b.png" alt="점">',
                        "status": "published",
                        "visibility": "public",
                        "published_at": "2026-03-06T08:00:00.000Z",
                        "custom_excerpt": "부제다",
                        "type": "post",
                    },
                    {"id": "c3", "title": "초고", "html": "<p>아직.</p>", "status": "draft"},
                    {"id": "d4", "title": "소개", "html": "<p>쪽.</p>", "type": "page"},
                ],
                "tags": [{"id": "t1", "name": "AI"}, {"id": "t2", "name": "#internal"}],
                "posts_tags": [
                    {"post_id": "a1", "tag_id": "t1", "sort_order": 0},
                    {"post_id": "a1", "tag_id": "t2", "sort_order": 1},
                ],
                "users": [{"id": "u1", "name": "한서율"}],
                "posts_authors": [{"post_id": "a1", "author_id": "u1"}],
                "settings": [{"key": "title", "value": '옛 "신호"'}],
            }
        }
    ]
}


def _sound(made: Archive, folder: Path) -> source.Scan:
    """Lay an archive on disk and read it as a publication."""
    series = folder / "episodes" / "old"
    series.mkdir(parents=True)
    (series / "series.toml").write_text(made.series_toml, encoding="utf-8")
    for one in made.episodes:
        path = series / one.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(one.text, encoding="utf-8")
        for name, data in one.pictures:
            (path.parent / name).write_bytes(data)
    return source.scan(folder, Path("episodes"), timezone="Asia/Seoul")


def test_a_ghost_export_becomes_a_series(tmp_path: Path) -> None:
    """Numbered by date; draft last; tags, byline, deck, date and the wall kept."""
    made = archive(json.dumps(GHOST).encode(), Service.GHOST, OPTIONS, "ghost.json")

    read = _sound(made, tmp_path)
    assert [(e.number, e.title, str(e.status), str(e.access)) for e in read.episodes] == [
        (1, "첫째: 시작", "ready", "free"),
        (2, "둘째", "ready", "free"),
        (3, "초고", "draft", "free"),
    ]
    first = read.episodes[0]
    assert (first.deck, first.tags, first.byline and first.byline.name) == (
        "부제다", ("AI",), "한서율",
    )  # fmt: skip
    assert str(first.publish_at) == "2026-03-06 17:00:00"
    assert "::: members\n## 회원에게\n\n감춘 글이다.\n:::" in made.episodes[1].text
    assert read.series[0].title == '옛 "신호"'
    assert [note.code for note in made.notes if note.code == "intake/passed-over"]


def test_what_the_ledger_must_know_is_handed_over() -> None:
    """Slot, number and the name feeds knew; drafts are not in it."""
    made = archive(json.dumps(GHOST).encode(), Service.GHOST, OPTIONS)

    rows = json.loads(handover(made, "old"))["imported"]

    assert [(r["number"], r["slot"], r["guid"]) for r in rows] == [
        (1, "2026-03-06T17:00[Asia/Seoul]", "a1"),
        (2, "2026-03-13T17:00[Asia/Seoul]", "b2"),
    ]
    assert rows[0]["url"] == "https://old.example/first/"


def test_images_that_came_along_lie_beside_their_episode(tmp_path: Path) -> None:
    """Under a name that is safe; others stay at their address."""
    whole = json.dumps(GHOST).replace("a b.png", "a.png")
    data = zipped({"data/ghost.json": whole, "data/content/images/2026/03/a.png": PIXEL})

    made = archive(data, Service.GHOST, OPTIONS)

    assert made.episodes[0].name == "01-첫째-시작/index.md"
    assert made.episodes[0].pictures == (("a.png", PIXEL),)
    assert "![점](a.png)" in made.episodes[0].text
    read = _sound(made, tmp_path)
    assert [p for p in read.problems if p.code.startswith("source/picture")] == []


def test_a_substack_export_becomes_a_series(tmp_path: Path) -> None:
    """The table names the letters; its wall parts free from paid."""
    table = (
        "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,podcast_url\n"
        "12.second,2026-03-13T08:00:00.000Z,true,,,newsletter,only_paid,둘째,부제,\n"
        "11.first,2026-03-06T08:00:00.000Z,true,,,newsletter,everyone,첫째,,\n"
        "13.third,2026-03-13T08:00:30.000Z,true,,,newsletter,only_paid,셋째,,\n"
    )
    data = zipped(
        {
            "posts.csv": table,
            "posts/11.first.html": "<p>첫 글이다.</p>",
            "posts/12.second.html": '<p>앞 글이다.</p><div class="paywall-jump" data-x="1"></div><p>뒤 글이다.</p>',
            "posts/13.third.html": "<p>모두 회원에게.</p>",
            "email_list.csv": "email\n",
        }
    )

    made = archive(data, Service.SUBSTACK, OPTIONS, "substack.zip")

    read = _sound(made, tmp_path)
    assert [(e.title, str(e.access)) for e in read.episodes] == [
        ("첫째", "free"), ("둘째", "free"), ("셋째", "members"),
    ]  # fmt: skip
    assert "앞 글이다.\n\n::: members\n뒤 글이다.\n:::" in made.episodes[1].text
    assert made.episodes[0].guid == "https://old.example/p/first"
    # Two letters of one minute: the second is dated a minute later.
    assert [one.slot and one.slot.local.minute for one in made.episodes] == [0, 0, 1]
    assert "intake/same-minute" in [note.code for note in made.notes]


def test_a_buttondown_folder_becomes_a_series(tmp_path: Path) -> None:
    """Front matter names subject and date; the Markdown stays as written."""
    files = {
        "emails/first.md": (
            "---\nsubject: 첫째\nslug: first\npublish_date: 2026-03-06T08:00:00Z\nstatus: sent\n"
            "email_type: premium\n---\n\n**굵은** 글이다.\n"
        ).encode(),
        "emails/next.md": "---\nsubject: 초고\nstatus: draft\n---\n글.\n".encode(),
        "notes.txt": b"x",
    }

    made = archive(files, Service.BUTTONDOWN, OPTIONS, "buttondown")
    again = archive(zipped(files), Service.BUTTONDOWN, OPTIONS, "buttondown.zip")

    read = _sound(made, tmp_path)
    assert [(e.title, str(e.status), str(e.access)) for e in read.episodes] == [
        ("첫째", "ready", "members"), ("초고", "draft", "free"),
    ]  # fmt: skip
    assert made.episodes == again.episodes
    assert made.episodes[0].guid == "https://old.example/archive/first/"
    assert "**굵은** 글이다." in made.episodes[0].text


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>옛 신호</title><description>설명</description>
<item><title>둘째 &lt;b&gt;</title><link>https://old.example/2</link><guid>urn:2</guid>
<pubDate>Fri, 13 Mar 2026 17:00:00 +0900</pubDate><category>AI</category><dc:creator>한서율</dc:creator>
<description>요약</description><content:encoded><![CDATA[<p>둘째 글이다.</p>]]></content:encoded></item>
<item><title>첫째</title><link>https://old.example/1</link><pubDate>Fri, 06 Mar 2026 17:00:00 +0900</pubDate>
<description>&lt;p&gt;첫 글이다.&lt;/p&gt;</description></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>옛 신호</title>
<entry><id>tag:old,1</id><title>첫째</title><link href="https://old.example/1"/><published>2026-03-06T08:00:00Z</published>
<author><name>한서율</name></author><category term="AI"/><content type="html">&lt;p&gt;첫 글이다.&lt;/p&gt;</content></entry></feed>"""


def test_a_feed_becomes_a_series(tmp_path: Path) -> None:
    """RSS and Atom alike: guids, dates, categories and full text."""
    made = archive(RSS.encode(), Service.RSS, OPTIONS, "feed.xml")
    atom = archive(ATOM.encode(), Service.RSS, OPTIONS, "atom.xml")

    read = _sound(made, tmp_path)
    assert [(e.title, e.deck, e.tags) for e in read.episodes] == [
        ("첫째", "", ()), ("둘째 <b>", "요약", ("AI",)),
    ]  # fmt: skip
    assert [one.guid for one in made.episodes] == ["https://old.example/1", "urn:2"]
    assert [(one.guid, one.title) for one in atom.episodes] == [("tag:old,1", "첫째")]
    assert "첫 글이다." in atom.episodes[0].text


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\x01", b"{}", b"[1]", b'{"data": {"posts": 3}}', b"PK\x03\x04", zipped({"a": "b"}),
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss><channel><title>&a;</title></channel></rss>',
        b"[" * 100_000, zipped({"../posts.csv": "a"}),
    ],
)  # fmt: skip
def test_what_is_no_archive_is_refused(service: Service, data: bytes) -> None:
    """Whatever is in it, a clear word and no traceback."""
    with pytest.raises(Refused) as refused:
        archive(data, service, OPTIONS, "a")

    assert refused.value.problem.code in (
        "intake/unreadable", "intake/hostile-name", "intake/nothing-inside",
    )  # fmt: skip


def test_front_matter_of_another_tool_is_taken_over() -> None:
    """Known keys find their place, the others become remarks; an alias is no bomb."""
    from publisher.intake import article
    from publisher.intake.foreign import parted
    from publisher.intake.passage import Form

    text = "---\ntitle: 칩과 강\ndate: 2026-03-06\ntags: [AI, 칩]\nlayout: post\n---\n본문이다.\n"

    made = article(text, Form.MARKDOWN)

    assert made.title == "칩과 강"
    assert "tags: [AI, 칩]" in made.text
    assert "layout: post" in made.text
    assert parted("---\na: &x [1]\nb: *x\n---\n본문") == ({}, "---\na: &x [1]\nb: *x\n---\n본문")


def _ghost(**row: object) -> Archive:
    """Import an export of one letter without its HTML."""
    row = {"id": "1", "title": "제목", "status": "published", "published_at": None, **row}
    whole = {"db": [{"data": {"posts": [row]}}]}
    return archive(json.dumps(whole).encode(), Service.GHOST, Options())


def test_a_ghost_letter_that_is_lexical_alone_keeps_its_paragraphs_and_cards() -> None:
    """Runs of one sentence stay one, and no word of a card is lost."""
    text = [
        {"type": "extended-text", "text": "중국에도 ", "format": 0},
        {"type": "extended-text", "text": "AI", "format": 1},
        {"type": "link", "url": "https://a.example/", "children": [{"type": "text", "text": "가"}]},
    ]
    cards = [
        {"type": "image", "src": "https://a.example/a.png", "alt": "칩", "caption": "<b>캡션</b>"},
        {"type": "callout", "calloutText": "<p>콜아웃</p>"},
        {"type": "toggle", "heading": "토글", "content": "<p>속</p>"},
        {"type": "bookmark", "metadata": {"title": "북마크", "description": "설명"}},
        {"type": "markdown", "markdown": "카드 글"},
        {
            "type": "unheard-of",
            "buttonText": "단추",
            "children": [{"type": "text", "text": "낯선"}],
        },
    ]
    root = {"children": [{"type": "paragraph", "children": text}, *cards]}

    (one,) = _ghost(lexical=json.dumps({"root": root})).episodes

    assert one.text.partition("\n---\n\n")[2].split("\n\n") == [
        "중국에도 **AI**[가](https://a.example/)",
        '![칩](https://a.example/a.png "캡션")',
        *("콜아웃", "토글", "속", "북마크", "설명", "카드 글", "낯선", "단추\n"),
    ]


def test_a_ghost_letter_that_is_mobiledoc_alone_keeps_its_paragraphs_and_cards() -> None:
    """The form of Ghost before 2023."""
    document = {
        "markups": [["strong"]],
        "atoms": [["soft-return", "", {}]],
        "cards": [["markdown", {"markdown": "카드 글"}]],
        "sections": [
            [1, "p", [[0, [], 0, "앞 "], [0, [0], 1, "굵은"], [1, [], 0, 0], [0, [], 0, "뒤"]]],
            [10, 0],
            [10, 7],
            [3, "ul", [[[0, [], 0, "하나"]], [[0, [], 0, "둘"]]]],
        ],
    }

    (one,) = _ghost(mobiledoc=json.dumps(document)).episodes

    assert one.text.partition("\n---\n\n")[2] == "앞 **굵은**\\\n뒤\n\n카드 글\n\n- 하나\n- 둘\n"


@pytest.mark.parametrize("broken", ["[", "7", '{"root": 7}', '{"sections": [7, [1], [10, "a"]]}'])
def test_a_ghost_letter_in_a_broken_form_falls_back_on_its_words(broken: str) -> None:
    """The plain words are there as a rule."""
    (one,) = _ghost(lexical=broken, mobiledoc=broken, plaintext="그래도 글").episodes

    assert one.text.endswith("\n\n그래도 글\n")


def test_a_letter_that_went_out_nobody_knows_when_is_told() -> None:
    """It is a draft, and would otherwise be published a second time or not at all."""
    whole = _ghost(html="<p>글</p>")

    assert whole.episodes[0].slot is None
    assert [note.code for note in whole.notes] == ["intake/no-date"]


def test_the_summary_of_a_feed_is_kept_where_the_text_does_not_say_it() -> None:
    """Marked up or not; the same words twice are no summary."""
    item = (
        "<item><title>{}</title><description>&lt;p&gt;{}&lt;/p&gt;</description>"
        "<content:encoded>&lt;p&gt;본문의 첫 문장.&lt;/p&gt;</content:encoded></item>"
    )
    feed = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>옛 신호</title>'
        f"{item.format('하나', '요약의 말.')}{item.format('둘', '본문의')}"
        f"{item.format('셋', '길다 ' * 120)}</channel></rss>"
    )

    whole = archive(feed.encode(), Service.RSS, Options())

    texts = {one.title: one.text for one in whole.episodes}
    assert "deck: 요약의 말." in texts["하나"]
    assert "deck:" not in texts["둘"]
    assert texts["셋"].count("길다") == 120
