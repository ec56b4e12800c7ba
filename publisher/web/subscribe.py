"""Coming in: the form, the mail, the one button that makes it true."""

from __future__ import annotations

from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publisher.audience.address import NOWHERE
from publisher.audience.door import SignUp
from publisher.model.problem import Fault, Severity
from publisher.model.readership import WishKind
from publisher.translation import message_of, remedy_of
from publisher.web.client import Clients
from publisher.web.forms import form_of, own_origin
from publisher.web.house import House
from publisher.web.page import HEADERS, elsewhere, language_of, page
from publisher.web.rate import Rate
from publisher.web.words import advertising_words, consent_text, letter_words, spoken

#: A field no person sees: who fills it in is no person.
HONEYPOT = "website"

CHOOSE = Fault(
    "web/choose",
    Severity.ERROR,
    "No letter is chosen.",
    "Choose at least one.",
)


class Subscribe:
    """The endpoints under ``/subscribe``."""

    def __init__(self, house: House, clients: Clients) -> None:
        self._house = house
        self._clients = clients
        self._rate = Rate(house.rates.sign_ups, timedelta(minutes=10))

    def routes(self) -> list[Route]:
        return [
            Route("/subscribe", self.form, methods=["GET"]),
            Route("/subscribe", self.sign_up, methods=["POST"]),
            Route("/subscribe/", self.form, methods=["GET"]),
            Route("/subscribe/sent", self.sent, methods=["GET"]),
            Route("/subscribe/embed", self.embed, methods=["GET"]),
            Route("/subscribe/style.css", self.style, methods=["GET"]),
            Route("/subscribe/{token}", self.look, methods=["GET"]),
            Route("/subscribe/{token}", self.confirm, methods=["POST"]),
        ]

    async def form(self, request: Request) -> Response:
        chosen = tuple(request.query_params.getlist("series"))[:50]
        return await self._form(language_of(request, self._house), chosen=chosen)

    async def _form(
        self,
        language: str,
        *,
        chosen: tuple[str, ...] = (),
        status: int = 200,
        wrong: tuple[str, ...] = (),
        address: str = "",
    ) -> Response:
        return page(
            self._house,
            "subscribe",
            language,
            status=status,
            offers=await run_in_threadpool(self._house.shelf.offers),
            chosen=chosen,
            wrong=wrong,
            address=address,
            letter_words=letter_words(self._house.publication, language),
            advertising_words=advertising_words(self._house.publication, language),
            honeypot=HONEYPOT,
        )

    async def sign_up(self, request: Request) -> Response:
        form = await form_of(request)
        house = self._house
        language = spoken(
            form.one("lang"), request.headers.get("accept-language", ""), house.publication.language
        )
        sent = f"/subscribe/sent?lang={language}"
        if form.one(HONEYPOT):
            return elsewhere(sent)
        network = self._clients.network(
            request.client.host if request.client else None,
            request.headers.getlist("x-forwarded-for"),
        )
        if not self._rate.allows(network, house.clock()):
            raise HTTPException(429)
        offered = {offer.slug for offer in await run_in_threadpool(house.shelf.offers)}
        chosen = tuple(dict.fromkeys(slug for slug in form.all("series") if slug in offered))
        advertising = form.one("advertising") == "yes"
        wish = SignUp(
            address=form.one("address"),
            series=() if set(chosen) == offered else chosen,
            advertising=advertising,
            locale=language,
            source=f"web {network}",
            text=consent_text(house.publication, language, advertising=advertising),
        )
        problem = (
            # Our own form says that it asked; one without the question means every letter.
            CHOOSE.at(NOWHERE)
            if form.one("asked") and not chosen
            else await run_in_threadpool(house.door.sign_up, wish)
        )
        if problem is not None:
            wrong = (message_of(problem, language), remedy_of(problem, language))
            return await self._form(
                language, chosen=chosen, status=422, wrong=wrong, address=wish.address[:254]
            )
        return elsewhere(sent, BackgroundTask(house.post))

    async def sent(self, request: Request) -> Response:
        return page(self._house, "sent", language_of(request, self._house))

    async def embed(self, request: Request) -> Response:
        """Give the form as plain HTML for any other website."""
        language = language_of(request, self._house)
        html = self._house.pages.render(
            "embed.html.j2",
            language=language,
            offers=await run_in_threadpool(self._house.shelf.offers),
            letter_words=letter_words(self._house.publication, language),
            honeypot=HONEYPOT,
        )
        return PlainTextResponse(html, headers=HEADERS)

    async def style(self, _request: Request) -> Response:
        css = self._house.pages.render("style.css.txt.j2")
        headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
        return Response(css, media_type="text/css", headers=headers)

    async def look(self, request: Request) -> Response:
        """Show what would be confirmed. Scanners fetch this; it changes nothing."""
        wish = await run_in_threadpool(self._house.door.wish, request.path_params["token"])
        language = language_of(request, self._house, wish.locale if wish else "")
        if wish is None:
            return page(self._house, "void", language, status=404)
        offers = await run_in_threadpool(self._house.shelf.offers)
        titles = {offer.slug: offer.title for offer in offers}
        return page(
            self._house,
            "confirm",
            language,
            moving=wish.kind is WishKind.CHANGE,
            address=wish.address,
            series=[titles.get(slug, slug) for slug in wish.series],
            text=wish.text,
        )

    async def confirm(self, request: Request) -> Response:
        if not own_origin(request.headers):
            raise HTTPException(403)
        record = await run_in_threadpool(self._house.door.confirm, request.path_params["token"])
        language = language_of(request, self._house, record.subscriber.locale if record else "")
        if record is None:
            return page(self._house, "void", language, status=404)
        newest = await run_in_threadpool(self._house.shelf.newest, record.subscriber.series)
        task = BackgroundTask(self._house.post)
        return page(self._house, "welcome", language, newest=newest, background=task)
