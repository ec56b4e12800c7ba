"""An address as it goes over the wire: ASCII, bounded, with its domain in A-labels.

Mailbox syntax follows RFC 5321 section 4.1.2 without quoted strings and address literals; domains
follow IDNA 2008 (RFC 5891) with the mapping of UTS 46. Local parts outside ASCII would need
SMTPUTF8 (RFC 6531) at every hop and are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

import idna

_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", re.ASCII)


def wire(address: str) -> tuple[str, str]:
    """Give the address for the envelope and its domain, lower case.

    Raises ValueError, with the reason, for one that cannot be mailed.
    """
    if len(address) > 320:
        raise ValueError("the address is too long")
    local, at, domain = address.rpartition("@")
    if not at:
        raise ValueError("the address has no @")
    if not local.isascii():
        raise ValueError("the part before the @ is not ASCII")
    if len(local) > 64 or not _LOCAL.fullmatch(local):
        raise ValueError("the part before the @ is not an address")
    host = _a_label(domain)
    whole = f"{local}@{host}"
    if len(whole) > 254:
        raise ValueError("the address is too long")
    return whole, host.lower()


@lru_cache(maxsize=4096)
def _a_label(domain: str) -> str:
    if domain.isascii():
        labels = domain.split(".")
        if len(domain) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
            raise ValueError("the part after the @ is not a domain")
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise ValueError("the part after the @ is not a domain") from None
