"""Bytecode of templates: of those that ship alone, beside the program, and never in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from publisher.render.compiled import Compiled, beside_the_program
from publisher.render.theme import Templates

WORDS = {"ours": "{{ word }} 하나", "theirs": "{{ word }} 둘"}


class Illiterate(Environment):
    """Fills what was read before, and cannot read a template."""

    def compile(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


def kept_in(folder: Path, options: str = "", *, writes: bool = True) -> Compiled:
    return Compiled({"ours"}, options, folder, writes=writes)


def filled(name: str, kept: Compiled, kind: type[Environment] = Environment) -> str:
    environment = kind(loader=DictLoader(WORDS), bytecode_cache=kept, autoescape=True)
    return environment.get_template(name).render(word="말")


def test_a_template_that_ships_is_read_once_for_all_processes(tmp_path: Path) -> None:
    assert filled("ours", kept_in(tmp_path)) == "말 하나"
    assert filled("ours", kept_in(tmp_path), Illiterate) == "말 하나"


def test_nothing_is_kept_of_a_template_that_a_publication_brings(tmp_path: Path) -> None:
    assert filled("theirs", kept_in(tmp_path)) == "말 둘"
    assert list(tmp_path.iterdir()) == []


def test_what_lies_there_for_a_publications_template_is_not_run(tmp_path: Path) -> None:
    everybodys = Compiled(WORDS, "", tmp_path, writes=True)
    assert filled("theirs", everybodys) == "말 둘"
    with pytest.raises(NotImplementedError):
        filled("theirs", kept_in(tmp_path), Illiterate)


def test_templates_read_by_other_rules_are_others(tmp_path: Path) -> None:
    filled("ours", kept_in(tmp_path))
    with pytest.raises(NotImplementedError):
        filled("ours", kept_in(tmp_path, "trim"), Illiterate)


@pytest.mark.parametrize("left", [0, 3, 30, -9])
def test_a_torn_file_is_written_anew(tmp_path: Path, left: int) -> None:
    filled("ours", kept_in(tmp_path))
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:left])
    assert filled("ours", kept_in(tmp_path)) == "말 하나"
    assert filled("ours", kept_in(tmp_path), Illiterate) == "말 하나"


def test_a_file_that_is_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert filled("ours", kept_in(tmp_path / "file")) == "말 하나"


def test_python_is_obeyed_that_writes_no_bytecode(tmp_path: Path) -> None:
    assert filled("ours", kept_in(tmp_path, writes=False)) == "말 하나"
    assert list(tmp_path.iterdir()) == []


def test_bytecode_lies_beside_the_program() -> None:
    import publisher

    assert beside_the_program().is_relative_to(Path(publisher.__file__).parent)


def test_a_template_of_the_publication_hides_the_one_that_ships(tmp_path: Path) -> None:
    own = tmp_path / "blocks/note.html.j2"
    own.parent.mkdir()
    own.write_text("나의 것", encoding="utf-8")
    assert Templates().problems() == ()  # all that ship are read, and kept where Python may write
    assert Templates([tmp_path]).fill("blocks/note.html.j2", {}) == "나의 것"
