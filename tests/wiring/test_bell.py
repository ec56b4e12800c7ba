"""What needs a person is told once, at error level, to the webhook and by mail; and nothing stops for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import NoReturn

import pytest

from publisher.delivery.alarms import PAUSED, UNCERTAIN
from publisher.delivery.due import NOTHING_READY
from publisher.delivery.ports import Alert, Rate
from publisher.model.problem import Fault, Place
from publisher.wiring.bell import EditorsBell
from publisher.wiring.newsroom import open_newsroom
from publisher.wiring.posthouse import policy_of

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
WORDS = {"release": "slow/01", "reason": "550 no", "series": "slow", "slot": "2026-11-27T17:00"}


def alert(fault: Fault) -> Alert:
    return Alert(fault.code, fault.at(Place(""), **WORDS))


@pytest.fixture
def hook() -> Iterator[tuple[str, Queue[dict[str, str]]]]:
    """A webhook on loopback: its address, and what it was given."""
    got: Queue[dict[str, str]] = Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", got
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("fault", [PAUSED, UNCERTAIN, NOTHING_READY], ids=lambda f: f.code)
def test_an_alert_is_an_error_in_the_log_a_post_and_a_mail_once(
    fault: Fault, hook: tuple[str, Queue[dict[str, str]]], caplog: pytest.LogCaptureFixture
) -> None:
    mails: list[tuple[str, str]] = []
    url, got = hook
    bell = EditorsBell("en", "느린 신호", url, post=lambda *mail: mails.append(mail))

    for _ in range(2):
        bell.ring(alert(fault), NOW)

    posted = got.get(timeout=20)
    assert [(r.levelno, r.getMessage().partition(":")[0]) for r in caplog.records] == [
        (logging.ERROR, fault.code)
    ]
    assert (posted["code"], posted["publication"]) == (fault.code, "느린 신호")
    assert posted["message"] == alert(fault).problem.message
    assert posted["remedy"] == alert(fault).problem.remedy
    assert [subject for subject, _ in mails] == [f"[느린 신호] {posted['message']}"]
    assert got.empty()


def test_an_alarm_that_fails_is_a_line_in_the_log_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def gone(*_: object) -> NoReturn:
        raise OSError("gone")

    bell = EditorsBell("en", "x", first=gone, post=gone)
    bell.ring(alert(PAUSED), NOW)

    assert "the editors could not be mailed: gone" in caplog.text


def test_a_relay_on_a_socket_has_its_rate_by_the_name_the_sender_knows(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[publication]\nname = "x"\nurl = "https://x.example"\n\n[sender]\naddress = "a@x.example"\n\n'
        '[delivery]\ntransport = "smtp"\n\n[[delivery.relay]]\nhost = "unix:/run/lmtp"\nprotocol = "lmtp"\n'
        'per_second = 5\n\n[[delivery.relay]]\nhost = "relay.example"\nport = 25\n',
        encoding="utf-8",
    )

    assert policy_of(open_newsroom(tmp_path, {})).relays == {
        "unix:/run/lmtp": Rate(4, 5),
        "relay.example:25": Rate(4, 0),
    }
