"""What a publication has decided about its reading room, in the words of its makers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from publisher.render.page.card import Painter


@dataclass(frozen=True, slots=True)
class Choices:
    """What a publication has decided about its site.

    ``feed_items`` stand in a living feed. Episodes for members stand in public feeds as a
    ``teaser`` or not at all. ``hub`` is a WebSub hub or empty. Without a ``painter`` there are
    no drawn cards and no icon. ``subscribe`` is where the front door's form is.
    """

    feed_items: int = 20
    members_in_feed: Literal["omit", "teaser"] = "teaser"
    hub: str = ""
    painter: Painter | None = None
    subscribe: str = "/subscribe"
