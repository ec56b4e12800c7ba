"""What the inbox shows and the law asks: preheader, the way out, the label and the colophon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from publisher.lint.letter.copy import Copy
from publisher.lint.letter.markup import Markup
from publisher.model.problem import Fault, Problem, Severity

PREHEADER = Fault(
    "letter/preheader",
    Severity.ERROR,
    "The first words in the letter are “{first}”, not the preheader.",
    "Put the preheader before everything else in body: the inbox shows what comes first.",
)
LEAVE_HTML = Fault(
    "letter/leave-link",
    Severity.ERROR,
    "The {kind} part has no link to unsubscribe.",
    "Put it into the colophon of both parts; it must be visible, not only a header.",
)
AD_LABEL = Fault(
    "letter/ad-label",
    Severity.ERROR,
    "The subject of this advertising letter begins with “{start}”, not with (광고).",
    "The label stands first, in exactly this form (정보통신망법 시행령 제61조).",
)
AD_FORM = Fault(
    "letter/ad-form",
    Severity.ERROR,
    "“{label}” in the subject is a forbidden form of the label.",
    "Only (광고), at the very start, is lawful.",
)
AD_UNASKED = Fault(
    "letter/ad-unasked",
    Severity.WARNING,
    "The subject is labelled (광고), but the letter is no advertising.",
    "Leave the label out, or declare the letter advertising.",
)
AD_OWED = Fault(
    "letter/ad-footer",
    Severity.ERROR,
    "The {kind} part of this advertising letter does not say “{owed}”.",
    "Name the sender with contact and address, and how to refuse, in Korean and English (수신거부, Unsubscribe).",
)

_NOT_A_PREHEADER = re.compile(
    r"^(?:https?://|웹(?:에서|으로)|브라우저|view (?:this|in)|이 메일이|메일이 제대로|read online|image)",
    re.IGNORECASE,
)
_LEAVE = re.compile(r"/u/|unsubscribe|optout|수신거부|구독\s?(?:취소|해지|끊)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+")
_LABEL = re.compile(r"[(\[（【<]\s*(?:광\s*[^\w\s]?\s*고|AD|홍보)\s*[)\]）】>]", re.IGNORECASE)
_REFUSAL = ("수신거부", "unsubscribe")


def check(copy: Copy) -> Iterator[Problem]:
    yield from _preheader(copy)
    yield from _way_out(copy)
    yield from _label(copy)
    if copy.expected.advertising:
        yield from _owed(copy)


def _preheader(copy: Copy) -> Iterator[Problem]:
    if not copy.html:
        return
    words = copy.markup.words
    first = _bare(words[0].text) if words else ""
    line = words[0].line if words else 1
    expected = copy.expected.preheader
    if expected is not None:
        wrong = not (first and (first in _bare(expected) or _bare(expected) in first))
    else:
        wrong = not first or bool(_NOT_A_PREHEADER.match(first))
    if wrong:
        yield PREHEADER.at(copy.in_html(line), first=first[:40])


def _bare(text: str) -> str:
    return " ".join(re.sub("[\u034f\u2007\u200b-\u200d\u00ad\ufeff]", " ", text).split())


def _way_out(copy: Copy) -> Iterator[Problem]:
    if copy.html and not _leads_out(copy.markup):
        yield LEAVE_HTML.at(copy.in_html(1), kind="text/html")
    if copy.text.strip() and not _names_the_way(copy.text):
        yield LEAVE_HTML.at(copy.place(1), kind="text/plain")


@lru_cache(maxsize=2)
def _names_the_way(text: str) -> bool:
    """Look for the address once for both readers of an episode; the text part is often the same."""
    return any(_LEAVE.search(address) for address in _ADDRESS.findall(text))


@lru_cache(maxsize=2)
def _leads_out(markup: Markup) -> bool:
    """Look for the link once for both readers of an episode; it stands near the end."""
    links = reversed(markup.all("a"))
    return any(_LEAVE.search(a.get("href")) or _LEAVE.search(a.text) for a in links)


def _label(copy: Copy) -> Iterator[Problem]:
    fields = copy.whole.all("Subject")
    place = copy.place(fields[0].line if fields else 1)
    subject, advertising = copy.subject, copy.expected.advertising
    if advertising and not subject.startswith("(광고)"):
        yield AD_LABEL.at(place, start=subject[:10])
    if advertising is False and subject.startswith("(광고)"):
        yield AD_UNASKED.at(place)
    for found in _LABEL.finditer(subject):
        if found.group() != "(광고)" or found.start():
            yield AD_FORM.at(place, label=found.group())


def _owed(copy: Copy) -> Iterator[Problem]:
    page = " ".join(words.text for words in copy.markup.words) if copy.html else ""
    for kind, text in (("text/plain", copy.text), ("text/html", page)):
        said = re.sub(r"\s+", "", text).casefold()
        for owed in (*copy.expected.owed, *_REFUSAL):
            if re.sub(r"\s+", "", owed).casefold() not in said:
                yield AD_OWED.at(copy.place(1), kind=kind, owed=owed)
