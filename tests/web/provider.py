"""A mailbox provider on the wire: plain HTTP/1.1 over kept connections, quicker than a client library."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request, and after how many seconds."""

    status: int
    seconds: float
    size: int


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Write a request as bytes."""
    named = {"Host": "127.0.0.1", **{k.replace("_", "-"): v for k, v in headers.items()}}
    if body:
        named["Content-Length"] = str(len(body))
        named.setdefault("Content-Type", "application/x-www-form-urlencoded")
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items()), "", ""]
    return "\r\n".join(lines).encode() + body


async def _answer(reader: asyncio.StreamReader, began: float) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    named = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    size = int(named.get("content-length", "0")) if status != 304 else 0
    await reader.readexactly(size)
    return Answer(status, time.perf_counter() - began, size)


async def knock(port: int, requests: Iterable[bytes], connections: int) -> list[Answer]:
    """Send every request over so many connections, one at a time on each."""
    waiting = iter(requests)
    answers: list[Answer] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for data in waiting:
            began = time.perf_counter()
            writer.write(data)
            answers.append(await _answer(reader, began))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(connections)))
    return answers


def send(port: int, requests: Sequence[bytes], connections: int = 50) -> list[Answer]:
    """Send every request and wait for every answer."""
    return asyncio.run(knock(port, requests, connections))


def one_click(token: str) -> bytes:
    """Write the request that RFC 8058 has a provider send."""
    return request("POST", f"/u/{token}", b"List-Unsubscribe=One-Click")
