"""A trial mail from the desk: a person is waiting for the answer."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from publisher.model.episode import Audience
from publisher.translation import message_of
from publisher.wiring.courier import PATIENCE, TRIAL_PATIENCE, send_trial
from publisher.wiring.desk import PressDesk
from publisher.wiring.newsroom import open_newsroom
from tests.preview.folder import write_publication
from tests.wiring.test_taking_in import CONFIG


def _sent_to(root: Path, port: int) -> str:
    """Send a trial to a relay at a port of this machine; give what an editor reads."""
    relay = f'[[delivery.relay]]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    write_publication(root)
    config = f'{CONFIG}[delivery]\ntransport = "smtp"\n{relay}'
    (root / "config.toml").write_text(config, encoding="utf-8")
    newsroom = open_newsroom(root, {"PUBLISHER_CLOCK": "2026-11-21T12:00:00+09:00"})
    desk = PressDesk(newsroom)
    snapshot = desk.look(frozenset())
    edition = desk.proof(snapshot, snapshot.episodes[0], Audience.FREE).edition
    assert edition is not None
    (problem,) = send_trial(newsroom, edition, "me@example.com")
    assert problem.code == "wiring/trial-not-sent"
    return message_of(problem, "ko")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.slow
def test_a_relay_that_is_not_there_is_told_in_seconds(tmp_path: Path) -> None:
    """Not after the minute that a mail without a reader may wait."""
    began = time.monotonic()

    said = _sent_to(tmp_path, _free_port())

    assert said.endswith(": 연결을 받아 주지 않음.")
    assert time.monotonic() - began < TRIAL_PATIENCE < PATIENCE


@pytest.mark.slow
def test_a_relay_that_hangs_up_is_told_in_korean(tmp_path: Path) -> None:
    """It greets, and goes away at the first command."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                line.sendall(b"421 closing\r\n")
                line.close()

        threading.Thread(target=greet, daemon=True).start()
        said = _sent_to(tmp_path, listener.getsockname()[1])

    assert said == "me@example.com로 보낸 메일을 받아 주지 않았습니다: 421 closing."
