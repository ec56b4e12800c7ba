"""Writing files so that a reader sees the old bytes or the new ones, never half of them."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def write_if_changed(path: Path, data: bytes) -> bool:
    """Write a file in one stroke, unless it already holds these bytes; say whether it was written.

    The bytes are on the disk before they get their name. A file that was there keeps its rights:
    what colleagues may write to stays so. Raises OSError if the folder cannot be made or written to.
    """
    rights = 0o644
    try:
        before = path.stat()
        if stat.S_ISREG(before.st_mode):
            if before.st_size == len(data) and path.read_bytes() == data:
                return False
            rights = stat.S_IMODE(before.st_mode) & 0o777
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(rights)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
