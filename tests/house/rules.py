"""Write the pages of the rules: ``python -m tests.house.rules``.

A page is made from the rule itself (why, message, remedy, in Korean and English) and from its case
(the text that has the fault, the exact place, the text mended), so it cannot say anything untrue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from publisher.lint import every_rule, gate, letter
from publisher.lint.checking import FAULTS
from publisher.lint.crowd import MORE, SHOWN
from publisher.model.problem import Fault
from publisher.press.crossing import ELSEWHERE
from publisher.translation import translate
from tests.lint.cases import CASES, Case

FOLDER = Path(__file__).parents[2] / "docs" / "rules"
LANGUAGES = ("ko", "en")
_TITLES = {"ko": "한국어", "en": "English"}
_LABELS = {"ko": ("심각도", "할 일"), "en": ("Severity", "What to do")}
_SEVERITY = {
    "ko": {"error": "오류: 고칠 때까지 발행을 멈춥니다", "warning": "경고", "hint": "제안"},
    "en": {"error": "error: holds the release until mended", "warning": "warning", "hint": "hint"},
}
_INTRODUCTION_KO = (
    "`publisher check`가 찾는 것의 목록입니다. 파일 머리의 `allow:`에 이유와 함께 적으면 그 파일에서, "
    "`config.toml`의 `[lint] off`에 적으면 모든 곳에서 규칙을 끌 수 있습니다. "
    f"한 파일에 같은 지적이 많으면 처음 {SHOWN}개와 나머지의 수를 보여 줍니다. 발행을 막는지와 합계는 언제나 전부로 정합니다."
)
_INTRODUCTION = (
    "What `publisher check` looks for. A rule is set off for one file under `allow:` in its front matter, or "
    "everywhere under `[lint] off` in `config.toml`, each time with the reason. "
    f"Of one fault in one file the first {SHOWN} are shown, and how many follow; what holds a release and what is "
    "counted is always decided over all of them."
)
#: Longer texts are fixtures of size; a page shows their beginning.
_SHOWN = 700


def faults() -> dict[str, tuple[Fault, str]]:
    """Give every fault of the check with the reason of its rule, by code."""
    found = {fault.code: (fault, rule.why) for _, rule in every_rule() for fault in rule.faults}
    found |= {
        fault.code: (fault, "") for fault in (*FAULTS, MORE, *letter.faults(), gate.LEAK, ELSEWHERE)
    }
    return dict(sorted(found.items()))


def pages() -> dict[str, str]:
    """Give every page by its path under ``docs/rules``."""
    cases = {case.code: case for case in CASES}
    known = faults()
    written = {
        f"{code}.md": _page(fault, why, cases.get(code)) for code, (fault, why) in known.items()
    }
    return {"README.md": _index([fault for fault, _ in known.values()]), **written}


def _index(known: list[Fault]) -> str:
    lines = ["# 검사 규칙 · Rules", "", _INTRODUCTION_KO, "", _INTRODUCTION]
    rooms = {
        "gate": "회원 전용 · Gate",
        "letter": "보내는 편지 · Letters",
        "lint": "회차 · Episodes",
    }
    for room, title in rooms.items():
        mine = [fault for fault in known if fault.code.startswith(f"{room}/")]
        lines += ["", f"## {title}", "", "| | | |", "|:--|:--|:--|"]
        for fault in mine:
            said = _said(fault.message, "ko")
            lines.append(f"| [`{fault.code}`]({fault.code}.md) | {fault.severity} | {said} |")
    return "\n".join(lines) + "\n"


def _said(message: str, language: str) -> str:
    """Give a wording with its fields open; a doubled brace is a brace, as when they are filled."""
    return _cell(translate(message, language).replace("{{", "{").replace("}}", "}"))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _page(fault: Fault, why: str, case: Case | None) -> str:
    parts = [f"# `{fault.code}`"]
    for language in LANGUAGES:
        severity, remedy = _LABELS[language]
        parts += [
            f"## {_TITLES[language]}",
            "**" + _said(fault.message, language) + "**",
            *([_cell(translate(why, language))] if why else []),
            f"{remedy}: " + _said(fault.remedy, language),
            f"{severity}: {_SEVERITY[language][fault.severity]}.",
        ]
    return "\n\n".join([*parts, *(_example(case) if case else ())]) + "\n"


def _example(case: Case) -> list[str]:
    places = [
        f"`{place[0]}`:{place[1]}:{place[2]}" if len(place) == 3 else f"{place[0]}:{place[1]}"
        for place in case.at
    ]
    return [
        "## 예 · Example",
        *_texts(case, case.bad),
        *_templates(case.bad_templates),
        "찾는 자리(행:열) · Found at (line:column): " + ", ".join(dict.fromkeys(places)),
        "고친 글 · Mended:",
        *_texts(case, case.good),
        *_templates(case.good_templates),
    ]


def _templates(templates: Mapping[str, str]) -> list[str]:
    return [
        f"`templates/{name}`:\n\n````jinja\n{text.rstrip()}\n````"
        for name, text in templates.items()
    ]


def _texts(case: Case, side: object) -> list[str]:
    files = case.files(case.bad if side is case.bad else case.good)
    texts = [text for name, text in files.items() if name != "series.toml"]
    short = [t if len(t) <= _SHOWN else t[:_SHOWN].rstrip() + " …" for t in texts]
    return [f"````markdown\n{text.rstrip()}\n````" for text in short]


def main() -> None:
    wanted = pages()
    for path in FOLDER.rglob("*.md"):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages")


if __name__ == "__main__":
    main()
