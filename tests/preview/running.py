"""A desk that really runs: a server on a free port, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from httpx import Client
from starlette.applications import Starlette

from publisher.preview.serve import address_of, listen, server


@contextmanager
def running(application: Starlette) -> Iterator[str]:
    """Serve a desk and give its address without the last slash."""
    listener = listen()
    house = server(application)
    thread = threading.Thread(target=house.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield address_of(listener).rstrip("/")
    finally:
        house.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def opened(application: Starlette) -> Iterator[Client]:
    """Serve a desk and give a client of it."""
    with running(application) as address, Client(base_url=address, timeout=10) as client:
        yield client
