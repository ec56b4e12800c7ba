"""What stands around a Korean article's text: number, title, deck, byline, hashtags, what is next."""

from __future__ import annotations

import re

from publisher.intake.calls import is_call
from publisher.intake.doubt import (
    GUESSED_BYLINE,
    GUESSED_DECK,
    GUESSED_TITLE,
    KICKER,
    NO_TITLE,
    TEASER,
)
from publisher.intake.draft import Draft, tally
from publisher.intake.passage import Passage, Shape

_COUNT = r"(?:제\s*(?P<a>\d{1,4})\s*(?:화|회|편)|(?P<b>\d{1,4})\s*화|(?:ep(?:isode)?\.?\s*|#\s?)(?P<c>\d{1,4}))(?![\w가-힣])"
_COUNT_FIRST = re.compile(
    rf"^(?P<before>.{{0,60}}?)\s*[\[(〈<【|:·]?\s*{_COUNT}\s*[\])〉>】]?\s*[.:：·|ㅡ—–\-]*\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_COUNT_LAST = re.compile(
    rf"^(?P<title>.+?)\s*[\[(〈<【|:·—–\-]\s*{_COUNT}\s*[\])〉>】]?$", re.IGNORECASE
)
_ENDS_SENTENCE = re.compile(r"[.!?。…][”’\"')\]]*$")
_TAG = r"#[^\s#,<>\\/?]{1,49}"
_TAGS = re.compile(rf"(?:{_TAG}[\s,]*)+")
_ROLE = r"(?:에디터|기자|편집장|편집자|작가|특파원|칼럼니스트|논설위원|연구원|교수|PD|피디|editor|reporter)"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_BYLINE = re.compile(
    rf"^(?:(?:글쓴이|글|취재|정리|에디터|기자|by|written by)(?:\s*[:：·|=]\s*|\s+)(?P<name>[^\s,.]{{1,20}}(?:\s[^\s,.]{{1,20}}){{0,2}})"
    rf"|(?P<titled>[^\s,.]{{1,20}}(?:\s[^\s,.]{{1,20}})?\s*{_ROLE})"
    rf"|(?P<house>편집부(?:\s*{_ROLE})?))"
    rf"\s*[|·(<\[]?\s*(?P<mail>{_MAIL})?\s*[)>\]]?$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^(?:(?:입력|등록|수정|발행|게재)\s*[:：]?\s*)?(?:19|20)\d\d\s*[.\-/년]\s*\d{1,2}\s*[.\-/월]\s*\d{1,2}\s*일?\.?"
    r"(?:\s*\(?[월화수목금토일](?:요일)?\)?)?(?:\s*(?:오전|오후)?\s*\d{1,2}[:시]\s*\d{0,2}분?)?$"
)
_DATED = re.compile(r"(?:입력|등록|수정|발행|게재)\s*[:：]?\s*(?:19|20)\d\d")
#: What stands between a title and the name of the page it is on.
_BEHIND_TITLE = re.compile(r"\s*[-–—|:·<]\s*\S")
_NEXT = re.compile(
    r"^(?:[▶▷☞→>\[(]\s*)?(?:다음\s*(?:화|회|편|주|이야기|연재|시간)|\d{1,4}화(?:에서|부터|로)\s*(?:이어|계속)|next (?:week|episode|time))",
    re.IGNORECASE,
)
_NEXT_HEADING = re.compile(
    r"^(?:다음\s*(?:화|회|편|이야기)(?:\s*예고)?|예고|next episode)\s*[:：]?$", re.IGNORECASE
)


def take_head(passages: list[Passage], draft: Draft, series_title: str) -> None:
    """Take number, title and deck off the front of the passages."""
    index = _title_index(passages)
    if index is None:
        first = next((p.plain for p in passages if p.plain), "")
        draft.title = draft.title or " ".join(first.split()[:6])[:60]
        draft.doubt(NO_TITLE, draft.title)
        return
    pictures = [passage for passage in passages[:index] if passage.shape is Shape.FIGURE]
    for passage in passages[:index]:
        if passage.shape is not Shape.FIGURE:
            _above_title(passage, draft, series_title)
    title = passages[index]
    if title.shape is not Shape.HEADING:
        draft.doubt(GUESSED_TITLE, title.plain)
    draft.title = _numbered(title.plain, draft, series_title)
    draft.took(title)
    del passages[: index + 1]
    _take_deck(passages, draft)
    passages[:0] = pictures  # one that stood over the title is the cover, never a line to drop


def settle_title(passages: list[Passage], draft: Draft, series_title: str) -> None:
    """Bring a title that the source states together with the one that stands in its text.

    A page states it with its own name behind, and shows it again over the article.
    """
    stated = draft.title
    for index, passage in enumerate(passages[:6]):
        line = passage.plain
        if passage.shape not in (Shape.HEADING, Shape.PARAGRAPH) or len(line) < 2:
            continue
        behind = stated[len(line) :] if stated.startswith(line) else ""
        if _same(line, stated) or _BEHIND_TITLE.match(behind):
            draft.source.update(tally(passage.text))
            draft.took(passage)
            if behind:
                draft.doubt(KICKER, stated)
            draft.title = line
            del passages[index]
            break
    draft.title = _numbered(draft.title, draft, series_title)


