"""A person's word that an episode may go out, written into its file and nowhere else.

The one line is set or taken away; every other byte of the file stays as the editor left it,
line ends, byte order mark and normal form included.
"""

from __future__ import annotations

import re

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_HEAD = re.compile(r"\A(?P<mark>\ufeff?)(?P<open>---[ \t]*)(?P<end>\r\n|\n|\r)")
_LINE = re.compile(r"^approved[ \t]*:[^\r\n]*(?:\r\n|\n|\r)?", re.MULTILINE)


def approve(text: str, digest: str) -> str:
    """Write the digest of the frozen editions into the front matter of an episode's text.

    ``text`` is the file as decoded, nothing normalised. Raises ValueError where the text has no
    front matter, and for a digest that is not ``sha256:`` and 64 hex digits.
    """
    if not _DIGEST.fullmatch(digest):
        raise ValueError("a digest is `sha256:` and 64 hexadecimal digits")
    start, stop, end = _front_matter(text)
    matter = text[start:stop]
    line = f"approved: {digest}{end}"
    there = _LINE.search(matter)
    if there:
        matter = matter[: there.start()] + line + matter[there.end() :]
    else:
        if matter and not matter.endswith(("\n", "\r")):
            matter += end
        matter += line
    return text[:start] + matter + text[stop:]


def unapprove(text: str) -> str:
    """Take the approval out again: the text that was approved, byte for byte."""
    start, stop, _ = _front_matter(text)
    return text[:start] + _LINE.sub("", text[start:stop], count=1) + text[stop:]


def _front_matter(text: str) -> tuple[int, int, str]:
    """Find where the front matter begins and ends, and how its lines end."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError("the text has no front matter: it must begin with a line `---`")
    start = head.end()
    # ``$`` stands before ``\n`` alone, so a carriage return is looked past.
    for close in re.finditer(r"^(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)", text[start:], re.MULTILINE):
        return start, start + close.start(), head["end"]
    raise ValueError("the front matter is not closed: a second line `---` is missing")
