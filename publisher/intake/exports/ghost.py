"""Ghost's export: one JSON file, perhaps in a zip with the images beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape

from publisher.intake.exports.ghost_cards import html_of
from publisher.intake.exports.piece import WALL, Piece, Run
from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox

_HOME = "__GHOST_URL__"
_WALLS = re.compile(r"<!--\s*members-only\s*-->", re.IGNORECASE)
_IMAGES = re.compile(rf"(?:{_HOME})?/content/images/[^\"'\s)>]+")
Row = Mapping[str, object]


def from_ghost(data: bytes, name: str, url: str) -> Run:
    """Read an export. ``url`` is where the site lived. Raises Refused for anything else."""
    box = Strongbox(data, name, "Ghost") if data.startswith(b"PK") else None
    tables = _tables(_json(data, box, name), name)
    tags = {row.get("id"): _text(row.get("name")) for row in tables("tags")}
    authors = {row.get("id"): _text(row.get("name")) for row in tables("users")}
    extra = {row.get("post_id"): row for row in tables("posts_meta")}
    tagged = _linked(tables("posts_tags"), "tag_id", tags)
    written = _linked(tables("posts_authors"), "author_id", authors)
    settings = {row.get("key"): _text(row.get("value")) for row in tables("settings")}
    pieces, passed = [], []
    for row in tables("posts"):
        if row.get("type") == "page" or row.get("page") in (1, True):
            passed.append(_text(row.get("title")))
            continue
        key = row.get("id")
        byline = ", ".join(written.get(key, ())) or authors.get(row.get("author_id"), "")
        pieces.append(
            _piece(row, extra.get(key, {}), tagged.get(key, ()), byline, url.rstrip("/"), box)
        )
    return Run(
        tuple(pieces), settings.get("title", ""), settings.get("description", ""), tuple(passed)
    )


def _json(data: bytes, box: Strongbox | None, name: str) -> object:
    try:
        if box is not None:
            member = next(n for n in box.names if n.endswith(".json"))
            data = box.read(member)
        return json.loads(data.decode("utf-8-sig"))
    except (StopIteration, ValueError, RecursionError) as fault:
        raise Refused(UNREADABLE, name, form="Ghost JSON") from fault


def _tables(whole: object, name: str) -> Callable[[str], list[Row]]:
    """Find the tables of the export, whichever of its two layouts it has."""
    if isinstance(whole, dict) and isinstance(whole.get("db"), list) and whole["db"]:
        whole = whole["db"][0]
    data = whole.get("data", whole) if isinstance(whole, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("posts"), list):
        raise Refused(UNREADABLE, name, form="Ghost JSON")

    def rows(table: str) -> list[Row]:
        found = data.get(table)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []

    return rows


def _linked(rows: list[Row], key: str, names: Mapping[object, str]) -> dict[object, list[str]]:
    linked: dict[object, list[str]] = {}
    for row in sorted(rows, key=lambda r: str(r.get("sort_order", "")).zfill(6)):
        found = names.get(row.get(key))
        # Tags that begin with a hash are Ghost's own, not shown to readers.
        if found and not found.startswith("#"):
            linked.setdefault(row.get("post_id"), []).append(found)
    return linked


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _piece(
    row: Row, extra: Row, tags: object, byline: str, url: str, box: Strongbox | None
) -> Piece:
    html = _html(row)
    cover = _text(row.get("feature_image"))
    pictures = _pictures(html + cover, box)
    slug = _text(row.get("slug"))
    published = moment(row.get("published_at"))
    out = row.get("status") in ("published", "sent")
    return Piece(
        title=_text(row.get("title")),
        html=_WALLS.sub(f"<p>{WALL}</p>", html).replace(_HOME, url),
        deck=_text(row.get("custom_excerpt")),
        published=published if out else None,
        undated=out and published is None,
        guid=_text(row.get("id")) or _text(row.get("uuid")),
        url=f"{url}/{slug}/" if url and slug else "",
        tags=tuple(tags) if isinstance(tags, list) else (),
        byline=byline,
        members=row.get("visibility") in ("members", "paid", "tiers") and not _WALLS.search(html),
        cover=cover.replace(_HOME, url),
        cover_alt=_text(extra.get("feature_image_alt")),
        cover_caption=_text(extra.get("feature_image_caption")),
        pictures={key.replace(_HOME, url): data for key, data in pictures.items()},
    )


def _html(row: Row) -> str:
    """Give a letter's HTML; where an export has none, the words of its other forms."""
    html = _text(row.get("html"))
    if html:
        return html
    html = html_of(row.get("lexical")) or html_of(row.get("mobiledoc"))
    if html:
        return html
    plain = _text(row.get("plaintext"))
    return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", plain) if part.strip())


def _pictures(html: str, box: Strongbox | None) -> dict[str, bytes]:
    """Find the images that lie in the zip beside the JSON."""
    if box is None:
        return {}
    members = {n[n.index("content/images/") :]: n for n in box.names if "content/images/" in n}
    found = {}
    for address in sorted(set(_IMAGES.findall(html))):
        member = members.get(address[address.index("content/images/") :])
        if member:
            found[address] = box.read(member)
    return found


def moment(value: object) -> datetime | None:
    """Read an instant as services write it: ISO 8601, or milliseconds since 1970. UTC if unsaid."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        read = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
