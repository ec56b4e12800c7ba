"""The parcels that the transport has, and those of them whose server waits for the mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from publisher.delivery.tempo import Tempo
from publisher.model.ledger import Addressee

Key = tuple[int, int]


@dataclass(slots=True)
class Flight:
    """An addressee whose parcel the transport has; ``left`` once its bytes may have gone."""

    addressee: Addressee
    domain: str
    relay: str
    left: bool = False


class Aloft:
    """Every flight by its key (release, subscriber)."""

    def __init__(self, tempo: Tempo) -> None:
        self._tempo = tempo
        self._flights: dict[Key, Flight] = {}
        self._ready: dict[Key, None] = {}
        #: How many have left and are not answered.
        self.flying = 0

    def __len__(self) -> int:
        return len(self._flights)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._flights)

    def __getitem__(self, key: Key) -> Flight:
        return self._flights[key]

    def addressees(self, keys: Iterable[Key]) -> tuple[Addressee, ...]:
        """Say who these are for."""
        flights = self._flights
        return tuple([flights[key].addressee for key in keys])

    def take(self, key: Key, flight: Flight) -> None:
        """The transport has taken a parcel on."""
        self._flights[key] = flight
        self._tempo.domains.taken(flight.domain)

    def down(self, key: Key) -> Flight | None:
        """A parcel is not with the transport any more; None if it was not before."""
        flight = self._flights.pop(key, None)
        if flight is not None:
            self._ready.pop(key, None)
            self.flying -= flight.left
            self._tempo.domains.done(flight.domain)
        return flight

    def readied(self, keys: Iterable[Key]) -> None:
        """The servers of these wait for the mails."""
        for key in keys:
            if key in self._flights:
                self._ready[key] = None

    def departing(self) -> list[Key]:
        """Choose the parcels that may leave now, and reserve their places in every rate."""
        if self._tempo.easy:
            return list(self._ready)
        leaving = []
        for key in self._ready:
            flight = self._flights[key]
            if self._tempo.gap(flight.domain, flight.relay) <= 0:
                self._tempo.leaves(flight.domain, flight.relay)
                leaving.append(key)
        return leaving

    def leave(self, keys: Sequence[Key]) -> None:
        """The ledger knows: from now on the bytes of these may have gone."""
        flights, ready = self._flights, self._ready
        for key in keys:
            flights[key].left = True
            del ready[key]
        self.flying += len(keys)

    def left(self, keys: Iterable[Key]) -> None:
        """The transport has let these go: rates count from here."""
        if self._tempo.easy:
            return
        for key in keys:
            flight = self._flights[key]
            self._tempo.left(flight.domain, flight.relay)

    def gaps(self) -> list[float]:
        """Say in how many seconds each of those that are ready may leave."""
        flights = [self._flights[key] for key in self._ready]
        return [self._tempo.gap(flight.domain, flight.relay) for flight in flights]
