"""From an addressee to a parcel: envelope, and the frozen mail with the reader's own bytes."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date, datetime
from functools import lru_cache, partial

from publisher.delivery.address import wire
from publisher.delivery.mould import Filling, Mould, mould_of
from publisher.delivery.office import Office
from publisher.model.episode import Audience
from publisher.model.ledger import Addressee
from publisher.model.parcel import Parcel
from publisher.model.slot import Slot


class Counter:
    """The packing counter of one release: its moulds, made once."""

    def __init__(
        self,
        office: Office,
        messages: Mapping[Audience, bytes],
        slot: Slot,
        marks: MutableMapping[int, str] | None = None,
        *,
        stuffed: bool,
    ) -> None:
        """``marks`` are those of subscribers sealed ahead: each is taken out when it is used."""
        self._office = office
        self._marks = {} if marks is None else marks
        self._seal = office.postmark.seal
        self._bounces = office.bounce_domain
        self._moulds = {audience: mould_of(message) for audience, message in messages.items()}
        self._zone = slot.zoned.tzinfo
        self._stuffed = stuffed

    def pack(self, addressee: Addressee) -> tuple[Parcel, str]:
        """Make the parcel of an addressee, and say its domain.

        Raises ValueError for an address that cannot be mailed, LookupError where nobody is to be
        mailed any more, or no edition is for the addressee's audience.
        """
        release, _, subscriber, address, audience, since, epoch, *_ = addressee
        if not address:
            raise LookupError(subscriber)
        recipient, domain = wire(address)
        mark = self._marks.pop(subscriber, "") or self._seal(release, subscriber)
        pieces = partial(
            self._fill, self._moulds[audience], recipient, mark, subscriber, epoch, since
        )
        sender = f"b+{mark}@{self._bounces}"
        return Parcel((release, subscriber), sender, recipient, mark, pieces), domain

    def _fill(
        self,
        mould: Mould,
        recipient: str,
        mark: str,
        subscriber: int,
        epoch: int,
        since: datetime,
    ) -> list[bytes]:
        personal = self._office.personal
        filling = Filling(
            recipient.encode("ascii"),
            mark.encode("ascii"),
            personal.leave(subscriber, epoch).encode("ascii"),
            personal.preferences(subscriber, epoch).encode("ascii"),
            _day(since.astimezone(self._zone).toordinal()),
        )
        signer = self._office.signer
        if signer is None:
            return mould.fill(filling, stuffed=self._stuffed)
        plain = mould.fill(filling, stuffed=False)
        return [signer(plain), *(mould.fill(filling, stuffed=True) if self._stuffed else plain)]


@lru_cache(maxsize=4096)
def _day(ordinal: int) -> bytes:
    """Write a day as readers read it; a list has far fewer of them than readers."""
    return date.fromordinal(ordinal).isoformat().encode("ascii")
