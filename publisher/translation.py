"""Words for people: every message in the language of its reader, from gettext catalogues.

Message ids are English. Each room keeps its own catalogue at
``publisher/locale/<language>/LC_MESSAGES/<room>.{po,mo}``; ``make catalogue`` refreshes them
from the sources and a test fails on a missing translation.
"""

from __future__ import annotations

import errno
import gettext
import os
from functools import cache, lru_cache
from pathlib import Path

from publisher.model.problem import Problem

LANGUAGES = ("ko", "en")
LOCALE = Path(__file__).parent / "locale"

_SYSTEM = (
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS,
    errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP, errno.EFBIG,
    errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EBUSY, errno.EADDRINUSE,
    errno.EADDRNOTAVAIL, errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE, errno.ETIMEDOUT,
    errno.EHOSTUNREACH, errno.ENETUNREACH,
)  # fmt: skip
#: What a system says of its files and networks, as a reader may come to see it, and what the
#: line to a mail server says where the system says nothing.
REASONS = (
    "it does not answer",
    "it hung up",
    "it closed the connection",
    "the connection broke",
    "no answer in time",
    *(os.strerror(code) for code in _SYSTEM),
)


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


def reason_of(said: str, language: str) -> str:
    """Say what a system said of a file or a connection; any other words stay as they are."""
    return _wording(said, language) if said in REASONS else said


def message_of(problem: Problem, language: str) -> str:
    """Say what is wrong."""
    return _worded(problem, problem.fault.message, language)


def remedy_of(problem: Problem, language: str) -> str:
    """Say what to do about it."""
    return _worded(problem, problem.fault.remedy, language)


def _worded(problem: Problem, message: str, language: str) -> str:
    details = dict(problem.details)
    if "reason" in details:
        details["reason"] = reason_of(details["reason"], language)
    return catalogue(language).gettext(message).format_map(details)
