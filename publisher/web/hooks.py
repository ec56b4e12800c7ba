"""What other services call: a payment service that says who is a member now."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from publisher.audience.membership import LARGEST, Receipt
from publisher.web.forms import body_of
from publisher.web.house import House
from publisher.web.page import HEADERS

_STATUS = {
    Receipt.TAKEN: 200,
    Receipt.KNOWN: 200,
    Receipt.UNSIGNED: 401,
    Receipt.STALE: 401,
    Receipt.UNREADABLE: 400,
}


class Hooks:
    """The endpoint ``/hooks/membership``; the body is JSON, the signature a header."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> list[Route]:
        return [Route("/hooks/membership", self.membership, methods=["POST"])]

    async def membership(self, request: Request) -> Response:
        body = await body_of(request, LARGEST)
        signature = request.headers.get("publisher-signature", "")
        receipt = await run_in_threadpool(self._house.membership.receive, signature, body)
        return JSONResponse(
            {"receipt": receipt.value},
            _STATUS[receipt],
            HEADERS,
            background=BackgroundTask(self._house.post) if receipt is Receipt.TAKEN else None,
        )
