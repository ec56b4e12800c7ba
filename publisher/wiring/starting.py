"""A new publication: the starter's files copied into an empty folder, nothing overwritten."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from publisher.model.problem import Fault, MisuseError, Place, Severity

NOT_EMPTY = Fault(
    "wiring/folder-not-empty",
    Severity.ERROR,
    "{folder} is not empty: it holds {first}.",
    "Name a folder that is empty or not there yet; nothing was changed.",
)
NO_FOLDER = Fault(
    "wiring/not-a-folder",
    Severity.ERROR,
    "{folder} is a file.",
    "Name a folder that is empty or not there yet.",
)
#: What a version control system or a file manager may have put there already.
_UNSEEN = {".git", ".DS_Store", ".gitignore"}
_IGNORED = "/data/\n/out/\n/public/\n"


def start(folder: Path) -> list[Path]:
    """Write a publication to begin with; give the paths written.

    Raises MisuseError when the folder holds anything, OSError when it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise MisuseError(NO_FOLDER.at(Place(str(folder)), folder=str(folder)))
    there = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    mine = [name for name in there if name not in _UNSEEN]
    if mine:
        raise MisuseError(NOT_EMPTY.at(Place(str(folder)), folder=str(folder), first=mine[0]))
    written = []
    with as_file(files("publisher") / "starter") as starter:
        for source in sorted(p for p in starter.rglob("*") if p.is_file()):
            if "__pycache__" in source.parts or source.suffix == ".py":
                continue
            target = folder / source.relative_to(starter)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            written.append(target)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(_IGNORED, encoding="utf-8")
    return written
