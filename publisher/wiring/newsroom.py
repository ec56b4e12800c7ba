"""One publication's live objects, made when first asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.files.maker import maker
from publisher.files.text import read_bytes
from publisher.model.episode import Audience
from publisher.model.history import Histories
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
from publisher.model.publication import Publication
from publisher.press.meanwhile import Meanwhile
from publisher.wiring import imprints
from publisher.wiring.clock import Clock, clock_from
from publisher.wiring.secret import signing_secret

if TYPE_CHECKING:
    from publisher.config import Config
    from publisher.model.edition import Edition
    from publisher.model.episode import Episode
    from publisher.model.history import Published
    from publisher.model.imprint import Imprint
    from publisher.model.readership import Segment
    from publisher.model.slot import Slot
    from publisher.press.press import Press
    from publisher.press.site import ReadingRoom
    from publisher.press.table import Key, Table
    from publisher.render.site.choices import Choices
    from publisher.store import Database

CONFIG = "config.toml"

NO_PUBLICATION = Fault(
    "wiring/no-publication",
    Severity.ERROR,
    "There is no config.toml in {folder}.",
    "Go to the publication’s folder, name it with -C DIR, or make one: publisher init DIR",
)

OUTDATED = Fault(
    "wiring/settings-outdated",
    Severity.WARNING,
    "config.toml was saved anew since this began, and is read only at the start.",
    "Stop “publisher run” and start it again: until then it goes by the old settings.",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many readers a release has by audience, and how many are left out for which reason."""

    recipients: Mapping[str, int]
    left_out: Mapping[str, int]


