"""The reading room on disk: pages and feeds, written whole and only when they differ."""

from __future__ import annotations

from publisher.site.folder import Folder, Report, Sheet
from publisher.site.headers import headers_for, snippets

__all__ = ["Folder", "Report", "Sheet", "headers_for", "snippets"]
