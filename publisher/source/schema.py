"""JSON Schemas of an episode’s front matter and of ``series.toml``."""

from __future__ import annotations

from typing import Any

from publisher.files.schema import schema_of
from publisher.source.keys import EpisodeKeys, SeriesKeys


def episode() -> dict[str, Any]:
    """Describe the front matter of an episode as a JSON Schema (draft 2020-12)."""
    return schema_of(EpisodeKeys, "episode", "The front matter of an episode.")


def series() -> dict[str, Any]:
    """Describe ``series.toml`` as a JSON Schema (draft 2020-12)."""
    return schema_of(SeriesKeys, "series.toml", "A series and when it comes out.")
