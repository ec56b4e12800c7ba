"""JSON Schemas of the files that people write, for editors that complete and check as they type."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema


def schema_of(model: type[BaseModel], title: str, description: str) -> dict[str, Any]:
    """Describe the keys of a model as a JSON Schema (draft 2020-12), the same bytes every time."""
    body = model.model_json_schema(mode="validation")
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": title,
        "description": description,
    }
    return head | {key: value for key, value in body.items() if key not in head}
