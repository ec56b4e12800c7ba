"""Links whose words show one site while they lead to another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

DISGUISE = Fault(
    "lint/link-disguise",
    Severity.ERROR,
    "The words show “{shown}”, but the link leads to “{host}”.",
    "Let the words and the address name the same site: mail programs treat the difference as fraud.",
)

_SHOWN = re.compile(
    r"^(?:https?://)?((?:[a-z0-9가-힣-]+\.)+(?:com|net|org|kr|co|io|ai|dev|app|gov|edu|info|me|tv|eu|uk|jp|cn|de|us|"
    r"example|한국))(?:[/?#:]\S*)?$",
    re.IGNORECASE,
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for link in manuscript.links:
        shown = _SHOWN.match(manuscript.says(link).strip("<>()"))
        host = _host(link.href)
        if shown and host and not _same(shown.group(1).lower(), host):
            yield DISGUISE.at(manuscript.place(link), shown=shown.group(1), host=host)


def _host(href: str) -> str:
    try:
        address = urlsplit(href)
    except ValueError:
        return ""
    return (address.hostname or "") if address.scheme in ("http", "https") else ""


def _same(shown: str, host: str) -> bool:
    """A site and its own subdomains are one; ``www.`` counts for nothing."""
    shown, host = shown.removeprefix("www."), host.removeprefix("www.")
    return shown == host or shown.endswith("." + host) or host.endswith("." + shown)


RULE = LintRule(
    "Words that look like one address over a link to another are the mark of phishing. Spam filters score it, and "
    "some programs warn the reader.",
    (DISGUISE,),
    episode=check,
)
