"""The post office of a newsroom: ledger, list, transport and press put together."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable

from publisher import delivery
from publisher.delivery.ports import Policy, Rate, Transport
from publisher.delivery.postmark import Postmark
from publisher.files.spans import span
from publisher.store.alerts import Alerts
from publisher.store.deliveries import Deliveries
from publisher.store.releases import Releases
from publisher.transport.relay import Relay
from publisher.wiring.bell import EditorsBell
from publisher.wiring.courier import post_to_editors
from publisher.wiring.links import LinkTokens, tokens_of
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.presswork import Presswork
from publisher.wiring.transports import transport_of


def post_office(
    newsroom: Newsroom, transport: Callable[[], Transport] | None = None
) -> delivery.Office:
    """Open the post office of a publication. Raises OutsideError when the database is away."""
    database = newsroom.database
    return delivery.Office(
        press=Presswork(newsroom),
        releases=Releases(database),
        deliveries=Deliveries(database),
        transport=transport or (lambda: transport_of(newsroom)),
        personal=LinkTokens(tokens_of(newsroom)),
        postmark=Postmark(newsroom.secret),
        bell=bell_of(newsroom),
        owner=f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(6)}",
        clock=newsroom.clock,
        ticks=time.monotonic,
        sleep=time.sleep,
        bounce_domain=newsroom.publication.sender.bounce_domain,
        signer=newsroom.signer,
        policy=policy_of(newsroom),
    )


def bell_of(newsroom: Newsroom) -> EditorsBell:
    """Hang up the bell that tells the editors."""
    return EditorsBell(
        language=newsroom.publication.language,
        publication=newsroom.publication.name,
        webhook=newsroom.config.alerts.webhook,
        first=Alerts(newsroom.database).first,
        passed=Alerts(newsroom.database).over,
        post=post_to_editors(newsroom),
    )


def policy_of(newsroom: Newsroom) -> Policy:
    """Read how deliveries are made from the settings."""
    table = newsroom.config.delivery
    return Policy(
        chunk=table.chunk,
        prepare_ahead=span(table.prepare_ahead),
        resend_uncertain=table.on_uncertain == "resend",
        max_attempts=table.max_attempts,
        backoff=span(table.backoff),
        pause_after_refusals=table.pause_after_refusals,
        domains={
            name: Rate(limit.connections, limit.per_second) for name, limit in table.limits.items()
        },
        relays={
            Relay(relay.host, relay.port).name: Rate(relay.connections, relay.per_second)
            for relay in table.relay
        },
    )
