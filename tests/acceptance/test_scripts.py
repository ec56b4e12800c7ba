"""What status says and scripts read while a release is under way."""

import socket

from tests.acceptance.house import House
from tests.transport.sink import Sink

EPISODE = "ai-wont-save-us/01"


def test_every_word_about_a_release_is_json_if_asked(house: House) -> None:
    house.clock = "2026-10-01T09:00:00+09:00"
    house.fine("subscribers", "import", str(house.write("l.csv", "email\na@reader.example\n")))
    house.clock = "2026-10-23T17:00:30+09:00"
    house.fine("publish", EPISODE, "--now", "--open-only")

    told = [
        house.fine(*words, "--json").data
        for words in (
            ("pause", EPISODE),
            ("resume", EPISODE),
            ("resolve", EPISODE, "--assume-sent"),
            ("cancel", EPISODE, "--yes"),
            ("bounces", "ingest", str(house.write("box", "From x\nSubject: hi\n\nhello\n"))),
        )
    ]

    assert told == [
        {"release": EPISODE, "state": "paused"},
        {"release": EPISODE, "state": "open"},
        {"release": EPISODE, "resolved": 0, "as": "sent"},
        {"release": EPISODE, "state": "cancelled", "withheld": 1},
        {"ours": 0, "suppressed": 0, "others": 1},
    ]


def test_a_relay_that_is_away_is_said_in_status_until_it_is_back(house: House) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = house.root / "config.toml"
    table = f'transport = "smtp"\n\n[[delivery.relay]]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    text = config.read_text(encoding="utf-8").replace('transport = "outbox"\n', table)
    config.write_text(text, encoding="utf-8")
    house.clock = "2026-10-01T09:00:00+09:00"
    house.fine("subscribers", "import", str(house.write("l.csv", "email\na@reader.example\n")))
    house.clock = "2026-10-23T17:00:30+09:00"

    ran = house.run("publish", EPISODE, "--now")
    (need,) = house.fine("status", "--json").data["needs"]

    assert ran.code == 3
    assert need.startswith(f"At 17:00 no mail server could be used (127.0.0.1:{port}: ")

    house.clock = "2026-10-23T17:20:30+09:00"
    with Sink(port=port) as sink:
        house.fine("publish", EPISODE, "--now")
    status = house.fine("status", "--json").data

    assert sink.log.copies() == {"a@reader.example": 1}
    assert status["needs"] == []
    (note,) = status["notes"]
    assert note.startswith(
        f"The mail server takes mails again since 17:20; at 17:00 none could be used (127.0.0.1:{port}: "
    )
