"""Which program it is that remembers: another one believes nothing of what this one put away."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
from functools import cache
from pathlib import Path

from publisher import __version__

#: Rooms whose code decides what a file comes to and what is found in it.
_ROOMS = ("model", "files", "source", "lint", "render", "press", "config.py")


@cache
def maker() -> str:
    """Name this very program: its version, its sources, its Python and the libraries beside it."""
    whole = hashlib.sha256(f"{__version__}\0{sys.version}\0".encode())
    for place in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}):
        # A library that comes or goes changes the folder it stands in.
        whole.update(f"{place}\0{_changed(Path(place))}\0".encode())
    house = Path(__file__).parents[1]
    for room in _ROOMS:
        for path in sorted((house / room).rglob("*.py")) or [house / room]:
            found = path.stat()
            said = f"{path.as_posix()}\0{found.st_mtime_ns}\0{found.st_size}\0{found.st_ino}\0"
            whole.update(said.encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
