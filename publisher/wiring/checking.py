"""Everything checked in one go: files, rules, templates, and the final bytes of every edition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from publisher.model.episode import Episode
from publisher.model.history import Published
from publisher.model.problem import Problem, in_order
from publisher.model.slot import Slot
from publisher.press.finding import find_episode
from publisher.press.press import ANY_SLOT, Press, Proof
from publisher.press.round import Asked, go_round
from publisher.press.table import Key, Table
from publisher.wiring.cores import usable_cores
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

    Editions are set for every episode that is not out yet. What is out cannot be mended in the
    mails any more: only page and feed item are set, and proven when the site is built.
    """
    hands = len(usable_cores())
    table, press = newsroom.table(hands), newsroom.press
    going_well = table.as_if_published()
    if asked:
        episode = find_episode(table, asked)
        found = [*press.problems_of(table, episode)]
        slot = _expected(table, episode)
        proofs = [press.proven(table, episode, slot, going_well)] if editions else []
    else:
        out = table.published()
        asked_for = [_asked(table, episode, out) for episode in table.episodes]
        proofs = go_round(
            press,
            table,
            asked_for if editions else [],
            going_well,
            hands=hands,
            advance=advance,
        )
        found = [
            *problems_of_settings(newsroom),
            *misnamed(newsroom, table),
            *press.check(table),
        ]
    found += (problem for proof in proofs for problem in proof.problems)
    if editions:
        found += _voided(press, table, [episode] if asked else table.episodes)
    press.memory.save(len(table.episodes))
    set_so_far = sum(proof.editions for proof in proofs)
    return CheckReport(1 if asked else len(table.episodes), set_so_far, in_order(found))


def _voided(press: Press, table: Table, episodes: Iterable[Episode]) -> Iterator[Problem]:
    """Say which approvals do not hold any more: their episodes would be held at their slots."""
    out = table.published()
    for episode in episodes:
        if episode.approved and (episode.series, episode.number) not in out:
            yield from press.approval(table, episode)


def _asked(table: Table, episode: Episode, out: Mapping[Key, Published]) -> Asked:
    published = out.get((episode.series, episode.number))
    if published:
        return Asked(episode, published.slot, out=True)
    return Asked(episode, _expected(table, episode))


def _expected(table: Table, episode: Episode) -> Slot:
    return table.expected(episode.series).get(episode.number, ANY_SLOT)


def pull_expected(
    newsroom: Newsroom, table: Table, episode: Episode, out: Mapping[Key, Published]
) -> Proof:
    """Set an episode for the slot it will have if nothing changes."""
    return newsroom.press.pull(table, episode, _expected(table, episode), out=out, final=True)
