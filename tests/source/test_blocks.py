"""The ``:::`` blocks: names in two languages, nesting by colons, and every way to get them wrong."""

from __future__ import annotations

import pytest

from publisher.model.body import Block, Body, DefinitionList, Paragraph, Text, plain, walk
from publisher.source.blocks import ALIASES, KINDS, BlockKind, known
from publisher.source.markdown import tree
from tests.source.html import sheet


def read(markdown: str) -> Body:
    return tree.read(sheet(markdown))


def told(markdown: str) -> list[str]:
    page = sheet(markdown)
    tree.read(page)
    return sorted(f"{p.place.line}:{p.place.column} {p.code}" for p in page.problems)


def shape(markdown: str) -> list[str]:
    """List block names with how deep each lies, as dots."""

    def look(nodes: tuple[object, ...], depth: int) -> list[str]:
        found = []
        for node in nodes:
            if isinstance(node, Block):
                found += ["." * depth + node.name, *look(node.children, depth + 1)]
            elif isinstance(node, Paragraph):
                found.append("." * depth + plain(node.children))
        return found

    return look(read(markdown).nodes, 0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name != "original"])
def test_every_block_has_two_names(kind: BlockKind) -> None:
    written = " ".join(f'{a.name}="가"' for a in kind.attributes)
    for name in (kind.name, kind.alias):
        page = sheet(f"::: {name} {{{written}}}\n글\n:::\n")
        (block,) = tree.read(page).nodes
        assert page.problems == []
        assert isinstance(block, Block)
        assert block.name == kind.name
        assert block.attributes == tuple((a.name, "가") for a in kind.attributes)


def test_the_example_of_the_contract() -> None:
    markdown = """\
::: signs
변화
: 당국이 권고했다.
징후
: 미래는 움트고 있다.
:::

:::: quote {by="이름" role="직함" source="유튜브 채널 ‘…’" date="2025-08"}
우리말로 옮긴 말.

::: original {lang=en}
The words as they were spoken.
:::
::::

::: members
여기부터 회원만 읽는다.
:::
"""
    page = sheet(markdown)
    signs, quote, members = tree.read(page).nodes

    assert page.problems == []
    assert isinstance(signs, Block)
    assert isinstance(quote, Block)
    assert isinstance(members, Block)
    (listing,) = signs.children
    assert isinstance(listing, DefinitionList)
    assert [plain(entry.term) for entry in listing.entries] == ["변화", "징후"]
    assert quote.get("source") == "유튜브 채널 ‘…’"
    assert quote.get("date") == "2025-08"
    original = quote.children[1]
    assert isinstance(original, Block)
    assert original.attributes == (("lang", "en"),)
    assert members.name == "members"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("::::: members\n:::: quote\n::: original\n가\n:::\n::::\n:::::\n나\n", ["members", ".quote", "..original", "...가", "나"]),
        (":::members\n가\n:::\n", ["members", ".가"]),
        ("::: members   \n\n가\n\n:::   \n", ["members", ".가"]),
        ("앞\n::: note\n가\n:::\n뒤\n", ["앞", "note", ".가", "뒤"]),
        ("::: note\n```\n:::\n```\n가\n:::\n", ["note", ".가"]),
        ("::: note\n~~~ x\n::: cta\n~~~\n가\n:::\n", ["note", ".가"]),
        ("- 하나\n\n  ::: note\n  가\n  :::\n\n둘\n", ["둘"]),
    ],
)  # fmt: skip
def test_blocks_lie_where_their_fences_say(markdown: str, expected: list[str]) -> None:
    assert told(markdown) == []
    assert shape(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "problems"),
    [
        ("::: note\n가\n", ["1:1 source/fence-open"]),
        ("가\n\n:::\n", ["3:1 source/fence-stray"]),
        ("::: note\n가\n::::\n", ["3:1 source/fence-length"]),
        (":::: note\n가\n:::\n", ["3:1 source/fence-length"]),
        ("::: quote\n::: original\n가\n:::\n:::\n", ["2:1 source/fence-nesting"]),
        (":::: quote\n::: original\n가\n::::\n", ["2:1 source/fence-open"]),
        ("::: noote\n가\n:::\n", ["1:5 source/block-unknown-near"]),
        ("::: 참고글\n가\n:::\n", ["1:5 source/block-unknown-near"]),
        ("::: zzzzzz\n가\n:::\n", ["1:5 source/block-unknown"]),
        ("::: {by=a}\n가\n:::\n", ["1:1 source/block-name"]),
        ("::: note 제목\n가\n:::\n", ["1:10 source/fence-text"]),
        ("::: note {title=가} 뒤\n가\n:::\n", ["1:20 source/fence-text"]),
        ("::: note {title}\n가\n:::\n", ["1:11 source/attributes"]),
        ('::: note {title="가}\n나\n:::\n', ["1:11 source/attributes"]),
        ("::: note {title=“가 나”}\n나\n:::\n", ["1:17 source/attribute-quotes"]),
        ("::: note {title=가 title=나}\n나\n:::\n", ["1:19 source/attribute-twice"]),
        ("::: note {titel=가}\n나\n:::\n", ["1:11 source/attribute-unknown-near"]),
        ("::: note {xyz=가}\n나\n:::\n", ["1:11 source/attribute-unknown"]),
        ("::: members {title=가}\n나\n:::\n", ["1:14 source/attribute-none"]),
        ('::: cta {href="/join/"}\n나\n:::\n', ["1:1 source/attribute-missing"]),
        ('::: cta {href="javascript:x" label=가}\n나\n:::\n', ["1:10 source/link-scheme"]),
        ("::: original\n가\n:::\n", ["1:1 source/block-outside"]),
        (":::: note\n::: members\n가\n:::\n::::\n", ["2:1 source/block-nested"]),
        (":::: members\n::: members\n가\n:::\n::::\n", ["2:1 source/block-nested"]),
        ("::: next\n:::\n\n::: next\n:::\n", ["4:1 source/block-again"]),
        ("> ::: note\n> 가\n", ["1:3 source/fence-open"]),
        ("- 하나\n\n  ::: note\n  가\n\n둘\n", ["3:3 source/fence-open"]),
    ],
)
def test_a_block_gone_wrong_is_told_at_its_place(markdown: str, problems: list[str]) -> None:
    assert told(markdown) == problems


def test_a_forgotten_fence_never_lets_the_members_part_out() -> None:
    assert shape("::: members\n비밀\n\n::: note\n가\n:::\n비밀\n")[-1] == ".비밀"
    assert shape("::: membres\n비밀\n:::\n") == ["members", ".비밀"]


def test_a_publication_adds_blocks_by_name() -> None:
    page = sheet("::: 지도 {x=1}\n가\n:::\n")
    page.blocks = known(["지도"])
    (block,) = tree.read(page).nodes

    assert page.problems == []
    assert isinstance(block, Block)
    assert (block.name, block.attributes) == ("지도", (("x", "1"),))


def test_an_unknown_block_keeps_its_text() -> None:
    (node,) = read("::: zzzzzz\n가\n:::\n").nodes

    assert node == Paragraph((Text("가", 2, 1),), 2, 1)


def test_names_and_aliases_are_one_of_a_kind() -> None:
    assert len({kind.name for kind in KINDS} | set(ALIASES)) == 2 * len(KINDS)


def test_what_lies_too_deep_is_told() -> None:
    assert told("> " * 60 + "가")[0].endswith("source/nesting")
    assert len(list(walk(read("> " * 60 + "가").nodes))) > 20
