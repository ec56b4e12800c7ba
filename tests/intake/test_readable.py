"""What the intake writes, the publication reads: whatever the source held."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import source
from publisher.intake import Known, Refused, article, fresh
from publisher.intake.draft import tally
from publisher.intake.passage import Form
from publisher.model.body import inlines, plain, runs, walk
from publisher.model.episode import Episode, Series
from publisher.model.problem import Problem, Severity
from tests.intake.test_article import ANYTHING, PIECES, SOURCES

#: A caption without its picture asks for the picture: that is the one error an import may leave.
ALLOWED = ("source/image-missing", "source/image-missing-near", "source/image-address")
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


def _read(name: str, text: str) -> tuple[Episode | None, list[Problem]]:
    """Lay one file into a series and read the publication."""
    with tempfile.TemporaryDirectory() as folder:
        series = Path(folder) / "episodes" / "ai"
        series.mkdir(parents=True)
        (series / "series.toml").write_text('title = "연재"\n', encoding="utf-8")
        (series / name).write_text(text, encoding="utf-8")
        found = source.scan(Path(folder), Path("episodes"), timezone="Asia/Seoul")
    wrong = [p for p in found.problems if p.severity is Severity.ERROR and p.code not in ALLOWED]
    return (found.episodes[0] if found.episodes else None), wrong


def _imported(text: str, form: Form) -> None:
    try:
        made = article(text, form, Known("AI won't save us", membership_url="/join/"))
    except Refused:
        return
    episode, wrong = _read(made.name, made.text)
    assert [str(problem) for problem in wrong] == []
    assert episode is not None
    assert (episode.number, str(episode.status)) == (made.number, "draft")


@settings(max_examples=120, deadline=None)
@given(SOURCES)
def test_a_plain_article_is_readable(text: str) -> None:
    """No mark of the source turns into a fault of the file."""
    _imported(text, Form.TEXT)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "h2", "h4", "li", "div", "blockquote", "td", "pre", "em", "a"]),
            PIECES | ANYTHING,
        ),
        min_size=1,
        max_size=10,
    )
)
def test_a_page_is_readable(pieces: list[tuple[str, str]]) -> None:
    """Whatever its words look like in Markdown."""
    _imported("\n".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in pieces), Form.HTML)


@settings(max_examples=150, deadline=None)
@given(TITLES)
def test_any_title_makes_a_readable_file(title: str) -> None:
    """A title of any characters comes back as the same words, without any fault."""
    made = fresh(Series("ai", "연재", "episodes/ai/series.toml"), [], title)
    if not tally(title):
        return
    episode, wrong = _read(made.name, made.text + "본문이다.\n")

    assert [p.code for p in wrong] == []
    assert episode is not None


@pytest.mark.parametrize(
    "words",
    ["*별*", "_밑줄_", "[대괄호](x)", "<b>", "`틱`", "# 우물", "1. 하나", "- 줄", "> 꺾쇠", ": 쌍점",
     "::: note", "| 막대", "~~물결~~", "&amp;", "\\역", "[^1]", "![그림](a)", "+ 더하기", "=== 등호",
     "https://example.com/a_b_c", "a_b_c", "5 * 3 * 2", "---", "* * *", "{a=b}", "{{ x }}", "{% x %}"],
)  # fmt: skip
def test_characters_of_a_paste_mean_themselves(words: str) -> None:
    """What an author typed is what a reader reads."""
    text = f"제목이다\n\n첫 문단은 길어서 부제가 아니다. {words} 끝난다.\n\n{words}\n\n끝 문단이다."

    made = article(text, Form.TEXT)
    episode, wrong = _read(made.name, made.text)

    assert wrong == []
    assert episode is not None
    said = [plain(run) for node in walk(episode.body.nodes) for run in runs(node)]
    assert said[1:2] == [words]
    assert not any(
        type(inline).__name__ in ("Emphasis", "Code", "Strikethrough")
        for node in walk(episode.body.nodes)
        for run in runs(node)
        for inline in inlines(run)
    )
