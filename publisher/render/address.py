"""Where links and pictures point: one place decides which addresses may leave the house.

A web page may use paths of its own site; a mail and a feed are read elsewhere and get
absolute addresses only. What is not on the list of schemes is not linked at all.
"""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from urllib.parse import quote, urlsplit

from publisher.model.body import Picture
from publisher.model.publication import Publication, Theme
from publisher.model.setting import Setting, episode_path

SCHEMES = frozenset({"https", "http", "mailto", "tel"})
_EPISODE = re.compile(
    r"episode:(?P<series>[^/#?]+)/0*(?P<number>[0-9]{1,6})(?:-[^#?/]*)?(?P<anchor>#\S*)?/?"
)
_EXTENSIONS = {"jpeg": "jpg"}
# Everything RFC 3986 lets stand, and % so that what is escaped stays escaped once.
_SAFE = "%/:?#[]@!$&'()*+,;=-._~"


class Channel(StrEnum):
    """Where a reader meets an episode."""

    MAIL = "mail"
    TEXT = "text"
    PAGE = "page"
    FEED = "feed"


def encoded(address: str) -> str:
    """Percent-encode what RFC 3986 does not allow, Hangul among it; escapes are left alone."""
    return quote(address, safe=_SAFE)


def absolute(publication: Publication, path: str) -> str:
    """Name a page of the publication from anywhere; an absolute address passes unchanged."""
    return encoded(publication.url + path if path.startswith("/") else path)


def permalink(setting: Setting) -> str:
    """Give the lasting address of the episode's page."""
    return absolute(setting.publication, episode_path(setting.series.slug, setting.episode.number))


def link(href: str, setting: Setting, channel: Channel) -> str:
    """Resolve a link as written. Empty when it must not be followed from this channel.

    ``episode:series/number`` names a known episode; a path begins with ``/``; ``#anchor`` stays
    on the page and becomes a permalink elsewhere; anything else needs one of SCHEMES and, on
    the web, a public host.
    """
    href = href.strip()
    if href.startswith("#"):
        return encoded(href if channel is Channel.PAGE else permalink(setting) + href)
    if href.lower().startswith("episode:"):
        return _episode(href, setting, channel)
    if href.startswith("/") and not href.startswith(("//", "/\\")):
        return encoded(href) if channel is Channel.PAGE else absolute(setting.publication, href)
    return encoded(href) if is_public(href) else ""


def _episode(href: str, setting: Setting, channel: Channel) -> str:
    found = _EPISODE.fullmatch(href)
    if not found or (found["series"], int(found["number"])) not in setting.known:
        return ""
    path = episode_path(found["series"], int(found["number"])) + (found["anchor"] or "")
    return encoded(path) if channel is Channel.PAGE else absolute(setting.publication, path)


def is_public(href: str) -> bool:
    """Say whether an absolute address leads somewhere that every reader can go."""
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme.lower() not in SCHEMES or re.search(r"[\s\\\x00-\x1f]", href):
        return False
    if parts.scheme.lower() in {"mailto", "tel"}:
        return bool(parts.path)
    return not parts.username and _is_public_host(host)


def _is_public_host(host: str) -> bool:
    if ":" in host or re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host):
        try:
            return ipaddress.ip_address(host).is_global
        except ValueError:
            return False
    return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan"))


def picture_path(setting: Setting, picture: Picture) -> str:
    """Name the file of a local picture on the site: ``/series/number/<digest>.<ext>``.

    Empty for a picture on the web or one that is not there. Named by content, so it may be
    cached for ever.
    """
    if not picture.digest:
        return ""
    kind = (picture.format or "png").lower()
    page = episode_path(setting.series.slug, setting.episode.number)
    return f"{page}{picture.digest[:16]}.{_EXTENSIONS.get(kind, kind)}"


def picture_address(setting: Setting, picture: Picture, channel: Channel) -> str:
    """Give the address of a picture in a channel; empty when there is nothing to show."""
    path = picture_path(setting, picture)
    if path:
        return encoded(path) if channel is Channel.PAGE else absolute(setting.publication, path)
    if picture.src.lower().startswith("https://") and is_public(picture.src):
        return encoded(picture.src)
    return ""


def logo_path(theme: Theme) -> str:
    """Name the publication's logo on the site; empty when it has none that can be shown."""
    ending = theme.logo.rpartition(".")[2].lower()
    return f"/assets/logo.{ending}" if theme.logo_width and theme.logo_height else ""
