"""A folder of files becomes series, episodes and problems; nothing is skipped in silence."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

from publisher.model.body import Paragraph, Strong, Text
from publisher.model.episode import Audience, Byline, Kind, Status
from tests.source.publication import EPISODE, SERIES, only, publication, read, told, write


def test_one_file_dropped_into_a_series_is_an_episode(tmp_path: Path) -> None:
    found = publication(tmp_path, {"01-china.md": EPISODE})

    episode = only(found)
    assert found.problems == ()
    assert (episode.series, episode.number, episode.slug) == ("ai", 1, "china")
    assert (episode.title, episode.status) == ("제목", Status.READY)
    assert episode.body.nodes == (Paragraph((Text("본문", 5, 1),), 5, 1),)
    assert episode.path == "episodes/ai/01-china.md"


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    front = """\
---
title: 중국에도 AI가 있다
deck: 한 줄 부제
status: ready
byline: 편집부 에디터 <editor@slow-signal.example>
tags: [AI, #테크, '#중국']
access: members
publish_at: 2026-03-06 17:00
subject: 메일 제목
preheader: 미리보기 문구
summary: 요약
teaser: 예고
cover: {src: "https://slow-signal.example/c.png", alt: 표지, caption: 설명, source: 출처}
kind: ad
approved: sha256:SUM
corrections:
  - {date: 2026-03-09, text: 숫자를 고쳤다}
allow:
  tags/variant: 이름이 원래 그렇다
---
본문
""".replace("SUM", "0" * 64)

    found = publication(tmp_path, {"01-china.md": front})

    episode = only(found)
    assert found.problems == ()
    assert episode.byline == Byline("편집부 에디터", "editor@slow-signal.example")
    assert episode.tags == ("AI", "테크", "중국")
    assert episode.access is Audience.MEMBERS
    assert episode.publish_at == datetime(2026, 3, 6, 17, 0)
    assert (episode.subject, episode.preheader) == ("메일 제목", "미리보기 문구")
    assert (episode.summary, episode.teaser, episode.deck) == ("요약", "예고", "한 줄 부제")
    assert episode.cover is not None
    assert (episode.cover.alt, episode.cover.caption, episode.cover.source) == (
        "표지",
        "설명",
        "출처",
    )
    assert episode.kind is Kind.AD
    assert episode.approved == "sha256:" + "0" * 64
    assert [(each.on.isoformat(), each.text) for each in episode.corrections] == [
        ("2026-03-09", "숫자를 고쳤다")
    ]
    assert episode.allow == (("tags/variant", "이름이 원래 그렇다"),)
    assert episode.place("publish_at").line == 8


def test_what_the_episode_leaves_out_comes_from_its_series(tmp_path: Path) -> None:
    series = 'title = "AI"\nbyline = "편집부"\ntags = ["AI", "테크"]\naccess = "members"\n'
    write(
        tmp_path,
        {"series.toml": series, "01-a.md": EPISODE.replace("---\n본", "tags: [ai]\n---\n본")},
    )

    episode = only(read(tmp_path))

    assert episode.byline == Byline("편집부")
    assert episode.tags == ("ai", "테크")
    assert episode.access is Audience.MEMBERS


def test_a_folder_with_index_is_an_episode_too(tmp_path: Path) -> None:
    found = publication(tmp_path, {"02-this-week/index.md": EPISODE})

    assert found.problems == ()
    assert (only(found).number, only(found).slug) == (2, "this-week")


def test_names_from_a_mac_marks_and_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", EPISODE.replace("본문", "**가(나)**을"))
    name = unicodedata.normalize("NFD", "03-중국에도 AI.md")

    found = publication(tmp_path, {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()})

    episode = only(found)
    assert found.problems == ()
    assert episode.path == "episodes/ai/03-중국에도 AI.md"
    assert episode.slug == "중국에도-AI"
    assert episode.title == "제목"
    assert "\r" not in episode.text
    assert episode.body.nodes == (
        Paragraph((Strong((Text("가(나)", 5, 3),), 5, 1), Text("을", 5, 9)), 5, 1),
    )


def test_hidden_and_underscored_files_are_nobodys_business(tmp_path: Path) -> None:
    found = publication(
        tmp_path,
        {
            "_draft.md": "x",
            ".hidden.md": "x",
            "_old/index.md": "x",
            "chart.png": b"",
            "01-a.md": EPISODE,
        },
    )

    assert told(found) == []


def test_a_file_that_is_no_episode_is_told(tmp_path: Path) -> None:
    found = publication(
        tmp_path, {"notes.md": EPISODE, "02-a/pic.png": b"", "03-b.docx": b"", "/episodes/x.md": ""}
    )

    assert told(found) == [
        "02-a source/index-missing",
        "03-b.docx source/file-ending",
        "notes.md:1:1 source/file-name",
        "episodes/x.md:1:1 source/outside-series",
    ]


def test_two_files_of_one_number_are_told_both(tmp_path: Path) -> None:
    found = publication(tmp_path, {"01-a.md": EPISODE, "1-b.md": EPISODE})

    assert told(found) == ["01-a.md:1:1 source/number-twice", "1-b.md:1:1 source/number-twice"]
    assert len(found.episodes) == 2


def test_a_broken_series_does_not_stop_another(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "series.toml": 'title = "AI\n',
            "01-a.md": EPISODE,
            "/episodes/other/series.toml": SERIES,
            "/episodes/other/01-a.md": EPISODE,
        },
    )

    found = read(tmp_path)

    assert told(found) == ["series.toml:1:12 toml/unclosed"]
    assert [each.name for each in found.episodes] == ["ai/01", "other/01"]


def test_a_broken_episode_is_told_and_still_shown(tmp_path: Path) -> None:
    text = "---\ntitle: 제목\nstatus: 준비\ntitel: x\n---\n본문 <b>굵게</b>\n"

    found = publication(tmp_path, {"01-a.md": text})

    assert told(found) == [
        "01-a.md:3:9 keys/not-one-of",
        "01-a.md:4:1 keys/unknown-near",
        "01-a.md:6:4 source/html",
        "01-a.md:6:9 source/html",
    ]
    assert only(found).title == "제목"
    assert only(found).status is Status.DRAFT
