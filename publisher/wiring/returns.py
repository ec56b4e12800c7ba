"""The desk where bounces and complaints come in, for one newsroom."""

from __future__ import annotations

from pathlib import Path

from publisher.delivery.bounces import Intake
from publisher.delivery.postmark import Postmark
from publisher.model.problem import Fault, MisuseError, Place, Severity
from publisher.store.bounces import Bounces
from publisher.transport import report
from publisher.transport.hatch import Hatch
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.posthouse import bell_of

BAD_PLACE = Fault(
    "wiring/bad-bounce-listener",
    Severity.ERROR,
    "“{written}” is no place to listen for bounces.",
    "Write [bounces] listen like 127.0.0.1:2525 or unix:/run/publisher/bounces.",
)


def intake_of(newsroom: Newsroom) -> Intake:
    """Open the desk. Raises OutsideError when the ledger is away."""
    return Intake(
        ledger=Bounces(newsroom.database),
        postmark=Postmark(newsroom.secret),
        bell=bell_of(newsroom),
        read=report.read,
        limit=newsroom.config.bounces.limit,
    )


def hatch_of(newsroom: Newsroom) -> Hatch | None:
    """Make the listener that the settings ask for; it is not started yet.

    Raises MisuseError for a place that is none.
    """
    place = newsroom.config.bounces.listen
    if not place:
        return None
    intake = intake_of(newsroom)

    def take(raw: bytes, recipient: str) -> object:
        return intake.receive(raw, newsroom.clock(), recipient)

    if place.startswith("unix:"):
        return Hatch(take, intake.wanted, path=Path(place[5:]))
    host, _, port = place.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise MisuseError(BAD_PLACE.at(Place("config.toml"), written=place))
    return Hatch(take, intake.wanted, host=host.strip("[]"), port=int(port))
