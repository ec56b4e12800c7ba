"""A reader's mail address: what is accepted, and the one key that stands for it.

Only what can be put on the wire without SMTPUTF8 is taken in: a dot-atom local part of ASCII
(RFC 5321, 4.1.2) at a domain name, which may be written in Hangul and is then carried as
A-labels (RFC 5891). Nothing that is accepted holds a space, a control character, an angle
bracket or a line end, so an address can never add a header or an SMTP command.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna

from publisher.model.problem import Fault, Place, Problem, Severity

#: Octets of a local part and of a whole address (RFC 5321, 4.5.3.1; erratum 1690).
LOCAL, WHOLE = 64, 254

EMPTY = Fault(
    "address/empty",
    Severity.ERROR,
    "There is no mail address.",
    "Write an address such as reader@example.kr.",
)
TOO_LONG = Fault(
    "address/too-long",
    Severity.ERROR,
    "The mail address is longer than mail servers accept.",
    "At most 64 characters stand before the @ and 254 in all; ask the reader for another address.",
)
CONTROL = Fault(
    "address/control-character",
    Severity.ERROR,
    "The mail address holds an invisible control character ({character}).",
    "Type the address anew instead of pasting it.",
)
NO_AT = Fault(
    "address/no-domain",
    Severity.ERROR,
    "“{address}” is not a mail address: it needs exactly one @ with a name on each side.",
    "Write the address alone, such as reader@example.kr, without a name or brackets around it.",
)
NOT_ASCII = Fault(
    "address/local-part-not-ascii",
    Severity.ERROR,
    "The part before the @ in “{address}” has letters outside English ones, which most mail"
    " servers refuse.",
    "Ask the reader for an address whose part before the @ is in English letters and digits;"
    " the domain after it may be in Hangul.",
)
BAD_LOCAL = Fault(
    "address/local-part",
    Severity.ERROR,
    "The part before the @ in “{address}” cannot be delivered.",
    "Use letters, digits and the marks . _ + - there: no spaces, quotes or brackets, and no dot"
    " at either end or twice in a row.",
)
BAD_DOMAIN = Fault(
    "address/domain",
    Severity.ERROR,
    "“{domain}” is not a domain that can receive mail.",
    "Check the part after the @ for a typing error; it looks like example.kr.",
)

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\Z")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}\Z")
#: What pasting leaves at the ends: spaces of every width, zero-width marks, a byte order mark.
_PASTE = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
#: Where an address stands that came by no file.
NOWHERE = Place("subscribers")


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address that was looked at and found good.

    ``written`` is what the reader recognises (NFC, a Hangul domain in Hangul); ``mailbox`` is
    what goes into an envelope and a To header (ASCII); ``key`` is ``mailbox`` in lower case.
    """

    written: str
    mailbox: str
    key: str

    @property
    def domain(self) -> str:
        """The domain as A-labels, lower case: what limits and segments count by."""
        return self.key.rpartition("@")[2]


def parse(text: str, place: Place = NOWHERE) -> Address | Problem:
    """Read one address as somebody typed it; a Problem at ``place`` says what to mend."""
    if len(text) > 4 * WHOLE:
        return TOO_LONG.at(place)
    plain = text.isascii()
    trimmed = (text if plain else unicodedata.normalize("NFC", text)).strip(_PASTE)
    if not trimmed:
        return EMPTY.at(place)
    for character in "" if plain and trimmed.isprintable() else trimmed:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return CONTROL.at(place, character=f"U+{ord(character):04X}")
    local, at, domain = trimmed.rpartition("@")
    if not at or not local or not domain or "@" in local or " " in trimmed:
        return NO_AT.at(place, address=trimmed)
    return _checked(local, domain, place)


def _checked(local: str, domain: str, place: Place) -> Address | Problem:
    if not local.isascii():
        return NOT_ASCII.at(place, address=f"{local}@{domain}")
    if not _LOCAL.match(local):
        return BAD_LOCAL.at(place, address=f"{local}@{domain}")
    names = _domain(domain)
    if names is None:
        return BAD_DOMAIN.at(place, domain=domain)
    ascii_name, shown = names
    mailbox = f"{local}@{ascii_name}"
    if len(local) > LOCAL or len(mailbox) > WHOLE:
        return TOO_LONG.at(place)
    return Address(f"{local}@{shown}", mailbox, mailbox.lower())


@lru_cache(maxsize=4096)
def _domain(domain: str) -> tuple[str, str] | None:
    """Give a domain as A-labels and as readers see it; None if it cannot receive mail."""
    if domain.isascii() and "xn--" not in domain.lower():
        return (domain.lower(), domain.lower()) if _named(domain) else None
    try:
        encoded = idna.encode(domain, uts46=True, transitional=False).decode("ascii")
        shown = idna.decode(encoded)
    except (idna.IDNAError, UnicodeError):
        return None
    return (encoded, shown) if _named(encoded) else None


def _named(domain: str) -> bool:
    return len(domain) <= 253 and _DOMAIN.match(domain) is not None


def mailbox_of(address: str, key: str) -> str:
    """Give the wire form of a stored subscriber: the local part as written, the domain as A-labels."""
    return f"{address.rpartition('@')[0]}@{key.rpartition('@')[2]}"


def masked(address: str) -> str:
    """Show an address to somebody who may not be its owner: ``r•••@example.kr``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"
