"""A dry run: everything the next releases would produce, written to a folder; nothing sent.

Neither ledger nor network is touched. The same files, list and ledger give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.delivery.mould import Filling, Mould
from publisher.files.atomic import write_if_changed
from publisher.lint.crowd import bounded
from publisher.model.calendar import Standing
from publisher.model.edition import Edition, Placeholder
from publisher.model.episode import Episode
from publisher.model.history import Published, guid_of
from publisher.model.problem import Fault, Problem, Severity, in_order
from publisher.model.slot import Slot
from publisher.press.finding import find_episode
from publisher.press.press import ANY_SLOT, Proof
from publisher.press.site import feeds_of
from publisher.press.table import Key, Table
from publisher.translation import message_of, remedy_of
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.progress import Advance, silent

UNCOUNTED = Fault(
    "wiring/uncounted",
    Severity.WARNING,
    "Readers are not counted, and slots are reckoned as if nothing were out: {reason}",
    "Run the dry run again once the database answers; everything else in it holds.",
)
#: Stands where each reader's own address will.
READER = "reader@reader.example"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One release that would be: its proof, whom it would reach, how heavy it is."""

    series: str
    number: int
    title: str
    slot: Slot
    standing: str
    proof: Proof
    recipients: Mapping[str, int] | None
    left_out: Mapping[str, int] | None
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return f"{self.series}/{self.number:02d}"


def rehearse(
    newsroom: Newsroom, asked: str | None, folder: Path, advance: Advance = silent
) -> tuple[Rehearsed, ...]:
    """Produce the next release of every series, or that of one episode, below a folder.

    Leaves no trace anywhere else. Raises MisuseError for an unknown episode, OSError where the
    folder cannot be written.
    """
    newsroom.cabinet.closed = True
    newsroom.only_look()
    table = newsroom.table()
    out = table.as_if_published()
    chosen = list(_next(table, asked))
    runs = []
    for done, (episode, slot, standing) in enumerate(chosen, start=1):
        runs.append(_rehearsed(newsroom, table, episode, slot, standing, out))
        advance(done, len(chosen))
    for run in runs:
        _write_editions(newsroom, table, run, folder)
    _write_feeds(newsroom, table, runs, folder)
    _write(folder / "plan.json", _json([as_data(run, newsroom) for run in runs]))
    return tuple(runs)


def _next(table: Table, asked: str | None) -> Iterable[tuple[Episode, Slot, str]]:
    """Choose the first waiting episode of every series, or the one asked for."""
    if asked:
        episode = find_episode(table, asked)
        known = table.published().get((episode.series, episode.number))
        slot = known.slot if known else table.expected(episode.series).get(episode.number, ANY_SLOT)
        yield episode, slot, str(Standing.RELEASED) if known else str(episode.status)
        return
    for slug in table.series:
        for entry in table.calendar(slug, len(table.episodes_of(slug)) + 1):
            if entry.episode is not None:
                yield entry.episode, entry.slot, str(entry.standing)
                break


def _rehearsed(
    newsroom: Newsroom,
    table: Table,
    episode: Episode,
    slot: Slot,
    standing: str,
    out: Mapping[Key, Published],
) -> Rehearsed:
    proof = newsroom.press.pull(table, episode, slot, out=out, final=True)
    problems = [*newsroom.press.problems_of(table, episode), *proof.problems]
    problems += newsroom.press.approval(table, episode)
    problems += _uncounted(newsroom)
    reach = None if newsroom.unseen else newsroom.reach(episode, slot)
    return Rehearsed(
        series=episode.series,
        number=episode.number,
        title=episode.title,
        slot=slot,
        standing=standing,
        proof=proof,
        recipients=reach.recipients if reach else None,
        left_out=reach.left_out if reach else None,
        problems=in_order(problems),
    )


def _uncounted(newsroom: Newsroom) -> tuple[Problem, ...]:
    """Say why nobody was counted, if the ledger could not be looked into."""
    if newsroom.unseen is None:
        return ()
    reason = message_of(newsroom.unseen, newsroom.publication.language).rstrip(".")
    return (UNCOUNTED.at(newsroom.unseen.place, reason=reason),)


def _write_editions(newsroom: Newsroom, table: Table, run: Rehearsed, folder: Path) -> None:
    for edition in run.proof.editions:
        place = folder / run.series / f"{run.number:02d}" / edition.audience
        reader = a_reader(run.slot)
        _write(place / "mail.eml", _mail(edition, reader))
        _write(place / "mail.html", _filled(edition.html, reader))
        _write(place / "mail.txt", _filled(edition.text, reader))
        _write(place / "page.html", edition.page.encode())
        _write(place / "feed-item.xml", newsroom.feed_item(edition))


def a_reader(slot: Slot) -> Filling:
    """Make up one reader, who consented on the day of the slot; no door opens with these tokens."""
    return Filling(
        address=READER.encode(),
        mail=b"example".ljust(len(Placeholder.MAIL), b"a"),
        leave=b"EXAMPLE-LEAVE-".ljust(len(Placeholder.LEAVE), b"A"),
        preferences=b"EXAMPLE-PREFERENCES-".ljust(len(Placeholder.PREFERENCES), b"A"),
        since=f"{slot.local:%Y-%m-%d}".encode(),
    )


def _mail(edition: Edition, reader: Filling) -> bytes:
    return b"".join(Mould(edition.message).fill(reader, stuffed=False))


def _filled(text: str, reader: Filling) -> bytes:
    for word in Placeholder:
        text = text.replace(word, reader.of(word).decode())
    return text.encode()


def _write_feeds(newsroom: Newsroom, table: Table, runs: list[Rehearsed], folder: Path) -> None:
    """Write the feeds as they will be once these releases are out."""
    out = dict(table.published())
    for run in runs:
        guid = guid_of(newsroom.publication.url, run.series, run.number, run.slot)
        out.setdefault((run.series, run.number), Published(run.series, run.number, run.slot, guid))
    for path, data in feeds_of(newsroom.reading_room(table, out).sheets()).items():
        _write(folder / path, data)


def as_data(run: Rehearsed, newsroom: Newsroom) -> dict[str, Any]:
    """Give a rehearsed release as ``plan.json`` has it; sizes are octets on the wire."""
    language = newsroom.publication.language
    return {
        "episode": run.name,
        "title": run.title,
        "state": run.standing,
        "slot": {
            "key": run.slot.key,
            "local": f"{run.slot.local:%Y-%m-%dT%H:%M}",
            "timezone": run.slot.timezone,
            "utc": f"{run.slot.instant:%Y-%m-%dT%H:%M:%SZ}",
        },
        "subject": {str(e.audience): e.subject for e in run.proof.editions},
        "digest": {str(e.audience): e.digest for e in run.proof.editions},
        "recipients": None if run.recipients is None else dict(run.recipients),
        "left_out": None if run.left_out is None else dict(run.left_out),
        "sizes": {str(e.audience): sizes(e, run.slot) for e in run.proof.editions},
        "problems": [
            {
                "place": str(p.place),
                "severity": str(p.severity),
                "code": p.code,
                "message": message_of(p, language),
                "remedy": remedy_of(p, language),
            }
            for p in bounded(run.problems)
        ],
    }


def sizes(edition: Edition, slot: Slot) -> dict[str, int]:
    """Count the octets of each channel; ``mail`` is the whole message as it travels."""
    return {
        "mail": len(_mail(edition, a_reader(slot))),
        "html": len(edition.html.encode()),
        "text": len(edition.text.encode()),
        "page": len(edition.page.encode()),
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_if_changed(path, data)
