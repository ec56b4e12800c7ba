"""What can be wrong with front matter before its keys are looked at."""

from __future__ import annotations

from publisher.model.problem import Fault, Severity

ABSENT = Fault(
    "source/front-missing",
    Severity.ERROR,
    "The episode does not begin with front matter.",
    "Begin the file with a line ---, then title: and the other keys, then another line ---.",
)
UNENDED = Fault(
    "source/front-open",
    Severity.ERROR,
    "The front matter begins here and never ends.",
    "Write a line --- between the last key and the text.",
)
TOML = Fault(
    "source/front-toml",
    Severity.ERROR,
    "Front matter between +++ lines is not read.",
    "Use --- lines, and write the keys as title: …",
)
LARGE = Fault(
    "source/front-large",
    Severity.ERROR,
    "The front matter is too long or too deeply nested to be read.",
    "Keep only the keys of the reference in it, and the text beneath the second ---.",
)
ALIAS = Fault(
    "source/front-alias",
    Severity.ERROR,
    "A value that begins with & , * or ! means something else in YAML.",
    "Put the value in quotation marks.",
)
COLON = Fault(
    "source/front-colon",
    Severity.ERROR,
    "A colon followed by a space stands inside a value here.",
    'Put the whole value in quotation marks: title: "앞: 뒤"',
)
QUOTES = Fault(
    "source/front-quotes",
    Severity.ERROR,
    "A value in quotation marks is not closed here, or text follows behind it.",
    'Put the whole value in one pair of marks; inside of "…" write \\", or use curly ones “…”.',
)
ESCAPE = Fault(
    "source/front-escape",
    Severity.ERROR,
    "The backslash here stands before something that is no character.",
    "Write the character itself, or put the whole value in '…' if the backslash is meant.",
)
BRACKETS = Fault(
    "source/front-brackets",
    Severity.ERROR,
    "A bracket is not closed here, or text follows behind it.",
    "Close it with ] or }}; a text that begins with a bracket stands in quotation marks.",
)
TAB = Fault(
    "source/front-tab",
    Severity.ERROR,
    "A tab character or a mark that YAML keeps for itself stands here.",
    "Indent with spaces, and put a value that begins with @, %, ` or | in quotation marks.",
)
YAML = Fault(
    "source/front-yaml",
    Severity.ERROR,
    "The front matter cannot be read at this place.",
    "Write one key: value a line; put values with special characters in quotation marks.",
)
COMMENT = Fault(
    "source/front-comment",
    Severity.WARNING,
    "What follows the # is not read: {excerpt}",
    "Put the whole value in quotation marks if the # belongs to it.",
)
NO_KEY = Fault(
    "source/front-no-key",
    Severity.ERROR,
    "The front matter is not made of keys.",
    "Write one key: value a line, with a colon and a space between them.",
)
