"""Words for people: every message in the language of its reader, from gettext catalogues.

Message ids are English. Each room keeps its own catalogue at
``publisher/locale/<language>/LC_MESSAGES/<room>.{po,mo}``; ``make catalogue`` refreshes them
from the sources and a test fails on a missing translation.
"""

from __future__ import annotations

import gettext
from functools import cache, lru_cache
from pathlib import Path

from publisher.model.problem import Problem

LANGUAGES = ("ko", "en")
LOCALE = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Open the catalogues of a language, all rooms in one; English ids for an unknown one."""
    whole = gettext.NullTranslations()
    for room in sorted((LOCALE / language / "LC_MESSAGES").glob("*.mo")):
        with room.open("rb") as file:
            opened = gettext.GNUTranslations(file)
        opened.add_fallback(whole)
        whole = opened
    return whole


@lru_cache(maxsize=4096)
def _wording(message: str, language: str) -> str:
    """Look a message up in every room's catalogue; a page asks for the same few again and again."""
    return catalogue(language).gettext(message) if message else ""


def translate(message: str, language: str, **details: object) -> str:
    """Say a message id in a language and fill its ``{named}`` fields."""
    wording = _wording(message, language)
    return wording.format_map(details) if details else wording


def message_of(problem: Problem, language: str) -> str:
    """Say what is wrong."""
    return problem.worded(catalogue(language).gettext(problem.fault.message))


def remedy_of(problem: Problem, language: str) -> str:
    """Say what to do about it."""
    return problem.worded(catalogue(language).gettext(problem.fault.remedy))
