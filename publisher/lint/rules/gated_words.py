"""Members' sentences in what everybody gets."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.gate import Gate, shortened
from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.lint.secret import open_words, secrets
from publisher.model.problem import Fault, Problem, Severity

IN_FIELD = Fault(
    "lint/gate",
    Severity.ERROR,
    "“{sentence}” is for members only (line {line}), but “{key}” is shown to everybody.",
    "Say it in other words here, or move the sentence out of the members’ part.",
)
EMPTY = Fault(
    "lint/gate-empty",
    Severity.WARNING,
    "Nothing stands in this members’ part.",
    "Write what members get, or take the block out.",
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    episode = manuscript.episode
    for block in manuscript.blocks:
        if block.name == "members" and not block.children:
            yield EMPTY.at(manuscript.place(block))
    if not any(passage.gated for passage in manuscript.passages):
        return
    behind = secrets(episode)
    gate = Gate(behind, (open_words(episode),))
    for key, value in manuscript.fields:
        for secret, sentence in gate.leaks(value) if key != "title" else ():
            line = secret.place(sentence).line
            yield IN_FIELD.at(episode.place(key), sentence=shortened(sentence), line=line, key=key)


RULE = LintRule(
    "Deck, summary, subject, preheader, teaser and the words around the cover go to everybody, into search engines and "
    "into previews. A sentence copied there from behind the gate is given away.",
    (IN_FIELD, EMPTY),
    episode=check,
)
