"""A person's word for an episode: given, kept, and compared with what stands there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from publisher.files.atomic import write_if_changed
from publisher.files.names import on_disk
from publisher.intake import approve as marked
from publisher.model.episode import Episode
from publisher.model.problem import (
    Fault,
    MisuseError,
    OutsideError,
    Place,
    Problem,
    ProblemError,
    Severity,
    stops,
)
from publisher.press.approved import Approval, Change, Weighed, as_bytes, as_read, freeze, thaw
from publisher.press.finding import find_episode
from publisher.press.table import Table
from publisher.wiring.checking import pull_expected
from publisher.wiring.newsroom import Newsroom

NOT_APPROVED = Fault(
    "wiring/not-approved",
    Severity.ERROR,
    "{episode} has not been approved, so there is nothing to compare with.",
    "Approve it first: publisher approve {episode} --by NAME",
)
NOT_KEPT = Fault(
    "wiring/approval-not-kept",
    Severity.ERROR,
    "What was approved of {episode} is not kept on this machine.",
    "Run this where it was approved, or copy the folder data/approvals from there.",
)
NOT_WRITABLE = Fault(
    "wiring/approval-not-written",
    Severity.ERROR,
    "The approval of {episode} cannot be written: {reason}.",
    "Save the file once in your editor as UTF-8 text with front matter, and see that it may be written to.",
)
NOBODY = Fault(
    "wiring/approved-by-nobody",
    Severity.ERROR,
    "It is not said who approves.",
    "Give a name of at most {limit} characters: --by NAME",
)
#: Characters of the name of who approves.
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval given: the digest it names, and warnings that did not prevent it."""

    episode: Episode
    digest: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """An episode beside what was approved of it; no changes when the approval holds.

    ``when`` is the moment of the approval in the publication's zone.
    """

    episode: Episode
    approval: Approval
    when: datetime
    changes: tuple[Change, ...]
    weighed: tuple[Weighed, ...]

    @property
    def holds(self) -> bool:
        return not self.weighed


def approve(newsroom: Newsroom, asked: str, by: str) -> Approved:
    """Approve an episode as it stands now.

    Raises ProblemError for an episode with an error: nobody can approve what cannot go out;
    MisuseError where nobody is named.
    """
    by = " ".join(by.split())
    if not by or not by.isprintable() or len(by) > LONGEST_NAME:
        raise MisuseError(NOBODY.at(Place("--by"), limit=LONGEST_NAME))
    table = newsroom.table()
    episode = find_episode(table, asked)
    problems = _problems(newsroom, table, episode)
    if stops(problems):
        raise ProblemError(*problems)
    press = newsroom.press
    editions = press.approval_editions(table, episode)
    digest = press.approval_digest(table, episode)
    path = on_disk(newsroom.root, episode.path)
    try:
        text = path.read_bytes().decode("utf-8")
        record = freeze(episode.name, digest, editions, by, newsroom.clock())
        write_if_changed(_kept(newsroom, digest), record.encode())
        write_if_changed(path, marked(text, digest).encode())
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        problem = NOT_WRITABLE.at(Place(episode.path), episode=episode.name, reason=reason)
        raise OutsideError(problem) from None
    return Approved(episode, digest, problems)


def _problems(newsroom: Newsroom, table: Table, episode: Episode) -> tuple[Problem, ...]:
    proof = pull_expected(newsroom, table, episode, table.as_if_published())
    return (*newsroom.press.problems_of(table, episode), *proof.problems)


def compare(newsroom: Newsroom, asked: str) -> Compared:
    """Lay an episode beside what was approved of it. Raises MisuseError where nothing was."""
    table = newsroom.table()
    episode = find_episode(table, asked)
    if not episode.approved:
        raise MisuseError(NOT_APPROVED.at(Place(episode.path), episode=episode.name))
    try:
        approval = thaw(_kept(newsroom, episode.approved).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise MisuseError(NOT_KEPT.at(Place(episode.path), episode=episode.name)) from None
    editions = newsroom.press.approval_editions(table, episode)
    when = approval.at.astimezone(ZoneInfo(newsroom.publication.timezone))
    changes, weighed = as_read(approval, editions), as_bytes(approval, editions)
    return Compared(episode, approval, when, changes, weighed)


def _kept(newsroom: Newsroom, digest: str) -> Path:
    """Say where an approval is kept; the name is hex digits, whatever the file claims."""
    name = "".join(c for c in digest.removeprefix("sha256:") if c in "0123456789abcdef")
    return newsroom.path(f"data/approvals/{name}.json")