class Newsroom:
    """A publication opened for work: its settings, and each room of the house on demand."""

    def __init__(
        self, root: Path, written: bytes, clock: Clock, environment: Mapping[str, str]
    ) -> None:
        self.root = root
        self._written = written
        self.clock = clock
        self.environment = environment
        #: Whether the ledger may be read and nothing else.
        self.looking = False
        self._dress: tuple[object, ...] = ()
        #: Why the ledger could not be looked into; what it knows is then left out.
        self.unseen: Problem | None = None

    @cached_property
    def config(self) -> Config:
        """The settings. Raises ProblemError where they are wrong."""
        # Loaded here: it takes long, and whoever only sets, checks or builds needs the imprint.
        from publisher import config as settings

        config, problems = settings.read(self._written, CONFIG)
        if config is None or stops(problems):
            raise ProblemError(*problems)
        return config

    @cached_property
    def imprint(self) -> Imprint:
        """What the settings say to press, website and ledger. Raises as the settings do."""
        known = imprints.recalled(self.cabinet, self._written)
        return known or self.config.as_imprint()

    def path(self, written: str) -> Path:
        """Give a path of the settings, relative to the publication."""
        return self.root / written

    @cached_property
    def publication(self) -> Publication:
        """The outlet, with the size of its logo read from the file."""
        publication = self.imprint.publication
        if not publication.theme.logo:
            return publication
        from publisher.source.pictures import Gallery

        find = Gallery(self.root).finder(self.root, [], {})
        picture = find(publication.theme.logo, Place(CONFIG))
        theme = replace(
            publication.theme,
            logo_width=picture.width or 0,
            logo_height=picture.height or 0,
        )
        return replace(publication, theme=theme)

    @cached_property
    def cabinet(self) -> Cabinet:
        """What earlier processes have worked out about this publication."""
        return Cabinet(self.path("data/cache"), maker())

    @cached_property
    def press(self) -> Press:
        from publisher.press.press import Press

        own = self.path("templates")
        self._dress = _stamps(own)
        if "config" in self.__dict__:  # read, because it was not remembered
            imprints.keep(self.cabinet, self._written, self.imprint)
        return Press(
            root=self.root,
            publication=self.publication,
            templates=(own,) if own.is_dir() else (),
            off=dict(self.imprint.off),
            approval_required=self.imprint.approval,
            cabinet=self.cabinet,
        )

    def keep_up(self) -> None:
        """Set with templates that were saved since the press was made, for whoever works on and on.

        One that cannot be read just now is tried again the next time.
        """
        press, dress = self.__dict__.get("press"), self._dress
        if press is None or _stamps(self.path("templates")) == dress:
            return
        del self.press
        try:
            self.press.reader = press.reader
        except (ProblemError, OSError):
            self.__dict__["press"], self._dress = press, dress

    def outdated(self) -> tuple[Problem, ...]:
        """Say whether the settings were saved anew since they were read: they are read but once."""
        try:
            same = self.path(CONFIG).read_bytes() == self._written
        except OSError:
            return ()
        return () if same else (OUTDATED.at(Place(CONFIG)),)

    @cached_property
    def secret(self) -> bytes:
        """The secret that signs readers' links; made at first use."""
        web = self.config.web
        return signing_secret(self.environment, web.secret_env, self.path(web.secret_file))

    @cached_property
    def choices(self) -> Choices:
        """What the settings decide about the website."""
        from publisher.render.page.painter import FONTS, Painter
        from publisher.render.site.choices import Choices, plain_name

        said = self.imprint
        return Choices(
            feed_items=said.feed_items,
            members_in_feed=said.members_in_feed,
            feeds={plain_name(name): show for name, show in said.feeds},
            hub=said.hub,
            painter=Painter.found(
                [self.path(said.card_font)] if said.card_font else FONTS, self.press.memory.face
            ),
        )

    def reading_room(self, table: Table, out: Mapping[Key, Published]) -> ReadingRoom:
        """Plan the website for the episodes that are out."""
        from publisher.press.site import ReadingRoom

        press = self.press
        return ReadingRoom(
            self.root, table, out, press.renderer.templates, self.choices, press.memory
        )

    def feed_item(self, edition: Edition) -> bytes:
        """Give the XML of one feed item."""
        from publisher.render.feed.xml import item_xml

        return item_xml(edition.item)

    def reach(self, episode: Episode, slot: Slot, segment: Segment | None = None) -> Reach:
        """Say whom a release of an episode would reach, of a segment or of all. Never writes."""
        if not self.has_database:
            return Reach({str(audience): 0 for audience in Audience}, {})
        from publisher.model.readership import EVERYBODY
        from publisher.store.reach import reach

        kinds, whom = dict.fromkeys(Audience, episode.kind), segment or EVERYBODY
        return Reach(*reach(self.database, episode.series, kinds, slot.instant, whom))

    @cached_property
    def database_url(self) -> str:
        """The address of the database, a relative SQLite file taken from the publication."""
        said = self.imprint
        url = self.environment.get(said.database_env, "") if said.database_env else ""
        url = url or said.database
        relative = url.startswith("sqlite:///") and not url.startswith("sqlite:////")
        if relative:
            return f"sqlite:///{self.path(url.removeprefix('sqlite:///')).resolve()}"
        return url

    @cached_property
    def database(self) -> Database:
        """The ledger and the list, made and brought up to date at first use."""
        from publisher import store

        return store.look(self.database_url) if self.looking else store.open(self.database_url)

    def only_look(self) -> None:
        """From now on read the ledger and never write it; go on without it where it is away."""
        self.looking = True
        if self.has_database:
            try:
                self.database  # noqa: B018 -- opened here, where its absence can be told
            except OutsideError as away:
                self.unseen = away.problems[0]

    @property
    def has_database(self) -> bool:
        """Say whether there is a ledger already; one on a server is taken for granted."""
        if self.unseen:
            return False
        prefix = "sqlite:///"
        url = self.database_url
        return not url.startswith(prefix) or Path(url.removeprefix(prefix)).exists()

    @cached_property
    def signer(self) -> Callable[[Sequence[bytes]], bytes] | None:
        """What signs mails, where the settings ask for it.

        Raises OutsideError when the key cannot be read or used.
        """
        from publisher.wiring.signing import signer_of

        return signer_of(self.config.dkim, self.environment, self.root)

    def histories(self) -> Histories:
        """Read what the ledger knows; nothing where there is none yet. Never writes."""
        if not self.has_database:
            return {}
        from publisher.store.releases import Releases

        return Releases(self.database).histories()

    def table(self, hands: int = 1) -> Table:
        """Read files and ledger as they are now; ``hands`` as for the press."""
        if hands < 2 or not self.has_database or "database" in self.__dict__:
            return self.press.read(self.histories, self.clock(), hands)
        # To load all that reads a ledger takes longer than to read a small one: a copy of the
        # process does both, while this one loads the press and reads the files.
        with closing(Meanwhile(lambda: iter([freeze(self.histories())]))) as ahead:
            return self.press.read(lambda: self._given(ahead), self.clock(), hands)

    def _given(self, ahead: Meanwhile[bytes]) -> Histories:
        """Take the histories that a copy has read, or read them here and meet the same fault."""
        octets = next(ahead, None)
        try:
            histories: Histories = self.histories() if octets is None else thaw(octets)
        except ForeignError:
            return self.histories()
        return histories


def _stamps(folder: Path) -> tuple[object, ...]:
    """Take the stamp of every file of a folder."""
    try:
        seen = [(path, path.stat()) for path in sorted(folder.rglob("*"))]
    except OSError:  # one is being put in the place of another just now
        return ("unsettled",)
    return tuple((str(path), is_.st_mtime_ns, is_.st_size, is_.st_ino) for path, is_ in seen)


def open_newsroom(root: str | Path, environment: Mapping[str, str] | None = None) -> Newsroom:
    """Open the publication in a folder.

    Raises MisuseError where there is none, ProblemError where its settings are wrong.
    """
    environment = os.environ if environment is None else environment
    folder = Path(root)
    file = folder / CONFIG
    if not file.is_file():
        raise MisuseError(NO_PUBLICATION.at(Place(str(folder)), folder=str(folder)))
    written = read_bytes(file, folder)
    if isinstance(written, Problem):
        raise ProblemError(written)
    newsroom = Newsroom(folder, written, clock_from(environment), environment)
    newsroom.imprint  # noqa: B018 -- settings that are wrong are told before anything else
    return newsroom


def problems_of_settings(newsroom: Newsroom) -> tuple[Problem, ...]:
    """Give what is odd about the settings without keeping anybody from work."""
    from publisher import config as settings

    _, problems = settings.load(newsroom.path(CONFIG))
    return problems
