"""Every rule has a page, and every page says what the rule does."""

from __future__ import annotations

from tests.house import rules


def test_the_pages_of_the_rules_are_fresh() -> None:
    """``python -m tests.house.rules`` was run after the last change."""
    written = {
        path.relative_to(rules.FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in rules.FOLDER.rglob("*.md")
    }

    assert written == rules.pages()


def test_every_code_has_a_page_and_a_line_in_the_index() -> None:
    pages = rules.pages()

    assert len(pages) > 100
    assert [code for code in rules.faults() if f"({code}.md)" not in pages["README.md"]] == []
