"""The JSON Schemas say of every key what the reference page says."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from publisher import config as settings
from publisher.source import schema

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("made", [schema.episode, schema.series])
def test_every_key_is_described(made: object) -> None:
    assert callable(made)
    found = made()

    tables = [found, *found["$defs"].values()]
    silent = [
        (table["title"], name)
        for table in tables
        for name, key in table["properties"].items()
        if not key.get("description")
    ]

    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert silent == []
    assert all(table["additionalProperties"] is False for table in tables)


def test_the_keys_of_the_contract_are_all_there() -> None:
    assert set(schema.episode()["properties"]) >= {
        "title", "deck", "status", "byline", "tags", "access", "publish_at", "subject", "preheader",
        "summary", "teaser", "cover", "kind", "approved", "corrections", "allow",
    }  # fmt: skip
    assert set(schema.series()["properties"]) == {
        "title", "description", "intro", "language", "byline", "tags", "access", "footer", "status", "cadence",
    }  # fmt: skip
    assert set(schema.series()["$defs"]["CadenceKeys"]["properties"]) == {
        "weekday", "at", "timezone", "start", "skip", "late_ok", "if_missed", "if_not_ready",
    }  # fmt: skip


def test_short_forms_are_allowed() -> None:
    episode = schema.episode()["properties"]

    assert {"type": "string"} in episode["cover"]["anyOf"]
    assert {"type": "string"} in episode["tags"]["anyOf"]


def test_the_schemas_are_schemas_and_the_sample_fits_them() -> None:
    """By an implementation that is not ours; a wrong key and a wrong value do not fit."""
    wanted: list[tuple[dict[str, Any], list[Any]]] = [
        (settings.schema(), [tomllib.loads((ROOT / "config.toml").read_text("utf-8"))]),
        (
            schema.series(),
            [tomllib.loads(p.read_text("utf-8")) for p in ROOT.glob("episodes/*/series.toml")],
        ),
        (schema.episode(), [matter(p) for p in ROOT.glob("episodes/[!_]*/*.md")]),
    ]
    for made, samples in wanted:
        Draft202012Validator.check_schema(made)
        validator = Draft202012Validator(made)
        assert samples
        for sample in samples:
            plain = json.loads(json.dumps(sample, default=str))
            assert [error.message for error in validator.iter_errors(plain)] == []
            assert not validator.is_valid(plain | {"nobody_knows": 1})
            assert not validator.is_valid({name: [[0]] for name in plain})


def matter(path: Path) -> Any:
    """Read the front matter of a file as YAML does."""
    return yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
