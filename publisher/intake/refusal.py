"""What cannot be taken in: a file that is not what it says, or that is built to do harm."""

from __future__ import annotations

from publisher.model.problem import Fault, Place, Problem, ProblemError, Severity

UNREADABLE = Fault(
    "intake/unreadable",
    Severity.ERROR,
    "The file cannot be read as {form}.",
    "Open it in the program that made it, save it again, and import the new file.",
)
TOO_LARGE = Fault(
    "intake/too-large",
    Severity.ERROR,
    "{what} is larger than {limit} MB.",
    "Split the file, or take the pictures out and add them to the episode's folder by hand.",
)
HOSTILE_NAME = Fault(
    "intake/hostile-name",
    Severity.ERROR,
    "The archive holds a name that points out of it: {name}",
    "Do not use this archive: ask for a new one from the service that exported it.",
)
NOTHING_INSIDE = Fault(
    "intake/nothing-inside",
    Severity.ERROR,
    "There is no text in it.",
    "Check that this is the right file, and that the text is not a picture.",
)
TOO_DEEP = Fault(
    "intake/too-deep",
    Severity.ERROR,
    "The elements of the page are nested too deeply to be read: more than {levels} levels, from here on.",
    "Save the page anew from the reader view of the browser, or copy the article out of the browser and import the text.",
)


class Refused(ProblemError):  # noqa: N818 -- it says what happened, as a reader would
    """Raised for a source that is not taken in; ``problem`` says why and what to do."""

    def __init__(self, fault: Fault, path: str, *, line: int = 0, **details: object) -> None:
        place = Place(path, line, 1 if line else 0)
        self.problem: Problem = fault.at(place, **details)
        super().__init__(self.problem)
