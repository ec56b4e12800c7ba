"""What the mail's HTML and CSS ask of mail clients, against what is known of them."""

from __future__ import annotations

from functools import cache

from publisher.render.mail.letter import Letter
from tests.golden.samples import by_name, renderer
from tests.render.features import features, support
from tests.render.stage import AUDIENCES
from tests.render.stage import letters as made_up

#: Features that some client lacks, and why the mail uses them all the same.
ALLOWED = {
    # Only in the head: the mail is complete without it, and these make it better where they work.
    "html-style": "an enhancement; every style that matters is inlined",
    "css-at-media": "narrow screens and dark mode; the inlined mail is one fluid column anyway",
    "css-at-media-prefers-color-scheme": "Apple and Samsung follow it; Gmail repaints by itself",
    "css-important": "needed in the head to win over inlined styles; never inlined",
    "css-color-scheme": "keeps Apple Mail from inverting a mail that has its own dark colours",
    "html-meta-color-scheme": "the same for clients that read the meta element",
    "css-selector-attribute": "[data-ogsc] and [data-ogsb] are Outlook.com's own marks",
    "css-selector-chaining": "in the head only",
    "css-selector-class": "in the head only; Gmail apps drop the head for foreign accounts",
    "css-selector-descendant": "in the head only",
    "css-selector-grouping": "in the head only",
    "css-selector-type": "in the head only",
    # The Word engine and webmail take part of it, and the part they take is the part we use.
    "css-border": "Word draws it on cells; on paragraphs it may be missing, a hairline less",
    "css-border-spacing": "cellspacing says the same as an attribute",
    "css-display": "block and inline-block only; the button keeps its cell's colour without it",
    "css-display-none": "the preheader; mso-hide and a zero height hide it elsewhere",
    "css-font-size": "pixels only",
    "css-font-weight": "bold and normal; the light number falls back to normal",
    "css-height": "auto on images and zero on rules; images carry pixels as attributes",
    "css-letter-spacing": "a nicety of labels and titles",
    "css-line-height": "numbers without a unit; Word rounds them",
    "css-list-style": "only the related list goes without bullets; with them it is a list too",
    "css-margin": "none negative; Word ignores auto, so tables carry align as an attribute",
    "css-max-height": "the preheader again",
    "css-max-width": "the ghost table holds 600 pixels in Word",
    "css-opacity": "the preheader again",
    "css-outline": "images of old Yahoo",
    "css-overflow": "the preheader again",
    "css-overflow-wrap": "long addresses wrap where it works and widen the column where not",
    "css-padding": "on cells, where Word keeps it; elsewhere the text stands without its inset",
    "css-text-align": "left, right and center only",
    "css-text-decoration": "underlines; the default of a link where it is dropped",
    "css-text-underline-offset": "a nicety for Hangul, whose feet an underline touches",
    "css-text-wrap": "in the head only: two lines of a title come out alike",
    "css-white-space": "code wraps, labels do not; both can be read without it",
    "css-width": "tables carry it as an attribute for Word",
    "css-word-break": "keep-all is how Korean is set; broken words where it is dropped",
    # Attributes and elements that help where they are heard and harm nowhere.
    "html-align": "centres the ghost table in Word",
    "html-aria-label": "names the letter for screen readers",
    "html-body": "webmail makes it a div: the wrapper repeats what it says",
    "html-dir": "stands on the wrapper too",
    "html-doctype": "webmail brings its own",
    "html-height": "with width, so that Word and blocked images keep their place",
    "html-lang": "stands on the wrapper too",
    "html-lists": "Word and webmail differ in the indent only",
    "html-mailto-links": "the address is also the text of the link",
    "html-role": "tables that only lay out say so",
    "html-width": "with height, and always in pixels or 100%",
}


@cache
def letters() -> tuple[Letter, ...]:
    """Every sample's letter for both audiences, and the one that has everything in it."""
    samples = by_name().values()
    return (*made_up(), *(renderer().letter(s, a) for s in samples for a in AUDIENCES))


def lacking() -> dict[str, list[str]]:
    """Each feature of any letter that some client lacks or half has, and those clients."""
    table = support()
    used = {slug for letter in letters() for slug in features(letter.html)[0]}
    rows = {slug: [c for c, answer in table[slug].items() if answer in "na"] for slug in used}
    return {slug: clients for slug, clients in sorted(rows.items()) if clients}


def test_every_feature_that_a_client_lacks_has_a_reason() -> None:
    missing = {slug: clients for slug, clients in lacking().items() if slug not in ALLOWED}
    assert missing == {}


def test_no_reason_is_left_over() -> None:
    assert sorted(set(ALLOWED) - set(lacking())) == []


def test_everything_the_mail_uses_has_a_name_in_the_table() -> None:
    assert {name for letter in letters() for name in features(letter.html)[1]} == set()


def test_a_feature_that_no_client_has_would_be_found() -> None:
    used, unnamed = features('<p style="display:flex;width:calc(1px)"><svg></svg></p>')
    assert {"css-display-flex", "html-svg"} <= used
    assert "calc()" in unnamed


def test_the_sheets_in_the_head_are_small() -> None:
    """Gmail drops sheets over 16 KB."""
    for letter in letters():
        sheets = letter.html.split("<style")[1:]
        assert sum(len(s.partition("</style>")[0].encode()) for s in sheets) < 16_000
