"""Telling a WebSub hub that a feed has changed, so that readers hear of it within seconds.

Best effort: feeds are found without a hub too, so a hub that is away costs a warning and nothing
else. The topic must be the feed's own self address, to the letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

from publisher.model.problem import Fault, Place, Problem, Severity

#: Seconds to wait for a hub to connect and to answer.
TIMEOUT = 5.0
_AGENT = "publisher"

HUB_AWAY = Fault(
    "transport/hub-away",
    Severity.WARNING,
    "The WebSub hub {hub} did not answer: {reason}.",
    "Nothing is lost: readers fetch the feed by themselves. If it goes on, name another hub in config.toml.",
)
HUB_REFUSED = Fault(
    "transport/hub-refused",
    Severity.WARNING,
    "The WebSub hub {hub} refused {topic} with status {status}.",
    "See whether the address of the feed is reachable from outside and the same as its self link.",
)


def ping(hub: str, topics: Iterable[str], timeout: float = TIMEOUT) -> tuple[Problem, ...]:
    """Tell a hub which feeds changed (``hub.mode=publish``); gives what went wrong, never raises.

    Does not follow redirects: a hub that moved is to be named anew. Stops at the first feed when
    the hub cannot be reached at all.
    """
    found: list[Problem] = []
    for topic in topics:
        try:
            status = _post(hub, topic, timeout)
        except (OSError, HTTPException, ValueError) as fault:
            reason = str(fault) or type(fault).__name__
            return (*found, HUB_AWAY.at(Place("config.toml"), hub=hub, reason=reason))
        if not 200 <= status < 300:
            found.append(HUB_REFUSED.at(Place("config.toml"), hub=hub, topic=topic, status=status))
    return tuple(found)


def _post(hub: str, topic: str, timeout: float) -> int:
    parts = urlsplit(hub)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError(f"not a web address: {hub!r}")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": _AGENT}
        line.request("POST", path, body, headers)
        return line.getresponse().status
    finally:
        line.close()
