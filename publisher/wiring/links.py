"""The links every mail carries for its reader: made and read with the publication's secrets."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.audience.tokens import Purpose, Tokens
from publisher.wiring.newsroom import Newsroom


def tokens_of(newsroom: Newsroom) -> Tokens:
    """Give the maker of readers' links; old secrets still open theirs."""
    name = newsroom.config.web.old_secret_env
    old = newsroom.environment.get(name, "").split() if name else []
    return Tokens([newsroom.secret, *(secret.encode() for secret in old)])


@dataclass(frozen=True)
class LinkTokens:
    """Makes the two links every mail carries for its reader."""

    tokens: Tokens

    def leave(self, subscriber: int, epoch: int) -> str:
        """Make the token that ends the subscription."""
        return self.tokens.make(Purpose.LEAVE, subscriber, epoch)

    def preferences(self, subscriber: int, epoch: int) -> str:
        """Make the token that opens the preferences."""
        return self.tokens.make(Purpose.PREFERENCES, subscriber, epoch)
