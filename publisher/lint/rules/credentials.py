"""Keys and passwords that were pasted into a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from publisher.lint.manuscript import MOST, Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

SECRET = Fault(
    "lint/secret",
    Severity.ERROR,
    "This looks like a key or a password ({kind}).",
    "Take it out, and have it replaced by a new one: it was in a file that others can read.",
)
PERSON = Fault(
    "lint/resident-number",
    Severity.ERROR,
    "This looks like a resident registration number.",
    "Take it out: it may not be published, not even with the consent of the person.",
)

_KINDS = (
    ("private key", r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    ("AWS", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("GitHub", r"\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b"),
    ("Slack", r"\bxox[abposr]-[A-Za-z0-9-]{10,}"),
    ("Google", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("API", r"\bsk-(?:ant-|proj-|live-)?[A-Za-z0-9_-]{20,}|\b[sr]k_live_[A-Za-z0-9]{20,}"),
    ("JWT", r"\beyJ[A-Za-z0-9_-]{15,4000}\.eyJ[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{10,4000}"),
    ("https://…:…@", r"\bhttps?://[^\s/:@]{1,80}:[^\s/:@]{1,80}@"),
    (
        "password",
        r"(?i:\b(?:password|passwd|api[_-]?key|secret)|비밀번호|암호)\s*[:=]\s*[\"']?(?=\S{0,80}\d)[A-Za-z0-9!@#$%^&*_+-]{8,}",
    ),
    ("", r"\b\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}\b"),
)  # fmt: skip
#: What every kind holds, in lower case: the search for them all is slow, and most texts have none.
_LATIN = (
    *(
        "private key",
        "akia",
        "asia",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat",
        "xox",
        "aiza",
        "sk-",
        "k_live_",
        "eyj",
        "@",
    ),
    *("passw", "api", "secret"),
)
_MARKS = tuple(mark.encode() for mark in _LATIN)
_WORDS = ("비밀번호", "암호")
_NUMBERS = re.compile(rb"[0-9]{6}-[1-8]")
_ANY = re.compile(
    "|".join(f"(?P<k{n}>{pattern})" for n, (_, pattern) in enumerate(_KINDS)), re.ASCII
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    text = manuscript.text
    # Without its Hangul a text is short; what stands together in it still does.
    letters = text.text.encode("ascii", "ignore").lower()
    if not (
        any(mark in letters for mark in _MARKS)
        or any(word in text.text for word in _WORDS)
        or _NUMBERS.search(letters)
    ):
        return
    for found in islice(_ANY.finditer(text.text), MOST):
        kind = _KINDS[int((found.lastgroup or "k0")[1:])][0]
        place = Place(manuscript.episode.path, *text.spot(found.start()))
        yield SECRET.at(place, kind=kind) if kind else PERSON.at(place)


RULE = LintRule(
    "A key that once stood in a published text is known to machines within minutes. A resident registration number "
    "may not be published at all (개인정보 보호법 제24조의2).",
    (SECRET, PERSON),
    episode=check,
)
