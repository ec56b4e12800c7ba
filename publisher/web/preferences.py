"""Choosing: which series, whether advertising, which address, and a member's own feed."""

from __future__ import annotations

from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from publisher.audience.door import Choices
from publisher.audience.standing import is_member
from publisher.model.problem import Problem
from publisher.model.readership import Record
from publisher.model.subscriber import Purpose, SubscriberState
from publisher.translation import LANGUAGES, message_of, remedy_of
from publisher.web.client import Clients
from publisher.web.forms import Form, body_of, form_of, own_origin
from publisher.web.house import House
from publisher.web.page import elsewhere, language_of, page
from publisher.web.rate import Rate
from publisher.web.words import advertising_words, consent_text, letter_words

#: What the page may say came of the last press, by the word in its address.
DONE = frozenset({"saved", "sent", "left", "closed"})


class Preferences:
    """The endpoints under ``/p/{token}``. The link is the key: it came by mail, and opens one door."""

    def __init__(self, house: House, clients: Clients) -> None:
        self._house = house
        self._clients = clients
        self._rate = Rate(house.rates.moves, timedelta(minutes=10))

    def routes(self) -> list[Route]:
        return [
            Route("/p/{token}", self.look, methods=["GET"]),
            Route("/p/{token}", self.save, methods=["POST"]),
            Route("/p/{token}/address", self.move, methods=["POST"]),
            Route("/p/{token}/leave", self.leave, methods=["POST"]),
            Route("/p/{token}/feed", self.feed, methods=["POST"]),
            Route("/p/{token}/feed/close", self.close_feed, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        return await self._page(request, done=request.query_params.get("done", ""))

    async def _page(
        self,
        request: Request,
        *,
        status: int = 200,
        done: str = "",
        wrong: tuple[str, ...] = (),
        feed: str = "",
    ) -> Response:
        token = request.path_params["token"]
        record = await run_in_threadpool(self._house.door.preferences, token)
        if record is None:
            return self._void(request)
        who = record.subscriber
        language = language_of(request, self._house, who.locale)
        publication = self._house.publication
        return page(
            self._house,
            "preferences",
            language,
            status=status,
            token=token,
            address=who.address,
            active=who.state is SubscriberState.ACTIVE,
            offers=await run_in_threadpool(self._house.shelf.offers),
            chosen=who.series,
            locale=who.locale,
            advertising=record.consents_to(Purpose.ADVERTISING),
            letter_words=letter_words(publication, language),
            advertising_words=advertising_words(publication, language),
            member=self._house.members_feed is not None and is_member(record, self._house.clock()),
            has_feed=await run_in_threadpool(self._house.feeds.has, who.id),
            feed=feed,
            done=done if done in DONE else "",
            wrong=wrong,
        )

    def _void(self, request: Request) -> Response:
        return page(self._house, "void", language_of(request, self._house), status=404)

    async def _form(self, request: Request) -> Form:
        if not own_origin(request.headers):
            raise HTTPException(403)
        return await form_of(request)

    async def _pressed(self, request: Request) -> None:
        """Take in a button without fields."""
        if not own_origin(request.headers):
            raise HTTPException(403)
        await body_of(request)

    def _answer(self, request: Request, record: Record | None, done: str) -> Response:
        if record is None:
            return self._void(request)
        return elsewhere(
            f"/p/{request.path_params['token']}?done={done}", BackgroundTask(self._house.post)
        )

    async def save(self, request: Request) -> Response:
        form = await self._form(request)
        house = self._house
        offered = {offer.slug for offer in await run_in_threadpool(house.shelf.offers)}
        chosen = tuple(dict.fromkeys(slug for slug in form.all("series") if slug in offered))
        advertising = form.one("advertising") == "yes"
        locale = form.one("locale")
        language = locale if locale in LANGUAGES else house.publication.language
        choices = Choices(
            series=() if set(chosen) == offered else chosen,
            advertising=advertising,
            locale=language,
            source=f"web preferences {self._network(request)}",
            text=consent_text(house.publication, language, advertising=advertising),
        )
        token = request.path_params["token"]
        if not chosen and offered:
            # No series chosen is no letter wanted; an empty choice must not come to mean all.
            record = await run_in_threadpool(house.door.withdraw, token, choices.source)
            return self._answer(request, record, "left")
        record = await run_in_threadpool(house.door.prefer, token, choices)
        return self._answer(request, record, "saved")

    async def leave(self, request: Request) -> Response:
        await self._pressed(request)
        record = await run_in_threadpool(
            self._house.door.withdraw, request.path_params["token"], "web preferences"
        )
        return self._answer(request, record, "left")

    async def move(self, request: Request) -> Response:
        form = await self._form(request)
        network = self._network(request)
        if not self._rate.allows(network, self._house.clock()):
            raise HTTPException(429)
        token = request.path_params["token"]
        moved = await run_in_threadpool(
            self._house.door.move, token, form.one("address"), f"web {network}"
        )
        if isinstance(moved, Problem):
            language = language_of(request, self._house)
            wrong = (message_of(moved, language), remedy_of(moved, language))
            return await self._page(request, status=422, wrong=wrong)
        if not moved:
            return self._void(request)
        return elsewhere(f"/p/{token}?done=sent", BackgroundTask(self._house.post))

    async def feed(self, request: Request) -> Response:
        """Show a member a new address of their own feed, this once."""
        await self._pressed(request)
        secret = await run_in_threadpool(self._house.feeds.issue, request.path_params["token"])
        if secret is None or self._house.members_feed is None:
            return self._void(request)
        base = self._house.publication.url
        return await self._page(request, feed=f"{base}/m/{secret}/feed.xml")

    async def close_feed(self, request: Request) -> Response:
        await self._pressed(request)
        token = request.path_params["token"]
        if not await run_in_threadpool(self._house.feeds.revoke, token):
            return self._void(request)
        return elsewhere(f"/p/{token}?done=closed")

    def _network(self, request: Request) -> str:
        return self._clients.network(
            request.client.host if request.client else None,
            request.headers.getlist("x-forwarded-for"),
        )
