"""Signatures: dkimpy, which shares no code with ours, is the judge."""

from __future__ import annotations

import re
import smtplib
import socket

import dkim
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from publisher.model.edition import Placeholder
from publisher.model.episode import Audience
from publisher.render import Renderer
from publisher.transport.dkim import SIGNED, KeyFault, Signer, canonical_body, is_canonical, new_key
from tests.render.stage import publication, setting

PEM = new_key()
SIGNER = Signer("slow-signal.example", "k1", PEM)
MESSAGE = Renderer(publication()).edition(setting(), Audience.FREE).message


def verified(message: bytes, signer: Signer = SIGNER) -> bool:
    def answer(name: bytes, timeout: int = 5) -> bytes:
        assert name == signer.name.encode() + b"."
        return signer.record.encode()

    return bool(dkim.verify(message, dnsfunc=answer))


def spliced(tail: bytes = b"") -> bytes:
    """Sign as the sender does: the shared part of the body hashed once, the rest for each."""
    head, _, body = MESSAGE.partition(b"\r\n\r\n")
    head = head.replace(Placeholder.ADDRESS.encode(), b"reader@naver.example")
    cut = len(body) // 2
    field = SIGNER.signature(head + b"\r\n", SIGNER.prefix(body[:cut]), body[cut:] + tail)
    return field + head + b"\r\n\r\n" + body + tail


def test_the_judge_verifies_a_spliced_mail() -> None:
    assert verified(spliced())
    assert verified(SIGNER.sign(MESSAGE))


@pytest.mark.parametrize("name", [n for n in SIGNED if n != "content-transfer-encoding"])
def test_a_header_added_on_the_way_breaks_the_signature(name: str) -> None:
    assert not verified(name.title().encode() + b": x\r\n" + spliced())


def test_a_header_that_nobody_signed_may_be_added() -> None:
    assert verified(b"Received: from a by b\r\n" + spliced())


@pytest.mark.parametrize("name", [b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Subject", b"To"])
def test_a_header_taken_away_breaks_the_signature(name: bytes) -> None:
    shortened = re.sub(rb"\r\n" + name + rb":[^\r\n]*(\r\n[ \t][^\r\n]*)*", b"", spliced())
    assert len(shortened) < len(spliced())
    assert not verified(shortened)


def test_a_changed_body_breaks_the_signature() -> None:
    assert not verified(spliced()[:-60] + b"QUJD" + spliced()[-56:])


def test_the_signature_covers_every_name_once_more_than_it_stands() -> None:
    field = SIGNER.sign(MESSAGE).partition(b"\r\nFrom:")[0]
    names = re.sub(rb"\s", b"", re.search(rb"h=([^;]*);", field)[1]).decode().split(":")  # type: ignore[index] # it is there
    head = MESSAGE.partition(b"\r\n\r\n")[0].decode()
    present = {n.lower() for n in re.findall(r"^([A-Za-z-]+):", head, re.MULTILINE)}
    assert {n: names.count(n) for n in SIGNED} == {n: 1 + (n in present) for n in SIGNED}
    assert max(map(len, field.split(b"\r\n"))) <= 78


def test_the_bodies_we_make_are_canonical_already() -> None:
    body = MESSAGE.partition(b"\r\n\r\n")[2]
    assert is_canonical(body)
    assert canonical_body(body) == body
    with pytest.raises(ValueError, match="trailing"):
        SIGNER.prefix(b"a \r\n")


def pem_of(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.mark.parametrize(
    ("pem", "reason"),
    [
        (b"", "not a private key"),
        (b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n", "not a private key"),
        (pem_of(rsa.generate_private_key(65537, 1024)), "1024 bits"),
        (pem_of(ed25519.Ed25519PrivateKey.generate()), "not an RSA key"),
    ],
)
def test_a_key_that_cannot_sign_is_a_problem(pem: bytes, reason: str) -> None:
    with pytest.raises(KeyFault, match=reason) as caught:
        Signer("d.example", "s", pem, "keys/dkim.pem")
    assert caught.value.problem.code == "transport/dkim-key"
    assert "keys/dkim.pem" in caught.value.problem.message


class Keeper:
    """Keeps what it is given, octet for octet."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.kept.append(envelope.content)
        return "250 kept"


def test_a_signed_mail_that_went_through_smtp_is_the_same_and_still_verifies() -> None:
    keeper = Keeper()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="test.invalid") as client:
            client.sendmail("b@bounce.example", ["reader@naver.example"], spliced())
    finally:
        controller.stop()
    assert keeper.kept == [spliced()]
    assert verified(keeper.kept[0])
