"""What can be wrong with a file before anybody asks what it says."""

from __future__ import annotations

from publisher.model.problem import Fault, Severity

MISSING = Fault(
    "files/missing",
    Severity.ERROR,
    "There is no file {name}.",
    "Check the name of the file, or put the file there.",
)
UNREADABLE = Fault(
    "files/unreadable",
    Severity.ERROR,
    "{name} may not be read with the rights of this account.",
    "Give this account the right to read the file or folder.",
)
BROKEN = Fault(
    "files/broken",
    Severity.ERROR,
    "{name} could not be read from the disk.",
    "Save the file again; if that does not help, check the disk or the network folder.",
)
NOT_A_FILE = Fault(
    "files/not-a-file",
    Severity.ERROR,
    "{name} is not an ordinary file.",
    "Put an ordinary file in its place.",
)
OUTSIDE = Fault(
    "files/outside",
    Severity.ERROR,
    "{name} leads out of the publication’s folder.",
    "Copy the file into the publication instead of linking to it.",
)
TOO_LARGE = Fault(
    "files/too-large",
    Severity.ERROR,
    "{name} is {size} large; at most {limit} are read.",
    "Split the text, or take out what was pasted by mistake.",
)
CHANGING = Fault(
    "files/changing",
    Severity.ERROR,
    "{name} changes while it is read.",
    "Wait until it is saved or copied completely.",
)
BINARY = Fault(
    "files/binary",
    Severity.ERROR,
    "{name} is not a text file.",
    "Save it as plain text (UTF-8), or give it a name that begins with “_” to leave it out.",
)
ENCODING = Fault(
    "files/encoding",
    Severity.ERROR,
    "The text is not UTF-8: byte {byte} of the file cannot be read.",
    "Save the file again with the encoding UTF-8.",
)
CP949 = Fault(
    "files/encoding-korean",
    Severity.ERROR,
    "The text is stored in the old Korean encoding (CP949, EUC-KR), not in UTF-8.",
    "Open it in the editor it was written with and save it with the encoding UTF-8.",
)
UTF16 = Fault(
    "files/encoding-utf16",
    Severity.ERROR,
    "The text is stored as UTF-16 (“Unicode” in Windows Notepad), not as UTF-8.",
    "Open it in the editor it was written with and save it with the encoding UTF-8.",
)
CONTROL = Fault(
    "files/control-character",
    Severity.ERROR,
    "An invisible control character ({code}) stands here.",
    "Delete the character; type the words around it anew if you cannot see it.",
)
DIRECTION = Fault(
    "files/direction-character",
    Severity.ERROR,
    "An invisible character ({code}) turns the direction of writing here.",
    "Delete the character: it can make text read otherwise than it is.",
)
SEPARATOR = Fault(
    "files/line-separator",
    Severity.WARNING,
    "An invisible line separator ({code}) stands here, often left by pasting.",
    "Replace it with an ordinary line break.",
)
