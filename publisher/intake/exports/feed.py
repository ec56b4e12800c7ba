"""A feed as an archive: RSS 2.0 or Atom, as complete as the feed was."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape

from lxml import etree

from publisher.intake.draft import tally
from publisher.intake.exports.ghost import moment
from publisher.intake.exports.piece import Piece, Run
from publisher.intake.markup import passages_of
from publisher.intake.refusal import TOO_LARGE, UNREADABLE, Refused
from publisher.intake.strongbox import LARGEST_MEMBER

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def from_feed(data: bytes, name: str) -> Run:
    """Read a feed. Raises Refused for what is none, or has a document type of its own."""
    if len(data) > LARGEST_MEMBER:
        raise Refused(TOO_LARGE, name, what=name, limit=LARGEST_MEMBER // 2**20)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Refused(UNREADABLE, name, form="RSS") from fault
    if root.getroottree().docinfo.doctype:
        raise Refused(UNREADABLE, name, form="RSS")
    if root.tag == f"{_ATOM}feed":
        pieces = tuple(_entry(entry) for entry in root.iter(f"{_ATOM}entry"))
        return Run(pieces, _said(root, f"{_ATOM}title"), _said(root, f"{_ATOM}subtitle"))
    channel = root.find("channel")
    if channel is None:
        raise Refused(UNREADABLE, name, form="RSS")
    pieces = tuple(_item(item) for item in channel.iter("item"))
    return Run(pieces, _said(channel, "title"), _said(channel, "description"))


def _said(element: etree._Element, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _item(item: etree._Element) -> Piece:
    whole = item.find(_CONTENT)
    described = item.find("description")
    html = "" if whole is None else whole.text or ""
    deck = ""
    if described is not None and described.text:
        if not html:
            html = described.text
        else:
            deck, html = _summed_up(described.text, html)
    link = _said(item, "link")
    return Piece(
        title=_said(item, "title"),
        html=html,
        deck=deck,
        published=_date(_said(item, "pubDate")),
        guid=_said(item, "guid") or link,
        url=link,
        tags=tuple(
            t for t in (" ".join((c.text or "").split()) for c in item.iter("category")) if t
        ),
        byline=_said(item, _CREATOR) or _said(item, "author"),
    )


def _summed_up(summary: str, html: str) -> tuple[str, str]:
    """Give the deck and the text: a summary of other words than the text has is not dropped."""
    if "<" not in summary and len(summary) < 300:
        return " ".join(summary.split()), html
    said = _read(summary)
    if not tally(said) - tally(_read(html)):
        return "", html
    return (said, html) if len(said) < 300 else ("", f"{summary}\n{html}")


def _read(html: str) -> str:
    return " ".join(p.plain for p in passages_of(html)) if html.strip() else ""


def _entry(entry: etree._Element) -> Piece:
    content = entry.find(f"{_ATOM}content")
    if content is None:
        content = entry.find(f"{_ATOM}summary")
    link = next(
        (
            e.get("href", "")
            for e in entry.iter(f"{_ATOM}link")
            if e.get("rel", "alternate") == "alternate"
        ),
        "",
    )
    author = entry.find(f"{_ATOM}author")
    return Piece(
        title=_said(entry, f"{_ATOM}title"),
        html=_inside(content),
        published=moment(_said(entry, f"{_ATOM}published") or _said(entry, f"{_ATOM}updated")),
        guid=_said(entry, f"{_ATOM}id") or link,
        url=link,
        tags=tuple(c.get("term", "") for c in entry.iter(f"{_ATOM}category") if c.get("term")),
        byline="" if author is None else _said(author, f"{_ATOM}name"),
    )


def _inside(content: etree._Element | None) -> str:
    if content is None:
        return ""
    if content.get("type") == "xhtml":
        return "".join(etree.tostring(c, encoding="unicode", method="html") for c in content)
    text = content.text or ""
    return text if content.get("type") == "html" else f"<p>{escape(text)}</p>"


def _date(value: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return moment(value)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
