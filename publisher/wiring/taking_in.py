"""New files for the publication: an empty episode, an article from elsewhere, a whole archive."""

from __future__ import annotations

import difflib
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from publisher.files.atomic import write_if_changed
from publisher.files.names import on_disk, relative, shown
from publisher.files.text import normal
from publisher.intake import Article, Known, Refused, article, fresh
from publisher.intake.article import form_of
from publisher.intake.exports import Archive, Options, Service, archive
from publisher.intake.refusal import TOO_LARGE
from publisher.model.episode import Series
from publisher.model.ledger import Proposal
from publisher.model.problem import Fault, MisuseError, OutsideError, Place, Problem, Severity
from publisher.model.release import Recipients
from publisher.model.slot import Slot
from publisher.press.table import Table
from publisher.wiring.newsroom import Newsroom

NO_SERIES = Fault(
    "wiring/no-series",
    Severity.ERROR,
    "There is no series “{asked}”.",
    "Name a folder of the episodes: {nearest}",
)
WHICH_SERIES = Fault(
    "wiring/which-series",
    Severity.ERROR,
    "It is not clear which series this belongs to.",
    "Name it with --series, one of: {series}",
)
THERE_ALREADY = Fault(
    "wiring/there-already",
    Severity.ERROR,
    "{name} is there already.",
    "Nothing was written. Choose another number or title, or move the old file away.",
)
NOT_WRITTEN = Fault(
    "wiring/not-written",
    Severity.ERROR,
    "{name} cannot be written: {reason}.",
    "Make room on the disk, or give the right to write there.",
)
NOT_READ = Fault(
    "wiring/import-not-read",
    Severity.ERROR,
    "{name} cannot be read: {reason}.",
    "Check the file’s name and the right to read it.",
)
NO_TITLE = Fault(
    "wiring/no-title",
    Severity.ERROR,
    "An episode needs a title, and “{title}” has no letter in it.",
    "Write the title in quotation marks after the name of the series.",
)
LONG_TITLE = Fault(
    "wiring/long-title",
    Severity.ERROR,
    "The title has {count} characters; at most {limit} are taken.",
    "Choose a shorter title; what it says more may become the deck.",
)
NO_FOLDER_NAME = Fault(
    "wiring/series-name",
    Severity.ERROR,
    "A series cannot be called “{name}”: it would not be one folder of its own.",
    "Choose letters, digits and hyphens, at most 80, that do not begin with a full stop or “_”.",
)
#: Slots looked at to find the first free one.
_FAR = 520
#: Characters of a title, as its key in an episode allows.
LONGEST_TITLE = 200
#: Bytes of an import: an archive with its pictures.
_LARGEST = 512 * 2**20


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Files that were written, relative to the publication, and what to look at in them."""

    paths: tuple[str, ...]
    notes: tuple[Problem, ...] = ()
    slot: Slot | None = None
    handed_over: int = 0


def find_series(table: Table, asked: str) -> Series:
    """Find a series by its folder's name. Raises MisuseError that names the nearest."""
    wanted = asked.strip().rstrip("/").rpartition("/")[2]
    if wanted in table.series:
        return table.series[wanted]
    near = difflib.get_close_matches(wanted, list(table.series), n=1, cutoff=0)
    # A folder that cannot be read is no series; that it cannot is what an editor has to know.
    there = f"episodes/{wanted}"
    known = [
        p for p in table.problems if wanted and p.place.path in (there, f"{there}/series.toml")
    ]
    if known:
        raise MisuseError(*known)
    raise MisuseError(
        NO_SERIES.at(Place(asked or "SERIES"), asked=asked, nearest=near[0] if near else "—")
    )


def free_slot(table: Table, series: str) -> Slot | None:
    """Give the first slot to come at which no episode stands yet."""
    entries = table.calendar(series, len(table.episodes_of(series)) + _FAR)
    return next((e.slot for e in entries if e.episode is None and e.slot.instant > table.now), None)


def begin(newsroom: Newsroom, asked: str, title: str, language: str) -> TakenIn:
    """Write the next episode of a series as a draft. Raises MisuseError for no title or a long one."""
    title = " ".join(title.split())
    if not any(letter.isalnum() for letter in title):
        raise MisuseError(NO_TITLE.at(Place("TITLE"), title=title))
    if len(title) > LONGEST_TITLE:
        raise MisuseError(LONG_TITLE.at(Place("TITLE"), count=len(title), limit=LONGEST_TITLE))
    table = newsroom.table()
    series = find_series(table, asked)
    slot = free_slot(table, series.slug)
    made = fresh(series, table.episodes, title, slot=slot, language=language)
    folder = _folder(newsroom, series)
    paths = _write(newsroom, {folder / made.name: made.text.encode()})
    return TakenIn(paths, slot=slot)


def take_article(
    newsroom: Newsroom, source: str, asked: str | None, number: int | None, language: str
) -> TakenIn:
    """Write an article from elsewhere as an episode of a series.

    The series is the one asked for, else the one the text names, else the only one. The number is
    the one asked for, else the one the text names if it is free, else the next.
    """
    table = newsroom.table()
    data = _read(source)
    name = "" if source == "-" else Path(source).name
    series = find_series(table, asked) if asked else _named_in(table, data, name)
    known = Known(series.title, number, newsroom.publication.membership_url, language)
    form = form_of(name, data)
    made = article(data, form, known, name)
    taken = {episode.number for episode in table.episodes_of(series.slug)}
    if number is None and (made.number in taken or not _names_itself(made)):
        following = max(taken, default=0) + 1
        known = Known(series.title, following, newsroom.publication.membership_url, language)
        made = article(data, form, known, name)
    if made.number in taken:
        raise MisuseError(
            THERE_ALREADY.at(Place(made.name), name=f"{series.slug}/{made.number:02d}")
        )
    paths = _write(newsroom, _files(made, _folder(newsroom, series)))
    return TakenIn(paths, tuple(_moved(note, paths[0]) for note in made.notes))


