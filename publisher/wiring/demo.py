"""One Friday of the sample publication, played on this machine alone.

Nothing is pretended but the clock: a copy of the sample, a real ledger, a real SMTP server on
loopback, real mails to readers under ``.example`` (RFC 2606: nobody is there).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from publisher.delivery import run_due
from publisher.delivery.by_hand import release_by_hand
from publisher.model.delivery import DeliveryState
from publisher.model.episode import Audience
from publisher.model.problem import Fault, MisuseError, Place, Problem, Severity
from publisher.model.release import Recipients, Release
from publisher.model.slot import Slot
from publisher.transport.listener import Listener
from publisher.wiring.checking import CheckReport, check
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.posthouse import post_office
from publisher.wiring.readers import subscribers_of
from publisher.wiring.rehearsal import rehearse

#: The Friday that is played, and the episode that is due then.
FRIDAY = Slot(datetime(2026, 11, 20, 17), "Asia/Seoul")  # noqa: DTZ001 -- slots are local time
SERIES = "ai-wont-save-us"
READERS = 42
#: Every third reader is a member; one has left, one never confirmed a wish.
MEMBERS = 3

OCCUPIED = Fault(
    "wiring/demo-folder",
    Severity.ERROR,
    "{folder} holds something that no demo left there.",
    "Name another folder: publisher demo --out DIR",
)
_MARK = ".publisher-demo"


@dataclass
class Caught:
    """The mails that the catcher took, by recipient."""

    mails: list[tuple[str, bytes]] = field(default_factory=list)

    def count(self, audience_of: dict[str, Audience], audience: Audience) -> int:
        """Count the mails to readers of one audience."""
        return sum(audience_of.get(recipient) is audience for recipient, _ in self.mails)


@dataclass(frozen=True)
class Played:
    """What happened on that Friday, for a table of what happened and where to look."""

    folder: Path
    checked: CheckReport
    release: Release
    counts: dict[DeliveryState, int]
    caught: dict[Audience, int]
    episodes: int
    pages: int
    problems: tuple[Problem, ...]


def play(folder: Path) -> Played:
    """Play the Friday in a folder: check, rehearse, publish what was before, deliver what is due.

    Raises MisuseError for a folder that is not the demo's, OSError where it cannot be written.
    """
    _clear(folder)
    _copy_sample(folder)
    caught = Caught()
    with _catcher(caught) as port:
        _use_relay(folder, port)
        now = _Now(FRIDAY.instant - timedelta(minutes=30))
        newsroom = open_newsroom(folder, {})
        newsroom.clock = now
        audience_of = _enrol(newsroom)
        checked = check(newsroom)
        rehearse(newsroom, f"{SERIES}/{_due(newsroom)}", folder / "out")
        problems = _archive(newsroom)
        now.at = FRIDAY.instant + timedelta(seconds=1)
        office = post_office(newsroom)
        ran = run_due(office, now())
        release = next(
            r for r in office.releases.listed() if r.slot == FRIDAY and r.series == SERIES
        )
        counts = office.deliveries.counts(release.id)
        # A second daemon, started by mistake, finds everything done.
        run_due(post_office(newsroom), now() + timedelta(seconds=1))
        newsroom.database.close()
    _keep_mails(folder, caught)
    site = folder / newsroom.config.site.folder
    return Played(
        folder=folder,
        checked=checked,
        release=release,
        counts=counts,
        caught={a: caught.count(audience_of, a) for a in Audience},
        episodes=sum(1 for _ in site.glob("*/[0-9]*/index.html")),
        pages=sum(1 for _ in site.rglob("*.html")),
        problems=(*problems, *ran.decided.problems),
    )


@dataclass
class _Now:
    """The clock of the demo: it stands where it is set."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def _clear(folder: Path) -> None:
    """Make room for the demo; refuse to clear what it did not write."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).is_file():
            raise MisuseError(OCCUPIED.at(Place(str(folder)), folder=str(folder)))
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text("publisher demo\n", encoding="utf-8")


def _copy_sample(folder: Path) -> None:
    """Copy the sample publication, from the wheel or from a checkout beside the package."""
    package = Path(str(files("publisher")))
    shipped = package / "sample"
    source = shipped if shipped.is_dir() else package.parent
    shutil.copy(source / "config.toml", folder)
    ignore = shutil.ignore_patterns("_*", "__pycache__", ".*")
    shutil.copytree(source / "episodes", folder / "episodes", ignore=ignore)


def _use_relay(folder: Path, port: int) -> None:
    """Send to the catcher instead of the outbox."""
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    relay = f'transport = "smtp"\n\n[[delivery.relay]]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"'
    config.write_text(text.replace('transport = "outbox"', relay), encoding="utf-8")


def _enrol(newsroom: Newsroom) -> dict[str, Audience]:
    """Put a few dozen readers on the list, some of them members, one of them gone again."""
    now = newsroom.clock()
    joined = FRIDAY.instant - timedelta(days=60)
    newsroom.clock = lambda: joined
    subscribers = subscribers_of(newsroom)
    newsroom.clock = lambda: now
    found: dict[str, Audience] = {}
    for number in range(1, READERS + 1):
        audience = Audience.MEMBERS if number % MEMBERS == 0 else Audience.FREE
        address = f"reader{number:02d}@readers.example"
        subscribers.add(address, audience=audience, consent="demo", notify=False)
        found[address] = audience
    gone = f"reader{READERS:02d}@readers.example"
    subscribers.remove(gone, notify=False)
    del found[gone]
    return found


def _due(newsroom: Newsroom) -> int:
    """Find the number of the episode that is due on the Friday played."""
    expected = newsroom.table().expected(SERIES)
    return next(number for number, slot in expected.items() if slot == FRIDAY)


def _archive(newsroom: Newsroom) -> list[Problem]:
    """Release what came out before that Friday on the site alone: its readers had it then."""
    office = post_office(newsroom)
    table = newsroom.table()
    now = newsroom.clock()
    office.releases.watch(list(table.series), now)
    problems: list[Problem] = []
    for slug in table.series:
        for number, slot in table.expected(slug).items():
            if slot.instant < now:
                done = release_by_hand(office, slug, number, slot, now, Recipients.NONE)
                problems += done.problems
    return problems


@contextmanager
def _catcher(caught: Caught) -> Iterator[int]:
    """Run a real SMTP server on a free port of this machine while the block runs."""
    listener = Listener(lambda mail, recipient: caught.mails.append((recipient, mail)))
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()


def _keep_mails(folder: Path, caught: Caught) -> None:
    """Keep every mail as it arrived, one file a reader."""
    mails = folder / "mails"
    mails.mkdir()
    for recipient, mail in caught.mails:
        name = recipient.replace("/", "_")
        (mails / f"{name}.eml").write_bytes(mail)
