"""The JSON Schemas say of every key what the reference page says."""

from __future__ import annotations

import pytest

from publisher.source import schema


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
