"""``publisher pause``: let no more mail of a release leave."""

from __future__ import annotations

from publisher.cli.language import words
from publisher.cli.turning import turning
from publisher.model.release import ReleaseState

command = turning(
    "pause",
    words("Let no more mail of a release leave, until it is resumed."),
    ReleaseState.PAUSED,
    lambda name: words("{release} is paused. Go on with: publisher resume {release}", release=name),
)
