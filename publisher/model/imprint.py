"""What the settings of a publication say to its press, website and ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publisher.model.publication import Publication


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who publishes, how it is set, and where it is laid; no more of the settings than that.

    ``off`` are the rules set off, each with its reason; ``approval`` says whether an episode needs
    one. ``folder`` is the website's, relative to the publication like all paths here;
    ``feeds`` says of a feed by name how much of an episode it shows. ``database`` is an address,
    unless the environment variable ``database_env`` holds another.
    """

    publication: Publication
    off: tuple[tuple[str, str], ...]
    approval: bool
    folder: str
    feed_items: int
    members_in_feed: Literal["omit", "teaser"]
    feeds: tuple[tuple[str, Literal["full", "teaser", "omit"]], ...]
    hub: str
    card_font: str
    database: str
    database_env: str
