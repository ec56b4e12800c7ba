"""Members' own feeds: at a secret address, never cached by others, never indexed, closed by 410."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.audience.feeds import Access
from publisher.web.house import House
from publisher.web.static import names

_KINDS = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Members:
    """The endpoints ``/m/{secret}/feed.xml`` and ``/m/{secret}/{series}/feed.xml``."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [
            Route("/m/{secret}/{name}", self.feed, methods=["GET"]),
            Route("/m/{secret}/{series}/{name}", self.feed, methods=["GET"]),
        ]

    async def feed(self, request: Request) -> Response:
        name = request.path_params["name"]
        source = self._house.members_feed
        if source is None or name not in _KINDS:
            raise HTTPException(404)
        access = await run_in_threadpool(self._house.feeds.access, request.path_params["secret"])
        if access is Access.REVOKED:
            return Response(status_code=410, headers=_HEADERS)
        if access is not Access.OPEN:
            return Response(status_code=404, headers=_HEADERS)
        series = request.path_params.get("series", "")
        data = await run_in_threadpool(source.read, f"{series}/{name}" if series else name)
        if data is None:
            return Response(status_code=404, headers=_HEADERS)
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": tag}
        if names(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=_KINDS[name])
