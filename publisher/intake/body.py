"""The text of an article as blocks of an episode: what a serial's fixed parts look like elsewhere."""

from __future__ import annotations

import re

from publisher.intake.calls import ANY_LINK, ONLY_LINK, is_call
from publisher.intake.doubt import GUESSED_CALL, GUESSED_HEADING
from publisher.intake.draft import Draft
from publisher.intake.figures import is_caption, take_figure, written
from publisher.intake.passage import Form, Passage, Shape, address, as_markdown, attribute
from publisher.intake.quotations import take_quote
from publisher.translation import translate

_CHANGE = re.compile(
    r"^(?P<label>변화|change)\s*(?:$|[:：|ㅡ—–\-.]\s*(?P<text>.*)$)", re.IGNORECASE | re.DOTALL
)
_SIGN = re.compile(
    r"^(?P<label>징후|sign)\s*(?:$|[:：|ㅡ—–\-.]\s*(?P<text>.*)$)", re.IGNORECASE | re.DOTALL
)
_BOTH = re.compile(r"^변화와\s*징후\s*[:：]?$")
_THOUGHT = re.compile(r"^(?:오늘의\s*)?사유\s*[:：]?$")
_BULLET = re.compile(r"^(?:\\?\[|\d{1,2}\\?[.)]\s+)")
#: What newsrooms put before a heading where no heading can be made.
_MARK = re.compile(r"^[■◆▶●◇□▷]\s*(?=\S)")
_NOT_HEADING = re.compile(r"(?:[.?!…,:;”\"’']|다|요|죠|까)$")


