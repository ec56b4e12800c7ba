"""Names in config.toml that have to be those of a series or an episode: a wrong one would say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.files import text
from publisher.files.nearest import nearest
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.press.table import Table
from publisher.render.site.choices import plain_name
from publisher.wiring.newsroom import Newsroom

if TYPE_CHECKING:
    from publisher.files.keys import Places

NOT_OURS = Fault(
    "wiring/no-such-name",
    Severity.ERROR,
    "“{name}” is neither a series nor an episode.",
    "Write the folder of a series, or series/number; nearest: {nearest}",
)


def misnamed(newsroom: Newsroom, table: Table) -> tuple[Problem, ...]:
    """Find the keys of ``[site.feeds]`` that name nothing, each at its place.

    What was meant to be kept out of the feeds would stand in them.
    """
    known = {*table.series, *(f"{e.series}/{e.number}" for e in table.episodes)}
    wrong = [name for name, _ in newsroom.imprint.feeds if plain_name(name) not in known]
    if not wrong:
        return ()
    places = _places(newsroom)
    return tuple(
        NOT_OURS.at(
            places.key(("site", "feeds", name)),
            name=name,
            nearest=nearest(name, sorted(known)) or min(known, default="—"),
        )
        for name in wrong
    )


def _places(newsroom: Newsroom) -> Places:
    """Read where the keys of config.toml stand."""
    # Loaded here: most names are right.
    from publisher.files import toml
    from publisher.files.keys import Places

    file = newsroom.path("config.toml")
    written = text.read(file, newsroom.root)
    if isinstance(written, Problem):
        return Places(Place(file.name))
    return toml.read(written, file.name).places