def _named_in(table: Table, data: bytes, name: str) -> Series:
    """Find the series that an article names near its head. Raises MisuseError if it is not clear."""
    if len(table.series) == 1:
        return next(iter(table.series.values()))
    made = article(data, form_of(name, data), None, name)
    head = _letters(" ".join(made.text.split("\n")[:20]))
    named = [s for s in table.series.values() if _letters(s.title) in head]
    if len(named) == 1:
        return named[0]
    raise MisuseError(WHICH_SERIES.at(Place(name or "-"), series=", ".join(table.series)))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _names_itself(made: Article) -> bool:
    """Say whether the number came out of the text: without one it would be 1."""
    return made.number != 1 or "1화" in made.text


def _files(made: Article, folder: Path) -> dict[Path, bytes]:
    """Lay an article out: alone, or with its pictures in a folder of its own."""
    stem = made.name.removesuffix(".md")
    text = folder / stem / "index.md" if made.pictures else folder / made.name
    files = {text: made.text.encode()}
    files |= {text.parent / name: data for name, data in made.pictures}
    if made.left_out:
        # A name that begins with an underscore is nobody's episode.
        files[folder / f"_{stem}.left-out.txt"] = "\n\n".join((*made.left_out, "")).encode()
    return files


def _moved(note: Problem, path: str) -> Problem:
    return Problem(Place(path, note.place.line, note.place.column), note.fault, note.details)


def take_archive(
    newsroom: Newsroom, source: str, service: Service, slug: str, url: str, language: str
) -> TakenIn:
    """Write a whole archive as a new series, and tell the ledger that its episodes are out.

    The ledger knows them before their files have a name that is read: nobody is ever mailed an
    old letter. Raises MisuseError when the series is there already.
    """
    slug = normal(slug)
    if (
        not re.fullmatch(r"\w[\w .-]{0,79}", slug)
        or slug.startswith("_")
        or slug.endswith((" ", "."))
    ):
        raise MisuseError(NO_FOLDER_NAME.at(Place("--series"), name=shown(slug)))
    folder = on_disk(newsroom.root, f"episodes/{slug}")
    if folder.exists():
        raise MisuseError(THERE_ALREADY.at(Place(f"episodes/{slug}"), name=slug))
    zone = newsroom.publication.timezone
    options = Options(
        timezone=zone,
        url=url,
        language=language,
        membership_url=newsroom.publication.membership_url,
    )
    whole = archive(_archived(source, service), service, options, Path(source).name)
    waiting = folder.with_name(f"_{slug}.importing")
    files = {waiting / "series.toml": whole.series_toml.encode()}
    for one in whole.episodes:
        files[waiting / one.name] = one.text.encode()
        files |= {(waiting / one.name).parent / name: data for name, data in one.pictures}
    try:
        _write(newsroom, files)
        told = _hand_over(newsroom, whole, slug)
        waiting.rename(folder)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise
    paths = tuple(f"episodes/{slug}/{one.name}" for one in whole.episodes)
    return TakenIn((f"episodes/{slug}/series.toml", *paths), whole.notes, handed_over=told)


def _hand_over(newsroom: Newsroom, whole: Archive, slug: str) -> int:
    """Write into the ledger what is out already, under the names that feeds knew."""
    from publisher.store.releases import Releases

    out = [one for one in whole.episodes if one.slot is not None]
    if not out:
        return 0
    releases, now = Releases(newsroom.database), newsroom.clock()
    releases.watch([slug], now)
    for one in out:
        assert one.slot is not None
        releases.open(
            Proposal(
                series=slug,
                number=one.number,
                slot=one.slot,
                guid=one.guid or f"{newsroom.publication.url}/{slug}/{one.number}/",
                title=one.title,
                source="import",
                recipients=Recipients.NONE,
            ),
            now,
        )
    return len(out)


def _archived(source: str, service: Service) -> bytes | Mapping[str, bytes]:
    path = Path(source)
    if service is Service.BUTTONDOWN and path.is_dir():
        found = sorted(p for p in path.rglob("*.md") if p.is_file() and not p.is_symlink())
        return {p.relative_to(path).as_posix(): _read(str(p)) for p in found}
    return _read(source)


def _read(source: str) -> bytes:
    """Read a file, or standard input for ``-``; never more than an archive may have."""
    try:
        if source == "-":
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(_LARGEST + 1)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise MisuseError(NOT_READ.at(Place(source), name=source, reason=reason)) from None
    if len(data) > _LARGEST:
        raise Refused(TOO_LARGE, source, what=Path(source).name, limit=_LARGEST // 2**20)
    return data


def _folder(newsroom: Newsroom, series: Series) -> Path:
    return on_disk(newsroom.root, series.path).parent


def _write(newsroom: Newsroom, files: Mapping[Path, bytes]) -> tuple[str, ...]:
    """Write new files and never over an old one. Raises MisuseError and OutsideError."""
    names = [relative(path, newsroom.root) for path in files]
    for path, name in zip(files, names, strict=True):
        if path.exists():
            raise MisuseError(THERE_ALREADY.at(Place(name), name=name))
    try:
        for path, data in files.items():
            write_if_changed(path, data)
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        raise OutsideError(NOT_WRITTEN.at(Place(names[0]), name=names[0], reason=reason)) from None
    return tuple(names)