class Recogniser:
    """Goes through the passages once and writes each as the block it is."""

    def __init__(self, draft: Draft, form: Form, membership_url: str, language: str) -> None:
        self.draft, self.form = draft, form
        self.membership_url, self.language = membership_url, language
        self.levels: dict[int, int] = {}

    def blocks(self, passages: list[Passage]) -> list[str]:
        """Write every passage, recognised or as it stands."""
        found = sorted({p.level for p in passages if p.shape is Shape.HEADING})
        self.levels = self.levels or {level: min(2 + i, 6) for i, level in enumerate(found)}
        blocks: list[str] = []
        index = 0
        while index < len(passages):
            taken, block = self._one(passages, index)
            blocks.append(block)
            index += taken
        return blocks

    def _one(self, passages: list[Passage], index: int) -> tuple[int, str]:
        passage = passages[index]
        for matcher in (self._signs, self._thought, self._call):
            found = matcher(passages, index)
            if found is not None:
                return found
        quoted = take_quote(passages, index, self.draft)
        if quoted is not None:
            return quoted
        if passage.shape is Shape.FIGURE or is_caption(passage):
            taken, parts = take_figure(passages, index, self.draft)
            return taken, written(parts)
        if passage.shape is Shape.HEADING:
            return 1, "#" * self.levels.get(passage.level, 2) + " " + passage.text
        if self._is_heading(passages, index):
            self.draft.doubt(GUESSED_HEADING, passage.plain)
            return 1, f"## {_MARK.sub('', passage.text)}"
        return 1, as_markdown(passage)

    def _signs(self, passages: list[Passage], index: int) -> tuple[int, str] | None:
        """Change and sign: two labels, each with its words on the line or below."""
        start = index
        if _BOTH.match(passages[index].plain) and index + 1 < len(passages):
            index += 1
        change = _labelled(passages[index], _CHANGE)
        if change is None:
            return None
        label, first = change
        index += 1
        changes = [first] if first else []
        while index < len(passages) and _labelled(passages[index], _SIGN) is None:
            if passages[index].shape is not Shape.PARAGRAPH or len(changes) > 5:
                return None
            changes.append(passages[index].text)
            index += 1
        sign = _labelled(passages[index], _SIGN) if index < len(passages) else None
        if sign is None or not changes:
            return None
        index += 1
        signs = [sign[1]] if sign[1] else []
        if not signs and index < len(passages) and passages[index].shape is Shape.PARAGRAPH:
            signs.append(passages[index].text)
            index += 1
        if not signs:
            return None
        self.draft.took(*passages[start:index])
        rows = _defined(label, changes) + "\n\n" + _defined(sign[0], signs)
        return index - start, f"::: 변화와징후\n{rows}\n:::"

    def _thought(self, passages: list[Passage], index: int) -> tuple[int, str] | None:
        """The closing reflection: from its label to the end, or to the next heading."""
        if not _THOUGHT.match(passages[index].plain):
            return None
        stop = index + 1
        while stop < len(passages) and passages[stop].shape is not Shape.HEADING:
            if self._call(passages, stop, look=True) is not None:
                break
            stop += 1
        inside = passages[index + 1 : stop]
        if not inside:
            return None
        self.draft.took(passages[index])
        written = "\n\n".join(self.blocks(list(inside)))
        colons = max((len(c) for c in re.findall(r"^:{3,}", written, re.MULTILINE)), default=2) + 1
        return stop - index, f"{':' * colons} 사유\n{written}\n{':' * colons}"

    def _call(
        self, passages: list[Passage], index: int, *, look: bool = False
    ) -> tuple[int, str] | None:
        """The call to membership: a sentence, a link, or one after the other."""
        passage = passages[index]
        if passage.shape is not Shape.PARAGRAPH or index < len(passages) * 0.5:
            return None
        question = ""
        taken = 1
        following = passages[index + 1] if index + 1 < len(passages) else None
        if (
            following is not None
            and following.shape is Shape.PARAGRAPH
            and ONLY_LINK.match(following.text)
            and is_call(following)
            and len(passage.plain) <= 120
            and (is_call(passage) or passage.plain.endswith(("?", "？")))
        ):
            question, passage, taken = passage.text, following, 2
        elif not is_call(passage):
            return None
        if look:
            return taken, ""
        return taken, self._called(passages[index : index + taken], question, passage)

    def _called(self, whole: list[Passage], question: str, passage: Passage) -> str:
        link = ONLY_LINK.match(passage.text)
        inside = link or ANY_LINK.search(passage.text)
        if inside:
            href, label = inside["href"].strip("<>"), inside["label"]
        else:
            href = self.membership_url or "TODO"
            label = translate("Become a member", self.language)
            if not self.membership_url:
                self.draft.doubt(GUESSED_CALL, passage.plain)
        self.draft.took(*whole)
        text = question or ("" if link else passage.text)
        label = re.sub(r"\\(.)", r"\1", label)
        opening = f"::: 안내 {{href={attribute(address(href))} label={attribute(label)}}}"
        return f"{opening}\n{text}\n:::" if text else f"{opening}\n:::"

    def _is_heading(self, passages: list[Passage], index: int) -> bool:
        """Say whether a short line of a plain paste stands over the paragraph below it."""
        passage = passages[index]
        if self.form is not Form.TEXT or passage.shape is not Shape.PARAGRAPH:
            return False
        if index + 1 >= len(passages) or passages[index + 1].shape is not Shape.PARAGRAPH:
            return False
        line, below = passage.plain, passages[index + 1].plain
        if not 2 <= len(line) <= 34:
            return False
        if _MARK.match(line):  # a line of its own under such a mark is one, unless all have it
            above = passages[index - 1].plain if index else ""
            return not _MARK.match(below) and not _MARK.match(above)
        return len(below) > 40 and (
            _BULLET.match(line) is not None or not _NOT_HEADING.search(line)
        )


def _labelled(passage: Passage, label: re.Pattern[str]) -> tuple[str, str] | None:
    """Read a label and the words after it on the line; the label may be bold or a heading."""
    if passage.shape not in (Shape.PARAGRAPH, Shape.HEADING):
        return None
    if not label.match(passage.plain):
        return None
    bare = re.sub(
        r"^(?:\*\*|__|\\\[|\[)\s*(변화|징후|change|sign)\s*([:：]?)\s*(?:\*\*|__|\\\]|\])",
        r"\1\2",
        passage.text,
        flags=re.IGNORECASE,
    )
    found = label.match(bare) or re.match(
        r"^(?P<label>변화|징후|change|sign)\s*(?P<text>.*)$", bare, re.IGNORECASE | re.DOTALL
    )
    if not found:
        return None
    return found["label"], (found["text"] or "").lstrip("\\\n ").strip()


def _defined(label: str, texts: list[str]) -> str:
    details = [": " + text.replace("\n", "\n  ") for text in texts]
    return label + "\n" + "\n\n".join(details)
