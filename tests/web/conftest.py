"""A real web server on loopback, with a real list behind it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from publisher import store
from publisher.audience.membership import Membership
from publisher.audience.subscribers import Added
from publisher.audience.tokens import Purpose
from publisher.model.readership import Record
from publisher.site.headers import headers_for
from publisher.store.subscribers import Register
from publisher.web.app import app
from publisher.web.house import House, Rates
from publisher.web.serve import Server
from tests.audience.hand import Hand
from tests.audience.stage import PUBLICATION, Press, Stage, Stall

HOOK_SECRET = b"shared with the shop only"


class Shelf:
    """Members' feeds by path, in memory."""

    def __init__(self) -> None:
        self.feeds = {"feed.xml": b"<rss/>", "ai-x-files/feed.json": b"{}"}

    def read(self, path: str) -> bytes | None:
        return self.feeds.get(path)


@dataclass
class Site:
    """A running front door and its client, which keeps no cookie and follows no redirect."""

    stage: Stage
    client: httpx.Client
    folder: Path
    server: Server

    def add(self, address: str = "a@b.kr", **values: object) -> Record:
        added = self.stage.subscribers.add(address, notify=False, **values)  # type: ignore[arg-type]  # a test's shorthand
        assert isinstance(added, Added), added
        return added.record

    def find(self, address: str) -> Record:
        record = self.stage.subscribers.find(address)
        assert isinstance(record, Record), record
        return record

    def link(self, record: Record, purpose: Purpose) -> str:
        token = self.stage.tokens.make(purpose, record.subscriber.id, record.epoch)
        return f"/{'u' if purpose is Purpose.LEAVE else 'p'}/{token}"


def house_of(stage: Stage, folder: Path) -> House:
    return House(
        publication=PUBLICATION,
        door=stage.door,
        feeds=stage.feeds,
        membership=Membership(stage.register, [HOOK_SECRET], stage.clock),
        tokens=stage.tokens,
        pages=Press(),
        shelf=Stall(),
        clock=stage.clock,
        site=folder,
        headers=headers_for,
        members_feed=Shelf(),
        rates=Rates(sign_ups=5, moves=3),
    )


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    public = tmp_path / "public"
    public.mkdir()
    return public


@pytest.fixture
def proxies() -> tuple[str, ...]:
    return ()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty list, laid once: a copy is quicker than the migrations."""
    path = tmp_path_factory.mktemp("blank") / "list.sqlite3"
    store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def site(
    tmp_path: Path, blank: Path, folder: Path, clock: Hand, proxies: tuple[str, ...]
) -> Iterator[Site]:
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    shutil.copy(blank, tmp_path / "list.sqlite3")
    database = store.open(f"sqlite:///{tmp_path}/list.sqlite3")
    stage = Stage(Register(database), clock)
    house = replace(house_of(stage, folder), proxies=proxies)
    with (
        Server(app(house), "127.0.0.1", 0) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client,
    ):
        yield Site(stage, client, folder, server)
    database.close()
