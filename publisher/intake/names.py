"""What an episode's file is called: ``NN-slug.md``, the slug made from its title."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40


def slug_of(title: str) -> str:
    """Make the slug of a title: NFC, lower case, words joined by hyphens; Hangul and Hanja stay.

    Never empty, never longer than forty characters, and never a separator of paths: what is not
    a letter or a digit of some script becomes a hyphen.
    """
    plain = unicodedata.normalize("NFC", title).casefold()
    plain = re.sub(r"[’'`´]", "", plain)
    words = [word for word in re.split(r"[\W_]+", plain) if word]
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > LONGEST:
            break
        slug = longer
    if not slug and words:
        slug = words[0][:LONGEST]
    return unicodedata.normalize("NFC", slug) or "episode"


def file_name(number: int, title: str) -> str:
    """Name the file of an episode, such as ``07-칩을-건넌-강.md``."""
    return f"{number:02d}-{slug_of(title)}.md"
