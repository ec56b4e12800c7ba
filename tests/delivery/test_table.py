"""The table of faults names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NAMED = re.findall(r"`([\w./]+\.py)::(\w+)`", (HERE / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda part: part)
def test_every_test_of_the_table_is_there(file: str, name: str) -> None:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))

    assert name in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def test_the_table_names_some() -> None:
    assert len(NAMED) > 40
