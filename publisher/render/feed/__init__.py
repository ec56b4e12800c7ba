"""Feeds: one episode as an item, and items as RSS 2.0, Atom and JSON Feed 1.1."""
