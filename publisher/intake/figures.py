"""Pictures with the line under them: what it shows, and where it comes from."""

from __future__ import annotations

import re

from publisher.intake.doubt import NO_ALT, NO_PICTURE
from publisher.intake.draft import Draft
from publisher.intake.passage import Passage, Shape, figure, plain

_ORIGIN = re.compile(
    r"^(?P<caption>.*?)[\s/|·,(\[〈<]*(?:(?:출처|사진|자료|이미지|그래픽|제공|source|photo|image|credit)\s*[:：=]\s*|[ⓒ©]\s*)"
    r"(?P<source>[^()\[\]]+(?:\([^()]*\))?)[)\]〉>]*\.?$",
    re.IGNORECASE,
)
#: Characters at the end of a caption among which its origin is looked for.
_NEAR_END = 300
_CAPTION = re.compile(r"^(?:[▲△▼▽]|\[사진|\(사진|<사진)|^(?:사진|그림|자료)\s*[:：=]")


def caption_of(line: str) -> tuple[str, str]:
    """Part a line under a picture into what it says and where the picture comes from."""
    before, line = line[:-_NEAR_END], line[-_NEAR_END:]
    found = _ORIGIN.match(line)
    if not found:
        return (before + line).lstrip("▲△▼▽ "), ""
    caption = (before + found["caption"]).lstrip("▲△▼▽ ").rstrip(" ([")
    return caption, found["source"].strip()


def is_caption(passage: Passage) -> bool:
    """Say whether a paragraph reads like the line under a picture."""
    line = passage.plain
    return (
        passage.shape is Shape.PARAGRAPH
        and len(line) <= 160
        and (_CAPTION.match(line) is not None or _ORIGIN.match(line) is not None)
    )


def take_figure(passages: list[Passage], index: int, draft: Draft) -> tuple[int, dict[str, str]]:
    """Read a picture and the line under it. Gives how many passages that were, and its parts."""
    passage = passages[index]
    if passage.shape is not Shape.FIGURE:
        caption, source = caption_of(passage.plain)
        draft.took(passage)
        draft.doubt(NO_PICTURE, passage.plain)
        return 1, {"src": "TODO.jpg", "alt": "TODO", "caption": caption, "source": source}
    caption, source = caption_of(plain(passage.text))
    taken = 1
    below = passages[index + 1] if index + 1 < len(passages) else None
    if below is not None and is_caption(below) and not source:
        said, source = caption_of(below.plain)
        caption = f"{caption} {said}".strip()
        draft.took(below)
        taken = 2
    draft.took(passage)
    if not passage.alt:
        draft.doubt(NO_ALT, passage.src or caption)
    src = passage.src or "TODO.jpg"
    return taken, {"src": src, "alt": passage.alt, "caption": caption, "source": source}


def written(parts: dict[str, str]) -> str:
    """Write a figure of the body."""
    return figure(parts["src"], parts["alt"], parts["caption"], parts["source"])
