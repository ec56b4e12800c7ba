"""What the public endpoints stand on: the use cases, the pages, the folder with the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from publisher.audience.door import FrontDoor
from publisher.audience.feeds import Feeds
from publisher.audience.membership import Membership
from publisher.audience.ports import Clock, Pages, Shelf
from publisher.audience.tokens import Tokens
from publisher.model.publication import Publication


class MembersFeed(Protocol):
    """Builds what a member's own feed has: the feed at a path such as ``ai/feed.xml``, in full."""

    def read(self, path: str) -> bytes | None:
        """Give the bytes of the feed that stands at this path for everybody else; None if none does."""


def _no_headers(_path: str) -> Mapping[str, str]:
    return {}


def _nothing_to_send() -> object:
    return None


@dataclass(frozen=True, slots=True)
class Rates:
    """How often one network may knock, per ten minutes; generous, for a carrier is one network."""

    sign_ups: int = 40
    moves: int = 10


@dataclass(frozen=True, slots=True)
class House:
    """Everything behind the door.

    ``site`` is the folder of the static site, None where another server has it; ``headers`` says
    how each of its files is served. ``post`` sends the mails that are owed, after an answer has
    left. ``proxies`` are addresses or networks whose X-Forwarded-For is believed.
    """

    publication: Publication
    door: FrontDoor
    feeds: Feeds
    membership: Membership
    tokens: Tokens
    pages: Pages
    shelf: Shelf
    clock: Clock
    site: Path | None = None
    headers: Callable[[str], Mapping[str, str]] = _no_headers
    members_feed: MembersFeed | None = None
    post: Callable[[], object] = _nothing_to_send
    proxies: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
