"""One file of the site that may be made: where it stands, and what it would be made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the site, not made yet.

    ``path`` is relative to the folder of the site. ``digest`` stands for everything that the
    bytes depend on, templates included; ``make`` gives the bytes.
    """

    path: str
    digest: str
    make: Callable[[], bytes]
