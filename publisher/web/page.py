"""One answer to a reader: a page set from its template, with headers that keep it to itself."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from publisher.web.house import House
from publisher.web.words import spoken

#: No script, no frame, no picture from elsewhere, and no form that leads anywhere else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: A page behind a token is nobody's but its reader's: not kept, not indexed, not referred to.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def language_of(request: Request, house: House, own: str = "") -> str:
    """Choose the language of an answer: asked for, else the reader's own, else the browser's."""
    asked = request.query_params.get("lang", "") or own
    return spoken(asked, request.headers.get("accept-language", ""), house.publication.language)


def page(
    house: House,
    name: str,
    language: str,
    *,
    status: int = 200,
    background: BackgroundTask | None = None,
    **values: object,
) -> Response:
    """Set a page and answer with it."""
    html = house.pages.render(f"{name}.html.j2", language=language, **values)
    return HTMLResponse(html, status, HEADERS, background=background)


def elsewhere(path: str, background: BackgroundTask | None = None) -> Response:
    """Send a browser on to a page it may reload (303); paths are our own, never from a request."""
    return RedirectResponse(path, 303, HEADERS, background=background)
