"""Signatures of our own: RSA-2048, relaxed/relaxed, every name signed once more than it stands.

The body of an edition is the same for all readers up to its first token, so the hash of that
part is taken once and copied (RFC 6376; key length RFC 8301; list headers RFC 8058). A
header added on the way, such as a second Subject, breaks the signature: names are oversigned.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from publisher.model.problem import Fault, Place, Problem, Severity

#: What is signed, present or not; a name that is absent may not be added either.
SIGNED = (
    *("from", "to", "cc", "subject", "date", "message-id", "reply-to", "mime-version"),
    *("content-type", "content-transfer-encoding", "list-id", "list-unsubscribe"),
    *("list-unsubscribe-post", "list-help", "list-archive", "feedback-id", "auto-submitted"),
)
_KEYS = [(name, name.encode("ascii")) for name in SIGNED]
BITS = 2048
_FIELD = re.compile(rb"([^\s:]+)[ \t]*:((?:[^\r\n]*\r\n)(?:[ \t][^\r\n]*\r\n)*)")

BAD_KEY = Fault(
    "transport/dkim-key",
    Severity.ERROR,
    "The DKIM key {source} cannot be used: {reason}.",
    "Make a key with `publisher dkim new` and name its file under [dkim] key_file.",
)


class KeyFault(Exception):  # noqa: N818 -- the house word for what somebody can mend
    """A key that cannot sign, as a Problem."""

    def __init__(self, reason: str, source: str) -> None:
        self.problem: Problem = BAD_KEY.at(Place("config.toml"), source=source, reason=reason)
        super().__init__(str(self.problem))


class Prefix:
    """The hash of the part of a body that all readers share."""

    __slots__ = ("_hash",)

    def __init__(self, constant: bytes) -> None:
        if not is_canonical(constant):
            raise ValueError("a body that a signature covers has no trailing or doubled spaces")
        self._hash = hashlib.sha256(constant)

    def with_rest(self, rest: bytes) -> bytes:
        """Hash one reader's whole body: the shared part and the rest of it."""
        whole = self._hash.copy()
        whole.update(rest)
        return whole.digest()


class Signer:
    """Signs mails of one domain under one selector with an RSA key in PEM.

    Raises KeyFault for a key that is not RSA, is shorter than 2048 bits, or cannot be read.
    Safe to share between threads.
    """

    def __init__(self, domain: str, selector: str, pem: bytes, source: str = "") -> None:
        self.domain, self.selector = domain.lower(), selector
        self._key = _read(pem, source)
        self._relaxed = lru_cache(maxsize=512)(_relaxed)

    def prefix(self, constant: bytes) -> Prefix:
        """Hash what every reader's body begins with; an empty part is fine."""
        return Prefix(constant)

    def signature(self, head: bytes, prefix: Prefix, rest: bytes) -> bytes:
        """Give the DKIM-Signature field, CRLF at its end, to stand before the other headers.

        ``head`` are all header fields of this reader's mail without the empty line; ``rest``
        are the octets of the body after the prefix, ending in one CRLF.
        """
        fields = [self._relaxed(m[0]) for m in _FIELD.finditer(head)]
        names, covered = _covered(fields)
        body = base64.b64encode(prefix.with_rest(rest)).decode("ascii")
        unsigned = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
            f" d={self.domain}; s={self.selector};\r\n"
            f" h={_folded(names)};\r\n bh={body};\r\n b="
        )
        own = b"dkim-signature:" + _squeezed(unsigned.encode("ascii"))
        signed = self._key.sign(b"".join([*covered, own]), padding.PKCS1v15(), hashes.SHA256())
        value = base64.b64encode(signed).decode("ascii")
        lines = "\r\n ".join(value[at : at + 74] for at in range(0, len(value), 74))
        return f"DKIM-Signature: {unsigned}\r\n {lines}\r\n".encode("ascii")

    def sign(self, message: bytes) -> bytes:
        """Sign one whole mail and give it back with its signature at the top."""
        head, _, body = message.partition(b"\r\n\r\n")
        return self.signature(head + b"\r\n", self.prefix(b""), canonical_body(body)) + message

    @property
    def record(self) -> str:
        """Give the TXT record that ``name`` holds in the DNS (RFC 6376, 3.6.1)."""
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode('ascii')}"

    @property
    def name(self) -> str:
        """Name the DNS entry of the public key."""
        return f"{self.selector}._domainkey.{self.domain}"


def new_key() -> bytes:
    """Make an RSA key of 2048 bits and give it as PEM (PKCS #8, without a passphrase)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(pem: bytes, source: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyFault("it is not a private key in PEM without a passphrase", source) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyFault("it is not an RSA key, which is all that every receiver verifies", source)
    if key.key_size < BITS:
        raise KeyFault(f"it has {key.key_size} bits and receivers ask for {BITS}", source)
    return key


def _covered(fields: list[tuple[bytes, bytes]]) -> tuple[tuple[str, ...], list[bytes]]:
    """List the signed names, each once more than it stands, and the fields they cover.

    Of several fields with one name the last stands first (RFC 6376, 5.4.2).
    """
    standing: dict[bytes, list[bytes]] = {}
    for key, line in reversed(fields):
        standing.setdefault(key, []).append(line)
    names: list[str] = []
    covered: list[bytes] = []
    for name, key in _KEYS:
        found = standing.get(key, [])
        covered += found
        names += [name] * (len(found) + 1)
    return tuple(names), covered


def _relaxed(field: bytes) -> tuple[bytes, bytes]:
    """Write a field in relaxed form, CRLF at its end (RFC 6376, 3.4.2)."""
    name, _, value = field.partition(b":")
    name = name.strip().lower()
    return name, name + b":" + _squeezed(value) + b"\r\n"


def _squeezed(value: bytes) -> bytes:
    return re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


def canonical_body(body: bytes) -> bytes:
    """Write a body in relaxed form (RFC 6376, 3.4.4)."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    whole = b"\r\n".join(lines).rstrip(b"\r\n")
    return whole + b"\r\n" if whole else b""


def is_canonical(part: bytes) -> bool:
    """Say whether a part of a body is in relaxed form as it stands: no space to fold away."""
    return re.search(rb"[ \t]{2}|\t|[ \t]\r\n", part) is None


@lru_cache(maxsize=32)
def _folded(names: tuple[str, ...]) -> str:
    """Write the list of names on lines of at most 76 characters."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) + 1 > 74:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines).removesuffix(":")
