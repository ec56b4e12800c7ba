"""Words for people: every message in the language of its reader, from gettext catalogues.

Message ids are English. ``publisher/locale/<language>/LC_MESSAGES/publisher.{po,mo}`` carry
the others; ``make catalogue`` refreshes them from the sources.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

from publisher.model.problem import Problem

LANGUAGES = ("ko", "en")
_CATALOGUES = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Open the catalogue of a language, ``ko`` or ``en``; English for any other."""
    return gettext.translation("publisher", str(_CATALOGUES), languages=[language], fallback=True)


def translate(message: str, language: str, **details: object) -> str:
    """Say a message id in a language and fill its ``{named}`` fields."""
    wording = catalogue(language).gettext(message) if message else ""
    return wording.format_map(details) if details else wording


def message_of(problem: Problem, language: str) -> str:
    """Say what is wrong."""
    return problem.worded(catalogue(language).gettext(problem.fault.message))


def remedy_of(problem: Problem, language: str) -> str:
    """Say what to do about it."""
    return problem.worded(catalogue(language).gettext(problem.fault.remedy))
