"""What a tab shows: which channel, for whom, in which light, how wide, through which inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote, urlencode

from publisher.model.episode import Audience
from publisher.preview.inboxes import Inbox

_T = TypeVar("_T", bound=StrEnum)


class Channel(StrEnum):
    """A channel of an edition, or the text it was made from."""

    MAIL = "mail"
    PAGE = "page"
    TEXT = "text"
    FEED = "feed"
    SOURCE = "source"
    RAW = "raw"


class Width(StrEnum):
    """How wide the proof is, in CSS pixels."""

    PHONE = "360"
    MAIL = "640"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at an episode. Its address holds all of it, so a tab can be shared."""

    channel: Channel = Channel.MAIL
    audience: Audience = Audience.FREE
    dark: bool = False
    width: Width = Width.MAIL
    inbox: Inbox = Inbox.SENT

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> View:
        """Read a view from an address; what it does not know is taken as the default."""
        return cls(
            _one(Channel, asked.get("channel"), Channel.MAIL),
            _one(Audience, asked.get("audience"), Audience.FREE),
            asked.get("mode") == "dark",
            _one(Width, asked.get("width"), Width.MAIL),
            _one(Inbox, asked.get("inbox"), Inbox.SENT),
        )

    @property
    def query(self) -> str:
        """Write the view as the query of an address, defaults left out."""
        said = {
            "channel": self.channel,
            "audience": self.audience,
            "mode": "dark" if self.dark else "light",
            "width": self.width,
            "inbox": self.inbox,
        }
        plain = {"channel": "mail", "audience": "free", "mode": "light", "width": "640"}
        plain["inbox"] = "sent"
        rest = {key: str(value) for key, value in said.items() if plain[key] != value}
        return f"?{urlencode(rest)}" if rest else ""

    def but(self, **changes: object) -> View:
        """Give this view with one thing changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # named fields of View alone


def _one(kind: type[_T], value: str | None, default: _T) -> _T:
    return kind(value) if value in set(kind) else default


def address(series: str, number: int, view: View | None = None) -> str:
    """Give the desk's own address of an episode."""
    return f"/episode/{quote(series, safe='')}/{number}{view.query if view else ''}"


def series_address(series: str) -> str:
    """Give the desk's own address of all the episodes of a series."""
    return f"/series/{quote(series, safe='')}"


def proof_address(series: str, number: int, view: View) -> str:
    """Give the address of what stands in the frame."""
    return f"/proof/{quote(series, safe='')}/{number}{view.query}"
