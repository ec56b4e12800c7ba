"""JSON Feed 1.1 as a check: the schema in ``grammar``, and what no schema can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_SCHEMA = json.loads(
    (Path(__file__).parent / "grammar" / "json_feed.schema.json").read_text(encoding="utf-8")
)
Draft202012Validator.check_schema(_SCHEMA)
_VALIDATOR = Draft202012Validator(_SCHEMA)


def assert_json_feed(feed: bytes) -> Any:
    """Hold a JSON Feed against its schema and give it parsed."""
    parsed = json.loads(feed)
    faults = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(parsed)]
    assert faults == []
    assert len({entry["id"] for entry in parsed["items"]}) == len(parsed["items"])
    return parsed
