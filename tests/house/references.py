"""Write the reference pages from the program itself: ``python -m tests.house.references``.

Commands are described by their own ``--help``, settings and front matter by the models that read
them, blocks by their table: a page can say nothing that the program does not do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from publisher import config
from publisher.cli import command as verbs
from publisher.cli import language
from publisher.model.publication import DARK, LIGHT
from publisher.source import schema
from publisher.source.blocks import KINDS, BlockKind
from tests.house import rules

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
_MADE = "Made by `make docs` from the program; a test keeps it fresh."
_ABOUT_SETTINGS = (
    "An unknown name or a wrong value is a problem at its line and column, with the nearest name that "
    "exists. A secret never stands in the file: the file names an environment variable or another "
    "file. Paths are relative to `config.toml`. Spans of time are written `90m`, `3h` or `1d`."
)
_ABOUT_BLOCKS = (
    "A block opens with three or more colons and its name, and closes with as many; where two nest, "
    "the outer one has more. The Korean name does the same. A publication [adds its "
    "own](templates.md) by two template files."
)
_MODES = {"theme.light": LIGHT, "theme.dark": DARK}


def pages() -> dict[str, str]:
    """Give every generated page by its name under ``docs/reference``."""
    return {"cli.md": commands(), "config.md": settings(), "episode.md": episode()}


def commands() -> str:
    """Give the page of all commands, as their ``--help`` says it in English."""
    language.choose(["--lang", "en"], {})
    # A verb is worded when its module is loaded, and that may have been in Korean in this process.
    for verb in verbs.verbs():
        sys.modules.pop(f"publisher.cli.{verb.replace('-', '_')}", None)
    sys.modules.pop("publisher.cli.import_", None)
    top = verbs.group()
    context = click.Context(top, info_name="publisher")
    lines = [
        "# Commands",
        f"{_MADE} `publisher COMMAND --help` says the same, `--lang ko` says it in Korean.",
        "Exit codes: 0 fine, 1 problems found, 2 misuse, 3 the outside world failed.",
        "A release or an episode is named `SERIES/NUMBER`, such as `ai-wont-save-us/05`.",
        *_command(top, context),
    ]
    for verb in verbs.verbs():
        found = top.get_command(context, verb)
        assert found is not None, verb
        lines += _verb(found, click.Context(found, info_name=verb, parent=context), "##")
    return _joined(lines)


def _verb(found: click.Command, context: click.Context, mark: str) -> Iterator[str]:
    yield f"{mark} {context.command_path}"
    yield from _command(found, context)
    if isinstance(found, click.Group):
        for name in found.list_commands(context):
            below = found.get_command(context, name)
            assert below is not None, name
            yield from _verb(
                below, click.Context(below, info_name=name, parent=context), f"{mark}#"
            )


def _command(found: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join([context.command_path, *found.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```"
    if found.help:
        yield " ".join(found.help.split())
    rows = [
        record
        for parameter in found.get_params(context)
        if (record := parameter.get_help_record(context))
        and record[1]
        and "--help" not in record[0]
    ]
    if rows:
        yield _table(("option", "meaning"), [(f"`{name}`", help_) for name, help_ in rows])


def settings() -> str:
    """Give the page of every setting."""
    described = config.schema()
    lines = [
        "# `config.toml`",
        f"{_MADE} `publisher schema config` prints the same as a JSON Schema.",
        _ABOUT_SETTINGS,
    ]
    for name, body in described["properties"].items():
        lines += _section(name, body, described["$defs"])
    return _joined(lines)


def _section(name: str, body: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Describe one table, then the tables in it. ``name`` is its dotted path."""
    kind, table = _inner(body, known)
    assert table is not None, name
    path = {"one": name, "list": name, "map": f"{name}.NAME"}[kind]
    yield f"## `[[{path}]]`" if kind == "list" else f"## `[{path}]`"
    yield " ".join(str(body.get("description") or table["description"]).split())
    plain = {k: v for k, v in table["properties"].items() if _inner(v, known)[1] is None}
    if name in _MODES:
        plain = {k: v | {"default": getattr(_MODES[name], k)} for k, v in plain.items()}
    if plain:
        yield _keys(plain, table.get("required", ()), known)
    for key, value in table["properties"].items():
        if key not in plain:
            yield from _section(f"{path}.{key}", value, known)


