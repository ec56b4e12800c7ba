"""A zip opened with suspicion: nothing is unpacked to a disk, every size is counted while read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from publisher.intake.refusal import HOSTILE_NAME, TOO_LARGE, UNREADABLE, Refused

MEMBERS = 20_000
LARGEST_MEMBER = 32 * 2**20
LARGEST_WHOLE = 256 * 2**20


class Strongbox:
    """A zip file's members by name; reads at most so much of each and of all together."""

    def __init__(self, data: bytes, name: str, form: str) -> None:
        """Open it. Raises Refused for no zip, too many members, or a name that climbs out."""
        self._name, self._form = name, form
        self._left = LARGEST_WHOLE
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
            raise Refused(UNREADABLE, name, form=form) from fault
        self.names = [i.filename for i in self._zip.infolist() if not i.is_dir()]
        if len(self.names) > MEMBERS:
            raise Refused(TOO_LARGE, name, what=name, limit=LARGEST_WHOLE // 2**20)
        for member in self.names:
            if climbs(member):
                raise Refused(HOSTILE_NAME, name, name=_shown(member))

    def read(self, member: str, limit: int = LARGEST_MEMBER) -> bytes:
        """Read one member. Raises Refused for a broken one, and KeyError for none."""
        try:
            with self._zip.open(member) as stream:
                data = stream.read(min(limit, self._left) + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as fault:
            raise Refused(UNREADABLE, self._name, form=self._form) from fault
        if len(data) > min(limit, self._left):
            raise Refused(TOO_LARGE, self._name, what=member, limit=limit // 2**20)
        self._left -= len(data)
        return data


def _shown(name: str) -> str:
    """Write a hostile name so that it does nothing where it is printed."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name[:200])


def climbs(name: str) -> bool:
    """Say whether a member's name could lead out of the folder it is unpacked to."""
    parts = re.split(r"[/\\]", name)
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or re.match(r"[A-Za-z]:", name) is not None
        or any(not c.isprintable() for c in name)
    )
