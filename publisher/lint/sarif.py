"""Problems as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from publisher.model.problem import Fault, Problem, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}

#: Says a problem, and what to do about it, in some language.
Wording = Callable[[Problem], str]


def _message(problem: Problem) -> str:
    return problem.message


def _remedy(problem: Problem) -> str:
    return problem.remedy


def sarif(
    problems: Iterable[Problem],
    *,
    version: str,
    message: Wording = _message,
    remedy: Wording = _remedy,
    page: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """Give one SARIF log with one run; columns count characters, as ``columnKind`` says.

    ``page`` gives the address of a rule's page by its code. Paths stay relative to the
    publication (``PUBLICATION``).
    """
    found = tuple(problems)
    codes = sorted({problem.code: problem.fault for problem in found}.items())
    index = {code: number for number, (code, _) in enumerate(codes)}
    driver: dict[str, Any] = {
        "name": "publisher",
        "version": version,
        "rules": [_rule(fault, page) for _, fault in codes],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    "PUBLICATION": {"description": {"text": "The folder of config.toml."}}
                },
                "results": [_result(p, index[p.code], message, remedy) for p in found],
            }
        ],
    }


def _rule(fault: Fault, page: Callable[[str], str] | None) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": fault.code,
        "shortDescription": {"text": fault.message},
        "help": {"text": fault.remedy},
        "defaultConfiguration": {"level": _LEVELS[fault.severity]},
    }
    if page is not None:
        rule["helpUri"] = page(fault.code)
    return rule


def _result(problem: Problem, index: int, message: Wording, remedy: Wording) -> dict[str, Any]:
    place = problem.place
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(place.path), "uriBaseId": "PUBLICATION"}
    }
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{message(problem)} {remedy(problem)}"},
        "locations": [{"physicalLocation": physical}],
    }
