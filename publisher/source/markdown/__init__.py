"""Markdown to trees: CommonMark with tables, notes, definition lists, ``:::`` blocks and Hangul."""
