"""One letter of an archive, as its service exported it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: Stands in HTML where the part for paying members begins.
WALL = "publisher-members-begin"


@dataclass(frozen=True, slots=True)
class Piece:
    """A letter with what its service knew of it. ``published`` is aware; None for a draft.

    ``guid`` is the name that feeds gave it: readers know the letter by it. ``pictures`` maps
    what stands in ``src`` to the bytes of the file.
    """

    title: str
    html: str = ""
    markdown: str = ""
    deck: str = ""
    published: datetime | None = None
    #: It went out, and the archive does not say when.
    undated: bool = False
    guid: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    byline: str = ""
    members: bool = False
    cover: str = ""
    cover_alt: str = ""
    cover_caption: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """All letters of an archive, with the name of the publication where it is told.

    ``passed_over`` names what is no letter: pages, subscribers, files of other kinds.
    """

    pieces: tuple[Piece, ...]
    title: str = ""
    description: str = ""
    passed_over: tuple[str, ...] = ()
