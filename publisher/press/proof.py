"""The proof that no file of the website holds a members' sentence, led over its bytes as they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, MutableMapping
from pathlib import PurePosixPath

from publisher.lint import gate
from publisher.lint.gate import Gate
from publisher.lint.unwrap import Artefact
from publisher.model.problem import ProblemError, in_order

#: Files whose bytes say nothing: pictures, and what comes from the templates alone.
_WORDLESS = (".png", ".jpg", ".jpeg", ".gif", ".css", ".js", ".ico")
#: What each item begins with, by the ending of the file: of a feed in RSS and in Atom, of a list of
#: episodes, of the index of the search. No word of an editor's reads like that in such a file.
_ITEMS = {
    ".xml": (b"<item>", b"<entry>"),
    ".html": (b'<li class="entry">',),
    ".json": (b'{"path":',),
}


class Proof:
    """Leads the proof for all the files of one build against one gate.

    The item of an episode stands letter by letter in the feeds and archives of the publication, of
    its series and of each of its tags, and so does its line in the lists of pages: it is searched
    where it is met first, and what was found clean there is clean everywhere. ``known`` are the
    items that earlier builds found clean of these very secrets; one in which something was found
    and excused is searched each time, since what everybody may read elsewhere can change.
    """

    def __init__(self, gate: Gate, known: MutableMapping[str, bool] | None = None) -> None:
        self._gate = gate
        self._clean: MutableMapping[str, bool] = {} if known is None else known
        self._excused: dict[str, bool] = {}
        self._new: list[str] = []

    def search(self, path: str, data: bytes) -> None:
        """Search a file. Raises ProblemError where a members' sentence is in it."""
        if self._gate.is_empty or path.endswith(_WORDLESS):
            return
        pieces = {self._name(piece): piece for piece in _pieces(path, data)}
        new = [name for name in pieces if not self._is_clean(name)]
        words = b"".join(pieces[name] for name in new)
        before = self._gate.asked
        leaks = tuple(gate.searched(self._gate, Artefact(path, words, "")))
        if leaks:
            raise ProblemError(*in_order(leaks))
        if len(pieces) > 1:
            if self._gate.asked == before:
                self.know(new)
                self._new += new
            else:
                self._excused.update(dict.fromkeys(new, True))

    def know(self, clean: Iterable[str]) -> None:
        """Take over what was found clean elsewhere, by its names."""
        self._clean.update(dict.fromkeys(clean, True))

    def news(self) -> list[str]:
        """Give the names of what was found clean since this was last asked."""
        new, self._new = self._new, []
        return new

    def _name(self, piece: bytes) -> str:
        return hashlib.sha256(self._gate.name + piece).hexdigest()[:32]

    def _is_clean(self, name: str) -> bool:
        return name in self._excused or self._clean.get(name, False)


def _pieces(path: str, data: bytes) -> list[bytes]:
    """Cut a feed or a list before each of its items; any other file is one piece."""
    marks = _ITEMS.get(PurePosixPath(path).suffix, ())
    mark = next((mark for mark in marks if mark in data), b"")
    if not mark:
        return [data]
    head, *items = data.split(mark)
    return [head, *(mark + item for item in items)]
