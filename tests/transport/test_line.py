"""One connection to a relay, without the relay: what is written, however little the socket takes."""

import socket
import time

import pytest

from publisher.model.parcel import Answer, Parcel
from publisher.transport.line import Line
from publisher.transport.relay import Relay, Security, Timeouts
from publisher.transport.smtp import Smtp
from tests.transport.sink import Sink

ENVELOPE = b"MAIL FROM:<b@x.example>\r\nRCPT TO:<r@x.example>\r\nDATA\r\n"
GO_ON = b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on\r\n"


def line_of(pieces: list[bytes]) -> tuple[Line, socket.socket]:
    """Give a line whose server waits for the mail, and the server's end."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    line = Line("relay", ours, frozenset({"pipelining"}), Timeouts(), 0.0)
    line.announce(Parcel((1, 7), "b@x.example", "r@x.example", "mark", lambda: pieces), 0.0)
    line.writable(0.0)
    assert theirs.recv(1000) == ENVELOPE
    theirs.sendall(GO_ON)
    line.readable(0.0)
    assert line.ready == [(1, 7)]
    return line, theirs


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b"head\r\n\r\n", b"x" * 50_000, b"token", b"y" * 50_000, b"\r\n"], id="few"),
        pytest.param([b"%06d\r\n" % n for n in range(9_000)], id="more than a system takes"),
        pytest.param([b"a" * 70_000, b"\r", b"\n"], id="its line end in two"),
        pytest.param([b"only"], id="no line end"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_mail_in_pieces_arrives_whole_through_a_narrow_socket(pieces: list[bytes]) -> None:
    line, theirs = line_of(pieces)
    whole = b"".join(pieces)
    expected = whole + (b".\r\n" if whole.endswith(b"\r\n") else b"\r\n.\r\n")

    line.go(0.0)
    line.writable(0.0)
    came = b""
    while len(came) < len(expected):
        came += theirs.recv(3_000)
        line.writable(0.0)

    assert came == expected
    assert not line.writing
    theirs.sendall(b"250 2.0.0 taken\r\n")
    line.readable(0.0)
    assert [(one.key, one.answer, one.reply) for one in line.news] == [
        ((1, 7), Answer.ACCEPTED, "250 2.0.0 taken")
    ]
    line.farewell()
    theirs.close()


def test_a_line_cut_before_the_dot_returns_and_after_it_is_lost() -> None:
    answers = []
    for read in (3_000, 10_000):
        line, theirs = line_of([b"x" * 9_000, b"\r\n"])
        line.go(0.0)
        line.writable(0.0)
        came = 0
        while came < read and line.writing:
            came += len(theirs.recv(3_000))
            line.writable(0.0)
        theirs.close()
        line.readable(0.0)
        answers += [one.answer for one in line.news]

    assert answers == [Answer.RETURNED, Answer.LOST]


def test_who_waits_for_room_is_told_when_a_line_is_open() -> None:
    with Sink() as sink:
        smtp = Smtp([Relay("127.0.0.1", sink.port, Security.NONE)], time.monotonic)
        began = time.monotonic()

        assert smtp.room() == 0
        smtp.poll(30)
        assert smtp.room() == 1
        assert time.monotonic() - began < 10
        smtp.close()
