"""The templates: the publication's own over the ones that ship with the package.

Overriding one file overrides that file alone. All files are read once, so a render never
touches the disk, sees no half-saved template, and can name its templates by a digest.
Templates run in a sandbox and can include nothing that is not a template.
"""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from functools import cached_property
from pathlib import Path
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2 import TemplateSyntaxError as _SyntaxError
from jinja2 import UndefinedError as _UndefinedError
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from publisher.files import faults as file_faults
from publisher.files.text import read
from publisher.model.edition import digest_of
from publisher.model.problem import Fault, Place, Problem, ProblemError, Severity
from publisher.render.columns import centred, framed, prefixed, wrapped
from publisher.render.compiled import Compiled, beside_the_program
from publisher.render.legible import legible

#: A template larger than this is not a template.
LARGEST = 512 * 1024
#: Words that a sheet may take from the theme, and from nothing else.
_SAID = re.compile(r"\{\{ (?:c|theme)\.\w+(?: \| safe)? \}\}|\{% set c = theme\.(?:light|dark) %\}")
_ASKS = re.compile(r"""\baudience\b|\bepisode\s*\.\s*text\b|\[\s*['"]text|\|\s*attr\b""")

SYNTAX = Fault(
    "render/template-syntax",
    Severity.ERROR,
    "The template cannot be read: {reason}.",
    "Mend the line, or delete the file to use the template that ships with the publisher.",
)
UNDEFINED = Fault(
    "render/template-undefined",
    Severity.ERROR,
    "The template uses a word that nothing defines: {reason}.",
    "Correct the name; the reference of templates lists what each template is given.",
)
MISSING = Fault(
    "render/template-missing",
    Severity.ERROR,
    "There is no template {name}.",
    "Add the file to the templates folder; a block needs both NAME.html.j2 and NAME.txt.j2.",
)
FAILED = Fault(
    "render/template-failed",
    Severity.ERROR,
    "The template stopped: {reason}.",
    "Mend the line, or delete the file to use the template that ships with the publisher.",
)


class TemplateFault(ProblemError):  # noqa: N818 -- the house word for what somebody can mend
    """A template that cannot be used, as a Problem at its path and line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def shipped() -> Path:
    """Find the templates that ship: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1] / "templates"
    return package if package.is_dir() else Path(__file__).parents[2] / "templates"


def collect(folders: Iterable[Path]) -> dict[str, str]:
    """Read every ``*.j2`` of the folders; the first folder that has a name wins.

    Raises TemplateFault for a file that is no ordinary one, may not be read, is not UTF-8, is too
    large, or leads out of its folder.
    """
    found: dict[str, str] = {}
    for folder in folders:
        root = folder.resolve()
        for path in sorted(_within(root)):
            name = path.relative_to(root).as_posix()
            if name not in found:
                found[name] = _read(path, root, name)
    return dict(sorted(found.items()))


def _within(root: Path) -> Iterator[Path]:
    """Find the templates of a folder; one that may not be looked into is told, not passed over."""

    def refuse(failure: OSError) -> None:
        if isinstance(failure, FileNotFoundError):
            return  # taken away while it was looked for
        inside = Path(failure.filename or root).relative_to(root).as_posix().removeprefix(".")
        place = Place(f"templates/{inside}".rstrip("/"))
        raise TemplateFault(file_faults.UNREADABLE.at(place, name=place.path)) from None

    for folder, _, names in os.walk(root, onerror=refuse):
        yield from (Path(folder, name) for name in names if name.endswith(".j2"))


def _read(path: Path, root: Path, name: str) -> str:
    found = read(path, root, LARGEST)
    if isinstance(found, str):
        return found
    where = place_of(name, found.place.line)
    raise TemplateFault(replace(found, place=replace(where, column=found.place.column)))


def place_of(name: str, line: int = 0) -> Place:
    """Say where a template stands, as an editor of the publication would name it."""
    return Place(f"templates/{name}", line, 1 if line else 0)


class _Shelf(BaseLoader):
    """Hands the collected sources to Jinja under the path an editor knows them by."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def get_source(self, environment: object, template: str) -> tuple[str, str, None]:
        if template not in self.sources:
            raise TemplateNotFound(template)
        return self.sources[template], place_of(template).path, None

    def list_templates(self) -> list[str]:
        return list(self.sources)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, that asks about a record of ours only whether the name is a private one.

    It comes to the same answer by a dozen checks, a hundred times a page. The ``sheets`` named
    say nothing but the colours and fonts of the theme: they are filled once for all letters.
    """

    def __init__(self, sheets: Container[str], **options: Any) -> None:
        super().__init__(**options)
        self._ours: dict[type, bool] = {}
        self._sheets = sheets
        self._filled: dict[str, _Filled] = {}

    def get_template(self, name: str | Template, *args: Any, **more: Any) -> Template:
        template = super().get_template(name, *args, **more)
        known = template.name or ""
        if known in self._sheets and known not in self._filled:
            self._filled[known] = _Filled(template.root_render_func)
            template.root_render_func = self._filled[known]
        return template

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        kind = type(obj)
        if kind not in self._ours:
            self._ours[kind] = is_dataclass(kind) and kind.__module__.startswith("publisher.")
        if self._ours[kind]:
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Read what a record of ours holds; only methods, of texts among them, need a second look."""
        if self._ours.get(type(obj)) and attribute[:1] != "_":
            value = getattr(obj, attribute, _LACKING)
            if value is not _LACKING and not isinstance(value, _METHODS):
                return value
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a plain function of ours as it is: unmarked, it is safe and asks for no context."""
        plain = getattr(obj, "__func__", obj)
        if type(plain) is FunctionType and not plain.__dict__ and _is_ours(plain):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)


