"""The way out without a relay: every mail a file, in a folder a release or in one Maildir.

A file's name is the delivery's mark, so a mail written twice is one file: nothing here is ever
uncertain. A file appears whole or not at all, and is on the disk before it counts as sent.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from publisher.model.parcel import Answer, News, Outcome, Parcel, Trouble

#: Mails written between two commits.
BATCH = 64
#: How long a folder that cannot be written is left alone, in seconds.
REST = 30.0

Key = tuple[int, int]


class Outbox:
    """Files instead of a relay."""

    stuffed = False
    idempotent = True

    def __init__(self, folder: Path, *, maildir: bool = False) -> None:
        self._folder = folder
        self._maildir = maildir
        self._announced: dict[Key, Parcel] = {}
        self._ready: list[Key] = []
        self._outcomes: list[Outcome] = []
        self._trouble = ""

    def room(self) -> int:
        return 0 if self._trouble else BATCH - len(self._announced)

    def announce(self, parcel: Parcel) -> str:
        self._announced[parcel.key] = parcel
        self._ready.append(parcel.key)
        return "outbox"

    def poll(self, seconds: float) -> News:
        news = News(tuple(self._ready), tuple(self._outcomes))
        self._ready, self._outcomes = [], []
        return news

    def go(self, keys: Sequence[Key]) -> None:
        folders = set()
        for key in keys:
            parcel = self._announced.pop(key)
            try:
                folders.add(self._write(parcel))
            except OSError as error:
                self._trouble = f"{self._folder}: {error.strerror}"
                self._outcomes.append(Outcome(key, Answer.RETURNED, reply=self._trouble))
            else:
                self._outcomes.append(Outcome(key, Answer.ACCEPTED, 250, "written"))
        for folder in folders:
            _sync(folder)

    def recall(self, keys: Sequence[Key]) -> None:
        for key in keys:
            self._announced.pop(key, None)
        self._ready = [key for key in self._ready if key in self._announced]

    def troubles(self) -> Sequence[Trouble]:
        return [Trouble("outbox", self._trouble, REST)] if self._trouble else []

    def close(self) -> None:
        self._announced.clear()

    def _write(self, parcel: Parcel) -> Path:
        """Write beside, sync, and rename: RFC-less, but what every Maildir does."""
        if self._maildir:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
            beside, place = self._folder / "tmp" / parcel.name, self._folder / "new" / parcel.name
        else:
            folder = self._folder / f"{parcel.key[0]:06d}"
            folder.mkdir(parents=True, exist_ok=True)
            beside, place = folder / f".{parcel.name}", folder / f"{parcel.name}.eml"
        with beside.open("wb") as file:
            file.writelines(parcel.pieces())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
        return place.parent


def _sync(folder: Path) -> None:
    """Put the names in a folder on the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
