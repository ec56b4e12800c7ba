"""A frozen edition as it lies in the ledger: the mail as it leaves, all else packed small."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

from publisher.model.edition import Card, Edition, FeedItem
from publisher.model.episode import Audience, Kind


def packed(edition: Edition) -> bytes:
    """Pack all of an edition but the mail itself."""
    item = edition.item
    channels = {
        "subject": edition.subject,
        "preheader": edition.preheader,
        "html": edition.html,
        "text": edition.text,
        "page": edition.page,
        "item": {
            **{name: getattr(item, name) for name in FeedItem.__slots__},
            "categories": list(item.categories),
            "published": item.published.isoformat(),
            "updated": item.updated.isoformat(),
        },
        "card": {name: getattr(edition.card, name) for name in Card.__slots__},
    }
    return zlib.compress(json.dumps(channels, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def edition_of(series: str, number: int, row: Any) -> Edition:  # a row of `editions`
    """Unpack an edition of a release."""
    channels = json.loads(zlib.decompress(row.rest).decode("utf-8", "surrogatepass"))
    item = channels["item"]
    item["categories"] = tuple(item["categories"])
    item["published"] = datetime.fromisoformat(item["published"])
    item["updated"] = datetime.fromisoformat(item["updated"])
    return Edition(
        series=series,
        number=number,
        audience=Audience(row.audience),
        kind=Kind(row.kind),
        subject=channels["subject"],
        preheader=channels["preheader"],
        html=channels["html"],
        text=channels["text"],
        message=bytes(row.message),
        page=channels["page"],
        item=FeedItem(**item),
        card=Card(**channels["card"]),
        digest=row.digest,
    )
