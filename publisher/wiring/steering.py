"""A person's hand on a release: found by its name, in the ledger of a newsroom."""

from __future__ import annotations

from publisher.delivery import steering
from publisher.model.problem import MisuseError, Place
from publisher.model.release import Release
from publisher.store.deliveries import Deliveries
from publisher.store.releases import Releases
from publisher.wiring.newsroom import Newsroom


def ledger_of(newsroom: Newsroom) -> steering.Ledger:
    """Open the ledger. Raises OutsideError when it is away."""
    database = newsroom.database
    return steering.Ledger(Releases(database), Deliveries(database))


def release_named(newsroom: Newsroom, name: str) -> tuple[steering.Ledger, Release]:
    """Find a release by its episode, ``series/number``. Raises MisuseError when there is none."""
    series, number = split(name)
    ledger = ledger_of(newsroom)
    return ledger, steering.find(ledger, series, number)


def split(name: str) -> tuple[str, int]:
    """Take the name of a release apart. Raises MisuseError for what is none."""
    series, _, number = name.strip().strip("/").rpartition("/")
    if not series or not number.isascii() or not number.isdigit() or len(number) > 6:
        raise MisuseError(steering.NO_RELEASE.at(Place(""), release=name))
    return series, int(number)