def _title_index(passages: list[Passage]) -> int | None:
    """Find the title: the highest heading near the front, else a short first line."""
    front = list(enumerate(passages[:5]))
    headings = [(p.level, i) for i, p in front if p.shape is Shape.HEADING]
    for _, index in sorted(headings):
        if all(len(p.plain) <= 60 for p in passages[:index]):
            return index
    for index, passage in front[:3]:
        if passage.shape is not Shape.PARAGRAPH or len(passage.plain) > 70:
            return None
        found = _COUNT_FIRST.match(passage.plain)
        if found and not found["title"] and index + 1 < len(passages):
            continue
        return None if _ENDS_SENTENCE.search(passage.plain) else index
    return None


def _above_title(passage: Passage, draft: Draft, series_title: str) -> None:
    """Deal with a line above the title: a number, the series' name, or words set aside."""
    found = _COUNT_FIRST.match(passage.plain)
    if found and not found["title"]:
        draft.number = _count(found)
        draft.took(passage)
        return
    if _same(passage.plain, series_title):
        draft.took(passage)
        return
    draft.doubt(KICKER, passage.text)


def _numbered(line: str, draft: Draft, series_title: str) -> str:
    """Take the episode's number out of its title line."""
    first, last = _COUNT_FIRST.match(line), _COUNT_LAST.match(line)
    if (
        first
        and first["title"]
        and (len(first["before"]) < 30 or _same(first["before"], series_title))
    ):
        draft.number = _count(first)
        return first["title"]
    if last and last["title"]:
        draft.number = _count(last)
        return last["title"].strip()
    return line


def _count(found: re.Match[str]) -> int:
    return int(found["a"] or found["b"] or found["c"])


def _same(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"[\W_]+", "", text).casefold()

    return bool(bare(one)) and bare(one) == bare(other)


def _take_deck(passages: list[Passage], draft: Draft) -> None:
    if len(passages) < 3:
        return
    candidate = passages[0]
    line = candidate.plain
    if (
        candidate.shape in (Shape.VERBATIM, Shape.FIGURE, Shape.QUOTE)
        or not 4 <= len(line) <= 80
        or "\n" in candidate.text
        or "[^" in line  # a key of the file has no footnotes
        or _ENDS_SENTENCE.search(line)
        or is_label(line)
        or _TAGS.fullmatch(line)
        or _BYLINE.match(line)
        or _DATE.match(line)
        or _DATED.search(line)
    ):
        return
    if candidate.shape is Shape.HEADING and passages[1].shape is not Shape.HEADING:
        follows = passages[1]
        if follows.shape is Shape.PARAGRAPH and len(follows.plain) > 80:
            return  # a heading over its first section, not a line under the title
    draft.deck = line
    draft.took(candidate)
    draft.doubt(GUESSED_DECK, line)
    del passages[0]


def is_label(line: str) -> bool:
    """Say whether a line is one of the fixed labels of a serial, not words of its text."""
    return (
        re.fullmatch(r"(?:변화와\s*징후|변화|징후|(?:오늘의\s*)?사유)\s*[:：]?", line) is not None
    )


def take_around(passages: list[Passage], draft: Draft) -> None:
    """Take byline, date line, hashtags and the promise of the next episode out of the passages."""
    kept: list[Passage] = []
    total = len(passages)
    ahead = False
    for index, passage in enumerate(passages):
        line = passage.plain
        near_edge = index < 4 or index >= total - 8
        late = index >= total * 0.6
        if passage.shape in (Shape.VERBATIM, Shape.FIGURE, Shape.QUOTE):
            kept.append(passage)
        elif ahead and passage.shape is Shape.PARAGRAPH and len(line) <= 300:
            _promise(passage, draft)
            ahead = False
        elif late and _NEXT_HEADING.match(line):
            ahead = True
            draft.took(passage)
        elif late and _NEXT.match(line) and len(line) <= 300 and not is_call(passage):
            _promise(passage, draft)
        elif _TAGS.fullmatch(line):
            draft.tags.extend(tag.strip("#,") for tag in re.findall(_TAG, line))
            draft.took(passage)
        elif near_edge and not draft.byline and _is_byline(line):
            draft.byline = _byline(line)
            draft.took(passage)
            if not re.search(_ROLE, line, re.IGNORECASE):
                draft.doubt(GUESSED_BYLINE, line)
        elif index < 4 and _DATE.match(line):
            draft.doubt(KICKER, passage.text)
        else:
            kept.append(passage)
    passages[:] = kept


def _promise(passage: Passage, draft: Draft) -> None:
    draft.teaser = f"{draft.teaser} {passage.plain}".strip()
    draft.doubt(TEASER, passage.text)


def _is_byline(line: str) -> bool:
    return len(line) <= 60 and _BYLINE.match(line) is not None and not _ENDS_SENTENCE.search(line)


def _byline(line: str) -> str:
    found = _BYLINE.match(line)
    if found is None:
        return line
    name = (found["name"] or found["titled"] or found["house"]).strip()
    return f"{name} <{found['mail']}>" if found["mail"] else name
