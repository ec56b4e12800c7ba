"""Templates: one override is one file; a broken one is a Problem at its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from publisher.render.theme import TemplateFault, Templates, shipped


def folder_with(tmp_path: Path, name: str, source: str) -> Path:
    file = tmp_path / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    return tmp_path / "templates"


def fault(tmp_path: Path, source: str) -> str:
    templates = Templates([folder_with(tmp_path, "blocks/x.html.j2", source)])
    with pytest.raises(TemplateFault) as caught:
        templates.fill("blocks/x.html.j2", {"known": 1})
    return str(caught.value.problem)


def test_overriding_one_file_overrides_that_file_alone(tmp_path: Path) -> None:
    mine = Templates([folder_with(tmp_path, "blocks/note.html.j2", "나의 것")])
    assert mine.fill("blocks/note.html.j2", {}) == "나의 것"
    assert set(mine.sources) == set(Templates().sources)
    assert mine.sources["blocks/note.txt.j2"] == Templates().sources["blocks/note.txt.j2"]
    assert mine.digest != Templates().digest


def test_a_forgotten_word_is_a_problem_at_its_line(tmp_path: Path) -> None:
    assert fault(tmp_path, "<p>\n{{ known }}\n{{ forgotten }}</p>").startswith(
        "templates/blocks/x.html.j2:3:1: error render/template-undefined: "
    )


def test_bad_syntax_is_a_problem_at_its_line(tmp_path: Path) -> None:
    assert fault(tmp_path, "<p>\n{% if %}").startswith(
        "templates/blocks/x.html.j2:2:1: error render/template-syntax: "
    )


def test_what_stops_a_template_is_a_problem_at_its_line(tmp_path: Path) -> None:
    assert fault(tmp_path, "{{ 1 // 0 }}").startswith(
        "templates/blocks/x.html.j2:1:1: error render/template-failed: "
    )


@pytest.mark.parametrize(
    "source",
    ["{{ known.__class__.__mro__ }}", "{{ ''.__class__ }}", "{% include '/etc/passwd' %}", "{% include '../../pyproject.toml' %}"],
)  # fmt: skip
def test_a_template_reaches_nothing_beyond_its_folder(tmp_path: Path, source: str) -> None:
    assert ": error render/template-" in fault(tmp_path, source)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "blocks/x.html.j2", "x")
    outside = tmp_path / "outside.j2"
    outside.write_text("secret")
    (folder / "blocks" / "y.html.j2").symlink_to(outside)
    with pytest.raises(
        TemplateFault, match=r"templates/blocks/y\.html\.j2:1:1: error files/outside"
    ):
        Templates([folder])


def test_a_template_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "blocks/x.html.j2", "x")
    (folder / "blocks" / "x.html.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(
        TemplateFault, match=r"templates/blocks/x\.html\.j2:1:1: error files/encoding"
    ):
        Templates([folder])


def test_a_pipe_under_a_name_of_a_template_is_a_problem_and_no_wait(tmp_path: Path) -> None:
    """Opening it would wait for somebody to write into it, for ever."""
    folder = folder_with(tmp_path, "blocks/x.html.j2", "x")
    os.mkfifo(folder / "mail.html.j2")
    with pytest.raises(
        TemplateFault, match=r"templates/mail\.html\.j2:1:1: error files/not-a-file"
    ):
        Templates([folder])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything; run as another user")
def test_a_folder_of_templates_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """To pass over it would send mails in a dress that is not the publication’s."""
    folder = folder_with(tmp_path, "blocks/x.html.j2", "x")
    (folder / "blocks").chmod(0)
    try:
        with pytest.raises(TemplateFault, match=r"^templates/blocks: error files/unreadable"):
            Templates([folder])
    finally:
        (folder / "blocks").chmod(0o755)


def test_every_template_that_ships_parses() -> None:
    assert Templates().problems() == ()
    assert shipped().is_dir()


def test_all_blocks_of_the_contract_have_their_pair() -> None:
    assert Templates().blocks >= {
        *("signs", "quote", "original", "profile", "note", "thought"),
        *("members", "cta", "next", "related"),
    }


@pytest.mark.parametrize(
    "sheet",
    [
        "{% set c = theme.light %}\np { color: {{ c.ink }}; font-family: {{ theme.fonts | safe }} }",
        "p { color: {{ c.ink }} }",
        "p { top: {{ episode.number }}px }",
        "{% if episode.number > 1 %}p { top: 1px }{% endif %}",
        "{% set c = episode %}p { top: {{ c.number }}px }",
    ],
)
def test_a_sheet_is_filled_for_each_letter_unless_it_speaks_of_the_theme_alone(
    sheet: str, tmp_path: Path
) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/inline.css.j2").write_text(sheet)
    (tmp_path / "mail/episode.html.j2").write_text(
        "{% set c = {'ink': episode.number} %}<style>{% include 'mail/inline.css.j2' %}</style>"
    )
    templates = Templates([tmp_path])
    for number, ink in ((1, "#111"), (2, "#222"), (2, "#333")):
        theme = {"light": {"ink": ink}, "fonts": f"a{number}"}
        context = {"theme": theme, "episode": {"number": number}}
        one = templates.fill("mail/episode.html.j2", context)
        assert one == Templates([tmp_path]).fill("mail/episode.html.j2", context)
