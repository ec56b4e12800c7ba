"""Full-width marks among half-width ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from publisher.lint.manuscript import Manuscript
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Problem, Severity

MIXED = Fault(
    "lint/mixed-width",
    Severity.WARNING,
    "“{mark}” is a full-width mark; this text uses “{narrow}”.",
    "Write “{narrow}”: full-width marks tear holes into Korean lines.",
)

#: Marks and Latin of the full-width forms; not those that a Hangul text uses on purpose (～, ￦).
_WIDE = re.compile(
    r"[！＂＃＄％＆＇（）＊＋，－．／０-９：；＜＝＞？＠Ａ-Ｚ［＼］ａ-ｚ｛｜｝。、　]"
)
_NARROW = {"。": ".", "、": ",", "　": " "}
_CJ = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_HANGUL = re.compile(r"[가-힣]")


def check(manuscript: Manuscript) -> Iterator[Problem]:
    for spot in () if manuscript.is_at_home else manuscript.search(_WIDE):
        around = spot.passage.text
        if _CJ.search(around) and not _HANGUL.search(around):
            continue  # a quotation in Chinese or Japanese, where these marks are at home
        narrow = _NARROW.get(spot.text) or unicodedata.normalize("NFKC", spot.text)
        yield MIXED.at(spot.place, mark=spot.text, narrow=narrow)


RULE = LintRule(
    "Marks of two widths in one text look like two people wrote it; a full-width comma pasted from a Chinese or "
    "Japanese source leaves a gap that every reader sees.",
    (MIXED,),
    episode=check,
)
