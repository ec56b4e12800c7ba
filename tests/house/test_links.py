"""Pages lead somewhere, and each can be found from the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: The pages of the rules show faulty links on purpose; their index is held to it.
SHOWN = set(DOCS.glob("rules/*/*.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(page for page in sorted(DOCS.rglob("*.md")) if page not in SHOWN),
]
_LINK = re.compile(r"!?\[[^\]\n]*\]\((?P<to>[^)\s]+)\)")
_CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def _names(page: Path) -> set[str]:
    """Give the anchors of a page as code hosts make them."""
    heads = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in _LINK.finditer(text):
        path, _, anchor = link["to"].partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in _names(there)):
            broken.append(link["to"])

    assert broken == []


def test_the_index_names_every_page() -> None:
    """A page that nobody can find is not there; rules have an index of their own."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    mine = [p for p in pages if not p.startswith("rules/") and p != "README.md"]

    assert [page for page in mine if f"({page})" not in index] == []
