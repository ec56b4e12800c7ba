"""The editor's desk: a local page that follows the files."""
