"""The references say what the program does now."""

from __future__ import annotations

import pytest

from publisher import config
from publisher.cli.command import verbs
from publisher.source.blocks import KINDS
from tests.house import references

STALE = "run `make docs` (python -m tests.house.references) and commit what it wrote"


@pytest.mark.parametrize("name", ["cli.md", "config.md", "episode.md"])
def test_a_reference_is_fresh(name: str) -> None:
    """``make docs`` was run after the last change of a command, a setting, a key or a block."""
    written = (references.FOLDER / name).read_text(encoding="utf-8")

    fresh = written == references.pages()[name]
    assert fresh, STALE


def test_every_verb_has_a_section() -> None:
    page = references.commands().splitlines()

    assert [verb for verb in verbs() if f"## publisher {verb}" not in page] == []
    assert "### publisher subscribers import" in page


def test_every_setting_has_a_line() -> None:
    page = references.settings()
    described = config.schema()
    models = [*described["$defs"].values()]
    keys = [key for model in models for key, body in model["properties"].items() if body]

    assert len(keys) > 60
    assert [key for key in keys if f"`{key}`" not in page and f".{key}" not in page] == []


def test_every_block_is_there_with_its_attributes() -> None:
    page = references.episode()

    assert [kind.name for kind in KINDS if f"| `{kind.name}` | `{kind.alias}` |" not in page] == []
    attributes = [(k.name, a.name) for k in KINDS for a in k.attributes]
    assert [pair for pair in attributes if f"| `{pair[0]}` | `{pair[1]}` |" not in page] == []
