"""The outlet itself: its name, its address on the web, its sender and its looks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a mail is from: the visible address, where replies go, where bounces return.

    ``bounce_domain`` is the domain of the per-recipient envelope address (VERP);
    ``list_domain`` the one under which List-Id (RFC 2919) and Message-ID live.
    """

    name: str
    address: str
    reply_to: str = ""
    bounce_domain: str = ""
    list_domain: str = ""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, as ``#rrggbb``."""

    paper: str
    ink: str
    soft: str
    tint: str
    accent: str
    rule: str


LIGHT = Palette("#fbfaf6", "#1f1d1a", "#5c574f", "#f2efe7", "#b23a24", "#ddd8cc")
DARK = Palette("#171614", "#ece8df", "#b3ada1", "#24221f", "#ff9a80", "#3b3833")


@dataclass(frozen=True, slots=True)
class Theme:
    """What makes mail, page and desk one family: colours for both modes, logo, fonts."""

    light: Palette = LIGHT
    dark: Palette = DARK
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    fonts: str = '"Apple SD Gothic Neo","Malgun Gothic","맑은 고딕",sans-serif'


@dataclass(frozen=True, slots=True)
class Law:
    """What the law of the publication's country asks of its mails (정보통신망법 제50조).

    ``pitch_is_ad`` makes a free edition that ends in a membership pitch advertising.
    """

    pitch_is_ad: bool = False
    contact: str = ""
    phone: str = ""
    postal_address: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One outlet with its series. ``url`` is absolute, ``https:`` and without a last slash."""

    name: str
    url: str
    timezone: str
    language: str
    sender: Sender
    description: str = ""
    copyright: str = ""
    membership_url: str = ""
    theme: Theme = field(default_factory=Theme)
    law: Law = field(default_factory=Law)
