"""Images that say nothing to those who cannot see them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

MISSING = Fault(
    "lint/image-alt",
    Severity.WARNING,
    "The image {name} has no alternative text.",
    "Say between the square brackets what it shows: many inboxes hold images back at first.",
)
FILE_NAME = Fault(
    "lint/image-alt-name",
    Severity.WARNING,
    "The alternative text “{alt}” is the name of a file or says only that this is an image.",
    "Say what the image shows, as you would on the telephone.",
)

_NAME = re.compile(
    r"^(?:\S+\.(?:png|jpe?g|gif|webp|svg|heic)|(?:IMG|DSC|DSCN|image|screenshot|스크린샷|사진|이미지|그림|photo)[\s_-]*[\d.\s]*)$",
    re.IGNORECASE,
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for picture, alt, place in manuscript.pictures:
        if not alt.strip():
            yield MISSING.at(place, name=picture.src.rpartition("/")[2])
        elif _NAME.match(alt.strip()):
            yield FILE_NAME.at(place, alt=alt.strip())


RULE = LintRule(
    "Outlook and company inboxes do not load images until they are asked to, and screen readers never see them: the "
    "alternative text is then the picture.",
    (MISSING, FILE_NAME),
    episode=check,
)
