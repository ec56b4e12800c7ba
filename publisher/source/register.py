"""The register of a publication: the heads of all its episodes in one drawer.

To open a thousand drawers takes longer than everything that is asked of them. A file whose words
were compared, or that is too young to be believed by its stamp, is not in it yet.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from publisher.files.cabinet import ForeignError, freeze, thaw
from publisher.source.pictures import Stamp, stamp
from publisher.source.recall import Again, Kept, Recall, head, kept_of
from publisher.source.shelved import HEAD

NAME = "register"
#: So many episodes that are not in it are looked up in their own drawers; with more it is written anew.
FEW = 16
_TEXT, _ALL = HEAD.index("text_digest"), HEAD.index("digest")


@dataclass(frozen=True, slots=True)
class Shut:
    """The leaves of an episode whose drawer nobody has opened yet."""

    recall: Recall
    name: str
    #: The series as it was, the blocks that were known, the digests of words and pictures.
    read_as: tuple[object, ...]

    def octets(self, at: int) -> bytes | None:
        """Open it, and believe it if it speaks of the same words, read in the same way.

        The blocks that a publication knows come and go with its templates; with them the same words
        are another tree.
        """
        drawer = self.recall.open(self.name)
        octets = drawer.parts[0].octets if drawer else None
        try:
            said = None if octets is None else thaw(octets)
        except ForeignError:
            return None
        match said:
            case (_, series, blocks, _, tuple() as known, _) if (
                drawer is not None
                and len(known) == len(HEAD)
                and (series, blocks, known[_TEXT], known[_ALL]) == self.read_as
                and at + 1 < len(drawer.parts)
            ):
                return drawer.parts[1 + at].octets
            case _:
                return None


@dataclass(slots=True)
class Register:
    """What is known of each file by its name in the publication; read when it is made."""

    recall: Recall
    _rows: dict[str, Any] = field(default_factory=dict)
    _new: dict[str, Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        drawer = self.recall.cabinet.read(NAME)
        octets = drawer.parts[0].octets if drawer and len(drawer.parts) == 1 else None
        try:
            rows = {} if octets is None else thaw(octets)
        except ForeignError:
            return
        self._rows = rows if isinstance(rows, dict) else {}

    def find(self, name: str, mark: Stamp | None, again: Again) -> Kept | None:
        """Give what was read of a file, if file and pictures are still what they were."""
        row = self._rows.get(name)
        if row is None or mark is None:
            return None
        try:
            known = row[4]
            leaves = Shut(self.recall, name, (row[1], row[2], known[_TEXT], known[_ALL]))
            kept = kept_of(row, self.recall.root, leaves, again)
        except (ForeignError, TypeError, IndexError):
            return None
        same = kept.stamp == mark and all(stamp(p) == seen for p, seen in kept.pictures.items())
        return kept if same else None

    def note(self, name: str, kept: Kept) -> None:
        """Have a file in it the next time; only one that its own drawer is believed about."""
        self._new[name] = kept

    @property
    def names(self) -> set[str]:
        """The files it knows of, if only as they were once."""
        return set(self._rows)

    def save(self, names: Collection[str]) -> None:
        """Write it, with these files alone, if enough is new."""
        if not self._new or (self._rows and len(self._new) <= FEW):
            return
        try:
            news = {name: head(kept, self.recall.root) for name, kept in self._new.items()}
            octets = freeze({n: row for n, row in (self._rows | news).items() if n in names})
        except Exception:  # noqa: BLE001 -- what cannot be written down is looked up in its own drawer
            return
        self.recall.cabinet.write(NAME, octets)
