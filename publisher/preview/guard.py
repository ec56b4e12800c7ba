"""Who may use the desk: a browser on this machine, from the desk's own pages.

Against DNS rebinding the Host header must be a loopback name; against other sites in the same
browser a request that acts must come from the desk itself and carry its token.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("publisher.preview")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
#: The desk's own pages: nothing from elsewhere, no script but its one file.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: What an editor wrote, shown in a frame: no script runs, no form leaves, nothing opens.
PROOF_POLICY = (
    "default-src 'none'; img-src 'self' data: https:; style-src 'unsafe-inline' 'self'; "
    "font-src 'self'; media-src 'self' https:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
PROOF_HEADERS = {"content-security-policy": PROOF_POLICY, "referrer-policy": "no-referrer"}
_ALWAYS = {
    "x-content-type-options": "nosniff",
    # Not `no-referrer`: a form of the desk would then say that it comes from nowhere.
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Stands before every page of the desk."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], words: Mapping[str, str]) -> None:
        self.app, self.hosts, self.words = app, LOOPBACK | hosts, words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if _host(request) not in self.hosts or not _same_site(request):
            await PlainTextResponse(self.words["refused"], 403)(scope, receive, send)
            return

        began = False

        async def headed(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", PAGE_POLICY)
            await send(message)

        try:
            await self.app(scope, receive, headed)
        except Exception as fault:  # noqa: BLE001  one page failed; no traceback, and the rest works
            what = f"{type(fault).__name__}: {_one_line(fault)}"
            log.error("%s: %s", request.url.path, what)  # noqa: TRY400  an editor reads this
            if not began:
                await PlainTextResponse(self.words["failed"], 500)(scope, receive, headed)


def _one_line(fault: Exception) -> str:
    return next(iter(str(fault).splitlines()), "")[:200]


def _host(request: Request) -> str:
    """Give the name in the Host header, without its port, in lower case."""
    host = request.headers.get("host", "").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _same_site(request: Request) -> bool:
    """Say whether a request comes from the desk or from the address bar, not from another site."""
    site = request.headers.get("sec-fetch-site", "none")
    if request.method in ("GET", "HEAD"):
        # Another site may link here; it may not frame, fetch or embed.
        return (
            site in ("none", "same-origin") or request.headers.get("sec-fetch-mode") == "navigate"
        )
    origin = request.headers.get("origin")
    if site not in ("none", "same-origin") or origin is None:
        return False
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def is_token(given: object, token: str) -> bool:
    """Compare a form's token with the desk's own, in constant time."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), token.encode())
