"""The words of the public pages that are also on record: what a reader consents to, exactly."""

from __future__ import annotations

from publisher.model.publication import Publication
from publisher.translation import LANGUAGES, translate


def letter_words(publication: Publication, language: str) -> str:
    """Give the words beside the subscribe button, as they are kept with the consent."""
    return translate(
        "I agree to receive the chosen letters of {name} by mail, if I choose them all also those"
        " that begin later, and to my address being kept for that until I unsubscribe, which I can"
        " do at any time, free of charge.",
        language,
        name=publication.name,
    )


def advertising_words(publication: Publication, language: str) -> str:
    """Give the words beside the box for advertising, which is consented to apart."""
    return translate(
        "I also agree to receive advertising of {name} by mail. (Optional)",
        language,
        name=publication.name,
    )


def consent_text(publication: Publication, language: str, *, advertising: bool) -> str:
    """Give the words of a consent as they go on record."""
    words = [letter_words(publication, language)]
    if advertising:
        words.append(advertising_words(publication, language))
    return "\n".join(words)


def spoken(asked: str, accepted: str, default: str) -> str:
    """Choose the language of a page: the one asked for, else the first the browser takes."""
    if asked in LANGUAGES:
        return asked
    best, weight = default, 0.0
    for part in accepted[:200].split(","):
        name, _, quality = part.strip().partition(";q=")
        language = name.strip().lower()[:2]
        try:
            found = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and found > weight:
            best, weight = language, found
    return best
