"""A series and its episodes, as an editor wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from publisher.model.body import Body, Picture
from publisher.model.problem import Place
from publisher.model.slot import Cadence


class Audience(StrEnum):
    """Whom an edition is for."""

    FREE = "free"
    MEMBERS = "members"


class Status(StrEnum):
    """Whether an episode may be scheduled. Only ``ready`` ever is."""

    DRAFT = "draft"
    READY = "ready"


class Kind(StrEnum):
    """A letter, or an advertisement that must be labelled ``(광고)``."""

    LETTER = "letter"
    AD = "ad"


class Course(StrEnum):
    """Whether a series is running, resting or over."""

    RUNNING = "running"
    HIATUS = "hiatus"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it, perhaps with a mail address, perhaps with a page."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture under an episode's title."""

    picture: Picture
    alt: str
    caption: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right after publication, and when."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """A serial with a cadence. ``slug`` is its folder's name.

    ``timezone`` is the zone of ``publish_at`` and of dates: the cadence's, else the publication's.
    """

    slug: str
    title: str
    path: str
    description: str = ""
    intro: Body = field(default_factory=Body)
    footer: Body = field(default_factory=Body)
    language: str = "ko"
    byline: Byline | None = None
    tags: tuple[str, ...] = ()
    access: Audience = Audience.FREE
    course: Course = Course.RUNNING
    cadence: Cadence | None = None
    places: tuple[tuple[str, Place], ...] = ()
    timezone: str = "Asia/Seoul"

    def place(self, key: str) -> Place:
        """Say where a key of ``series.toml`` stands, or the file if it is not written."""
        return dict(self.places).get(key, Place(self.path))


@dataclass(frozen=True, slots=True)
class Episode:
    """One parsed source file, defaults of its series filled in.

    ``path`` is relative to the publication; ``text`` is the whole file as NFC with ``\\n``
    line ends, and every place counts lines and columns in it. ``publish_at`` is local time
    in the series' zone. ``digest`` changes whenever a byte that readers could see does,
    ``text_digest`` whenever any of ``text`` does.
    """

    series: str
    number: int
    slug: str
    path: str
    title: str
    status: Status
    body: Body
    text: str
    digest: str
    deck: str = ""
    byline: Byline | None = None
    tags: tuple[str, ...] = ()
    access: Audience = Audience.FREE
    publish_at: datetime | None = None
    subject: str = ""
    preheader: str = ""
    summary: str = ""
    teaser: str = ""
    cover: Cover | None = None
    kind: Kind = Kind.LETTER
    approved: str = ""
    corrections: tuple[Correction, ...] = ()
    allow: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, Place], ...] = ()
    text_digest: str = ""

    def place(self, key: str) -> Place:
        """Say where a front matter key stands, or the head of the file if it is not written."""
        return dict(self.places).get(key, Place(self.path, 1, 1))

    @property
    def wording(self) -> str:
        """Stand for ``text`` where only its sameness matters: by its digest, if one was taken."""
        return self.text_digest or self.text

    @property
    def name(self) -> str:
        """Name the episode as links and commands do: ``series/NN``."""
        return f"{self.series}/{self.number:02d}"