_LACKING, _METHODS = object(), (MethodType, BuiltinMethodType)


def _is_ours(plain: FunctionType) -> bool:
    return (plain.__module__ or "").startswith("publisher.")


class _Filled:
    """A sheet as the last theme filled it."""

    def __init__(self, fill: Callable[[Context], Iterator[str]]) -> None:
        self._fill = fill
        self._last: tuple[object, str] | None = None

    def __call__(self, context: Context) -> Iterator[str]:
        theme, last = context.get("theme"), self._last
        if last is None or last[0] is not theme:
            last = self._last = (theme, "".join(self._fill(context)))
        yield last[1]


def _is_of_theme(source: str) -> bool:
    """Say whether a template speaks of nothing but the theme."""
    said = _SAID.findall(source)
    first = said[0] if said else ""
    is_named = first.startswith("{% set c") or not any("{ c." in each for each in said)
    return is_named and source.count("{{") + source.count("{%") == len(said)


#: What decides how a template is read, beside its words: all that its bytecode depends on.
_SPACES = {"trim_blocks": True, "lstrip_blocks": True}
_FILTERS = {"wrapped": wrapped, "prefixed": prefixed, "framed": framed, "centred": centred}


class Templates:
    """The templates of a publication, ready to fill."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        ours = collect([shipped()])
        theirs = collect(f for f in folders if f.resolve() != shipped().resolve())
        self.sources = dict(sorted((ours | theirs).items()))
        self.digest = digest_of(*(part for pair in self.sources.items() for part in pair))
        self._environment = _Sandbox(
            {n for n, s in self.sources.items() if n.endswith(".css.j2") and _is_of_theme(s)},
            loader=_Shelf(self.sources),
            undefined=StrictUndefined,
            autoescape=lambda name: not (name or "").endswith(".txt.j2"),
            cache_size=-1,
            auto_reload=False,
            bytecode_cache=Compiled(
                ours.keys() - theirs.keys(), repr((_SPACES, sorted(_FILTERS))), beside_the_program()
            ),
            **_SPACES,
        )
        self._environment.filters.update(_FILTERS)

    @cached_property
    def tell_audiences(self) -> bool:
        """Say whether a template asks for whom it is set, or for the source that only members see.

        Gate and call to membership are not a template's business, so none that ships does.
        """
        rooms = ("mail/", "page/", "blocks/")
        return any(_ASKS.search(s) for name, s in self.sources.items() if name.startswith(rooms))

    @property
    def blocks(self) -> frozenset[str]:
        """Name the blocks that can be set: those with both an HTML and a text template."""
        pairs = [
            {n[7 : -len(end)] for n in self.sources if n.startswith("blocks/") and n.endswith(end)}
            for end in (".html.j2", ".txt.j2")
        ]
        return frozenset(pairs[0] & pairs[1])

    def fill(self, name: str, context: Mapping[str, object]) -> str:
        """Fill one template. Raises TemplateFault with the template's path and line."""
        try:
            return legible(self._environment.get_template(name).render(context))
        except TemplateFault:
            raise
        except Exception as fault:
            raise TemplateFault(_problem(fault, name)) from fault

    def problems(self) -> tuple[Problem, ...]:
        """Read every template and report the ones that do not parse."""
        found = []
        for name in self.sources:
            try:
                self._environment.get_template(name)
            except TemplateError as fault:
                found.append(_problem(fault, name))
        return tuple(found)


def _problem(fault: Exception, name: str) -> Problem:
    """Turn what Jinja raised into a fault at the innermost template line it passed through."""
    if isinstance(fault, TemplateNotFound):
        return MISSING.at(_where(fault, name), name=fault.name or name)
    if isinstance(fault, _SyntaxError):
        inside = (fault.filename or place_of(name).path).removeprefix("templates/")
        return SYNTAX.at(place_of(inside, fault.lineno), reason=fault.message or "syntax")
    kind = UNDEFINED if isinstance(fault, _UndefinedError) else FAILED
    reason = str(fault) or type(fault).__name__
    return kind.at(_where(fault, name), reason=reason.rstrip("."))


def _where(fault: Exception, name: str) -> Place:
    frames = traceback.extract_tb(fault.__traceback__)
    lines = [f for f in frames if f.filename.startswith("templates/")]
    if not lines:
        return place_of(name)
    return place_of(lines[-1].filename.removeprefix("templates/"), lines[-1].lineno or 0)


def origin(macro: Callable[..., str]) -> object:
    """Tell macros apart: every page imports them anew, what they were compiled to stays the same."""
    if not isinstance(macro, Macro):
        raise TypeError("once() takes a macro first")
    return macro._func.__code__
