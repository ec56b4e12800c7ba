"""The rules of the house that no other tool proves."""

import ast
import dataclasses
import importlib
import pkgutil
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

import publisher.model

PACKAGE = Path(publisher.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations/versions" not in p.as_posix())
LONGEST = 400
#: Modules longer than a room should be, each with the reason it is not split.
LONGER: dict[str, str] = {
    "config.py": "every setting stands in one file, as in config.toml",
}
#: Words of the field that mean something else here; see docs/architecture.md.
REFUSED_WORDS = {"Issue", "Campaign", "Message", "Post", "Job", "Task", "Item"}


def names(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def model_classes() -> Iterator[type]:
    for info in pkgutil.iter_modules(publisher.model.__path__, "publisher.model."):
        module = importlib.import_module(info.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and thing.__module__ == info.name:
                yield thing


def test_modules_are_small_enough_to_hold_in_the_head() -> None:
    lengths = {names(m): len(m.read_text(encoding="utf-8").splitlines()) for m in MODULES}

    too_long = {n: size for n, size in lengths.items() if size > LONGEST and n not in LONGER}
    assert too_long == {}
    assert statistics.median(lengths.values()) <= 150


def test_no_room_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc"}

    assert [names(m) for m in MODULES if m.stem in drawers or m.parent.name in drawers] == []


@pytest.mark.parametrize("module", MODULES, ids=names)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))

    docstring = ast.get_docstring(tree) or ""
    assert len(docstring.split()) >= 3, f"{names(module)} opens without a sentence"


def test_the_model_is_frozen() -> None:
    records = [c for c in model_classes() if dataclasses.is_dataclass(c)]

    assert len(records) > 20
    assert [c.__name__ for c in records if not c.__dataclass_params__.frozen] == []  # type: ignore[attr-defined]  # set by dataclass()


def test_the_model_speaks_the_words_of_the_house() -> None:
    assert [c.__name__ for c in model_classes() if c.__name__ in REFUSED_WORDS] == []
