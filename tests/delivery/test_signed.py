"""A mail signed on its way out is one that an independent verifier accepts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import dkim
import pytest

from publisher.delivery import Office
from publisher.delivery.parcels import Counter
from publisher.model.episode import Audience
from publisher.model.ledger import Addressee
from publisher.transport.dkim import Signer, new_key
from tests.delivery.house import SLOT, House, letter


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer("slow.example", "s1", new_key())


def sign(signer: Signer, pieces: Sequence[bytes]) -> bytes:
    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return signer.signature(head + b"\r\n", signer.prefix(b""), body)


@pytest.mark.parametrize("stuffed", [True, False])
def test_every_readers_mail_verifies(house: House, signer: Signer, stuffed: bool) -> None:
    plain = house.office
    office = Office(**{**vars(plain), "signer": lambda pieces: sign(signer, pieces)})
    counter = Counter(office, {Audience.FREE: letter(".점으로 시작\n")}, SLOT, stuffed=stuffed)
    since = datetime(2026, 1, 1, tzinfo=UTC)

    for number in (1, 2, 3):
        reader = Addressee(1, 1, number, f"reader{number}@x.example", Audience.FREE, since, 0, 0)
        parcel, _ = counter.pack(reader)
        mail = b"".join(parcel.pieces())
        if stuffed:
            mail = mail.replace(b"\r\n..", b"\r\n.")

        def dns(_: bytes, **__: object) -> str:
            return signer.record

        assert mail.startswith(b"DKIM-Signature: ")
        assert dkim.verify(mail, dnsfunc=dns)
        assert not dkim.verify(mail.replace(b"To: reader", b"To: raeder"), dnsfunc=dns)
