"""Bounces come in by command, by Maildir and by the listener of a running publisher."""

from __future__ import annotations

from pathlib import Path

from publisher.wiring.newsroom import open_newsroom
from publisher.wiring.returns import empty_maildir, taking_returns

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
