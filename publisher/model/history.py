"""What has been: how the slots of a series were settled, and which episodes are out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from publisher.model.calendar import Past
from publisher.model.slot import Slot


@dataclass(frozen=True, slots=True)
class Published:
    """An episode that is out: its slot, and the name that feeds keep for it for ever."""

    series: str
    number: int
    slot: Slot
    guid: str


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger holds of one series.

    ``since`` is when the ledger began to watch it, None when it never did.
    """

    since: datetime | None = None
    past: tuple[Past, ...] = ()
    published: tuple[Published, ...] = ()


#: The history of every series, by slug. A series that is not in here has none.
Histories = Mapping[str, History]


def guid_of(url: str, series: str, number: int, slot: Slot) -> str:
    """Coin the lasting name of an episode at its first publication: a ``tag:`` URI (RFC 4151).

    It is stored then; a later change of title, slug or domain never touches it. Letters that a
    URI does not have, Hangul among them, are percent-encoded.
    """
    host = urlsplit(url).hostname or "localhost"
    return f"tag:{host},{slot.local:%Y-%m-%d}:{quote(series)}/{number}"
