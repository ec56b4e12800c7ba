"""Headers that receivers of bulk mail insist on (RFC 8058, 2369, 2919, 3834, 6376)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from publisher.lint.letter.copy import Copy
from publisher.lint.wire import Field
from publisher.model.problem import Fault, Problem, Severity

UNSUBSCRIBE_MISSING = Fault(
    "letter/unsubscribe-missing",
    Severity.ERROR,
    "The header {name} is missing.",
    "Bulk mail without one-click unsubscribe is refused by Gmail and Yahoo (RFC 8058).",
)
UNSUBSCRIBE_ENCODED = Fault(
    "letter/unsubscribe-encoded",
    Severity.ERROR,
    "List-Unsubscribe is written in encoded words, so that no inbox can read it.",
    "Write the address as it is; fold the header only after a comma.",
)
UNSUBSCRIBE_FORM = Fault(
    "letter/unsubscribe-form",
    Severity.ERROR,
    "List-Unsubscribe is not a list of addresses in angle brackets with an https: one.",
    "Write <https://…>, <mailto:…>, all ASCII, with line breaks only after a comma.",
)
ONE_CLICK = Fault(
    "letter/one-click",
    Severity.ERROR,
    "List-Unsubscribe-Post says “{value}”.",
    "It must say exactly List-Unsubscribe=One-Click.",
)
LIST_ID = Fault(
    "letter/list-id",
    Severity.WARNING,
    "List-Id is missing or has no name in angle brackets.",
    "Write <series.list.example>, the same in every letter of a series (RFC 2919).",
)
LIST_POST = Fault(
    "letter/list-post",
    Severity.WARNING,
    "List-Post invites readers to write to the list.",
    "Leave it out, or write NO.",
)
FEEDBACK = Fault(
    "letter/feedback-id",
    Severity.WARNING,
    "Feedback-ID “{value}” is not of the form a:b:c:sender with a sender of 5 to 15 characters.",
    "Use four fields, none of them empty or twice.",
)
AUTO = Fault(
    "letter/auto-submitted",
    Severity.WARNING,
    "The header {name} is missing.",
    "Without it, absence notes of readers answer every letter (RFC 3834).",
)
DATE = Fault(
    "letter/date",
    Severity.ERROR,
    "Date “{value}” is not a date with a zone.",
    "Write it as in Fri, 27 Nov 2026 17:00:00 +0900.",
)
MESSAGE_ID = Fault(
    "letter/message-id",
    Severity.ERROR,
    "Message-ID “{value}” is not of the form <name@domain>.",
    "Make it from release and subscriber, at the sender’s domain.",
)
ADDRESS = Fault(
    "letter/address",
    Severity.ERROR,
    "The address in {name} is not one that every server takes: {value}",
    "Write name@domain in ASCII, the domain in its xn-- form.",
)
SUBJECT_DIFFERS = Fault(
    "letter/subject-differs",
    Severity.ERROR,
    "The subject on the wire reads “{wire}”, not “{source}”.",
    "Fold it without losing a space: this is a fault of the program, please report it.",
)
DKIM_COVER = Fault(
    "letter/dkim-cover",
    Severity.ERROR,
    "A DKIM signature does not cover {names}.",
    "Name them in h= (RFC 8058 wants both unsubscribe headers signed).",
)
DKIM_OVERSIGN = Fault(
    "letter/dkim-oversign",
    Severity.WARNING,
    "A DKIM signature lets a second {names} be added.",
    "Name each once more in h= than the message has it.",
)
DKIM_FORM = Fault(
    "letter/dkim-form",
    Severity.WARNING,
    "A DKIM signature uses {what}.",
    "Sign with a=rsa-sha256, c=relaxed/relaxed and without l=.",
)

DKIM_ALIGN = Fault(
    "letter/dkim-align",
    Severity.WARNING,
    "The letter is signed by {signers} and comes from {sender}: to DMARC that is no signature.",
    "Sign with a key of the domain in From, or of the domain above it ([dkim] domain).",
)

_URI = re.compile(r"<([^<>]*)>")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
COVERED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
OVERSIGNED = ("from", "to", "subject", "date", "message-id")


def check(copy: Copy) -> Iterator[Problem]:
    yield from _unsubscribe(copy)
    yield from _list(copy)
    yield from _basics(copy)
    for signature in copy.whole.all("DKIM-Signature"):
        yield from _dkim(copy, signature)
    yield from _aligned(copy)


def _unsubscribe(copy: Copy) -> Iterator[Problem]:
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        if not copy.whole.get(name):
            yield UNSUBSCRIBE_MISSING.at(copy.place(1), name=name)
    for one in copy.whole.all("List-Unsubscribe"):
        place = copy.place(one.line)
        if b"=?" in one.raw:
            yield UNSUBSCRIBE_ENCODED.at(place)
        elif one.value and not _is_unsubscribe(one):
            yield UNSUBSCRIBE_FORM.at(place)
    for one in copy.whole.all("List-Unsubscribe-Post"):
        if one.value and one.value != "List-Unsubscribe=One-Click":
            yield ONE_CLICK.at(copy.place(one.line), value=one.value)


def _is_unsubscribe(one: Field) -> bool:
    entries = [entry.strip() for entry in one.value.split(",")]
    uris = [match.group(1) for entry in entries if (match := _URI.fullmatch(entry))]
    folds = re.findall(rb"(.)\r?\n[ \t]", one.raw.strip())
    return (
        len(uris) == len(entries)
        and all(re.fullmatch(r"(?:https://|mailto:)[!-~]+", uri) for uri in uris)
        and any(uri.startswith("https://") for uri in uris)
        and all(before == b"," for before in folds)
    )


def _list(copy: Copy) -> Iterator[Problem]:
    whole = copy.whole
    if not re.search(r"<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+>$", whole.get("List-Id")):
        yield LIST_ID.at(copy.place(_line(copy, "List-Id")))
    if (post := whole.get("List-Post")) and not post.upper().startswith("NO"):
        yield LIST_POST.at(copy.place(_line(copy, "List-Post")))
    feedback = whole.get("Feedback-ID")
    fields = feedback.split(":")
    if (
        len(fields) != 4
        or len(set(fields)) != 4
        or not all(fields)
        or not 5 <= len(fields[-1]) <= 15
    ):
        yield FEEDBACK.at(copy.place(_line(copy, "Feedback-ID")), value=feedback)
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"):
        if not whole.get(name):
            yield AUTO.at(copy.place(1), name=name)


def _line(copy: Copy, name: str) -> int:
    found = copy.whole.all(name)
    return found[0].line if found else 1


def _basics(copy: Copy) -> Iterator[Problem]:
    whole, expected = copy.whole, copy.expected
    if (date := whole.get("Date")) and not _is_date(date):
        yield DATE.at(copy.place(_line(copy, "Date")), value=date)
    if (name := whole.get("Message-ID")) and not re.fullmatch(
        r"<[!-;=?A-~]+@[A-Za-z0-9.-]+>", name
    ):
        yield MESSAGE_ID.at(copy.place(_line(copy, "Message-ID")), value=name)
    for header in ("From", "Reply-To", "To"):
        if (value := whole.get(header)) and not _is_address(value):
            yield ADDRESS.at(copy.place(_line(copy, header)), name=header, value=value)
    if expected.subject is not None and whole.get("Subject") and copy.subject != expected.subject:
        yield SUBJECT_DIFFERS.at(
            copy.place(_line(copy, "Subject")), wire=copy.subject, source=expected.subject
        )


def _is_date(value: str) -> bool:
    try:
        return len(value) < 100 and parsedate_to_datetime(value).tzinfo is not None
    except (ValueError, TypeError, OverflowError):
        return False


def _is_address(value: str) -> bool:
    bracket = re.search(r"<([^<>]*)>\s*$", value)
    return bool(_ADDRESS.fullmatch(bracket.group(1) if bracket else value.strip()))


def _tags(signature: Field) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in signature.value.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in pairs}


def _aligned(copy: Copy) -> Iterator[Problem]:
    """Compare signers and sender as DMARC does, relaxed: one organisation (RFC 9989)."""
    signatures = copy.whole.all("DKIM-Signature")
    signers = [domain.lower() for one in signatures if (domain := _tags(one).get("d", ""))]
    written = copy.whole.get("From")
    sender = written.rpartition("@")[2].strip("<> ").lower()
    if (
        signers
        and _is_address(written)
        and not any(_is_related(signer, sender) for signer in signers)
    ):
        place = copy.place(signatures[0].line)
        yield DKIM_ALIGN.at(place, signers=", ".join(signers[:3]), sender=sender)


def _is_related(one: str, other: str) -> bool:
    """Say whether two domains are of one organisation, as far as names alone can tell."""
    return _organisation(one) == _organisation(other)


def _organisation(domain: str) -> str:
    labels = domain.split(".")
    # co.kr, or.jp, com.au: the name of the organisation is the label before them.
    nested = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if nested else labels[-2:])


def _dkim(copy: Copy, signature: Field) -> Iterator[Problem]:
    place = copy.place(signature.line)
    tags = _tags(signature)
    named = [name.lower() for name in tags.get("h", "").split(":")]
    if open_names := [name for name in COVERED if copy.whole.all(name) and name not in named]:
        yield DKIM_COVER.at(place, names=", ".join(open_names))
    loose = [name for name in OVERSIGNED if named.count(name) < 2]
    if loose and not open_names:
        yield DKIM_OVERSIGN.at(place, names=", ".join(loose))
    for tag, wanted in (("a", "rsa-sha256"), ("c", "relaxed/relaxed")):
        if tags.get(tag) != wanted:
            yield DKIM_FORM.at(place, what=f"{tag}={tags.get(tag, '')}")
    if "l" in tags:
        yield DKIM_FORM.at(place, what=f"l={tags['l']}")
