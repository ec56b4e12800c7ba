"""Everything checked in one go: files, rules, templates, and the final bytes of every edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.model.episode import Episode
from publisher.model.history import Published
from publisher.model.problem import Problem, in_order
from publisher.press.finding import find_episode
from publisher.press.press import ANY_SLOT, Proof
from publisher.press.table import Key, Table
from publisher.wiring.naming import misnamed
from publisher.wiring.newsroom import Newsroom, problems_of_settings
from publisher.wiring.progress import Advance, silent


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check looked at and what it found."""

    episodes: int
    editions: int
    problems: tuple[Problem, ...]


def check(
    newsroom: Newsroom,
    asked: str | None = None,
    *,
    editions: bool = True,
    advance: Advance = silent,
) -> CheckReport:
    """Check a publication, or one episode of it. Raises MisuseError for an unknown episode.

    Editions are set for every episode that is not out yet: what is out cannot be mended in the
    mails any more, and its page is proven when the site is built.
    """
    table = newsroom.table()
    if asked:
        episode = find_episode(table, asked)
        chosen = [episode]
        found = [*newsroom.press.problems_of(table, episode)]
    else:
        out = table.published()
        chosen = [e for e in table.episodes if (e.series, e.number) not in out]
        found = [
            *problems_of_settings(newsroom),
            *misnamed(newsroom, table),
            *newsroom.press.check(table),
        ]
    set_so_far = 0
    going_well = table.as_if_published()
    for done, episode in enumerate(chosen if editions else (), start=1):
        slot = table.expected(episode.series).get(episode.number, ANY_SLOT)
        known = newsroom.press.proven(table, episode, slot, going_well)
        set_so_far += known.editions
        found += known.problems
        advance(done, len(chosen))
    newsroom.press.memory.save(len(table.episodes))
    return CheckReport(1 if asked else len(table.episodes), set_so_far, in_order(found))


def pull_expected(
    newsroom: Newsroom, table: Table, episode: Episode, out: Mapping[Key, Published]
) -> Proof:
    """Set an episode for the slot it will have if nothing changes."""
    slot = table.expected(episode.series).get(episode.number, ANY_SLOT)
    return newsroom.press.pull(table, episode, slot, out=out)
