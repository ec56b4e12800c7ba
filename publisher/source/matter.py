"""What the front matter of an episode comes to, its series’ silence filled in.

Most changes are made below it. What stands above and had no fault is remembered by its letters, so
that YAML and pydantic are not loaded for a sentence that was mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from publisher.files import cabinet
from publisher.model.body import Picture
from publisher.model.episode import Cover
from publisher.model.problem import Place

#: Of an Episode, what its front matter and its series say; pictures are looked at every time.
FIELDS = (
    "title",
    "status",
    "deck",
    "byline",
    "tags",
    "access",
    "publish_at",
    "subject",
    "preheader",
    "summary",
    "teaser",
    "cover",
    "kind",
    "approved",
    "corrections",
    "allow",
    "places",
)


@dataclass(frozen=True, slots=True)
class Matter:
    """Front matter as read: ``fields`` of the Episode, and what of it readers ``see``.

    ``written`` is all above the text, to the last line end; empty if it had a fault, which has to
    be told anew each time. The text begins on line ``first``. ``cover`` in the fields has the
    picture by its name alone, and ``drawn`` says where that name stands and how large it is meant to be.
    """

    written: str
    first: int
    fields: Mapping[str, object]
    seen: str
    drawn: tuple[Place, int | None, int | None]

    @property
    def cover(self) -> Cover | None:
        """The cover, its picture not looked at yet."""
        cover = self.fields["cover"]
        return cover if isinstance(cover, Cover) else None

    def covered(self, picture: Picture) -> Cover | None:
        """Give the cover with its picture, as large as front matter says it is on the web."""
        if self.cover is None:
            return None
        _, width, height = self.drawn
        if width and height and not picture.path:
            picture = replace(picture, width=width, height=height)
        return replace(self.cover, picture=picture)


def freeze(matter: Matter, series: str) -> bytes:
    """Write down what came of front matter within a series of this digest; nothing for a faulty one."""
    if not matter.written:
        return b""
    values = tuple(matter.fields[name] for name in FIELDS)
    said = (series, matter.written, matter.first, values, matter.seen, matter.drawn)
    try:
        return cabinet.freeze(said)
    except Exception:  # noqa: BLE001 -- what cannot be written down is read again
        return b""


def thaw(octets: bytes | None, series: str) -> Matter | None:
    """Read it back; None for one of another series, or of another shape."""
    try:
        said = cabinet.thaw(octets) if octets else None
    except cabinet.ForeignError:
        return None
    match said:
        case (
            str() as around,
            str() as written,
            int() as first,
            tuple() as values,
            str() as seen,
            (Place(), _, _) as drawn,
        ) if around == series and written and len(values) == len(FIELDS):
            return Matter(written, first, dict(zip(FIELDS, values, strict=True)), seen, drawn)
        case _:
            return None
