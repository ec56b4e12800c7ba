"""Secrets: from the environment or from a file, never from config.toml, never printed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from publisher.model.problem import Fault, OutsideError, Place, Severity

LEAST = 32

TOO_SHORT = Fault(
    "wiring/short-secret",
    Severity.ERROR,
    "The secret in {where} is shorter than {least} characters.",
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
)
UNREADABLE = Fault(
    "wiring/unreadable-secret",
    Severity.ERROR,
    "The secret file cannot be read: {reason}.",
    "Give the user that runs the publisher the right to read it.",
)
OPEN_TO_ALL = Fault(
    "wiring/open-secret",
    Severity.ERROR,
    "Other users of this machine may read the secret file.",
    "Close it: chmod 600 on the file.",
)


def signing_secret(environment: Mapping[str, str], variable: str, file: Path) -> bytes:
    """Give the secret that signs readers' links; make the file at first use.

    Raises OutsideError when it is too short, cannot be read, or lies open to other users.
    """
    written = environment.get(variable, "") if variable else ""
    if written:
        return _long_enough(written, variable)
    try:
        if not file.exists():
            _make(file)
        if file.stat().st_mode & 0o077:
            raise OutsideError(OPEN_TO_ALL.at(Place(str(file))))
        return _long_enough(file.read_text(encoding="ascii").strip(), str(file))
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "not ASCII text"
        raise OutsideError(UNREADABLE.at(Place(str(file)), reason=reason)) from failure


def password(environment: Mapping[str, str], variable: str, file: Path | None) -> str:
    """Give a relay's password, or nothing where none is configured."""
    if variable and environment.get(variable):
        return environment[variable]
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "not UTF-8 text"
        raise OutsideError(UNREADABLE.at(Place(str(file)), reason=reason)) from failure


def _make(file: Path) -> None:
    """Write a new secret so that it is whole and closed from its first moment on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    try:
        # A hard link fails if another process was first: then its secret counts.
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _long_enough(secret: str, where: str) -> bytes:
    if len(secret) < LEAST:
        raise OutsideError(TOO_SHORT.at(Place(where), where=where, least=LEAST))
    return secret.encode()
