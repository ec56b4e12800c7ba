"""Words of one episode's head that another keeps for members: deck, summary, teaser and their like.

The proofs read final bytes, but not all of them anew each time: a page that did not change is not
made again, and a letter is proven against the episodes it speaks of. What an editor writes in
the head of a file is short, so here it is held against everything that is behind any gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from publisher.lint.bare import letters
from publisher.lint.gate import Gate, shortened
from publisher.lint.manuscript import FIELDS
from publisher.lint.secret import (
    Secret,
    open_words,
    open_words_of_series,
    secrets_of_series,
)
from publisher.model.edition import digest_of
from publisher.model.episode import Episode, Series
from publisher.model.problem import Fault, Problem, Severity, in_order
from publisher.press.memory import Memory
from publisher.press.table import Key, Table

#: What is said to everybody, as (key, words).
_Head = tuple[tuple[str, str], ...]

ELSEWHERE = Fault(
    "gate/elsewhere",
    Severity.ERROR,
    "“{sentence}” is for members only in {other}, but “{key}” is shown to everybody.",
    "Say it in other words here, or move the sentence out of the members’ part there.",
)


def crossed(
    memory: Memory, table: Table, episodes: Iterable[Episode], gate: Callable[[], Gate]
) -> tuple[Problem, ...]:
    """Find heads of ``episodes``, and descriptions of series, that say what any episode or series keeps for members.

    ``gate`` holds all of that; it is asked only about heads that are new since nothing was found.
    What stands open in an episode itself is no secret in its head.
    """
    # By their words: most changes of a file with a gate are made before it.
    behind = [memory.kept(episode) for episode in table.episodes if memory.keeps(episode)]
    secret = (s for one in table.series.values() for s in secrets_of_series(one))
    behind += [f"{each.whole} {each.words}" for each in secret]
    if not behind:
        return ()
    heads: list[tuple[Episode | Series, _Head]] = [(each, _head(each)) for each in episodes]
    heads += [(one, (("description", one.description),)) for one in table.series.values()]
    # Each head by itself: of a thousand, one has changed.
    secrets = digest_of(*behind)
    new = [
        (name, told, words)
        for told, words in heads
        if not memory.clean.get(name := digest_of(secrets, repr(words)))
    ]
    if not new:
        return ()
    found: list[Problem] = []
    made = gate()
    for name, told, words in new:
        before = made.asked
        found += _in_head(made, told, words)
        if made.asked == before:
            memory.clean[name] = True
    return in_order(found)


def _head(episode: Episode) -> _Head:
    """Give what a head shows to everybody; its title is open, whatever stands behind a gate."""
    cover = episode.cover
    around = (cover.alt, cover.caption, cover.source) if cover else ()
    keys = [(key, str(getattr(episode, key))) for key in FIELDS if key != "title"]
    put_right = (("corrections", correction.text) for correction in episode.corrections)
    return (*keys, *(("cover", words) for words in around), *put_right)


def _in_head(gate: Gate, told: Episode | Series, head: _Head) -> Iterator[Problem]:
    for key, words in head:
        if not words:
            continue
        for secret, sentence in gate.leaks(words):
            if isinstance(told, Episode) and _is_its_own(told, key, secret, sentence):
                continue
            yield ELSEWHERE.at(
                told.place(key),
                sentence=shortened(sentence),
                key=key,
                other=str(secret.place(sentence)),
            )


def _is_its_own(episode: Episode, key: str, secret: Secret, sentence: str) -> bool:
    """Say whether the rules of one file look into it, or its own text says it openly."""
    ruled = secret.path == episode.path and key != "corrections"
    return ruled or letters(sentence) in letters(open_words(episode))


def secrets_of(memory: Memory, table: Table) -> Iterator[Secret]:
    """Give all that only members may read: of every episode and of the series around them."""
    for series in table.series.values():
        yield from secrets_of_series(series)
    for episode in table.episodes:
        yield from memory.secrets(episode)


def open_to_all(table: Table, out: Iterable[Key]) -> Iterator[str]:
    """Give what everybody may read of the series and of the episodes that are out."""
    yield from map(open_words_of_series, table.series.values())
    found = (table.find(*key) for key in out)
    yield from (open_words(episode) for episode in found if episode is not None)
