"""Which episode somebody means: by series and number, or by its file."""

from __future__ import annotations

import difflib
import re
import unicodedata

from publisher.model.episode import Episode
from publisher.model.problem import Fault, MisuseError, Place, Severity
from publisher.model.slot import Slot
from publisher.press.table import Table

NO_EPISODE = Fault(
    "press/no-episode",
    Severity.ERROR,
    "There is no episode “{asked}”.",
    "Name it by series and number, or by its file: {nearest}",
)
NO_SLOT = Fault(
    "press/no-slot",
    Severity.ERROR,
    "“{asked}” is not a slot.",
    "Write date and time in the zone of the series: 2026-11-27T17:00",
)


def find_episode(table: Table, asked: str) -> Episode:
    """Find an episode by ``series/number``, by its path, or by its file's name.

    Raises MisuseError that names the nearest one.
    """
    wanted = unicodedata.normalize("NFC", asked).strip().removeprefix("./").rstrip("/")
    named = re.fullmatch(r"(?:episode:)?([^/]+)/(\d+)", wanted)
    if named:
        found = table.find(named[1], int(named[2]))
        if found:
            return found
    for episode in table.episodes:
        if wanted and (episode.path == wanted or episode.path.endswith("/" + wanted)):
            return episode
    for episode in table.episodes:
        # The folder of an episode stands for its index.md; an absolute path ends in ours.
        if wanted and (
            episode.path == f"{wanted}/index.md"
            or episode.path.endswith(f"/{wanted}/index.md")
            or wanted.endswith("/" + episode.path)
        ):
            return episode
    names = [episode.name for episode in table.episodes]
    names += [episode.path for episode in table.episodes]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0)
    raise MisuseError(
        NO_EPISODE.at(Place(asked or "EPISODE"), asked=asked, nearest=near[0] if near else "—")
    )


def read_slot(asked: str, timezone: str) -> Slot:
    """Read a slot from a key, or from a date and time in the zone of a series.

    Raises MisuseError.
    """
    written = asked.strip().replace(" ", "T")
    try:
        slot = Slot.parse(written if "[" in written else f"{written}[{timezone}]")
        # The zone is looked up here, so that a wrong one is said at once.
        slot.instant  # noqa: B018
    except (ValueError, KeyError, OSError) as failure:
        raise MisuseError(NO_SLOT.at(Place(asked), asked=asked)) from failure
    return slot
