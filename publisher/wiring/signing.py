"""Our own DKIM signatures: the key from where the settings say it is, a signer for the post office."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.model.problem import Fault, MisuseError, OutsideError, Place, Severity
from publisher.transport.dkim import KeyFault, Prefix, Signer, new_key
from publisher.wiring.secret import UNREADABLE

if TYPE_CHECKING:
    from publisher.config import DkimTable

KEY_THERE = Fault(
    "wiring/key-there",
    Severity.ERROR,
    "{file} is there already.",
    "Name another file; a key that is in use must not be overwritten.",
)
#: Editions whose shared part is remembered: both audiences of a few releases at once.
EDITIONS = 16


def signer_of(
    table: DkimTable | None, environment: Mapping[str, str], root: Path
) -> Callable[[Sequence[bytes]], bytes] | None:
    """Make the signer of a publication; None where the relay signs.

    Raises OutsideError when the key cannot be read or used.
    """
    if table is None:
        return None
    try:
        signer = Signer(
            table.domain,
            table.selector,
            _key(table, environment, root),
            table.key_file or table.key_env,
        )
    except KeyFault as fault:
        raise OutsideError(fault.problem) from fault
    return PieceSigner(signer)


def _key(table: DkimTable, environment: Mapping[str, str], root: Path) -> bytes:
    if table.key_env and environment.get(table.key_env):
        return environment[table.key_env].encode()
    file = root / table.key_file
    try:
        return file.read_bytes()
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise OutsideError(UNREADABLE.at(Place(str(file)), reason=reason)) from failure


def new_key_file(file: Path, domain: str, selector: str) -> Signer:
    """Make a key that only its owner may read; give its signer, for the DNS record.

    Raises MisuseError where the file is there already.
    """
    pem = new_key()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as failure:
        raise MisuseError(KEY_THERE.at(Place(str(file)), file=str(file))) from failure
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
    return Signer(domain, selector, pem, str(file))


class PieceSigner:
    """Signs mails that come in pieces; the hash of what all readers share is taken once."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._shared: dict[bytes, Prefix] = {}

    def __call__(self, pieces: Sequence[bytes]) -> bytes:
        """Give the signature field of one reader's mail."""
        for place, piece in enumerate(pieces):
            head, gap, body = piece.partition(b"\r\n\r\n")
            if gap:
                whole_head = b"".join([*pieces[:place], head, b"\r\n"])
                rest = b"".join(pieces[place + 1 :])
                return self._signer.signature(whole_head, self._prefix(piece, body), rest)
        raise ValueError("a mail has an empty line between its headers and its body")

    def _prefix(self, piece: bytes, body: bytes) -> Prefix:
        known = self._shared.get(piece)
        if known is None:
            if len(self._shared) >= EDITIONS:
                self._shared.pop(next(iter(self._shared)))
            known = self._shared[piece] = self._signer.prefix(body)
        return known
