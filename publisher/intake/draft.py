"""An episode on its way: what has been recognised so far, and what is not certain of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from publisher.intake.doubt import KICKER
from publisher.intake.matter import assemble, listing, mapping, remark, scalar
from publisher.intake.passage import Passage, seen
from publisher.model.problem import Fault
from publisher.translation import translate

_WORD = re.compile(r"\w+")


def tally(text: str) -> Counter[str]:
    """Count the words of a text, Markdown or not: what "nothing is dropped" is measured by."""
    return Counter(_WORD.findall(seen(text).replace("\\_", "_").replace("_", " ")))


@dataclass(slots=True)
class Draft:
    """Filled step by step while passages are recognised; ``text`` writes the file."""

    number: int | None = None
    title: str = ""
    deck: str = ""
    byline: str = ""
    publish_at: str = ""
    access: str = ""
    ready: bool = False
    tags: list[str] = field(default_factory=list)
    cover: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    teaser: str = ""
    doubts: list[tuple[Fault, dict[str, object]]] = field(default_factory=list)
    #: Passages whose words went into keys and attributes, where a label may have been lost.
    recast: list[str] = field(default_factory=list)
    #: The words there were, and how often.
    source: Counter[str] = field(default_factory=Counter)

    def tag(self, *found: str) -> None:
        """Add tags; what an episode may not be tagged with stands among the words to look at."""
        for written in found:
            tag = " ".join(written.split()).lstrip("#＃").strip()
            if len(tag) > 50 or any(mark in tag for mark in "<>\\/?"):
                self.doubt(KICKER, tag)
            elif tag:
                self.tags.append(tag)

    def doubt(self, fault: Fault, text: str, **details: object) -> None:
        """Note something to be looked at, with the words it is about."""
        self.doubts.append((fault, {"text": text, **details}))

    def took(self, *passages: Passage) -> None:
        """Note passages that are written in another shape than they had."""
        self.recast.extend(passage.text for passage in passages if passage.text)

    def write(self, language: str) -> str:
        """Write the file: keys, then what an editor should look at, then the body.

        Where a rewritten passage lost one of them (a
        label that a block's name stands for), the passage is kept as a remark.
        """
        body = "\n\n".join(block for block in self.body if block)
        lines = self._keys() + self._marks(language)
        missing = self.source - tally("\n".join(lines)) - tally(body)
        for original in self.recast:
            if missing & tally(original):
                said = translate("In the source: {text}", language, text=original)
                lines.append(remark(said))
                missing -= tally(original)
        return assemble(lines, body)

    def _keys(self) -> list[str]:
        keys = {
            "title": scalar(self.title),
            "deck": scalar(self.deck) if self.deck else "",
            "status": "ready" if self.ready else "draft",
            "byline": scalar(self.byline) if self.byline else "",
            "tags": listing(tuple(dict.fromkeys(self.tags))) if self.tags else "",
            "access": self.access,
            "publish_at": self.publish_at,
            "cover": mapping(self.cover) if self.cover else "",
        }
        return [f"{key}: {value}" for key, value in keys.items() if value]

    def _marks(self, language: str) -> list[str]:
        marks = []
        for fault, details in self.doubts:
            message = translate(fault.message, language, **details)
            remedy = translate(fault.remedy, language)
            marks.append(remark(f"TODO {message} — {remedy}"))
        return marks
