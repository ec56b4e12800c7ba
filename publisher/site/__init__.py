"""The reading room on disk: pages and feeds, written whole and only when they differ."""
