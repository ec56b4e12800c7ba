"""From an addressee to a parcel: envelope, and the frozen mail with the reader's own bytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

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
        self, office: Office, messages: Mapping[Audience, bytes], slot: Slot, *, stuffed: bool
    ) -> None:
        self._office = office
        self._moulds = {audience: mould_of(message) for audience, message in messages.items()}
        self._zone = slot.zoned.tzinfo
        self._stuffed = stuffed

    def pack(self, addressee: Addressee) -> tuple[Parcel, str]:
        """Make the parcel of an addressee, and say its domain.

        Raises ValueError for an address that cannot be mailed, LookupError where nobody is to be
        mailed any more, or no edition is for the addressee's audience.
        """
        if not addressee.address:
            raise LookupError(addressee.subscriber)
        recipient, domain = wire(addressee.address)
        mould = self._moulds[addressee.audience]
        mark = self._office.postmark.seal(addressee.release, addressee.subscriber)
        parcel = Parcel(
            key=(addressee.release, addressee.subscriber),
            sender=f"b+{mark}@{self._office.bounce_domain}",
            recipient=recipient,
            name=mark,
            pieces=partial(self._fill, mould, addressee, recipient, mark),
        )
        return parcel, domain

    def _fill(self, mould: Mould, addressee: Addressee, recipient: str, mark: str) -> list[bytes]:
        personal = self._office.personal
        filling = Filling(
            address=recipient.encode("ascii"),
            mail=mark.encode("ascii"),
            leave=personal.leave(addressee.subscriber, addressee.epoch).encode("ascii"),
            preferences=personal.preferences(addressee.subscriber, addressee.epoch).encode("ascii"),
            since=addressee.since.astimezone(self._zone).isoformat()[:10].encode("ascii"),
        )
        signer = self._office.signer
        if signer is None:
            return mould.fill(filling, stuffed=self._stuffed)
        plain = mould.fill(filling, stuffed=False)
        return [signer(plain), *(mould.fill(filling, stuffed=True) if self._stuffed else plain)]
