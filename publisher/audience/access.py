"""All that is known of one address, for the person it belongs to (GDPR 15, 개인정보 보호법 제35조)."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from publisher.audience.address import parse
from publisher.audience.ports import Register
from publisher.audience.tokens import tombstone
from publisher.model.problem import Problem
from publisher.model.readership import Record


def everything_about(register: Register, address: str) -> dict[str, Any] | Problem:
    """Gather what stands about an address, as plain data for JSON: instants as ISO 8601 in UTC.

    Links and secrets are left out, for whoever reads this could use them; a members' feed is
    stored as a hash alone and shows as the day it was made.
    """
    parsed = parse(address)
    if isinstance(parsed, Problem):
        return parsed
    stone = tombstone(parsed.key)
    with register.look() as book:
        record = book.of_key(parsed.key)
        held = book.suppressed([parsed.key, stone])
        trace = book.trace(record.subscriber.id if record else 0, parsed.key)
    return {
        "address": parsed.written,
        "subscriber": _subscriber(record) if record is not None else None,
        "consents": [_plain(act) for act in record.consents] if record is not None else [],
        "suppression": _plain(held[parsed.key]) if parsed.key in held else None,
        "erased_at": _value(held[stone].at) if stone in held else None,
        "requests": [_plain(wish) for wish in trace.wishes],
        "mails_about_the_subscription": [_plain(notice) for notice in trace.notices],
        "deliveries": list(trace.deliveries),
        "bounces": list(trace.bounces),
        "payments": list(trace.payments),
        "feeds": list(trace.feeds),
    }


def _subscriber(record: Record) -> dict[str, Any]:
    return {**_plain(record.subscriber), "left_at": _value(record.left_at)}


def _plain(thing: Any) -> dict[str, Any]:  # any of the frozen dataclasses of the model
    return {field.name: _value(getattr(thing, field.name)) for field in fields(thing)}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
