"""The sample publication as it will stand when each episode goes out, all going well."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from publisher.config import Config
from publisher.model.edition import Edition
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.press.table import Table, by_slug
from publisher.render import Renderer
from publisher.source import scan

ROOT = Path(__file__).parents[2]
#: A day before the first slot of every sample series.
NOW = datetime(2025, 12, 31, tzinfo=UTC)


@cache
def settings() -> tuple[Setting, ...]:
    """Lay out every sample episode at the slot it will have."""
    config = Config.model_validate(tomllib.loads((ROOT / "config.toml").read_text()))
    publication = config.as_publication()
    found = scan(ROOT, ROOT / "episodes", timezone=publication.timezone)
    assert found.problems == ()
    table = Table(publication, by_slug(found.series), found.episodes, {}, NOW)
    out = table.as_if_published()
    laid = [
        table.setting(episode, out[episode.series, episode.number].slot, out)
        for episode in found.episodes
        if (episode.series, episode.number) in out
    ]
    return tuple(laid)


@cache
def renderer() -> Renderer:
    """The renderer of the sample publication, with the templates that ship."""
    return Renderer(settings()[0].publication)


@cache
def edition(name: str, audience: Audience) -> Edition:
    """Set one sample, named ``series/NN``, for one audience."""
    return renderer().edition(by_name()[name], audience)


@cache
def by_name() -> dict[str, Setting]:
    """Index the samples by name."""
    return {setting.episode.name: setting for setting in settings()}
