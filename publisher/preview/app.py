"""The desk in a browser: pages made on the server, a stream of news, and one button that acts."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from publisher.model.episode import Episode
from publisher.model.problem import Place, Problem, stops
from publisher.preview.board import Board
from publisher.preview.dress import Dress
from publisher.preview.frames import proof_html
from publisher.preview.guard import PROOF_HEADERS, Guard, is_token
from publisher.preview.overview import Overview
from publisher.preview.pages import Context, Pages
from publisher.preview.ports import Desk, SendTrial, Settings, Snapshot
from publisher.preview.view import View
from publisher.preview.watch import changes
from publisher.render.theme import Templates

#: Bytes a form may have.
FORM = 4096
_ADDRESS_LIMIT = 254


class Door:
    """The endpoints of the desk over one board."""

    def __init__(
        self,
        board: Board,
        settings: Settings,
        templates: Callable[[], Templates],
        send: SendTrial | None,
    ) -> None:
        self.board, self.templates, self.send = board, Dress(templates), send
        self.pages = Pages(settings)
        self.words = self.pages.words
        self.token = secrets.token_urlsafe(24)

    def routes(self) -> list[Route]:
        return [
            Route("/", self.calendar),
            Route("/series/{series}", self.series),
            Route("/mend", self.mend),
            Route("/episode/{series}/{number:int}", self.episode),
            Route("/proof/{series}/{number:int}", self.proof),
            Route("/file", self.file),
            Route("/asset/{path:path}", self.asset),
            Route("/events", self.events),
            Route("/desk.css", self.style),
            Route("/desk.js", self.script),
            Route("/trial/{series}/{number:int}", self.trial, methods=["POST"]),
        ]

    def _filled(self, name: str, context: Context, status: int = 200) -> HTMLResponse:
        whole = {**self.pages.frame(self.board.snapshot, self.board.version), **context}
        html, told = "", -1
        while told != len(self.templates.faults):  # a page that fails is filled anew and says so
            told = len(self.templates.faults)
            trouble = [
                *([self.board.trouble] if self.board.trouble else ()),
                *self.templates.faults,
            ]
            whole["trouble"] = self.pages.problems(trouble)
            html = self.templates.fill(f"desk/{name}.html.j2", whole)
        return HTMLResponse(html, status)

    async def calendar(self, _: Request) -> Response:
        over = self._overview()
        if over is None:
            return self._filled("gone", {"message": ""}, 503)
        return self._filled("calendar", over.calendar())

    def _overview(self) -> Overview | None:
        snapshot = self.board.snapshot
        return Overview(self.pages, snapshot, self.board.problems()) if snapshot else None

    async def series(self, request: Request) -> Response:
        """Give all episodes of a series, page by page."""
        over = self._overview()
        slug, leaf = request.path_params["series"], request.query_params.get("page", "")
        shown = over.series(slug, leaf) if over else None
        return self._gone() if shown is None else self._filled("series", shown)

    async def mend(self, request: Request) -> Response:
        """Give all files to mend, page by page."""
        over = self._overview()
        if over is None:
            return self._gone()
        return self._filled("mend", over.mend(request.query_params.get("page", "")))

    def _find(self, request: Request) -> tuple[Snapshot, Episode] | None:
        snapshot = self.board.snapshot
        if snapshot is None:
            return None
        parameters = request.path_params
        found = snapshot.find(parameters["series"], parameters["number"])
        return (snapshot, found) if found else None

    def _gone(self) -> Response:
        return self._filled("gone", {"message": self.words["gone"]}, 404)

    async def episode(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return self._gone()
        return await self._episode(*found, View.read(request.query_params))

    async def _episode(
        self, snapshot: Snapshot, episode: Episode, view: View, outcome: Context | None = None
    ) -> Response:
        proof = await self.board.proof(episode, view.audience)
        context = self.pages.episode(snapshot, episode, view, proof, self.board.problems())
        context["can_send"] = self.send is not None
        context["token"] = self.token
        context["outcome"] = outcome
        return self._filled("episode", context)

    async def proof(self, request: Request) -> Response:
        """Give what stands in the frame: the editor's own content, under a policy that binds it."""
        found = self._find(request)
        headers = PROOF_HEADERS
        if found is None:
            return PlainTextResponse(self.words["gone"], 404, headers=headers)
        snapshot, episode = found
        view = View.read(request.query_params)
        made = await self.board.proof(episode, view.audience)
        if made.edition is None:
            return PlainTextResponse(self.words["not_set"], 200, headers=headers)
        html = proof_html(made.edition, view, snapshot.publication, self.templates, self.words)
        return HTMLResponse(html, headers=headers)

    async def file(self, request: Request) -> Response:
        path = request.query_params.get("path", "")
        text = await self.board.source(path)
        problems = self.board.problems()
        if text is None and not any(p.place.path == path for p in problems):
            return self._gone()
        return self._filled("file", self.pages.file(path, text or "", problems))

    async def asset(self, request: Request) -> Response:
        found = await self.board.asset(request.path_params["path"])
        headers = PROOF_HEADERS
        if found is None:
            return PlainTextResponse("", 404, headers=headers)
        return Response(found.data, media_type=found.type, headers=headers)

    async def events(self, request: Request) -> Response:
        """Tell a tab of every newer version (server-sent events, WHATWG HTML 9.2)."""
        since = request.query_params.get("since", "")
        known = int(since) if since.isdigit() and len(since) < 12 else -1

        async def stream() -> AsyncIterator[str]:
            yield "retry: 1000\n\n"
            told = known
            async for version in self.board.news(known):
                yield f"data: {version}\n\n" if version != told else ": still here\n\n"
                told = version

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def style(self, _: Request) -> Response:
        theme = self.board.snapshot.publication.theme if self.board.snapshot else None
        css = self.templates.fill("desk/desk.css.j2", {"theme": theme})
        return Response(css, media_type="text/css")

    async def script(self, _: Request) -> Response:
        return Response(self.templates.fill("desk/desk.js.j2", {}), media_type="text/javascript")

    async def trial(self, request: Request) -> Response:
        """Mail what is shown to one address. The only thing the desk ever does to the world."""
        found = self._find(request)
        if found is None:
            return self._gone()
        form = await _form(request)
        if form is None:
            return PlainTextResponse(self.words["refused"], 413)
        given, address = form.get("token"), form.get("address", "")
        if not is_token(given, self.token) or self.send is None:
            return PlainTextResponse(self.words["refused"], 403)
        snapshot, episode = found
        view = View.read(request.query_params)
        made = await self.board.proof(episode, view.audience)
        problems: tuple[Problem, ...] = made.problems
        if made.edition is not None and len(address) <= _ADDRESS_LIMIT:
            problems = await run_in_threadpool(self.send, made.edition, address.strip())
        sent = made.edition is not None and not stops(problems)
        outcome: Context = {
            "sent": sent,
            "word": self.words["trial_sent" if sent else "trial_failed"],
            # They speak of the mail and its address, not of a file that could be opened.
            "problems": self.pages.problems([replace(p, place=Place("")) for p in problems]),
        }
        return await self._episode(snapshot, episode, view, outcome)


