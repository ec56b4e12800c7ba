"""What a feed says of itself: whose it is, where it stands, and where its older parts lie."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from publisher.model.episode import Series
from publisher.model.publication import Publication
from publisher.render.address import absolute
from publisher.render.paths import HOME, ICON, series_path

#: What Atom must say has changed last when nothing was published yet (RFC 4287, 4.2.15).
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

#: Widest image that RSS 2.0 lets a channel have, in pixels.
IMAGE_WIDTH = 144

# What XML 1.0 cannot hold (section 2.2, lone surrogates among it), and what readers choke on:
# a byte order mark inside the text and the two Unicode line ends that JavaScript breaks at.
# Side by side and not in one class, which Python takes several ms to prepare.
_ILLEGAL = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f]|[\u2028\u2029]|[\ud800-\udfff]|[\ufeff\ufffe\uffff]"
)
_BRACKETS = str.maketrans({"<": "〈", ">": "〉"})


def legal(text: str) -> str:
    """Leave out the characters that no feed may hold, so one stray byte never costs the feed."""
    return _ILLEGAL.sub("", text)


def heading(text: str) -> str:
    """Make a title plain: one line, and 〈〉 for the brackets that readers take for markup."""
    return " ".join(legal(text).translate(_BRACKETS).split())


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture of a feed, in pixels; at most 144 wide and 400 high for RSS 2.0."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed without its items. Every address is absolute and percent-encoded.

    ``page`` is the web page that the feed follows and ``feed`` where the feed itself stands,
    differing by format, empty when its address is a secret. ``previous_archive`` chains the archives of RFC 5005 from the
    living feed backwards; ``current`` is the living feed and is set on an archive alone. ``hub`` is a WebSub
    hub, or empty. ``editor`` is a mail address that may be shown.
    """

    title: str
    description: str
    page: str
    feed: str
    language: str
    author: str
    copyright: str = ""
    editor: str = ""
    logo: Logo | None = None
    hub: str = ""
    previous_archive: str = ""
    current: str = ""

    def __post_init__(self) -> None:
        if self.logo and (self.logo.width > IMAGE_WIDTH or self.logo.height > 400):
            raise ValueError("the picture of an RSS channel is at most 144 by 400 pixels")

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The relations of the feed to others as (rel, address), the feed itself first."""
        named = (
            ("self", self.feed),
            ("hub", self.hub),
            ("prev-archive", self.previous_archive),
            ("current", self.current),
        )
        return tuple((rel, address) for rel, address in named if address)


def publication_channel(publication: Publication, *, logo: bool = False, hub: str = "") -> Channel:
    """Describe the main feed of a publication. ``logo`` says whether ``/icon.png`` exists."""
    home = absolute(publication, HOME)
    return Channel(
        title=publication.name,
        description=publication.description or publication.name,
        page=home,
        feed=f"{home}feed.xml",
        language=publication.language,
        author=publication.name,
        copyright=publication.copyright,
        editor=publication.law.contact,
        logo=Logo(absolute(publication, ICON), 144, 144) if logo else None,
        hub=hub,
    )


def series_channel(
    publication: Publication, series: Series, *, logo: bool = False, hub: str = ""
) -> Channel:
    """Describe the feed of one series."""
    page = absolute(publication, series_path(series.slug))
    return replace(
        publication_channel(publication, logo=logo, hub=hub),
        title=series.title,
        description=series.description or series.title,
        page=page,
        feed=f"{page}feed.xml",
        language=series.language,
    )
