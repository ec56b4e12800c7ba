"""The proof that no file of the website holds a members' sentence, led over its bytes as they are written."""

from __future__ import annotations

import hashlib
import re

from publisher.lint import gate
from publisher.lint.gate import Gate
from publisher.lint.unwrap import Artefact
from publisher.model.problem import ProblemError, in_order

#: Files whose bytes say nothing: pictures, and what comes from the templates alone.
_WORDLESS = (".png", ".jpg", ".jpeg", ".gif", ".css", ".js", ".ico")
#: Where an item of a feed begins, in RSS and in Atom.
_ITEM = re.compile(rb"(?=<(?:item|entry)>)")


class Proof:
    """Leads the proof for all the files of one build against one gate.

    The item of an episode stands letter by letter in the feeds and archives of the publication, of
    its series and of each of its tags: it is searched where it is met first, and what was found
    clean there is clean everywhere.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._clean: set[bytes] = set()

    def search(self, path: str, data: bytes) -> None:
        """Search a file. Raises ProblemError where a members' sentence is in it."""
        if self._gate.is_empty or path.endswith(_WORDLESS):
            return
        pieces = {hashlib.sha256(piece).digest(): piece for piece in _ITEM.split(data)}
        new = [name for name in pieces if name not in self._clean]
        words = b"".join(pieces[name] for name in new)
        leaks = tuple(gate.searched(self._gate, Artefact(path, words, "")))
        if leaks:
            raise ProblemError(*in_order(leaks))
        self._clean.update(new)
