"""The HTML of a letter as Word, Gmail and a screen reader take it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.lint.letter.copy import Html
from publisher.lint.letter.markup import Element
from publisher.model.problem import Fault, Problem, Severity

IMAGE_SIZE = Fault(
    "letter/image-size",
    Severity.ERROR,
    "The image {src} has no whole-numbered width of at most 600 and height.",
    "Write width and height in pixels on the img: Word shows it in its full size otherwise.",
)
IMAGE_ALT = Fault(
    "letter/image-alt",
    Severity.ERROR,
    "The image {src} has no alt attribute.",
    'Say what it shows, or write alt="" where it only decorates.',
)
IMAGE_SOURCE = Fault(
    "letter/image-source",
    Severity.ERROR,
    "The image {src} cannot be loaded from a mail.",
    "Give it an https: address; data:, cid: and relative ones are not shown everywhere.",
)
IMAGE_FORMAT = Fault(
    "letter/image-format",
    Severity.ERROR,
    "The image {src} is of a kind that Outlook cannot show.",
    "Use PNG, JPEG or GIF.",
)
ACTIVE = Fault(
    "letter/active-content",
    Severity.ERROR,
    "The letter holds <{tag}>, which inboxes cut out or block.",
    "Use text, images and links only.",
)
REMOTE_STYLE = Fault(
    "letter/remote-style",
    Severity.ERROR,
    "A style sheet or font is loaded from elsewhere ({what}).",
    "Write styles into the letter; no inbox loads them.",
)
LANGUAGE = Fault(
    "letter/lang",
    Severity.ERROR,
    "<{tag}> does not say {what}.",
    "Write lang and dir on html and on the wrapper inside body: inboxes drop the outer ones.",
)
TITLE = Fault(
    "letter/title",
    Severity.WARNING,
    "The letter has no <title>.",
    "Put the subject there: some programs read it aloud.",
)
HEADING = Fault(
    "letter/headings",
    Severity.WARNING,
    "The headings are out of order: {what}.",
    "Use one h1 and no level less in between: who listens jumps from heading to heading.",
)
TABLE_ROLE = Fault(
    "letter/table-role",
    Severity.WARNING,
    'A layout table has no role="presentation", a data table no header cells.',
    "Give it the role, or th cells with scope.",
)
LINK_TEXT = Fault(
    "letter/link-text",
    Severity.WARNING,
    "The link to {href} says “{text}”.",
    "Name the thing behind it.",
)
LINK_ADDRESS = Fault(
    "letter/link-address",
    Severity.ERROR,
    "The link “{href}” opens nothing outside this machine.",
    "Write a whole https: address.",
)
LINK_IDN = Fault(
    "letter/link-idn",
    Severity.WARNING,
    "The address {href} holds letters beyond ASCII.",
    "Write the host in its xn-- form and the path with percent signs.",
)
LINK_DISGUISE = Fault(
    "letter/link-disguise",
    Severity.ERROR,
    "A link shows “{shown}” and leads to “{host}”.",
    "Let words and address name the same site: filters take the difference for fraud.",
)
SMALL_TEXT = Fault(
    "letter/small-text",
    Severity.WARNING,
    "Text of {size} px stands here.",
    "Use at least 12 px, 14 where people read.",
)

_ACTIVE = frozenset(
    [
        "script",
        "form",
        "input",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "svg",
        "canvas",
        "base",
    ]
)
_VAGUE = frozenset(["여기", "이곳", "클릭", "링크", "here", "click here", "link", "바로가기", ""])
_SHOWN = re.compile(
    r"(?:https?://)?((?:[a-z0-9가-힣-]+\.)+[a-z가-힣]{2,})(?:/\S*)?$", re.IGNORECASE
)
_SITES = re.compile(
    r"\.(?:com|net|org|kr|co|io|ai|dev|app|gov|edu|info|me|tv|eu|uk|jp|cn|de|example)$"
)
_LOCAL = re.compile(
    r"^(?:localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|169\.254\.|\[?::1)|\.(?:local|internal|lan)$"
)


def check(page: Html) -> Iterator[Problem]:
    if not page.html:
        return
    yield from _images(page)
    yield from _links(page)
    yield from _language(page)
    yield from _headings(page)
    yield from _tables(page)
    yield from _rest(page)


def _images(page: Html) -> Iterator[Problem]:
    for image in page.markup.all("img"):
        src = image.get("src")
        shown = src[-60:] or "img"
        place = page.in_html(image.line)
        if "alt" not in image.attributes:
            yield IMAGE_ALT.at(place, src=shown)
        if not src.startswith("https://"):
            yield IMAGE_SOURCE.at(place, src=shown)
        if re.search(r"\.(?:webp|svg|avif|heic|bmp|tiff?)(?:[?#]|$)", src, re.IGNORECASE):
            yield IMAGE_FORMAT.at(place, src=shown)
        sizes = [image.get("width"), image.get("height")]
        if not all(re.fullmatch(r"[1-9]\d{0,4}", size) for size in sizes) or int(sizes[0]) > 600:
            yield IMAGE_SIZE.at(place, src=shown)


def _links(page: Html) -> Iterator[Problem]:
    for link in page.markup.all("a", "area"):
        href, text = link.get("href"), link.text
        place = page.in_html(link.line)
        if "href" not in link.attributes:
            continue
        yield from _address(page, link, href)
        if text.casefold().strip(" .→›»[]()") in _VAGUE and not link.get("aria-label"):
            yield LINK_TEXT.at(place, href=href[:60], text=text)
        shown = _SHOWN.fullmatch(text)
        host = _host(href)
        if shown and host and _SITES.search(shown.group(1)) and not _same(shown.group(1), host):
            yield LINK_DISGUISE.at(place, shown=shown.group(1), host=host)


def _address(page: Html, link: Element, href: str) -> Iterator[Problem]:
    place = page.in_html(link.line)
    if href.startswith("#") and len(href) > 1:
        return
    if re.match(r"mailto:[^@\s]+@[^@\s]+|tel:\+?[\d-]+$", href):
        return
    host = _host(href)
    if not href.startswith(("https://", "http://")) or not host or _LOCAL.search(host):
        yield LINK_ADDRESS.at(place, href=href[:60])
    elif not href.isascii():
        yield LINK_IDN.at(place, href=href[:60])


def _host(href: str) -> str:
    try:
        address = urlsplit(href)
    except ValueError:
        return ""
    return (address.hostname or "") if address.scheme in ("http", "https") else ""


def _same(shown: str, host: str) -> bool:
    shown, host = (name.lower().removeprefix("www.") for name in (shown, host))
    return shown == host or shown.endswith("." + host) or host.endswith("." + shown)


def _language(page: Html) -> Iterator[Problem]:
    outer = page.markup.all("html")
    wrapper = [e for e in page.markup.elements if e.get("role") == "article"]
    for tag, found in (("html", outer), ("wrapper role=article", wrapper)):
        if not found:
            yield LANGUAGE.at(page.in_html(1), tag=tag, what="lang, dir")
            continue
        missing = [name for name in ("lang", "dir") if not found[0].get(name)]
        if missing:
            yield LANGUAGE.at(page.in_html(found[0].line), tag=tag, what=", ".join(missing))
    titles = page.markup.all("title")
    if not titles or not titles[0].text:
        yield TITLE.at(page.in_html(1))


def _headings(page: Html) -> Iterator[Problem]:
    headings = page.markup.all("h1", "h2", "h3", "h4", "h5", "h6")
    tops = [heading for heading in headings if heading.tag == "h1"]
    if len(tops) != 1:
        place = page.in_html(tops[1].line if tops else 1)
        yield HEADING.at(place, what=f"{len(tops)} × <h1>")
    level = 0
    for heading in headings:
        mine = int(heading.tag[1])
        if level and mine > level + 1:
            yield HEADING.at(page.in_html(heading.line), what=f"<h{level}> → <h{mine}>")
        level = mine


def _tables(page: Html) -> Iterator[Problem]:
    headed = {id(around) for cell in page.markup.all("th") for around in _around(cell)}
    for table in page.markup.all("table"):
        if table.get("role") not in ("presentation", "none") and id(table) not in headed:
            yield TABLE_ROLE.at(page.in_html(table.line))


def _around(element: Element) -> Iterator[Element]:
    """Give the elements around one, the nearest first."""
    around = element.parent
    while around is not None:
        yield around
        around = around.parent


def _is_small(size: str) -> bool:
    found = re.fullmatch(r"(\d*\.?\d+)px", size)
    return found is not None and 2 <= float(found.group(1)) < 12


def _rest(page: Html) -> Iterator[Problem]:
    for element in page.markup.elements:
        tag = element.opening
        if tag.name in _ACTIVE or tag.acts:
            yield ACTIVE.at(page.in_html(element.line), tag=tag.name)
        if tag.name == "link" and "stylesheet" in element.get("rel"):
            yield REMOTE_STYLE.at(page.in_html(element.line), what=element.get("href")[:60])
        size = tag.style.get("font-size", "")
        if size and _is_small(size) and element.text and not element.hidden:
            yield SMALL_TEXT.at(page.in_html(element.line), size=size.removesuffix("px"))
    for css, line in page.markup.styles:
        if found := re.search(r"@import[^;]*|@font-face\s*\{[^}]*url\([^)]*\)", css):
            yield REMOTE_STYLE.at(page.in_html(line), what=" ".join(found.group().split())[:60])
