"""A whole archive as a series: numbered by date, named as feeds knew it, pictures beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from publisher.intake.article import Article, Known, compose
from publisher.intake.draft import Draft, tally
from publisher.intake.exports.buttondown import from_buttondown, unzipped
from publisher.intake.exports.feed import from_feed
from publisher.intake.exports.ghost import from_ghost
from publisher.intake.exports.piece import WALL, Piece, Run
from publisher.intake.exports.substack import from_substack
from publisher.intake.markup import passages_of
from publisher.intake.matter import scalar
from publisher.intake.passage import Form, Passage, Shape, Taken, plain
from publisher.intake.plain import from_markdown, tidy
from publisher.intake.refusal import NOTHING_INSIDE, Refused
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.slot import Slot
from publisher.translation import translate

SAME_MINUTE = Fault(
    "intake/same-minute",
    Severity.WARNING,
    "Two letters of the archive went out in the same minute; {title} is dated a minute later.",
    "Leave it so, or write another `publish_at`.",
)
PASSED_OVER = Fault(
    "intake/passed-over",
    Severity.HINT,
    "Not a letter, and not imported: {names}",
    "Look whether anything in there should become an episode by hand.",
)
NO_NAME = Fault(
    "intake/no-guid",
    Severity.WARNING,
    "The archive does not say by which name feeds knew {title}.",
    "Give the old address of the publication with --url, or readers’ programs may show it as new.",
)


NO_DATE = Fault(
    "intake/no-date",
    Severity.WARNING,
    "The archive does not say when {title} went out; it is a draft now.",
    "Write the day and hour as `publish_at`, and the status `ready`, if readers have it already.",
)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Service(StrEnum):
    """Where an archive comes from."""

    GHOST = "ghost"
    SUBSTACK = "substack"
    BUTTONDOWN = "buttondown"
    RSS = "rss"


@dataclass(frozen=True, slots=True)
class Options:
    """What is not in an archive: the zone of its dates, the old address, the language."""

    timezone: str = "Asia/Seoul"
    url: str = ""
    title: str = ""
    language: str = "ko"
    membership_url: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """One episode file to be, and what the ledger must know of it so that nobody is mailed.

    ``name`` is relative to the series' folder; with pictures it is ``NN-slug/index.md``.
    ``slot`` is when it went out, None for a draft; ``guid`` is the name that feeds keep.
    """

    name: str
    number: int
    title: str
    text: str
    pictures: tuple[tuple[str, bytes], ...] = ()
    slot: Slot | None = None
    guid: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """A series to be: its ``series.toml``, its episodes by number, and what to look at."""

    series_toml: str
    episodes: tuple[Imported, ...]
    notes: tuple[Problem, ...] = ()


def archive(
    data: bytes | Mapping[str, bytes], service: Service, options: Options, name: str = ""
) -> Archive:
    """Turn an archive into a series. Raises Refused for what cannot be read or is hostile.

    ``data`` is the file as downloaded; for Buttondown it may be its folder, by relative path.
    """
    run = _read(data, service, options, name)
    if not run.pieces:
        raise Refused(NOTHING_INSIDE, name)
    ordered = sorted(
        run.pieces, key=lambda p: (p.published is None, p.published or _NEVER, p.title)
    )
    notes: list[Problem] = []
    if run.passed_over:
        names = ", ".join(sorted(filter(None, run.passed_over)))[:300]
        notes.append(PASSED_OVER.at(Place(name), names=names))
    taken: set[str] = set()
    episodes = []
    for number, piece in enumerate(ordered, 1):
        slot = _slot(piece, options, taken, notes)
        made, problems = _episode(piece, number, slot, options)
        notes.extend(problems)
        if piece.undated:
            notes.append(NO_DATE.at(Place(made.name), title=made.title))
        if slot is not None and not piece.guid:
            notes.append(NO_NAME.at(Place(made.name), title=piece.title))
        episodes.append(made)
    return Archive(_series(run, options), tuple(episodes), tuple(notes))


def _read(data: bytes | Mapping[str, bytes], service: Service, options: Options, name: str) -> Run:
    if not isinstance(data, bytes):
        return from_buttondown(data, name, options.url)
    match service:
        case Service.GHOST:
            return from_ghost(data, name, options.url)
        case Service.SUBSTACK:
            return from_substack(data, name, options.url)
        case Service.BUTTONDOWN:
            return from_buttondown(unzipped(data, name), name, options.url)
        case Service.RSS:
            return from_feed(data, name)


def _slot(piece: Piece, options: Options, taken: set[str], notes: list[Problem]) -> Slot | None:
    """Give the minute a letter went out, in the zone; no two letters share one."""
    if piece.published is None:
        return None
    local = piece.published.astimezone(ZoneInfo(options.timezone))
    slot = Slot(local.replace(tzinfo=None, second=0, microsecond=0, fold=0), options.timezone)
    if slot.key in taken:
        notes.append(SAME_MINUTE.at(Place(piece.url or piece.title), title=piece.title))
    while slot.key in taken:
        slot = Slot(slot.local + timedelta(minutes=1), options.timezone)
    taken.add(slot.key)
    return slot


def _episode(
    piece: Piece, number: int, slot: Slot | None, options: Options
) -> tuple[Imported, tuple[Problem, ...]]:
    draft = Draft(
        title=" ".join(plain(tidy(piece.title)).split()) or f"#{number}",
        deck=" ".join(tidy(piece.deck).split()),
        byline=" ".join(tidy(piece.byline).split()),
        access="members" if piece.members else "",
        publish_at=f"{slot.local:%Y-%m-%d %H:%M}" if slot else "",
        ready=slot is not None,
    )
    draft.tag(*(tidy(tag) for tag in piece.tags))
    passages, pictures = _with_pictures(_passages(piece), piece.pictures)
    if piece.cover:
        src = pictures[0].get(piece.cover, piece.cover)
        parts = {"src": src, "alt": piece.cover_alt, "caption": _bare(piece.cover_caption)}
        draft.cover = {key: value for key, value in parts.items() if value}
    known = Known(number=number, membership_url=options.membership_url, language=options.language)
    made = _composed(passages, known, draft)
    kept = tuple(sorted(pictures[1].items()))
    folder = made.name.removesuffix(".md")
    return (
        Imported(
            f"{folder}/index.md" if kept else made.name,
            number,
            made.title,
            made.text,
            kept,
            slot,
            piece.guid,
            piece.url,
        ),
        made.notes,
    )


def _composed(passages: list[Passage], known: Known, draft: Draft) -> Article:
    """Compose a letter; the part behind its wall stands in a block for members."""
    wall = next((i for i, p in enumerate(passages) if p.plain == WALL), None)
    if wall is None:
        return compose(Taken(passages), Form.HTML, known, draft)
    behind = Draft(title=draft.title, byline=draft.byline, cover={"src": "-"})
    after = compose(Taken(passages[wall + 1 :]), Form.HTML, known, behind)
    inner = after.text.partition("\n---\n\n")[2].strip("\n")
    colons = max((len(c) for c in re.findall(r"^:{3,}", inner, re.MULTILINE)), default=2) + 1
    walled = f"{':' * colons} members\n{inner}\n{':' * colons}"
    draft.source = behind.source - tally(walled)
    draft.byline = draft.byline or behind.byline
    draft.tags = list(dict.fromkeys([*draft.tags, *behind.tags]))
    draft.doubts.extend(behind.doubts)
    draft.recast.extend(behind.recast)
    front = [*passages[:wall], Passage(Shape.VERBATIM, walled)]
    return compose(Taken(front), Form.HTML, known, draft)


def _passages(piece: Piece) -> list[Passage]:
    if piece.markdown:
        return from_markdown(piece.markdown).passages
    if not piece.html.strip():
        return []
    return passages_of(piece.html, piece.title)


def _bare(html: str) -> str:
    return " ".join(" ".join(p.plain for p in passages_of(html)).split()) if html else ""


def _with_pictures(
    passages: list[Passage], pictures: Mapping[str, bytes]
) -> tuple[list[Passage], tuple[dict[str, str], dict[str, bytes]]]:
    """Point figures at the files that came with the archive; give new names and their bytes."""
    names: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    for address, data in sorted(pictures.items()):
        stem = re.sub(r"[^\w.-]+", "-", address.rpartition("/")[2]).strip("-.") or "picture"
        name, again = stem, 1
        while name in kept and kept[name] != data:
            again += 1
            name = f"{again}-{stem}"
        names[address], kept[name] = name, data
    pointed = [replace(p, src=names.get(p.src, p.src)) for p in passages]
    return pointed, (names, kept)


def _series(run: Run, options: Options) -> str:
    title = options.title or run.title or translate("Untitled series", options.language)
    lines = [f"title = {_toml(title)}"]
    if run.description:
        lines.append(f"description = {_toml(run.description)}")
    lines.append(f"language = {_toml(options.language)}")
    return "\n".join(lines) + "\n"


def _toml(value: str) -> str:
    """Write a TOML basic string; JSON's escapes are TOML's."""
    quoted = scalar(" ".join(value.split()))
    return quoted if quoted.startswith('"') else f'"{quoted}"'


def handover(whole: Archive, series: str) -> str:
    """Write what the ledger must take over, as JSON: slot, number and guid of what is out."""
    rows = [
        {
            "series": series,
            "number": one.number,
            "slot": one.slot.key,
            "published": one.slot.instant.isoformat(),
            "guid": one.guid,
            "title": one.title,
            "url": one.url,
        }
        for one in whole.episodes
        if one.slot is not None
    ]
    return json.dumps({"imported": rows}, ensure_ascii=False, indent=2) + "\n"
