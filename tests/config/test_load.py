"""config.toml: every fault at its line and column, in the words of whoever has to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import config
from publisher.translation import message_of, remedy_of

GOOD = """\
[publication]
name = "느린 신호"
url = "https://slow-signal.example/"

[sender]
address = "letter@slow-signal.example"
"""


def load(folder: Path, text: str) -> tuple[config.Config | None, list[str]]:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    loaded, problems = config.load(path)
    for problem in problems:
        assert message_of(problem, "ko")
        assert remedy_of(problem, "ko")
    return loaded, [f"{problem.place} {problem.code}" for problem in problems]


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    loaded, problems = load(tmp_path, GOOD)

    assert problems == []
    assert loaded is not None
    assert loaded.publication.url == "https://slow-signal.example"
    assert loaded.as_publication().sender.name == "느린 신호"


def test_the_sample_publication_is_in_order() -> None:
    loaded, problems = config.load(Path(__file__).parents[2] / "config.toml")

    assert problems == ()
    assert loaded is not None


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("[sitte]\n", "config.toml:7:1 keys/unknown-near"),
        ("[site]\nfoldr = 'x'\n", "config.toml:8:1 keys/unknown-near"),
        ("[site]\nfeed_items = 'many'\n", "config.toml:8:14 keys/not-number"),
        ("[site]\nfeed_items = 0\n", "config.toml:8:14 keys/too-small"),
        ("[site]\nfeed_items = 1000\n", "config.toml:8:14 keys/too-large"),
        ("[delivery]\ntransport = 'smpt'\n", "config.toml:8:13 keys/not-one-of"),
        ("[delivery]\nbackoff = 'soon'\n", "config.toml:8:11 keys/span"),
        ("[[delivery.relay]]\nhost = 'a'\nprot = 25\n", "config.toml:9:1 keys/unknown-near"),
        ("[[delivery.relay]]\nhost = 'a'\n[[delivery.relay]]\nport = 1\n", "config.toml:9:1 keys/missing"),
        ("[theme.light]\npaper = 'red'\n", "config.toml:8:9 config/colour"),
        ("[law]\ncontact = 'me'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = 'a@exa[mple.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = 'a@b_c.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = 'a@b-.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = '편집부@b.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = 'a..b@b.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[law]\ncontact = 'a b@c.kr'\n", "config.toml:8:11 config/mail-address"),
        ("[alerts]\nmail = [\n  'a@b.kr',\n  'me',\n]\n", "config.toml:10:3 config/mail-address"),
        ("[law]\npitch_is_ad = 'perhaps'\n", "config.toml:8:15 keys/not-boolean"),
        ("[site\n", "config.toml:7:6 toml/syntax"),
        ("[site]\nfolder = public\n", "config.toml:8:10 toml/quotes"),
        ("[site]\nfolder = “public”\n", "config.toml:8:10 toml/quotes"),
        ("[site]\nfolder = 'public\n", "config.toml:8:17 toml/unclosed"),
        ("[site]\nfolder = [\n", "config.toml:8:11 toml/unclosed"),
        ("[site]\nfolder = ['a',\n", "config.toml:8:15 toml/unclosed"),
        ("[site]\n[site]\n", "config.toml:8:6 toml/twice"),
        ("[site]\nfolder = 'a'\nfolder = 'b'\n", "config.toml:9:13 toml/twice"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(tmp_path: Path, more: str, problem: str) -> None:
    _, problems = load(tmp_path, GOOD + more)

    assert problems == [problem]


def test_a_wrong_value_leaves_its_default_standing(tmp_path: Path) -> None:
    loaded, _ = load(tmp_path, GOOD + "[site]\nfeed_items = 0\nfolder = 'www'\n")

    assert loaded is not None
    assert (loaded.site.feed_items, loaded.site.folder) == (20, "www")


def test_without_a_sender_there_is_no_config(tmp_path: Path) -> None:
    loaded, problems = load(tmp_path, '[publication]\nname = "a"\nurl = "slow.example"\n')

    assert loaded is None
    assert problems == ["config.toml:1:1 keys/missing", "config.toml:3:7 config/web-address"]


def test_a_zone_that_does_not_exist(tmp_path: Path) -> None:
    text = GOOD.replace("url", 'timezone = "Asia/Soul"\nurl')

    assert load(tmp_path, text)[1] == ["config.toml:3:12 keys/timezone"]


def test_no_file_at_all(tmp_path: Path) -> None:
    loaded, problems = config.load(tmp_path / "config.toml")

    assert loaded is None
    assert [str(problem.place) for problem in problems] == ["config.toml:1:1"]
    assert [problem.code for problem in problems] == ["files/missing"]


def test_every_key_is_described() -> None:
    """The reference page and an editor’s completion are made of these sentences."""
    schema = config.schema()

    tables = [schema, *schema["$defs"].values()]
    silent = [
        (table["title"], name)
        for table in tables
        for name, key in table["properties"].items()
        if not key.get("description") and "$ref" not in key
    ]

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert silent == []
    assert all(table["description"] for table in tables)


@pytest.mark.parametrize("address", ["a@한글메일.한국", "a+b.c@sub.example.co.kr", "o'neil@x.kr"])
def test_addresses_that_a_header_can_hold_are_taken(tmp_path: Path, address: str) -> None:
    config, problems = load(tmp_path, GOOD.replace("letter@slow-signal.example", address))

    assert config is not None
    assert problems == []
