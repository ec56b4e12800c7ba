"""Characters that came into a value by an escape, such as ``\\u202e`` or ``\\n`` in quotation marks.

The text of the file looks harmless then; what readers would get is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from publisher.files import key_faults
from publisher.files.keys import Path, Places
from publisher.files.text import MOST, SURPRISES, surprise
from publisher.model.problem import Problem

_BREAK = re.compile(r"[\r\n]")


def escaped(
    values: dict[str, Any], places: Places, written: str, prose: Collection[str] = ()
) -> list[Problem]:
    """Find what no line should hold, at the place of its value; at most ``MOST`` of it.

    Characters that stand in the file as they are have been told already, each at its own
    column. Keys named in ``prose`` may have line breaks.
    """
    return list(islice(_look(values, (), places, written, prose), MOST))


def _look(
    value: Any, path: Path, places: Places, written: str, prose: Collection[str]
) -> Iterator[Problem]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _look(inner, (*path, key), places, written, prose)
        case list():
            for at, inner in enumerate(value):
                yield from _look(inner, (*path, at), places, written, prose)
        case str() if not value.isprintable():
            if found := next((c for c in SURPRISES.findall(value) if c not in written), ""):
                yield surprise(found, places.value(path))
            if path[0] not in prose and _BREAK.search(value.strip()):
                yield key_faults.LINE_BREAK.at(places.value(path), name=".".join(map(str, path)))
