"""Front matter of other tools: read as names and texts, nothing more."""

from __future__ import annotations

import re

import yaml

_HEAD = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
#: Characters of front matter that are read; no letter has more.
LONGEST = 64 * 1024
#: Brackets that may open in it: each is weighed again at every word that follows.
BRACKETS = 400


class _Plain(yaml.BaseLoader):
    """Reads every scalar as text and refuses aliases: no bomb, no object, no guess."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


def parted(text: str) -> tuple[dict[str, str], str]:
    """Part front matter from the text under it; what cannot be read stays text.

    Keys come in lower case with underscores; lists are joined by commas; what is nested deeper
    comes under its last name.
    """
    found = _HEAD.match(text)
    if found is None or len(found[1]) > LONGEST or _is_nested(found[1]):
        return {}, text
    try:
        whole = yaml.load(found[1], _Plain)  # noqa: S506 -- a loader that makes only text
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}, text
    if not isinstance(whole, dict):
        return {}, text
    stated: dict[str, str] = {}
    _flatten(whole, stated)
    return stated, text[found.end() :]


def _is_nested(matter: str) -> bool:
    """Say whether so many brackets open that reading them takes longer than any letter is worth."""
    return matter.count("[") + matter.count("{") > BRACKETS


def _flatten(whole: dict[object, object], into: dict[str, str]) -> None:
    for key, value in whole.items():
        name = str(key).strip().lower().replace("-", "_")
        if isinstance(value, dict):
            _flatten(value, into)
        elif isinstance(value, list):
            into[name] = ", ".join(_words(one) for one in value)
        else:
            into[name] = str(value)


def _words(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_words(one) for one in value.values())
    if isinstance(value, list):
        return " ".join(_words(one) for one in value)
    return str(value)
