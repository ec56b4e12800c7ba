"""A round over all that waits to go out: what the memory does not know yet, worked out at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from publisher import lint
from publisher.model.episode import Episode
from publisher.model.history import Published
from publisher.model.problem import Problem
from publisher.model.setting import Setting
from publisher.model.slot import Slot
from publisher.press.hands import spread
from publisher.press.memory import Seen
from publisher.press.press import Press, Proven
from publisher.press.table import Key, Table


class Asked(NamedTuple):
    """An episode to be proven at a slot; of one that is ``out`` only page and feed can change."""

    episode: Episode
    slot: Slot
    out: bool = False


class _Lacking(NamedTuple):
    """An episode of which something is not known: its rules under a key, or its proof."""

    episode: Episode
    rules: str = ""
    asked: Asked | None = None
    setting: Setting | None = None


class _Found(NamedTuple):
    rules: tuple[Problem, ...] = ()
    proof: tuple[int, tuple[Problem, ...]] = (0, ())
    key: str = ""
    seen: Seen | None = None


def go_round(
    press: Press,
    table: Table,
    asked: Sequence[Asked],
    out: Mapping[Key, Published],
    *,
    hands: int,
    advance: Callable[[int, int], None],
) -> list[Proven]:
    """Prove the episodes asked for, and run the rules over every episode of the table.

    Gives what each proof came to, in the order asked; what the rules found is in the memory, for
    whoever checks next. ``advance`` hears (done, of).
    """
    memory = press.memory
    rules, proofs = memory.rules, memory.proofs
    settings = [table.setting(one.episode, one.slot, out) for one in asked]

    def key_of(one: Asked, setting: Setting) -> str:
        return ("page " if one.out else "") + press.proof_key(table, setting)

    # To name a proof is to look at the text. Where nobody looked yet nothing is proven, and whoever
    # proves it looks then.
    keys = {
        one.episode.path: key_of(one, setting)
        for one, setting in zip(asked, settings, strict=True)
        if memory.has_seen(one.episode)
    }
    unknown = {
        one.episode.path: (one, setting)
        for one, setting in zip(asked, settings, strict=True)
        if keys.get(one.episode.path) not in proofs
    }
    lacking = []
    for episode in table.episodes:
        rule = lint.memory_key(episode, table.series.get(episode.series))
        asking, setting = unknown.get(episode.path, (None, None))
        if rule not in rules or asking:
            lacking.append(_Lacking(episode, "" if rule in rules else rule, asking, setting))

    def find_out(place: int) -> _Found:
        one = lacking[place]
        series = table.series.get(one.episode.series)
        ruled = lint.check_episode(one.episode, series) if one.rules else ()
        if not one.asked or not one.setting:
            return _Found(ruled)
        key = key_of(one.asked, one.setting)
        return _Found(ruled, proof_of(one.asked, one.setting), key, memory.look(one.setting))

    def proof_of(one: Asked, setting: Setting) -> tuple[int, tuple[Problem, ...]]:
        return (0, press.shown(setting)) if one.out else press.come_to(table, setting)

    found = spread(find_out, len(lacking), hands)
    for done, (one, result) in enumerate(zip(lacking, found, strict=True), start=1):
        if one.rules:
            rules[one.rules] = result.rules
        if result.seen is not None:
            memory.know(one.episode, result.seen)
            keys[one.episode.path] = result.key
            proofs[result.key] = result.proof
        advance(done, len(lacking))
    return [Proven(*proofs[keys[one.episode.path]]) for one in asked]
