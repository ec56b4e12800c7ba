"""In which language the command speaks: ``--lang``, the locale, or the publication's own."""

from __future__ import annotations

import gettext
import sys
from collections.abc import MutableMapping, Sequence

from publisher.translation import LANGUAGES, LOCALE, translate

_spoken = "en"


def choose(arguments: Sequence[str], environment: MutableMapping[str, str]) -> None:
    """Settle the language before any help text is made: ``--lang ko``, else the locale."""
    global _spoken  # noqa: PLW0603  one process, one reader
    asked = ""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
    if not asked:
        names = ("PUBLISHER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
        asked = next((environment[name] for name in names if environment.get(name)), "")
    _spoken = asked[:2] if asked[:2] in LANGUAGES else "en"
    # The library of the command line asks gettext's own domain, in the language named here.
    environment["LANGUAGE"] = _spoken
    gettext.bindtextdomain("click", LOCALE)
    gettext.textdomain("click")


def spoken() -> str:
    """Give the language in use, ``ko`` or ``en``."""
    return _spoken


def words(message: str, **details: object) -> str:
    """Say a message id in the language in use."""
    return translate(message, _spoken, **details)


def is_terminal() -> bool:
    """Say whether a person is watching standard error."""
    return sys.stderr.isatty()
