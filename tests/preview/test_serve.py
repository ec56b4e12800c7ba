"""Where the desk listens, and what is said when it cannot."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest

from publisher.model.problem import OutsideError
from publisher.preview import Settings, address_of, app, listen
from publisher.render.theme import Templates
from tests.preview.folder import FolderDesk, write_publication
from tests.preview.running import running


def test_any_free_port_is_taken_on_loopback() -> None:
    """Two desks at once never quarrel."""
    with listen() as one, listen() as other:
        assert one.getsockname()[0] == "127.0.0.1"
        assert address_of(one) != address_of(other)


def test_a_port_in_use_is_said() -> None:
    """With its number and a way out; no traceback."""
    with listen() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OutsideError) as refused:
            listen(port=port)

    (problem,) = refused.value.problems
    assert problem.code == "preview/port-taken"
    assert str(port) in problem.message


def test_an_address_of_another_machine_is_said() -> None:
    """A mistyped host is a fault with a remedy."""
    with pytest.raises(OutsideError) as refused:
        listen("192.0.2.1")

    assert refused.value.problems[0].code == "preview/no-address"


def test_a_browser_that_goes_away_leaves_the_desk_up(tmp_path: Path) -> None:
    """In the middle of a stream, of a page, of a form, and with bytes that are no HTTP."""
    write_publication(tmp_path)
    door = app(FolderDesk(tmp_path), Settings(root=str(tmp_path), language="en"), Templates())
    halves = [
        b"GET /events?since=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /episode/ai/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /trial/ai/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Length: 90\r\n\r\ntok",
        b"\x16\x03\x01\x02\x00 nonsense\r\n\r\n",
    ]
    with running(door) as address:
        host, port = address.removeprefix("http://").split(":")
        for half in halves * 3:
            with socket.create_connection((host, int(port)), timeout=5) as browser:
                browser.sendall(half)
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        answer = httpx.get(f"{address}/", timeout=5)

    assert answer.status_code == 200


def test_tabs_that_only_wait_are_bounded(tmp_path: Path) -> None:
    """Sixty-four streams are enough for any editor; the next ones end at once."""
    write_publication(tmp_path)
    door = app(FolderDesk(tmp_path), Settings(root=str(tmp_path), language="en"), Templates())
    ended = threading.Semaphore(0)
    with running(door) as address:
        host, port = address.removeprefix("http://").split(":")
        request = b"GET /events?since=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        waiting = [socket.create_connection((host, int(port)), timeout=5) for _ in range(64)]
        try:
            for tab in waiting:
                tab.sendall(request)
                assert tab.recv(12) == b"HTTP/1.1 200"
            with socket.create_connection((host, int(port)), timeout=5) as one_more:
                one_more.sendall(request)
                while one_more.recv(4096):
                    pass
                ended.release()
        finally:
            for tab in waiting:
                tab.close()

    assert ended.acquire(blocking=False)