def _inner(
    body: Mapping[str, Any], known: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any] | None]:
    """Find the table that a key holds: one, a list or a map of them; None for a plain value."""
    for kind, found in (
        ("one", body),
        *(("one", choice) for choice in body.get("anyOf", ())),
        ("list", body.get("items", {})),
        ("map", body.get("additionalProperties", {})),
    ):
        if isinstance(found, Mapping) and "$ref" in found:
            return kind, known[found["$ref"].rpartition("/")[2]]
    return "one", None


def episode() -> str:
    """Give the page of front matter, ``series.toml`` and blocks."""
    front, series = schema.episode(), schema.series()
    lines = [
        "# Episodes, series, blocks",
        f"{_MADE} `publisher schema episode` and `publisher schema series` print JSON Schemas.",
        "How to write is in the [editors’ guide](../guide/editors.md).",
        "## Front matter of an episode",
        _keys(front["properties"], front["required"], front["$defs"]),
        *_groups(front, "###"),
        "## `series.toml`",
        _keys(
            {k: v for k, v in series["properties"].items() if k != "cadence"},
            series["required"],
            series["$defs"],
        ),
    ]
    cadence = series["$defs"]["CadenceKeys"]
    lines += ["### `[cadence]`", cadence["description"]]
    lines += [_keys(cadence["properties"], cadence["required"], series["$defs"])]
    lines += [
        "## Blocks",
        _ABOUT_BLOCKS,
        _table(("block", "한국어", "what it is"), [_block(kind) for kind in KINDS]),
        "### Attributes of blocks",
        _table(("block", "attribute", "what it says"), [row for k in KINDS for row in _given(k)]),
    ]
    return _joined(lines)


def _groups(described: Mapping[str, Any], mark: str) -> Iterator[str]:
    for key, value in described["properties"].items():
        _, table = _inner(value, described["$defs"])
        if table is not None:
            yield f"{mark} `{key}`"
            yield str(table["description"])
            yield _keys(table["properties"], table.get("required", ()), described["$defs"])


def _block(kind: BlockKind) -> tuple[str, ...]:
    notes = [
        f"stands in `{kind.inside}`" if kind.inside else "",
        "stands alone, in no other block" if kind.top else "",
        "once in an episode" if kind.once else "",
    ]
    told = "; ".join(note for note in notes if note)
    what = f"{kind.description} ({told})" if told else kind.description
    return f"`{kind.name}`", f"`{kind.alias}`", what


def _given(kind: BlockKind) -> Iterator[tuple[str, ...]]:
    for attribute in kind.attributes:
        needed = " Required." if attribute.required else ""
        yield f"`{kind.name}`", f"`{attribute.name}`", attribute.description + needed


def _keys(keys: Mapping[str, Any], required: Any, known: Mapping[str, Any]) -> str:
    rows = [
        (f"`{name}`", _kind(body, known), _default(name, body, required), body["description"])
        for name, body in keys.items()
    ]
    return _table(("key", "value", "default", "meaning"), rows)


def _kind(body: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """Say in a few words what may be written."""
    if "enum" in body:
        return ", ".join(f"`{choice}`" for choice in body["enum"])
    if "const" in body:
        return f"`{body['const']}`"
    if "$ref" in body:
        return "table"
    if "anyOf" in body:
        kinds = [_kind(choice, known) for choice in body["anyOf"] if choice.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    match body.get("type"):
        case "array":
            return f"list of {_kind(body['items'], known)}"
        case "object":
            return "table of names and values"
        case "string" if body.get("format") in {"date", "time"}:
            return str(body["format"])
        case "string":
            return f"text, at most {body['maxLength']:,}" if "maxLength" in body else "text"
        case "integer" | "number" as kind:
            word = {"integer": "whole number", "number": "number"}[kind]
            low, high = body.get("minimum"), body.get("maximum")
            if low is not None and high is not None:
                return f"{word}, {low:,} to {high:,}"
            return f"{word}, {low:,} or more" if low is not None else word
        case "boolean":
            return "`true` or `false`"
        case other:
            raise AssertionError(f"no words for {other}: {body}")


def _default(name: str, body: Mapping[str, Any], required: Any) -> str:
    if name in required:
        return "**required**"
    default = body.get("default")
    if default in (None, "", [], {}):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, (":--",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write these pages and those of the rules."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    rules.main()


if __name__ == "__main__":
    main()
