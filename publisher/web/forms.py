"""What comes in with a request: bounded, decoded once, and never trusted."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

#: Octets of a form and fields in it; ours have a handful.
LARGEST, MOST_FIELDS = 16 * 1024, 200


class Form:
    """The fields of an ``application/x-www-form-urlencoded`` body."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str) -> str:
        """Give the last value of a field, trimmed; empty if there is none."""
        values = self.all(name)
        return values[-1] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a field."""
        return tuple(value.strip() for key, value in self._pairs if key == name)


async def body_of(request: Request, largest: int = LARGEST) -> bytes:
    """Read a body up to its bound; 413 beyond it, whatever the headers said."""
    if int_of(request.headers.get("content-length", "0")) > largest:
        raise HTTPException(413)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            raise HTTPException(413)
        chunks.append(chunk)
    return b"".join(chunks)


async def form_of(request: Request) -> Form:
    """Read a form. Other kinds of body are 415; a form nobody can read is 400."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = await body_of(request)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return Form([(key, value.replace("\x00", "")) for key, value in pairs])


def own_origin(headers: Mapping[str, str]) -> bool:
    """Say whether a browser sent this form from one of our own pages.

    Browsers name the site a request comes from (Sec-Fetch-Site, Fetch Metadata); what names none
    is no browser that a third site could have steered.
    """
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


def int_of(text: str) -> int:
    """Read a length; nonsense is 400."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise HTTPException(400)
    return int(text)
