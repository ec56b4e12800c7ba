"""The blocks an editor may fence with ``:::``: their names, Korean names and attributes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from publisher.files.nearest import nearest


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a block, and what it says."""

    name: str
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class BlockKind:
    """One kind of block. ``inside`` names the block it must stand in; ``top`` ones stand alone."""

    name: str
    alias: str
    description: str
    attributes: tuple[Attribute, ...] = ()
    inside: str = ""
    top: bool = False
    once: bool = False


KINDS: tuple[BlockKind, ...] = (
    BlockKind(
        "signs",
        "변화와징후",
        "Change and sign: what happened, and what it points to.",
        (Attribute("title", "Heading of the block; default: none."),),
    ),
    BlockKind(
        "quote",
        "인용",
        "A quotation with its original and its attribution.",
        (
            Attribute("by", "Who said it."),
            Attribute("role", "What the speaker is or does."),
            Attribute("source", "Where it was said."),
            Attribute("date", "When it was said, as it is to be shown."),
            Attribute("href", "Address of the source."),
        ),
    ),
    BlockKind(
        "original",
        "원문",
        "The words of a quotation in their own language.",
        (Attribute("lang", "Language of the words, such as en, ja or zh-Hans."),),
        inside="quote",
    ),
    BlockKind(
        "profile",
        "인물",
        "Who a person or a company is.",
        (
            Attribute("name", "Name of the person or company.", required=True),
            Attribute("title", "Heading of the block."),
        ),
    ),
    BlockKind("note", "참고", "An aside.", (Attribute("title", "Heading of the block."),)),
    BlockKind(
        "thought",
        "사유",
        "The closing reflection.",
        (Attribute("title", "Heading of the block."),),
    ),
    BlockKind("members", "회원", "A part that only members read.", top=True),
    BlockKind(
        "cta",
        "안내",
        "One call to action.",
        (
            Attribute("href", "Where the button leads.", required=True),
            Attribute("label", "What stands on the button.", required=True),
        ),
    ),
    BlockKind(
        "next",
        "다음화",
        "Where the box about the next episode stands; default: after the body.",
        top=True,
        once=True,
    ),
    BlockKind(
        "related",
        "추천",
        "Recommended episodes; default: chosen by shared tags.",
        (Attribute("title", "Heading of the block."),),
        top=True,
        once=True,
    ),
)

BUILT_IN: Mapping[str, BlockKind] = {kind.name: kind for kind in KINDS}
ALIASES: Mapping[str, str] = {kind.alias: kind.name for kind in KINDS}


def known(added: Iterable[str] = ()) -> dict[str, str]:
    """Map every name an editor may write to the canonical one; ``added`` are a publication's own."""
    names = {unicodedata.normalize("NFC", name): name for name in sorted(added)}
    return names | {name: name for name in BUILT_IN} | dict(ALIASES)


def nearest_block(word: str, names: Mapping[str, str]) -> str:
    """Find the block somebody meant, by English or Korean name."""
    return nearest(word, names)
