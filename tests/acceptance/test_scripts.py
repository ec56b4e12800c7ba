"""Scripts that steer a release read JSON from every verb."""

from tests.acceptance.house import House

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
