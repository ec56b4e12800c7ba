"""The one call of a letter: how a paragraph that asks a reader to become a member reads."""

from __future__ import annotations

import re

from publisher.intake.passage import Passage

_MEMBER = re.compile(r"멤버십|멤버쉽|프라임|유료\s*구독|회원|후원|membership|prime", re.IGNORECASE)
_CALL = re.compile(
    r"가입|신청|후원하|구독하|시작하|되어\s*주|함께해|만나보|join|subscribe|become", re.IGNORECASE
)
ONLY_LINK = re.compile(
    r"^(?:[▶▷☞→]\s*)?\[(?P<label>(?:[^\[\]\\]|\\.)+)\]\((?P<href>[^()\s]+|<[^<>]*>)\)\s*$"
)
ANY_LINK = re.compile(r"\[(?P<label>(?:[^\[\]\\]|\\.)+)\]\((?P<href>[^()\s]+|<[^<>]*>)\)")


def is_call(passage: Passage) -> bool:
    """Say whether a paragraph is a call to membership, and no more than that."""
    line = passage.plain
    linked = ANY_LINK.search(passage.text) is not None
    return (
        len(line) <= (200 if linked else 120)
        and _MEMBER.search(line) is not None
        and _CALL.search(line) is not None
    )
