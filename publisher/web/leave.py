"""Leaving: a page with one button for people, one request for mail programs (RFC 8058)."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from publisher.audience.address import masked
from publisher.web.forms import body_of
from publisher.web.house import House
from publisher.web.page import HEADERS, language_of, page
from publisher.web.together import Together


class Leave:
    """The endpoint ``/u/{token}``."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._goodbye: dict[str, bytes] = {}
        self._together: Together[tuple[str, str], bool] = Together(house.door.leave_all)

    def routes(self) -> list[Route]:
        return [
            Route("/u/{token}", self.look, methods=["GET"]),
            Route("/u/{token}", self.leave, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Show whose letter would stop. Scanners fetch this; it changes nothing."""
        record = await run_in_threadpool(self._house.door.leaver, request.path_params["token"])
        language = language_of(request, self._house, record.subscriber.locale if record else "")
        address = masked(record.subscriber.address) if record else ""
        return page(self._house, "leave", language, address=address)

    async def leave(self, request: Request) -> Response:
        """Take the reader off the list: no cookie, no form key, no redirect; 200 even if stale."""
        body = await body_of(request)
        # The same word as a form and as multipart/form-data, which RFC 8058 allows too.
        one_click = b"One-Click" in body
        source = "one-click" if one_click else "web leave"
        await self._together.do((request.path_params["token"], source))
        language = language_of(request, self._house)
        if language not in self._goodbye:
            self._goodbye[language] = bytes(page(self._house, "left", language).body)
        html = self._goodbye[language]
        return HTMLResponse(html, headers=HEADERS, background=BackgroundTask(self._house.post))
