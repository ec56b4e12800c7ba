"""Substack's export: a zip with ``posts.csv`` and one HTML file a letter."""

from __future__ import annotations

import csv
import io
import re

from publisher.intake.exports.ghost import moment
from publisher.intake.exports.piece import WALL, Piece, Run
from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox

_WALLS = re.compile(
    r"<div\b[^>]*\bclass=[\"'][^\"']*\bpaywall(?:-jump)?\b[^>]*>(?:\s*</div>)?", re.IGNORECASE
)


def from_substack(data: bytes, name: str, url: str) -> Run:
    """Read an export. ``url`` is where the letters lived. Raises Refused for anything else."""
    box = Strongbox(data, name, "Substack")
    table = next((n for n in box.names if n.rpartition("/")[2] == "posts.csv"), None)
    if table is None:
        raise Refused(UNREADABLE, name, form="Substack")
    bodies = {
        n.rpartition("/")[2].removesuffix(".html"): n for n in box.names if n.endswith(".html")
    }
    text = box.read(table).decode("utf-8-sig", "replace").replace("\x00", "")
    pieces = []
    for row in csv.DictReader(io.StringIO(text)):
        key = row.get("post_id") or ""
        number, _, slug = key.partition(".")
        member = bodies.get(key) or next(
            (m for stem, m in sorted(bodies.items()) if stem.partition(".")[0] == number), None
        )
        html = box.read(member).decode("utf-8", "replace") if member else ""
        pieces.append(_piece(row, html, slug, url.rstrip("/")))
    return Run(tuple(pieces), passed_over=_others(box, table))


def _piece(row: dict[str, str], html: str, slug: str, url: str) -> Piece:
    walled = _WALLS.sub(f"<p>{WALL}</p>", html, count=1)
    address = f"{url}/p/{slug}" if url and slug else ""
    out = (row.get("is_published") or "").strip().lower() in ("true", "1")
    paid = (row.get("audience") or "") in ("only_paid", "founding")
    published = moment(row.get("post_date")) if out else None
    return Piece(
        title=row.get("title") or "",
        deck=row.get("subtitle") or "",
        html=walled,
        published=published,
        undated=out and published is None,
        guid=address,
        url=address,
        members=paid and WALL not in walled,
    )


def _others(box: Strongbox, table: str) -> tuple[str, ...]:
    """Name the tables of the zip that hold no letters: opens, deliveries, the list."""
    return tuple(n for n in box.names if n != table and not n.endswith(".html"))
