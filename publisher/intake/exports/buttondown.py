"""Buttondown's export: a folder, or its zip, of Markdown files with front matter."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.intake.exports.ghost import moment
from publisher.intake.exports.piece import Piece, Run
from publisher.intake.foreign import parted
from publisher.intake.refusal import UNREADABLE, Refused
from publisher.intake.strongbox import Strongbox

_HIDDEN = ("draft", "not_sent", "deleted", "errored", "imported_draft")


def from_buttondown(files: Mapping[str, bytes], name: str, url: str) -> Run:
    """Read a folder of letters by file name. Raises Refused when it holds none."""
    pieces, passed = [], []
    for path, data in sorted(files.items()):
        if not path.lower().endswith((".md", ".markdown")):
            passed.append(path)
            continue
        pieces.append(_piece(path, data.decode("utf-8-sig", "replace"), url.rstrip("/")))
    if not pieces:
        raise Refused(UNREADABLE, name, form="Buttondown")
    return Run(tuple(pieces), passed_over=tuple(passed))


def unzipped(data: bytes, name: str) -> dict[str, bytes]:
    """Open the zip of such a folder."""
    box = Strongbox(data, name, "Buttondown")
    return {n: box.read(n) for n in box.names if n.lower().endswith((".md", ".markdown"))}


def _piece(path: str, text: str, url: str) -> Piece:
    stated, body = parted(text)

    def found(*keys: str) -> str:
        return next((stated[key] for key in keys if stated.get(key)), "")

    slug = found("slug")
    address = found("absolute_url", "canonical_url", "url") or (
        f"{url}/archive/{slug}/" if url and slug else ""
    )
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return Piece(
        title=found("subject", "title") or stem,
        deck=found("description", "subtitle"),
        markdown=body,
        published=None
        if found("status") in _HIDDEN
        else moment(found("publish_date", "published", "date", "creation_date")),
        guid=found("guid") or address or found("id"),
        url=address,
        tags=tuple(t.strip() for t in found("tags").split(",") if t.strip()),
        byline=found("author", "byline"),
        members=found("email_type", "audience") in ("premium", "paid"),
        cover=found("image"),
    )
