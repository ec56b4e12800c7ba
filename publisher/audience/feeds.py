"""Members' own feeds: a secret address in a feed reader, kept as a hash, closed in one step.

The address is a bearer secret: whoever has it reads as the member. So a member can have a new
one at any time, which closes the old; and it closes by itself when the membership ends.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from enum import StrEnum

from publisher.audience.ports import Chance, Clock, Register
from publisher.audience.standing import is_member
from publisher.audience.tokens import Purpose, Tokens, fingerprint

#: Octets of chance in a feed's address.
_SECRET = 32
LENGTH = 43


class Access(StrEnum):
    """What a feed address opens."""

    OPEN = "open"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Feeds:
    """Members' feeds by token."""

    def __init__(self, register: Register, tokens: Tokens, clock: Clock, chance: Chance) -> None:
        self._register = register
        self._tokens = tokens
        self._clock = clock
        self._chance = chance

    def issue(self, token: str) -> str | None:
        """Give the holder of a preferences link a new feed secret; None unless they are a member.

        The secret is shown once and never stored; feeds issued before are revoked.
        """
        now = self._clock()
        read = self._tokens.read(token, Purpose.PREFERENCES)
        if read is None:
            return None
        secret = urlsafe_b64encode(self._chance(_SECRET)).decode("ascii").rstrip("=")
        with self._register.change() as book:
            record = book.of_id(read.id)
            if record is None or record.epoch != read.epoch or not is_member(record, now):
                return None
            book.add_feed(fingerprint(secret), record.subscriber.id, now)
        return secret

    def revoke(self, token: str) -> bool:
        """Close the feeds of the holder of a preferences link."""
        read = self._tokens.read(token, Purpose.PREFERENCES)
        if read is None:
            return False
        with self._register.change() as book:
            record = book.of_id(read.id)
            if record is None or record.epoch != read.epoch:
                return False
            book.revoke_feeds(record.subscriber.id, self._clock())
        return True

    def access(self, secret: str) -> Access:
        """Say what a secret opens now."""
        if len(secret) != LENGTH:
            return Access.UNKNOWN
        with self._register.look() as book:
            found = book.feed(fingerprint(secret))
            if found is None:
                return Access.UNKNOWN
            number, revoked = found
            record = None if revoked else book.of_id(number)
        member = record is not None and is_member(record, self._clock())
        return Access.OPEN if member else Access.REVOKED

    def has(self, number: int) -> bool:
        """Say whether a subscriber has an open feed."""
        with self._register.look() as book:
            return book.has_feed(number)
