"""The static site from its folder: as quick as a file server, and as careful.

Conditional requests (RFC 9110, 13) by a strong ETag of the bytes, precompressed twins chosen by
Accept-Encoding, and nothing outside the folder, hidden, or behind a link that leads out of it.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

#: Files up to this size are kept in memory, this much of them together.
_KEPT, _ROOM = 1 << 20, 64 << 20
_CHUNK = 256 * 1024
_TWINS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells one state of a file from another."""

    modified: int
    size: int
    inode: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file in memory, or only known (``body`` None) when it is large."""

    stamp: _Stamp
    tag: str
    seconds: int
    body: bytes | None


class Static:
    """Serves GET and HEAD from a folder, as an ASGI application."""

    def __init__(self, folder: Path, headers: Callable[[str], Mapping[str, str]]) -> None:
        self._root = os.path.realpath(folder)
        self._headers_for = headers
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._ready: dict[str, list[tuple[bytes, bytes]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            await _answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        path = unicodedata.normalize("NFC", scope["path"])
        if path in {"/rss", "/feed"}:
            await _answer(send, 301, [(b"location", b"/feed.xml")])
            return
        await self._serve(path, scope, send)

    async def _serve(self, path: str, scope: Scope, send: Send) -> None:
        file = self._file(path)
        if file is None:
            await self._missing(scope, send)
            return
        if os.path.isdir(file):
            await self._folder(path, file, send)
            return
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        twin, encoding = self._twin(file, asked.get(b"accept-encoding", ""))
        kept = self._load(twin)
        if kept is None:
            await self._missing(scope, send)
            return
        tag = f'"{kept.tag}{encoding and "-" + encoding}"'
        headers = [
            *self._lasting(path),
            (b"etag", tag.encode()),
            (b"last-modified", formatdate(kept.seconds, usegmt=True).encode()),
            (b"vary", b"Accept-Encoding"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        if _unchanged(asked, tag, kept.seconds):
            await _answer(send, 304, headers)
            return
        await self._send(send, twin, kept, headers, head=scope["method"] == "HEAD")

    async def _folder(self, path: str, folder: str, send: Send) -> None:
        """Send a browser on to the address with the slash, where there is a page."""
        if not os.path.isfile(os.path.join(folder, "index.html")):
            await _answer(send, 404, [])
            return
        where = quote(path.rstrip("/"), safe="/~-._") + "/"
        await _answer(send, 308, [(b"location", where.encode())])

    async def _send(
        self,
        send: Send,
        file: str,
        kept: _Kept,
        headers: list[tuple[bytes, bytes]],
        *,
        head: bool,
        status: int = 200,
    ) -> None:
        headers.append((b"content-length", str(kept.stamp.size).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if head:
            await send({"type": "http.response.body", "body": b""})
        elif kept.body is not None:
            await send({"type": "http.response.body", "body": kept.body})
        else:
            await _stream(send, file, kept.stamp.size)

    async def _missing(self, scope: Scope, send: Send) -> None:
        """Answer 404 with the site's own page for it."""
        page = self._file("/404.html")
        kept = self._load(page) if page is not None else None
        if page is None or kept is None:
            await _answer(send, 404, [])
            return
        headers = [
            (name, value) for name, value in self._lasting("/404.html") if name != b"cache-control"
        ]
        headers.append((b"cache-control", b"no-cache"))
        head = scope["method"] == "HEAD"
        await self._send(send, page, kept, headers, head=head, status=404)

    def _file(self, path: str) -> str | None:
        """Find the file of a path; None for what is hidden, malformed, outside or a twin."""
        parts = path.split("/")
        if parts[0] or len(path) > 2000:
            return None
        inner = parts[1:-1] if parts[-1] == "" else parts[1:]
        for part in inner:
            if not part or part.startswith(".") or "\\" in part or "\0" in part:
                return None
        if path.endswith((".gz", ".br")):
            return None
        name = os.path.join(self._root, *inner, *(["index.html"] if parts[-1] == "" else []))
        try:
            real = os.path.realpath(name, strict=True)
        except (OSError, ValueError):
            return None
        return name if real == self._root or real.startswith(self._root + os.sep) else None

    def _twin(self, file: str, accepted: str) -> tuple[str, str]:
        """Choose the smallest form of a file that the client takes."""
        if accepted:
            taken = _encodings(accepted)
            for encoding, ending in _TWINS:
                if encoding in taken and os.path.isfile(file + ending):
                    return file + ending, encoding
        return file, ""

    def _load(self, file: str) -> _Kept | None:
        """Read a file, or take it from memory while it is still the same on disk."""
        try:
            stat = os.stat(file)
            stamp = _Stamp(stat.st_mtime_ns, stat.st_size, stat.st_ino)
            kept = self._kept.get(file)
            if kept is not None and kept.stamp == stamp:
                return kept
            with open(file, "rb") as opened:
                body = opened.read() if stat.st_size <= _KEPT else None
                tag = _digest(body) if body is not None else _digest(repr(stamp).encode())
        except OSError:
            return None
        if body is not None and len(body) != stamp.size:
            return None
        fresh = _Kept(stamp, tag, int(stat.st_mtime), body)
        self._keep(file, fresh)
        return fresh

    def _keep(self, file: str, fresh: _Kept) -> None:
        old = self._kept.pop(file, None)
        self._size -= len(old.body) if old is not None and old.body is not None else 0
        self._kept[file] = fresh
        self._size += len(fresh.body) if fresh.body is not None else 0
        while self._size > _ROOM and self._kept:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone.body) if gone.body is not None else 0

    def _lasting(self, path: str) -> list[tuple[bytes, bytes]]:
        """Give the headers of a path that never change, made once."""
        name = path + "index.html" if path.endswith("/") else path
        ready = self._ready.get(name)
        if ready is None:
            found = self._headers_for(name)
            ready = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in found.items()]
            if len(self._ready) < 20_000:
                self._ready[name] = ready
        return ready


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _encodings(accepted: str) -> set[str]:
    """Read Accept-Encoding: which codings are taken at all."""
    taken = set()
    for part in accepted.split(","):
        name, _, quality = part.partition(";")
        if quality.strip().replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            taken.add(name.strip().lower())
    if "*" in taken:
        taken |= {"br", "gzip"}
    return taken


def names(known: str, tag: str) -> bool:
    """Say whether an If-None-Match header names this ETag, weakly compared (RFC 9110, 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    return tag in tags or "*" in tags


def _unchanged(asked: Mapping[bytes, str], tag: str, seconds: int) -> bool:
    """Say whether the client has these bytes already (RFC 9110, 13.2.2)."""
    known = asked.get(b"if-none-match")
    if known is not None:
        return names(known, tag)
    since = asked.get(b"if-modified-since")
    if since is None:
        return False
    try:
        return seconds <= int(parsedate_to_datetime(since).timestamp())
    except (ValueError, OverflowError):
        return False


async def _stream(send: Send, file: str, size: int) -> None:
    """Send a large file a piece at a time; a file cut short on disk ends the connection."""
    left = size
    with open(file, "rb") as opened:
        while left:
            piece = opened.read(min(_CHUNK, left))
            if not piece:
                raise OSError("the file was cut short while it was sent")
            left -= len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
    if size == 0:
        await send({"type": "http.response.body", "body": b""})


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    if status != 304:
        headers = [*headers, (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
