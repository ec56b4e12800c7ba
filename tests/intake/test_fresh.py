"""A new episode's file: numbered, named and told its slot."""

from __future__ import annotations

from datetime import datetime

import pytest

from publisher.intake import approve, fresh, unapprove
from publisher.intake.matter import remark, scalar
from publisher.intake.names import file_name, slug_of
from publisher.model.body import Body
from publisher.model.episode import Byline, Episode, Series, Status
from publisher.model.slot import Slot

SERIES = Series("ai", "AI won’t save us", "episodes/ai/series.toml", byline=Byline("편집부 에디터"))
DIGEST = "sha256:" + "ab" * 32


def _episode(number: int, series: str = "ai") -> Episode:
    path = f"episodes/{series}/{number:02d}-x.md"
    return Episode(series, number, "x", path, "x", Status.READY, Body(), "", "d")


def test_a_fresh_episode_follows_the_highest_number_of_its_own_series() -> None:
    """Holes are not filled and other series do not count."""
    made = fresh(SERIES, [_episode(1), _episode(4), _episode(9, "other")], "칩을 건넌 강")

    assert (made.number, made.name) == (5, "05-칩을-건넌-강.md")


def test_a_fresh_episode_names_its_slot_and_waits_as_a_draft() -> None:
    """The slot is said with its weekday, in the language of the editor."""
    slot = Slot(datetime(2026, 11, 27, 17, 0), "Asia/Seoul")

    made = fresh(SERIES, [], 'AI: "전환"\n', slot=slot, language="ko")

    lines = made.text.split("\n")
    assert lines[0] == "---"
    assert "2026-11-27 (금요일) 17:00, Asia/Seoul" in lines[1]
    assert 'title: "AI: \\"전환\\""' in lines
    assert "status: draft" in lines
    assert made.text.endswith("\n---\n\n")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("중국에도 AI가 있다", "중국에도-ai가-있다"),
        ("China’s  AI, too!", "chinas-ai-too"),
        ("../../etc/passwd", "etc-passwd"),
        ("///", "episode"),
        ("한" * 90, "한" * 40),
        ("\u1112\u1161\u11ab", "한"),
        ("낱말 " * 30, "-".join(["낱말"] * 13)),
    ],
)
def test_a_slug_is_words_and_hyphens_and_nothing_that_a_path_could_mean(
    title: str, slug: str
) -> None:
    """Hangul stays, separators never do."""
    assert slug_of(title) == slug


def test_a_file_name_has_two_digits_until_it_needs_three() -> None:
    """Numbers sort as text up to 99."""
    assert file_name(7, "A") == "07-a.md"
    assert file_name(123, "A") == "123-a.md"


@pytest.mark.parametrize("value", ["중국에도 AI가 있다", "칩 - 하나", "a b (c) 1.5"])
def test_plain_values_stand_unquoted(value: str) -> None:
    """What YAML reads as itself is not dressed up."""
    assert scalar(value) == value


@pytest.mark.parametrize(
    "value", ["yes", "1화", "- 하나", "a: b", "a #b", " a", "", "null", "‘인용’", "[a]"]
)
def test_values_that_yaml_would_read_otherwise_are_quoted(value: str) -> None:
    """Booleans, numbers, indicators and odd spaces never leak out of a value."""
    assert scalar(value).startswith('"')


def test_what_nobody_can_see_is_left_out_of_a_value() -> None:
    """A paste brings along controls and line separators that would be problems in the file."""
    assert scalar("a\u2028b\x85c\u202ed") == "a bcd"


def test_a_remark_never_leaves_its_line() -> None:
    """A line separator in the text cannot end the remark and begin a key."""
    assert remark("a\nstatus: ready\u2028b\x85c") == "# a status: ready b c"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_approval_changes_one_line_and_leaves_every_other_byte(end: str, mark: str) -> None:
    """Line ends, byte order mark, decomposed Hangul and odd spacing survive."""
    text = mark + end.join(
        [
            "---",
            "title:   \u1112\u1161\u11ab  # 말",
            "# approved: never",
            "---",
            "본문  ",
            "---",
            "",
        ]
    )

    approved = approve(text, DIGEST)

    assert f"approved: {DIGEST}{end}---{end}본문  {end}" in approved
    assert approved.count("approved: sha256") == 1
    assert unapprove(approved) == text
    assert approve(approved, DIGEST) == approved


def test_approval_replaces_an_older_one_where_it_stands() -> None:
    """The key keeps its place among the others."""
    text = "---\napproved: sha256:old\ntitle: a\n---\nbody\n"

    assert approve(text, DIGEST) == f"---\napproved: {DIGEST}\ntitle: a\n---\nbody\n"


@pytest.mark.parametrize("text", ["본문만", "---\ntitle: a\n", ""])
def test_a_text_without_front_matter_cannot_be_approved(text: str) -> None:
    """There is no place for the word to stand."""
    with pytest.raises(ValueError, match="front matter"):
        approve(text, DIGEST)


def test_only_a_digest_is_written() -> None:
    """Nothing else gets into the file through this door."""
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        approve("---\n---\n", "sha256:\nstatus: ready")
