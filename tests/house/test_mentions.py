"""A command that a page mentions is one that exists, with the options it is given."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from publisher.cli.command import group
from tests.house.test_links import PAGES, ROOT

_MENTION = re.compile(r"`publisher ([^`\n]+)`")


def unknown(mention: str) -> list[str]:
    """Give the words of a mention that the program does not know: verbs and options."""
    command: click.Command = group()
    context = click.Context(command, info_name="publisher")
    found = []
    for word in mention.split():
        if word.startswith("-"):
            known = {name for option in command.get_params(context) for name in option.opts}
            found += [name for name in word.split("|") if name not in known and name != "-"]
        elif isinstance(command, click.Group):
            below = [command.get_command(context, name) for name in word.split("|")]
            if word in {"COMMAND", "DIR", "ko", "en"} or word.isupper():
                continue
            if None in below or below[0] is None:
                return [word]
            command = below[0]
            context = click.Context(command, info_name=word, parent=context)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_mentions_only_commands_that_exist(page: Path) -> None:
    mentions = _MENTION.findall(page.read_text(encoding="utf-8"))

    assert {m: unknown(m) for m in mentions if unknown(m)} == {}


@pytest.mark.parametrize(
    ("mention", "words"),
    [
        ("chekc", ["chekc"]),
        ("check --sariff", ["--sariff"]),
        ("subscribers imprt list.csv", ["imprt"]),
        ("subscribers import list.csv --dry-run", []),
        ("resolve ai-wont-save-us/08 --resend", []),
        ("-C DIR check", []),
    ],
)
def test_a_word_that_is_unknown_is_found(mention: str, words: list[str]) -> None:
    assert unknown(mention) == words
