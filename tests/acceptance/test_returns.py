"""Bounces and farewells come in by command, by Maildir and by the listener of a running publisher."""

from __future__ import annotations

import re
import smtplib
import socket
import subprocess
import sys
from pathlib import Path

from publisher.wiring.newsroom import open_newsroom
from publisher.wiring.returns import empty_maildir, taking_returns
from tests.acceptance.house import House

CONFIG = """\
[publication]
name = "느린 신호"
url = "https://slow.example"

[sender]
address = "letter@slow.example"

[bounces]
maildir = "returns"
listen = "unix:{socket}"
"""


def test_a_publisher_listens_and_empties_its_maildir(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(socket=tmp_path / "s"), encoding="utf-8")
    new = tmp_path / "returns" / "new"
    new.mkdir(parents=True)
    (new / "1").write_bytes(b"Subject: not about us\n\nhello\n")
    newsroom = open_newsroom(tmp_path, {})

    with taking_returns(newsroom) as empty:
        assert (tmp_path / "s").is_socket()
        assert empty() == 1
    assert empty_maildir(newsroom) == 0
    newsroom.database.close()

    assert [path.name for path in (tmp_path / "returns" / "cur").iterdir()] == ["1:2,S"]


def farewells(house: House, addresses: list[str]) -> list[str]:
    """Mail an episode to readers; give the addresses by which each can leave, in their order."""
    rows = "\n".join(["email", *addresses])
    house.clock = "2026-10-01T09:00:00+09:00"
    house.fine("subscribers", "import", str(house.write("list.csv", rows)))
    house.clock = "2026-10-23T17:00:30+09:00"
    house.fine("publish", "ai-wont-save-us/01", "--now")
    found = {}
    for path in (house.root / "data/outbox").rglob("*.eml"):
        head = path.read_text(encoding="ascii").partition("\n\n")[0]
        reader = re.search(r"^To: (\S+)", head, re.MULTILINE)
        leave = re.search(r"<mailto:(leave\+\S+?)\?subject=unsubscribe>", head)
        assert reader is not None
        assert leave is not None
        found[reader[1]] = leave[1]
    return [found[address] for address in addresses]


def state(house: House, address: str) -> str:
    shown = house.fine("subscribers", "show", address).data
    return str(shown["subscriber"]["state"])


def test_a_reader_leaves_by_mail_to_a_running_publisher(house: House) -> None:
    """The address of List-Unsubscribe, over SMTP on loopback, as a mail program would write to it."""
    leave, _ = farewells(house, ["a@reader.example", "b@reader.example"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = house.root / "config.toml"
    more = f'\n[bounces]\nlisten = "127.0.0.1:{port}"\n\n[web]\nport = 0\n'
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "publisher", "-C", str(house.root), "run"],
        env=house.variables(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()  # the front door is open, and so is the listener
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            refused = client.sendmail("a@reader.example", [leave], b"Subject: unsubscribe\r\n\r\n")
    finally:
        process.terminate()
        _, err = process.communicate(timeout=60)

    assert refused == {}
    assert process.returncode == 0, err
    assert [state(house, f"{name}@reader.example") for name in "ab"] == ["left", "active"]


def test_a_farewell_is_taken_in_by_command(house: House) -> None:
    leave, _ = farewells(house, ["a@reader.example", "b@reader.example"])
    mail = f"From: a@reader.example\nTo: <{leave}>\nSubject: unsubscribe\n\nplease\n"
    box = house.write("back.mbox", f"From x\n{mail}\n")

    first = house.fine("bounces", "ingest", str(box)).out
    again = house.fine("bounces", "ingest", str(box)).out

    assert first.startswith("1 reports taken in, 1 readers are mailed no more;")
    assert again.startswith("1 reports taken in, 0 readers are mailed no more;")
    assert [state(house, f"{name}@reader.example") for name in "ab"] == ["left", "active"]
