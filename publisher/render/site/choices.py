"""What a publication has decided about its reading room, in the words of its makers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.page.painter import Painter

#: How an episode stands in the public feeds: all that everybody may read, its summary, or not.
Show = Literal["full", "teaser", "omit"]
_NUMBERED = re.compile(r"([^/]+)/0*(\d+)")


def plain_name(name: str) -> str:
    """Write the name of an episode as its number is: ``slug/03`` is ``slug/3``."""
    found = _NUMBERED.fullmatch(name)
    return f"{found[1]}/{found[2]}" if found else name


@dataclass(frozen=True, slots=True)
class Choices:
    """What a publication has decided about its site.

    ``feed_items`` stand in a living feed. Episodes for members stand in public feeds as a
    ``teaser`` or not at all; ``feeds`` says the same of a series (``slug``) or of one episode
    (``slug/3``). ``hub`` is a WebSub hub or empty. Without a ``painter`` there are no drawn
    cards and no icon. ``subscribe`` is where the front door's form is.
    """

    feed_items: int = 20
    members_in_feed: Literal["omit", "teaser"] = "teaser"
    hub: str = ""
    painter: Painter | None = None
    subscribe: str = "/subscribe"
    feeds: Mapping[str, Show] = field(default_factory=dict)

    def show(self, setting: Setting) -> Show:
        """Say how an episode stands in public feeds.

        What was said of it alone goes before what was said of its series. One for members is
        never fuller than a teaser, the gate's own, and is left out if either says so.
        """
        episode = setting.episode
        said = self.feeds.get(f"{episode.series}/{episode.number}")
        said = said or self.feeds.get(episode.series, "full")
        if episode.access is Audience.MEMBERS:
            return "omit" if "omit" in (said, self.members_in_feed) else "full"
        return said
