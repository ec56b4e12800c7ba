"""Dates as feeds write them, and the order of what stands in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from publisher.model.edition import FeedItem


def utc(moment: datetime) -> datetime:
    """Give an instant in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def rfc822(moment: datetime) -> str:
    """Write an instant as every reader understands it: English names, four-digit year, +0000."""
    return format_datetime(utc(moment))


def rfc3339(moment: datetime) -> str:
    """Write an instant as Atom and JSON Feed do (RFC 3339), in UTC."""
    return utc(moment).isoformat()


def newest_first(items: Sequence[FeedItem]) -> list[FeedItem]:
    """Sort items by first publication, then by their lasting name; one name stands once.

    Raises ValueError when two items share a guid: readers would never show the second.
    """
    if len({item.guid for item in items}) != len(items):
        raise ValueError("two items of a feed have the same guid")
    return sorted(items, key=lambda item: (item.published, item.guid), reverse=True)
