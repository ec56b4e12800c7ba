"""What Jinja makes of the templates that ship, kept where Python keeps what it makes of our modules.

To read eight templates anew takes as long as to fill them for fifty episodes. What is kept is
code, and is run: so it lies beside the program, under the rights of the program, never within a
publication, and is kept of no template that a publication brings along.
"""

from __future__ import annotations

import sys
from collections.abc import Container
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import __version__
from jinja2.bccache import Bucket, FileSystemBytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment


def beside_the_program() -> Path:
    """Name the folder in which Python keeps this module’s own bytecode (PEP 3147)."""
    return Path(cache_from_source(__file__)).parent


class Compiled(FileSystemBytecodeCache):
    """The bytecode of the templates named in ``shipped``, in a folder.

    ``options`` say how the environment reads templates: other options, another Jinja or another
    Python, other files. Where nothing can be written, or Python itself is told not to, nothing is.
    """

    def __init__(
        self, shipped: Container[str], options: str, folder: Path, *, writes: bool | None = None
    ) -> None:
        super().__init__(str(folder), f"template-%s.{sys.implementation.cache_tag}.bin")
        self._shipped = shipped
        self._options = f"{__version__}\n{options}"
        self._writes = not sys.dont_write_bytecode if writes is None else writes
        self._ours: set[str] = set()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(f"{self._options}\n{name}", filename)

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        if name not in self._shipped:
            return Bucket(environment, "", self.get_source_checksum(source))
        bucket = super().get_bucket(environment, name, filename, source)
        self._ours.add(bucket.key)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 -- a torn file makes it raise anything: then it is read anew
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._ours or not self._writes:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
