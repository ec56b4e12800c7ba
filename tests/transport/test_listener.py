"""What the listener takes, how a mail ends, and what it does about strangers and odd places."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.transport.listener import LINE_LIMIT, Listener
from publisher.transport.report import SIZE_LIMIT


class Desk:
    """Takes mail for ``*@ours.example`` and keeps it; can be closed for a while."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.closed = False

    def take(self, mail: bytes, recipient: str) -> None:
        if self.closed:
            raise OSError("the disk is full")
        self.mails.append((recipient, mail))


class Caller:
    """A client that says exactly what it is told to."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._lines = self._socket.makefile("rb")

    def say(self, *lines: bytes) -> None:
        self._socket.sendall(b"".join(lines))

    def hear(self) -> str:
        line = self._lines.readline().decode()
        while line[3:4] == "-":
            line = self._lines.readline().decode()
        return line[:3]

    def address(self, *recipients: bytes, verb: bytes = b"EHLO") -> list[str]:
        """Greet, name the recipients and ask for the mail to be wanted; give the answers."""
        rcpt = [b"RCPT TO:<" + one + b">\r\n" for one in recipients]
        self.say(verb + b" me\r\n", b"MAIL FROM:<>\r\n", *rcpt, b"DATA\r\n")
        return [self.hear() for _ in range(4 + len(recipients))]

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def caller(desk: Desk) -> Iterator[Caller]:
    listener = Listener(desk.take, lambda address: address.endswith("@ours.example"))
    listener.start()
    caller = Caller(listener.port)
    yield caller
    caller.close()
    listener.stop()


def test_a_mail_comes_in_as_it_was_sent_with_single_dots(desk: Desk, caller: Caller) -> None:
    assert caller.address(b"a@ours.example") == ["220", "250", "250", "250", "354"]
    caller.say(b"Subject: x\r\n\r\n..dot\r\n.\r\n")

    assert caller.hear() == "250"
    assert desk.mails == [("a@ours.example", b"Subject: x\r\n\r\n.dot\r\n")]


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r"])
def test_nothing_but_a_lone_dot_between_crlf_ends_a_mail(
    desk: Desk, caller: Caller, end: bytes
) -> None:
    """A looser end would let a second mail be smuggled in behind the first."""
    caller.address(b"a@ours.example")
    smuggled = b"x" + end + b"MAIL FROM:<>\r\nRCPT TO:<b@ours.example>\r\nDATA\r\ny"
    caller.say(smuggled, b"\r\n.\r\n")

    assert caller.hear() == "250"
    assert [recipient for recipient, _ in desk.mails] == ["a@ours.example"]


def test_a_line_longer_than_the_buffer_is_taken_whole(desk: Desk, caller: Caller) -> None:
    caller.address(b"a@ours.example")
    long = b"z" * (3 * LINE_LIMIT + 1)
    caller.say(long, b"\r\n", b".." + long, b"\r\n.\r\n")

    assert caller.hear() == "250"
    assert desk.mails[0][1] == long + b"\r\n." + long + b"\r\n"


def test_a_mail_too_large_is_refused_once_it_has_ended(desk: Desk, caller: Caller) -> None:
    caller.address(b"a@ours.example")
    caller.say(*[b"z" * 998 + b"\r\n"] * (SIZE_LIMIT // 1000 + 2), b".\r\n")

    assert caller.hear() == "552"
    caller.say(b"NOOP\r\n")
    assert caller.hear() == "250"
    assert desk.mails == []


def test_what_cannot_be_written_down_must_come_again(desk: Desk, caller: Caller) -> None:
    desk.closed = True
    caller.address(b"a@ours.example")
    caller.say(b"x\r\n.\r\n")

    assert caller.hear() == "451"


def test_lmtp_answers_once_for_each_recipient_taken(desk: Desk, caller: Caller) -> None:
    told = caller.address(b"a@ours.example", b"c@theirs.example", b"b@ours.example", verb=b"LHLO")
    caller.say(b"x\r\n.\r\n")

    assert told == ["220", "250", "250", "250", "550", "250", "354"]
    assert [caller.hear(), caller.hear()] == ["250", "250"]
    assert desk.mails == [("a@ours.example", b"x\r\n"), ("b@ours.example", b"x\r\n")]


def test_a_command_out_of_order_or_out_of_sense_is_told_so(caller: Caller) -> None:
    caller.say(b"RCPT TO:<a@ours.example>\r\nDATA\r\nMAIL FROM me\r\nVRFY a\r\n\xff\xfe\r\n")

    assert [caller.hear() for _ in range(6)] == ["220", "503", "503", "501", "502", "502"]


def test_a_command_without_end_is_hung_up_on(caller: Caller) -> None:
    assert caller.hear() == "220"
    caller.say(b"x" * (2 * LINE_LIMIT))

    assert caller.hear() == ""


def test_a_socket_left_behind_is_taken_over_and_one_in_use_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    first = Listener(print, path=path)
    first.start()
    second = Listener(print, path=path)

    with pytest.raises(OSError, match="another program listens there"):
        second.start()
    first.stop()


def test_a_file_is_never_taken_for_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    path.write_text("mine", encoding="utf-8")

    with pytest.raises(OSError, match="something else is there"):
        Listener(print, path=path).start()
    assert path.read_text(encoding="utf-8") == "mine"
