"""Why a slot is held: what is wrong, in which file, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from publisher.lint.crowd import bounded
from publisher.model.episode import Episode, Status
from publisher.model.problem import Problem, Severity
from publisher.press.agenda import Line
from publisher.press.table import Table
from publisher.translation import message_of, remedy_of, translate
from publisher.wiring.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class Held:
    """A slot that waits for a person: why, and what to do, as sentences; ``problems`` are the
    errors that keep its episode from going, as the files say now."""

    line: Line
    episode: str
    why: str
    remedy: str
    problems: tuple[Problem, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Give it as scripts read it."""
        return {
            "series": self.line.series,
            "slot": self.line.entry.slot.key,
            "number": self.line.number,
            "episode": self.episode or None,
            "why": self.why,
            "remedy": self.remedy,
            "problems": [
                {
                    "path": problem.place.path,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "code": problem.code,
                }
                for problem in bounded(self.problems)
            ],
        }


def holds(newsroom: Newsroom, table: Table, lines: Iterable[Line], language: str) -> list[Held]:
    """Explain held slots. The files are checked anew: what was mended since is said so."""
    lines = list(lines)
    if not lines:
        return []
    errors = [p for p in newsroom.press.check(table) if p.severity is Severity.ERROR]
    return [_explained(newsroom, table, line, errors, language) for line in lines]


def _explained(
    newsroom: Newsroom, table: Table, line: Line, errors: list[Problem], language: str
) -> Held:
    episode = _waiting(table, line)
    name = f"{episode.series}/{episode.number:02d}" if episode else ""
    command = f"publisher publish {name or f'{line.series}/N'} --slot {line.entry.slot.local:%Y-%m-%dT%H:%M}"
    mine = _mine(newsroom, table, line, episode, errors)
    if mine:
        first, more = mine[0], len(mine) - 1
        why = f"{first.place} {message_of(first, language)}"
        if more:
            why += " " + translate("({count} more errors)", language, count=more)
        then = translate("Then: {command}", language, command=command)
        return Held(line, name, why, f"{remedy_of(first, language)} {then}".strip(), tuple(mine))
    why, remedy = _sound(line, episode, command, language)
    return Held(line, name, why, remedy)


def _waiting(table: Table, line: Line) -> Episode | None:
    """Find the episode a held slot waits for: its own, or the next in the queue."""
    number = line.number
    if number is None:
        out = {key[1] for key in table.published() if key[0] == line.series}
        number = min(
            (e.number for e in table.episodes_of(line.series) if e.number not in out), default=None
        )
    return None if number is None else table.find(line.series, number)


def _mine(
    newsroom: Newsroom, table: Table, line: Line, episode: Episode | None, errors: list[Problem]
) -> list[Problem]:
    """Choose the errors that concern the episode, or the folder of its series where none can be read."""
    folder = table.series[line.series].path.removesuffix("series.toml")
    known = {one.path for one in table.episodes_of(line.series)}
    if episode is not None:
        concerned = newsroom.press.concerning(table, episode, errors)
        missing = [
            p for p in newsroom.press.approval(table, episode) if p.severity is Severity.ERROR
        ]
        if concerned or missing:
            return [*concerned, *(p for p in missing if p not in concerned)]
        if line.number is not None:
            return []
    return [p for p in errors if p.place.path.startswith(folder) and p.place.path not in known]


def _sound(line: Line, episode: Episode | None, command: str, language: str) -> tuple[str, str]:
    """Say why a slot is held at which nothing is wrong with the files now."""
    if episode is None:
        return (
            translate("no episode stood there", language),
            translate("Write the next episode; then: {command}", language, command=command),
        )
    if episode.status is Status.DRAFT:
        return (
            translate("{path} is still a draft", language, path=episode.path),
            translate("Set “status: ready” in it; then: {command}", language, command=command),
        )
    if line.number is not None:
        return (
            translate("{path} was ready, but nothing ran at its time", language, path=episode.path),
            translate(
                "Send it late: {command}; or let it take the next slot: publisher cancel {episode}",
                language,
                command=command,
                episode=f"{episode.series}/{episode.number:02d}",
            ),
        )
    return (
        translate("{path} was not ready then, and is now", language, path=episode.path),
        translate(
            "Send it now: {command}; otherwise it takes the next slot", language, command=command
        ),
    )
