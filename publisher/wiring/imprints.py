"""The imprint of a publication, as an earlier process took it from config.toml.

To read the settings by their table takes longer to load than most commands take to work; the
file is known again by its octets.
"""

from __future__ import annotations

from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.model.edition import digest_of
from publisher.model.imprint import Imprint

NAME = "imprint"


def recalled(cabinet: Cabinet, written: bytes) -> Imprint | None:
    """Give the imprint that was taken from these octets, None if none is known."""
    drawer = cabinet.read(NAME)
    octets = drawer.parts[0].octets if drawer and len(drawer.parts) == 1 else None
    try:
        said = None if octets is None else thaw(octets)
    except ForeignError:
        return None
    match said:
        case (str() as known, Imprint() as imprint) if known == digest_of(written):
            return imprint
        case _:
            return None


def keep(cabinet: Cabinet, written: bytes, imprint: Imprint) -> None:
    """Know it the next time."""
    cabinet.write(NAME, freeze((digest_of(written), imprint)))
