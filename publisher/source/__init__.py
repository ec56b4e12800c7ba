"""Files to episodes: what an editor dropped into the folder, or the problems that prevent it."""

from publisher.source.folder import Scan, scan
from publisher.source.reader import Reader

__all__ = ["Reader", "Scan", "scan"]
