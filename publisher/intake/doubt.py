"""What recognition was not sure of: said to the editor, and marked in the file itself."""

from __future__ import annotations

from publisher.model.problem import Fault, Severity

NO_TITLE = Fault(
    "intake/no-title",
    Severity.HINT,
    "No title was found; the first words stand in its place: {text}",
    "Write the title of the episode.",
)
GUESSED_TITLE = Fault(
    "intake/guessed-title",
    Severity.HINT,
    "The first line was taken for the title: {text}",
    "Check the title.",
)
GUESSED_DECK = Fault(
    "intake/guessed-deck",
    Severity.HINT,
    "A short line under the title was taken for the deck: {text}",
    "If it opens the text, move it into the body.",
)
GUESSED_HEADING = Fault(
    "intake/guessed-heading",
    Severity.HINT,
    "A short line was taken for a heading: {text}",
    "If it is a sentence of the text, take the `##` away.",
)
GUESSED_BYLINE = Fault(
    "intake/guessed-byline",
    Severity.HINT,
    "A short line was taken for the byline: {text}",
    "Check who wrote it.",
)
GUESSED_CALL = Fault(
    "intake/guessed-call",
    Severity.HINT,
    "A call to membership was recognised, but not where it leads: {text}",
    "Write the address of the membership page into the block.",
)
GUESSED_QUOTE = Fault(
    "intake/guessed-quote",
    Severity.HINT,
    "A quotation was recognised, but not who said it: {text}",
    "Write `by` and `source` into the block.",
)
NO_PICTURE = Fault(
    "intake/no-picture",
    Severity.HINT,
    "A caption without its picture: {text}",
    "Put the picture beside the episode and write its file name.",
)
NO_ALT = Fault(
    "intake/no-alt",
    Severity.HINT,
    "A picture without alternative text: {text}",
    "Say in a few words what the picture shows.",
)
TEASER = Fault(
    "intake/teaser",
    Severity.HINT,
    "This promises the next episode: {text}",
    "Move it to `teaser:` of the next episode's file; the next-episode box shows it from there.",
)
SECOND_NUMBER = Fault(
    "intake/second-number",
    Severity.HINT,
    "The text names itself episode {found}, and the file is number {number}.",
    "Check the number in the file's name.",
)
KICKER = Fault(
    "intake/kicker",
    Severity.HINT,
    "A line above the title was set aside: {text}",
    "Delete the remark if it only names the series.",
)
LEFT_OUT = Fault(
    "intake/left-out",
    Severity.HINT,
    "Words around the article were set aside: {text}",
    "Look through them; what belongs to the article goes back into the text.",
)
