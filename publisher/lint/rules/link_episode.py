"""Links to other episodes that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

DANGLING = Fault(
    "lint/link-episode",
    Severity.ERROR,
    "There is no episode “{name}”.",
    "Write series and number as in episode:{nearest}.",
)

_EPISODE = re.compile(r"^episode:/*([^/#?]+)/(\d+)(?:[-/][^#?]*)?(?:[#?].*)?$")


def check(reading: Reading) -> Iterator[Problem]:
    slugs = sorted(reading.by_slug)
    for manuscript in reading.manuscripts:
        if "episode:" not in manuscript.episode.text:
            continue
        hrefs = [(link.href, manuscript.place(link)) for link in manuscript.links]
        hrefs += [(block.get("href"), manuscript.place(block)) for block in manuscript.blocks]
        for href, place in hrefs:
            if href.startswith("episode:") and not _stands(reading, href):
                wanted = href.removeprefix("episode:").partition("/")[0]
                near = get_close_matches(wanted, slugs, n=1, cutoff=0) or [
                    manuscript.episode.series
                ]
                shelf = reading.by_series.get(near[0], ())
                number = shelf[-1].number if shelf else 1
                yield DANGLING.at(
                    place, name=href.removeprefix("episode:"), nearest=f"{near[0]}/{number:02d}"
                )


def _stands(reading: Reading, href: str) -> bool:
    found = _EPISODE.match(href)
    return found is not None and (found.group(1), int(found.group(2))) in reading.by_number


RULE = LintRule(
    "A link to an episode that does not exist would open an error page for every reader of the mail, for good.",
    (DANGLING,),
    reading=check,
)
