"""Which pictures an inbox can show: of a kind that Outlook opens, and of a size that is known.

An image of another kind stays an empty frame there, and one without its size in pixels fills
the screen or jumps the text about. In their place a mail has a link to the picture.
"""

from __future__ import annotations

from publisher.model.body import Picture

#: Kinds that every mail program opens, as the reader of files and as addresses name them.
_SHOWN = frozenset({"png", "jpeg", "jpg", "gif"})
_NEVER = frozenset({"webp", "svg", "avif", "heic", "heif", "bmp", "tif", "tiff", "ico", "jxl"})


def is_showable(picture: Picture) -> bool:
    """Say whether an inbox can show a picture whose address it has."""
    if not (picture.width and picture.height):
        return False
    if picture.format:
        return picture.format.lower() in _SHOWN
    return picture.src.partition("?")[0].rpartition(".")[2].lower() not in _NEVER
