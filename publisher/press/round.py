"""A round over all that waits to go out: what the memory does not know yet, worked out at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from publisher import lint
from publisher.model.episode import Episode
from publisher.model.history import Published
from publisher.model.problem import Problem
from publisher.model.slot import Slot
from publisher.press.hands import spread
from publisher.press.press import Press, Proven
from publisher.press.table import Key, Table


class Asked(NamedTuple):
    """An episode to be proven at a slot; of one that is ``out`` only page and feed can change."""

    episode: Episode
    slot: Slot
    out: bool = False


class _Lacking(NamedTuple):
    """An episode of which something is not known: the keys of what is to be found out."""

    episode: Episode
    rules: str = ""
    proof: str = ""
    asked: Asked | None = None


class _Found(NamedTuple):
    rules: tuple[Problem, ...] = ()
    proof: tuple[int, tuple[Problem, ...]] = (0, ())


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
    rules, proofs = press.memory.rules, press.memory.proofs
    keys = [
        ("page " if one.out else "")
        + press.proof_key(table, table.setting(one.episode, one.slot, out))
        for one in asked
    ]
    unknown = {
        one.episode.path: (key, one)
        for one, key in zip(asked, keys, strict=True)
        if key not in proofs
    }
    lacking = []
    for episode in table.episodes:
        rule = lint.memory_key(episode, table.series.get(episode.series))
        proof, asking = unknown.get(episode.path, ("", None))
        if rule not in rules or proof:
            lacking.append(_Lacking(episode, "" if rule in rules else rule, proof, asking))

    def find_out(place: int) -> _Found:
        one = lacking[place]
        return _Found(
            lint.check_episode(one.episode, table.series.get(one.episode.series))
            if one.rules
            else (),
            proof_of(one.asked) if one.asked else (0, ()),
        )

    def proof_of(one: Asked) -> tuple[int, tuple[Problem, ...]]:
        if one.out:
            return 0, press.shown(table, one.episode, one.slot, out)
        return press.come_to(table, one.episode, one.slot, out)

    found = spread(find_out, len(lacking), hands)
    for done, (one, result) in enumerate(zip(lacking, found, strict=True), start=1):
        if one.rules:
            rules[one.rules] = result.rules
        if one.proof:
            proofs[one.proof] = result.proof
        advance(done, len(lacking))
    return [Proven(*proofs[key]) for key in keys]
