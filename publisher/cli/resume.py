"""``publisher resume``: go on with a paused release."""

from __future__ import annotations

from publisher.cli.language import words
from publisher.cli.turning import turning
from publisher.model.release import ReleaseState

command = turning(
    "resume",
    words("Go on with a release that is paused."),
    ReleaseState.OPEN,
    lambda name: words("{release} is open again; “publisher run” sends the rest.", release=name),
)
