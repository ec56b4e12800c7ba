"""Weekly serials from Markdown files to mail, web page and feed: on the slot, once."""

__version__ = "0.1.0"
