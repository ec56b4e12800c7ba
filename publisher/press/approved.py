"""What was approved, kept word for word, so that a later change can be shown as readers see it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from publisher.model.edition import Edition

_CHANNELS = ("subject", "preheader", "text", "html", "page")
_TAG = re.compile(r"(?=<)|(?<=>)")


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved what and when: the digest, and each edition's channels by audience."""

    episode: str
    digest: str
    by: str
    at: datetime
    editions: Mapping[str, Mapping[str, str]]


def freeze(episode: str, digest: str, editions: Iterable[Edition], by: str, at: datetime) -> str:
    """Write an approval down as JSON, the same bytes for the same approval."""
    whole = {
        "episode": episode,
        "digest": digest,
        "by": " ".join(by.split()),
        "at": at.isoformat(),
        "editions": {
            str(edition.audience): {name: str(getattr(edition, name)) for name in _CHANNELS}
            for edition in editions
        },
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def thaw(text: str) -> Approval:
    """Read an approval back. Raises ValueError for anything else."""
    whole = json.loads(text)
    try:
        editions = {
            str(audience): {name: str(channels[name]) for name in _CHANNELS}
            for audience, channels in whole["editions"].items()
        }
        at = datetime.fromisoformat(whole["at"])
        return Approval(str(whole["episode"]), str(whole["digest"]), str(whole["by"]), at, editions)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("not an approval") from fault


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs: the words before and after, either of them perhaps empty."""

    audience: str
    channel: str
    before: str
    after: str

    @property
    def marked(self) -> str:
        """Show the change in one line, what went and what came between marks."""
        return "".join(_words_marked(self.before, self.after))


@dataclass(frozen=True, slots=True)
class Weighed:
    """A channel whose bytes differ: sizes before and after, and the lines that changed."""

    audience: str
    channel: str
    before: int
    after: int
    lines: tuple[str, ...]


def as_read(approval: Approval, editions: Iterable[Edition]) -> tuple[Change, ...]:
    """Say what readers would see otherwise: subject, preheader, and the text by paragraphs."""
    changes: list[Change] = []
    for edition in editions:
        old = approval.editions.get(str(edition.audience), {})
        for channel in ("subject", "preheader", "text"):
            before = _paragraphs(old.get(channel, ""))
            after = _paragraphs(str(getattr(edition, channel)))
            changes += [
                Change(str(edition.audience), channel, a, b) for a, b in _pairs(before, after)
            ]
    return tuple(changes)


def as_bytes(
    approval: Approval, editions: Iterable[Edition], most: int = 200
) -> tuple[Weighed, ...]:
    """Say which channels differ in any byte, with at most so many lines of each difference."""
    found = []
    for edition in editions:
        old = approval.editions.get(str(edition.audience), {})
        for channel in _CHANNELS:
            before, after = old.get(channel, ""), str(getattr(edition, channel))
            if before == after:
                continue
            lines = difflib.unified_diff(
                _tags(before), _tags(after), "approved", "now", "", "", 1, ""
            )
            sizes = len(before.encode()), len(after.encode())
            kept = tuple(line for line, _ in zip(lines, range(most), strict=False))
            found.append(Weighed(str(edition.audience), channel, *sizes, kept))
    return tuple(found)


def _paragraphs(text: str) -> list[str]:
    """Undo the wrapping of a text, so that one word more does not shift every line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _tags(text: str) -> list[str]:
    return [piece for line in text.splitlines() for piece in _TAG.split(line) if piece]


def _pairs(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind == "equal":
            continue
        old, new = before[a0:a1], after[b0:b1]
        for n in range(max(len(old), len(new))):
            yield (old[n] if n < len(old) else "", new[n] if n < len(new) else "")


def _words_marked(before: str, after: str) -> Iterator[str]:
    """Mark what went as [-…-] and what came as {+…+}, word by word."""
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield "".join(old[a0:a1])
            continue
        gone, come = "".join(old[a0:a1]), "".join(new[b0:b1])
        if gone:
            yield f"[-{gone}-]"
        if come:
            yield f"{{+{come}+}}"
