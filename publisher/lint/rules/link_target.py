"""Links that no reader can follow, or that follow the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

BROKEN = Fault(
    "lint/link-address",
    Severity.ERROR,
    "“{href}” is no address a reader could open.",
    "Write the whole address, beginning with https://.",
)
LOCAL = Fault(
    "lint/link-local",
    Severity.ERROR,
    "“{href}” leads to a computer that readers cannot reach.",
    "Write the public address of the page.",
)
PLAIN = Fault(
    "lint/link-http",
    Severity.HINT,
    "“{href}” is not encrypted (http).",
    "Try the same address with https: and use it if it opens.",
)
TRACKING = Fault(
    "lint/link-tracking",
    Severity.WARNING,
    "The address carries “{name}”, which follows the reader.",
    "Cut it off: the page opens without it.",
)

_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_eid|mc_cid|"
    r"_hsenc|_hsmi|mkt_tok|oly_enc_id|oly_anon_id|vero_id|wickedid|nhn_ad|NaPm|n_media|n_query|n_rank|"
    r"n_ad|ref_src|spm|si)$"
)
_SI_HOSTS = ("youtube.com", "youtu.be", "open.spotify.com")
_LOCAL = re.compile(
    r"^(localhost|.*\.(local|localhost|internal|lan|test|invalid)|127\.\d+\.\d+\.\d+|0\.0\.0\.0|10\.\d+\.\d+\.\d+|"
    r"192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|::1|f[cd][0-9a-f]{2}:.*|fe80:.*|"
    # A name without a dot is a machine of one’s own network; so is an address in another notation.
    r"[^.:]+|0x[0-9a-f.x]+)$",
    re.IGNORECASE,
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for link in manuscript.links:
        yield from follow(link.href.strip(), manuscript.place(link))
    for block in manuscript.blocks:
        if href := block.get("href").strip():
            yield from follow(href, manuscript.place(block))


def follow(href: str, place: Place) -> Iterator[Problem]:
    """Say what is wrong with an address that readers are to open."""
    try:
        address = urlsplit(href)
        host = address.hostname or ""
        _ = address.port
    except ValueError:
        yield BROKEN.at(place, href=href)
        return
    if _is_broken(address, host):
        yield BROKEN.at(place, href=href)
    elif _LOCAL.match(host.rstrip(".")):
        yield LOCAL.at(place, href=href)
    elif address.scheme == "http":
        yield PLAIN.at(place, href=href)
    for name in _tracking(address, host):
        yield TRACKING.at(place, name=name)


def _is_broken(address: SplitResult, host: str) -> bool:
    """Say whether an address leads nowhere: half a host, nobody to write to, a path of no site."""
    match address.scheme:
        case "http" | "https":
            return not _is_host(host)
        case "mailto" | "tel":
            return not address.path
        case "":
            here = address.path.startswith("/") or (address.fragment and not address.path)
            return bool(address.netloc) or not here
    return False


def _is_host(host: str) -> bool:
    return bool(host) and not re.search(r"[\s<>\"{}|\\^`]", host) and ".." not in host


def _tracking(address: SplitResult, host: str) -> Iterator[str]:
    for pair in address.query.split("&") if address.query else ():
        name = pair.partition("=")[0]
        if _TRACKING.match(name) and (name != "si" or host.endswith(_SI_HOSTS)):
            yield name


RULE = LintRule(
    "A link to the editor’s own machine opens nothing for a reader, and an address pasted from a mail or an "
    "advertisement tells a third party who clicked.",
    (BROKEN, LOCAL, PLAIN, TRACKING),
    episode=check,
)
