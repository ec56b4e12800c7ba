"""Keys that people write into a file, checked against a table of the ones that exist.

Front matter, ``series.toml`` and ``config.toml`` share this: a pydantic model says which keys
there are, and every fault comes back as a Problem at its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from publisher.files import key_faults as faults
from publisher.files.nearest import nearest
from publisher.model.problem import Fault, Place, Problem

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class RefusedError(ValueError):
    """Raised by a validator that has a fault of its own to tell."""

    def __init__(self, fault: Fault, **details: object) -> None:
        super().__init__(fault.code)
        self.fault = fault
        self.details = details


@dataclass(slots=True)
class Places:
    """Where each key and its value stand in one file; ``head`` is where a missing one would."""

    head: Place
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def key(self, path: Path) -> Place:
        """Give the place of a key, or of the nearest table around it."""
        return self._find(self.keys, path)

    def value(self, path: Path) -> Place:
        """Give the place of a value, or of the nearest table around it."""
        return self._find(self.values, path)

    def _find(self, places: Mapping[Path, Place], path: Path) -> Place:
        while path:
            if path in places:
                return places[path]
            if path in self.keys:
                return self.keys[path]
            path = path[:-1]
        return self.head

    def named(self) -> tuple[tuple[str, Place], ...]:
        """List the places of all keys by dotted name, as the model keeps them."""
        return tuple((".".join(map(str, path)), place) for path, place in self.keys.items())


def check(
    model: type[Model],
    values: dict[str, Any],
    places: Places,
    fallback: Mapping[str, Any] | None = None,
) -> tuple[Model | None, list[Problem]]:
    """Read values by a model. What is wrong is told and left out, so that the rest can be used.

    ``fallback`` has values for required keys that are missing or wrong; without them the answer
    is None.
    """
    problems: list[Problem] = []
    for attempt in range(3):
        try:
            return model.model_validate(values), problems
        except ValidationError as error:
            found = error.errors(include_url=False)
            # What was left out as wrong is missing then, and that is no news.
            news = [each for each in found if not attempt or each["type"] != "missing"]
            problems.extend(_problems(model, news, places))
            values = dict(fallback or {}) | _without(values, found)
    try:
        return model.model_validate(values), problems
    except ValidationError:
        return None, problems


def _problems(
    model: type[BaseModel], errors: list[ErrorDetails], places: Places
) -> Iterator[Problem]:
    for error in errors:
        path = tuple(error["loc"])
        name = ".".join(map(str, path))
        kind = error["type"]
        context = error.get("ctx", {})
        if kind == "extra_forbidden":
            yield _unknown(model, path, places)
        elif kind == "missing":
            # A key that was written without a value counts as missing, and stands somewhere.
            fault = faults.EMPTY if path in places.keys else faults.MISSING
            yield fault.at(places.key(path), name=name)
        elif kind == "value_error" and isinstance(context.get("error"), RefusedError):
            refused = context["error"]
            yield refused.fault.at(places.value(path), **{"name": name} | refused.details)
        else:
            fault = faults.BY_KIND.get(kind, faults.INVALID)
            details = {"name": name, "value": _short(error["input"])}
            details |= {key: str(value) for key, value in _limits(context)}
            yield fault.at(places.value(path), **details)


def _limits(context: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for key in ("max_length", "min_length", "ge", "le", "gt", "lt"):
        if key in context:
            yield "limit", context[key]
    if "expected" in context:
        yield "expected", str(context["expected"]).replace("'", "").replace(" or ", ", ")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _unknown(model: type[BaseModel], path: Path, places: Places) -> Problem:
    *around, key = path
    table = _table(model, tuple(around))
    names = list(table.model_fields) if table else []
    place = places.key(path)
    near = nearest(str(key), [*names, *faults.KOREAN_KEYS])
    near = faults.KOREAN_KEYS.get(near, near)
    if near in names:
        return faults.UNKNOWN_NEAR.at(place, name=key, nearest=near)
    return faults.UNKNOWN.at(place, name=key, names=", ".join(names))


def _table(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Find the model of the table at a path."""
    table: type[BaseModel] | None = model
    for step in path:
        if table is None:
            return None
        if isinstance(step, int) or step not in table.model_fields:
            continue
        table = _inner(table.model_fields[step].annotation)
    return table


def _inner(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if found := _inner(argument):
            return found
    return None


def _without(values: dict[str, Any], errors: list[ErrorDetails]) -> dict[str, Any]:
    """Leave out every value that is wrong, keeping what stands around it."""
    kept: dict[str, Any] = _copy(values)
    # From the last to the first, so that the numbers of list entries stay true.
    for error in sorted(errors, key=lambda e: tuple(map(str, e["loc"])), reverse=True):
        path = tuple(error["loc"])
        if error["type"] == "missing":
            path = path[:-1]
        _drop(kept, path)
    return kept


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _drop(values: Any, path: Path) -> None:
    for step in path[:-1]:
        try:
            values = values[step]
        except (KeyError, IndexError, TypeError):
            return
    if not path:
        return
    if isinstance(values, dict):
        values.pop(path[-1], None)
    elif isinstance(values, list) and isinstance(path[-1], int) and path[-1] < len(values):
        del values[path[-1]]