def app(
    desk: Desk,
    settings: Settings,
    templates: Templates | Callable[[], Templates],
    *,
    send: SendTrial | None = None,
    folders: tuple[Path, ...] = (),
    tick: float = 60.0,
    on_open: Callable[[], None] | None = None,
) -> Starlette:
    """Make the desk. ``folders`` are watched; every ``tick`` seconds the clock is looked at anew.

    ``templates`` dress its own pages; where they may change, it is what gives the newest.
    """
    board = Board(desk)
    worn = (lambda: templates) if isinstance(templates, Templates) else templates
    door = Door(board, settings, worn, send)

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        await board.open()
        tasks = [
            asyncio.create_task(_follow(board, Path(settings.root), folders, stop)),
            asyncio.create_task(_tick(board, tick)),
        ]
        if on_open is not None:
            on_open()
        try:
            yield
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await board.close()

    desk_app = Starlette(
        routes=door.routes(),
        lifespan=life,
        middleware=[Middleware(Guard, hosts=settings.hosts, words=door.words)],
        exception_handlers={ClientDisconnect: _gone_away},
    )
    desk_app.state.let_go = board.let_go
    return desk_app


async def _form(request: Request) -> dict[str, str] | None:
    """Read a small form; None for one that is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > FORM:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=10))


async def _gone_away(_: Request, __: Exception) -> Response:
    """Answer nobody: the browser went away in the middle of its own form."""
    return PlainTextResponse("", 400)


async def _follow(board: Board, root: Path, folders: tuple[Path, ...], stop: asyncio.Event) -> None:
    """Refresh at every save; a folder that cannot be watched is looked at by the tick alone."""
    while not stop.is_set():
        try:
            async for changed in changes(root, folders, stop):
                await board.refresh(changed)
        except (OSError, RuntimeError):
            await asyncio.sleep(1)


async def _tick(board: Board, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await board.refresh(frozenset())
