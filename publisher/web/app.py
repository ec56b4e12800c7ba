"""The public endpoints put together: the front door, members' feeds, the hook, the static site."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.web.client import Clients
from publisher.web.hooks import Hooks
from publisher.web.house import House
from publisher.web.leave import Leave
from publisher.web.members import Members
from publisher.web.page import HEADERS, language_of, page
from publisher.web.preferences import Preferences
from publisher.web.static import Static
from publisher.web.subscribe import Subscribe

log = logging.getLogger("publisher.web")


def app(house: House) -> ASGIApp:
    """Build the web application of a publication.

    GET and HEAD change nothing on any endpoint. Nothing it logs holds an address or a link.
    """
    clients = Clients(house.proxies)
    routes: list[Route | Mount] = [
        *Subscribe(house, clients).routes(),
        *Leave(house).routes(),
        *Preferences(house, clients).routes(),
        *Members(house).routes(),
        *Hooks(house).routes(),
        Route("/health", _healthy, methods=["GET"]),
    ]
    if house.site is not None:
        routes.append(Mount("/", Static(house.site, house.headers)))
    starlette = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _refusal(house), Exception: _failure(house)},
    )
    starlette.router.redirect_slashes = False
    return _Discreet(starlette)


class _Discreet:
    """Lets no exception out to the server's log, whose tracebacks quote what readers sent.

    By then it has been answered and logged by its kind (see ``_failure``).
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._inner(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be quoted
            log.debug("after an answer: %s", type(error).__name__)


async def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


Handler = Callable[[Request, Exception], Awaitable[Response]]


def _refusal(house: House) -> Handler:
    async def refuse(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        response = page(house, "problem", language_of(request, house), status=status, number=status)
        for name, value in (headers or {}).items():
            response.headers[name] = value
        if status == 429:
            response.headers["Retry-After"] = "600"
        return response

    return refuse


def _failure(house: House) -> Handler:
    async def fail(request: Request, error: Exception) -> Response:
        # The kind alone: a database's words may quote an address, a path may hold a link.
        log.error("a request failed: %s", type(error).__name__, extra={"action": "web_failed"})
        try:
            language = language_of(request, house)
            response = page(house, "problem", language, status=503, number=503)
        except Exception:  # noqa: BLE001 - the page itself may be what failed
            response = PlainTextResponse("503\n", 503, HEADERS)
        response.headers["Retry-After"] = "30"
        return response

    return fail
