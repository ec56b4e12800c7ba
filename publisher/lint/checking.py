"""Running the rules: all of them, in one order, over everything, less what somebody set off."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache

from publisher.lint import rules
from publisher.lint.manuscript import Manuscript
from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.edition import digest_of
from publisher.model.episode import Episode, Series
from publisher.model.problem import Fault, Place, Problem, Severity, in_order

ALLOW_REASON = Fault(
    "lint/allow-reason",
    Severity.ERROR,
    "The rule “{rule}” is set off without a reason.",
    "Write down why, for whoever reads this next: {rule}: …",
)
ALLOW_UNKNOWN = Fault(
    "lint/allow-unknown",
    Severity.WARNING,
    "There is no rule “{rule}” to set off.",
    "Take the line out, or write the name of a rule: {nearest}.",
)
FAULTS = (ALLOW_REASON, ALLOW_UNKNOWN)

#: What per-episode rules found in a file; the key names file, series and rules.
Memory = MutableMapping[str, tuple[Problem, ...]]
_CONFIG = Place("config.toml")


@cache
def every_rule() -> tuple[tuple[str, LintRule], ...]:
    """Find every rule, as (module name, rule) in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    found = [(name, importlib.import_module(f"{rules.__name__}.{name}").RULE) for name in names]
    return tuple((name, rule) for name, rule in found if isinstance(rule, LintRule))


@cache
def every_code() -> frozenset[str]:
    """Give the codes of all rules, in full."""
    return frozenset(fault.code for _, rule in every_rule() for fault in rule.faults)


def check(reading: Reading, memory: Memory | None = None) -> tuple[Problem, ...]:
    """Run every rule over a reading; problems in the order of their places.

    Problems that an episode's ``allow`` or ``config.toml`` sets off are left out. With a
    ``memory``, which may outlive the process, an episode that is as it was costs a look-up.
    """
    found: list[Problem] = []
    for manuscript in reading.manuscripts:
        found += _remembered(manuscript, memory)
    for _, rule in every_rule():
        if rule.reading is not None:
            found += rule.reading(reading)
    allowed = {e.path: _codes(code for code, _ in e.allow) for e in reading.episodes if e.allow}
    off = _codes(reading.off)
    none: frozenset[str] = frozenset()
    kept = (
        problem
        for problem in found
        if problem.code not in off and problem.code not in allowed.get(problem.place.path, none)
    )
    return in_order((*kept, *_reasons(reading)))


def check_episode(episode: Episode, series: Series | None = None) -> tuple[Problem, ...]:
    """Run the rules that need no other file over one episode; nothing is set off."""
    return _looked_over(Manuscript(episode, series))


def _looked_over(manuscript: Manuscript) -> tuple[Problem, ...]:
    found: list[Problem] = []
    for _, rule in every_rule():
        if rule.episode is not None:
            found += rule.episode(manuscript)
    return tuple(found)


def _remembered(manuscript: Manuscript, memory: Memory | None) -> tuple[Problem, ...]:
    if memory is None:
        return _looked_over(manuscript)
    key = memory_key(manuscript.episode, manuscript.series)
    known = memory.get(key)
    if known is None:
        known = memory[key] = _looked_over(manuscript)
    return known


def memory_key(episode: Episode, series: Series | None) -> str:
    """Name what the rules over one episode depend on: path, text, pictures and series title."""
    title = series.title if series else ""
    return digest_of(episode.path, episode.wording, episode.digest, title)


def _codes(names: Iterable[str]) -> frozenset[str]:
    """Take rule names with or without the room in front of them."""
    return frozenset(name if "/" in name else f"lint/{name}" for name in names)


def _reasons(reading: Reading) -> Iterator[Problem]:
    """Say which rules were set off without a reason, or do not exist."""
    for episode in reading.episodes:
        for rule, reason in episode.allow:
            yield from _set_off(episode.place(f"allow.{rule}"), rule, reason)
    for rule, reason in reading.off.items():
        yield from _set_off(_CONFIG, rule, reason)


def _set_off(place: Place, rule: str, reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield ALLOW_REASON.at(place, rule=rule)
    (code,) = _codes([rule])
    if code.startswith("lint/") and code not in every_code():
        near = difflib.get_close_matches(code, sorted(every_code()), n=1, cutoff=0)
        yield ALLOW_UNKNOWN.at(place, rule=rule, nearest=near[0].removeprefix("lint/"))
