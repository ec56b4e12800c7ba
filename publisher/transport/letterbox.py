"""Ways in for bounces and complaints: a Maildir, an mbox, one mail on a pipe.

A mail of a Maildir is moved from ``new`` to ``cur`` once it has been dealt with, so nothing is lost
if the process dies on the way; an mbox is only read: a report known already counts no second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from publisher.transport.report import SIZE_LIMIT

#: Deals with one raw mail.
Take = Callable[[bytes], object]
MBOX_MAILS = 1_000_000


def take_maildir(folder: Path, take: Take) -> int:
    """Deal with every new mail of a Maildir; give how many. Raises OSError for the folder."""
    count = 0
    cur = folder / "cur"
    cur.mkdir(exist_ok=True)
    for path in sorted((folder / "new").iterdir()):
        if path.name.startswith(".") or not path.is_file() or path.is_symlink():
            continue
        with path.open("rb") as file:
            take(file.read(SIZE_LIMIT))
        path.rename(cur / f"{path.name.partition(':')[0]}:2,S")
        count += 1
    return count


def take_mbox(path: Path, take: Take) -> int:
    """Deal with every mail of an mbox file; give how many. Raises OSError for the file."""
    count = 0
    with path.open("rb") as file:
        for mail in _mails(file):
            take(mail)
            count += 1
            if count >= MBOX_MAILS:
                break
    return count


def take_pipe(stream: BinaryIO, take: Take) -> int:
    """Deal with the one mail that a mail server pipes in."""
    take(stream.read(SIZE_LIMIT))
    return 1


def _mails(file: BinaryIO) -> Iterator[bytes]:
    """Split at the ``From `` lines that follow an empty one (RFC 4155); never hold more than one."""
    lines: list[bytes] = []
    size, empty = 0, True
    for line in file:
        if empty and line.startswith(b"From "):
            if lines:
                yield b"".join(lines)
            lines, size = [], 0
        elif size <= SIZE_LIMIT:
            unquoted = line[1:] if line.startswith(b">From ") else line
            lines.append(unquoted)
            size += len(unquoted)
        empty = line in (b"\n", b"\r\n")
    if lines:
        yield b"".join(lines)
