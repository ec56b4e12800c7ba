"""The desk where bounces and complaints come in, for one newsroom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.delivery.bounces import Intake
from publisher.delivery.postmark import Postmark
from publisher.model.problem import Fault, MisuseError, OutsideError, Place, Severity
from publisher.store.bounces import Bounces
from publisher.transport import report
from publisher.transport.letterbox import take_maildir
from publisher.transport.listener import Listener
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.posthouse import bell_of
from publisher.wiring.readers import subscribers_of

#: How the record says in what way a reader left.
BY_MAIL = "mail"

BAD_PLACE = Fault(
    "wiring/bad-bounce-listener",
    Severity.ERROR,
    "“{written}” is no place to listen for bounces.",
    "Write [bounces] listen like 127.0.0.1:2525 or unix:/run/publisher/bounces.",
)

NO_PLACE = Fault(
    "wiring/bounce-listener-taken",
    Severity.ERROR,
    "Bounces cannot be listened for at {written}: {reason}.",
    "Choose another place in [bounces] listen, or stop the program that holds it.",
)
NO_MAILDIR = Fault(
    "wiring/bounce-maildir",
    Severity.ERROR,
    "The Maildir {written} for bounces cannot be read: {reason}.",
    "Make it with its folders new, cur and tmp, and let the publisher read and write there.",
)


@contextmanager
def taking_returns(newsroom: Newsroom) -> Iterator[Callable[[], int]]:
    """Listen for bounces while the block runs, where the settings say so; give what empties the
    Maildir. Raises MisuseError or OutsideError for a place that cannot be listened at."""
    listener = listener_of(newsroom)
    if listener is not None:
        try:
            listener.start()
        except OSError as failure:
            reason = failure.strerror or str(failure)
            written = newsroom.config.bounces.listen
            raise OutsideError(
                NO_PLACE.at(Place("config.toml"), written=written, reason=reason)
            ) from failure
    try:
        yield lambda: empty_maildir(newsroom)
    finally:
        if listener is not None:
            listener.stop()


def empty_maildir(newsroom: Newsroom) -> int:
    """Take in what lies in the Maildir of the settings, if there is one; give how many.

    Raises OutsideError when it cannot be read, or the ledger is away: what is left stays there.
    """
    if not newsroom.config.bounces.maildir:
        return 0
    folder = newsroom.path(newsroom.config.bounces.maildir)
    intake = intake_of(newsroom)
    try:
        return take_maildir(folder, lambda raw: intake.receive(raw, newsroom.clock()))
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise OutsideError(
            NO_MAILDIR.at(Place("config.toml"), written=folder, reason=reason)
        ) from failure


def intake_of(newsroom: Newsroom) -> Intake:
    """Open the desk. Raises OutsideError when the ledger is away."""
    return Intake(
        ledger=Bounces(newsroom.database),
        postmark=Postmark(newsroom.secret),
        bell=bell_of(newsroom),
        read=report.read,
        leave=lambda number: subscribers_of(newsroom).let_go(number, BY_MAIL),
        limit=newsroom.config.bounces.limit,
    )


def listener_of(newsroom: Newsroom) -> Listener | None:
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
        return Listener(take, intake.wanted, path=Path(place[5:]))
    host, _, port = place.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise MisuseError(BAD_PLACE.at(Place("config.toml"), written=place))
    return Listener(take, intake.wanted, host=host.strip("[]"), port=int(port))
