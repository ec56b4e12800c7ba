"""Text that was meant to be replaced before anybody reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

PLACEHOLDER = Fault(
    "lint/placeholder",
    Severity.ERROR,
    "“{text}” looks like a note to yourself that was meant to be replaced.",
    "Write what belongs here, or take it out.",
)

#: ○○ and OOO are not among them: that is how Korean papers leave a name out on purpose.
_NOTE = re.compile(
    r"\b(?:TODO|FIXME|TBD|TKTK)\b|\b[Ll]orem [Ii]psum\b|\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|\$\{\w+\}|"
    r"\[(?:TK|확인 ?필요|추가 ?예정|수정 ?필요|작성 ?중|링크 ?추가|출처 ?확인)\](?!\()|"
    r"(?:여기에|이곳에) ?(?:내용|본문|제목|글|문구|설명|텍스트)(?:을|를) ?(?:입력|쓰세요|적으세요|넣으세요)[가-힣]*|"
    r"(?:내용|본문|제목|설명)(?:을|를)? ?입력하세요|https?://(?:www\.)?example\.(?:com|org|net)\b",
    re.ASCII,
)
#: What every note holds: the search for them all is slow, and most texts have none.
_MARKS = (
    *("TODO", "FIXME", "TBD", "TKTK", "orem", "{{", "{%", "${", "[", "입력", "여기에", "이곳에"),
    "example.",
)


def check(manuscript: Manuscript) -> Iterator[Problem]:
    words = manuscript.words
    for spot in manuscript.search(_NOTE) if any(mark in words for mark in _MARKS) else ():
        yield PLACEHOLDER.at(spot.place, text=spot.text[:40])
    for key, value in manuscript.fields:
        for found in _NOTE.finditer(value):
            place = manuscript.place_in(key, found.group())
            yield PLACEHOLDER.at(place, text=found.group()[:40])
    for link in manuscript.links:
        if inside := _NOTE.search(link.href):
            yield PLACEHOLDER.at(manuscript.place(link), text=inside.group()[:40])


RULE = LintRule(
    "“TODO: 숫자 확인” in ten thousand inboxes cannot be called back. Notes to yourself belong into a file whose name "
    "begins with “_”.",
    (PLACEHOLDER,),
    episode=check,
)
