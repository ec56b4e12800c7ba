"""Files to episodes: what an editor dropped into the folder, or the problems that prevent it."""

from publisher.source.folder import Reader, Scan, scan

__all__ = ["Reader", "Scan", "scan"]
