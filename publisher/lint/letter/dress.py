"""The style sheets of a letter: what Gmail would drop, what the inliner lost, what the night hides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from publisher.lint.letter.copy import Html
from publisher.lint.letter.markup import Element, Markup, declarations
from publisher.lint.letter.styles import StyleRule, has_nested_media, is_balanced, rules
from publisher.model.problem import Fault, Problem, Severity

LARGE = Fault(
    "letter/style-large",
    Severity.ERROR,
    "The style sheets have {octets} octets; Gmail drops all of them beyond 16,384.",
    "Leave out rules that this letter does not use.",
)
BRACES = Fault(
    "letter/style-braces",
    Severity.ERROR,
    "The braces of a style sheet do not match.",
    "Close every block: Gmail drops the whole sheet.",
)
NESTED = Fault(
    "letter/style-nested",
    Severity.ERROR,
    "A media query stands inside another one.",
    "Write them side by side: Gmail and Outlook drop nested ones.",
)
IMPORTANT = Fault(
    "letter/style-important",
    Severity.ERROR,
    "“{declaration}” for {selector} in {query} is not !important, so the inlined style wins.",
    "Mark it !important, and keep the inliner from taking the mark away.",
)
NO_DARK = Fault(
    "letter/dark-missing",
    Severity.ERROR,
    "The letter has no {what}.",
    "Bring colours for the night: @media (prefers-color-scheme: dark), and the meta tag color-scheme.",
)
NO_TWIN = Fault(
    "letter/dark-twin",
    Severity.WARNING,
    "<{element}> has {colour} by day and no colour of its own by night.",
    "Give its class a rule in the dark media query.",
)
PURE = Fault(
    "letter/pure-colour",
    Severity.HINT,
    "<{element}> has {colour}: phones repaint pure white and black at night.",
    "Move it by a shade.",
)

_LIMIT = 16_384
_COLOURS = ("color", "background-color", "background")
_PURE = re.compile(r"^(?:#fff(?:fff)?|#000(?:000)?|white|black)$")


def check(page: Html) -> Iterator[Problem]:
    if not page.html:
        return
    styles = page.markup.styles
    size = sum(len(css.encode()) for css, _ in styles)
    if size > _LIMIT:
        yield LARGE.at(page.in_html(styles[0][1]), octets=f"{size:,}")
    if size > 2 * _LIMIT:
        return
    dark: list[StyleRule] = []
    worn = _worn(page.markup)
    for css, line in styles:
        if not is_balanced(css):
            yield BRACES.at(page.in_html(line))
            continue
        if has_nested_media(css):
            yield NESTED.at(page.in_html(line))
        for rule in rules(css):
            if rule.is_dark:
                dark.append(rule)
            yield from _important(page, worn, rule, line)
    if all(is_balanced(css) for css, _ in styles):
        yield from _night(page, dark)


def _worn(markup: Markup) -> dict[str, set[str]]:
    """Give what was inlined by the names a selector may end in: ``a``, ``.card``, ``td.card``."""
    worn: dict[str, set[str]] = {}
    for tag in {element.opening for element in markup.elements}:
        for name in tag.names if tag.style else ():
            worn.setdefault(name, set()).update(tag.style)
    return worn


def _important(
    page: Html, worn: dict[str, set[str]], rule: StyleRule, line: int
) -> Iterator[Problem]:
    """A rule in a media query must beat what was inlined; what was not needs no force."""
    if not (rule.is_dark or rule.is_narrow) or rule.selector.startswith(":root"):
        return
    weak = _weak(rule.body)
    ends = _ends(rule.selector) if weak else ()
    inlined = {key for end in ends for key in worn.get(end, ())}
    for name, value in weak.items():
        if any(
            key == name or key.startswith(f"{name}-") or name.startswith(f"{key}-")
            for key in inlined
        ):
            yield IMPORTANT.at(
                page.in_html(line),
                declaration=f"{name}: {value}"[:60],
                selector=rule.selector[:60],
                query=rule.around[-1][:60],
            )


@lru_cache(maxsize=512)
def _weak(body: str) -> Mapping[str, str]:
    """Give the declarations of a rule that are not !important."""
    return {
        name: value
        for name, value in declarations(body).items()
        if "!important" not in value.replace(" ", "")
    }


def _night(page: Html, dark: list[StyleRule]) -> Iterator[Problem]:
    metas = {meta.get("name") for meta in page.markup.all("meta")}
    for name in ("color-scheme", "supported-color-schemes"):
        if name not in metas:
            yield NO_DARK.at(page.in_html(1), what=f"<meta name={name}>")
    if not dark:
        yield NO_DARK.at(page.in_html(1), what="@media (prefers-color-scheme: dark)")
        return
    painted = tuple((rule.selector, rule.body) for rule in dark)
    text, ground = _painted(painted, "color"), _painted(painted, "background")
    speaking = {id(element) for element in _speaking(page.markup)}
    told: set[tuple[str, frozenset[str], str]] = set()
    for element in page.markup.elements:
        style = element.opening.style
        for name in _COLOURS if style else ():
            key = (element.opening.name, element.opening.classes, name)
            colour = style.get(name, "")
            if not colour or key in told or element.hidden or not _is_colour(colour):
                continue
            told.add(key)
            if _PURE.match(colour):
                yield PURE.at(page.in_html(element.line), element=_name(element), colour=colour)
            if name == "color" and id(element) not in speaking:
                continue
            if not _is_named(element, text if name == "color" else ground):
                yield NO_TWIN.at(
                    page.in_html(element.line), element=_name(element), colour=f"{name}: {colour}"
                )


def _speaking(markup: Markup) -> Iterator[Element]:
    """Give the elements whose colour some words are really shown in: the nearest that has one."""
    for words in markup.words:
        element = words.parent
        while element is not None and "color" not in element.opening.style:
            element = element.parent
        if element is not None:
            yield element


def _is_colour(value: str) -> bool:
    return bool(re.match(r"#|rgb|hsl|[a-z]+$", value)) and value not in (
        "inherit",
        "transparent",
        "none",
        "currentcolor",
        "initial",
    )


@lru_cache(maxsize=16)
def _painted(dark: tuple[tuple[str, str], ...], name: str) -> frozenset[str]:
    """Give the last part of each selector that the night repaints: ``a``, ``.card``, ``td.card``."""
    ends: set[str] = set()
    for selector, body in dark:
        if any(key == name or key == f"{name}-color" for key in declarations(body)):
            ends |= _ends(selector)
    return frozenset(ends)


@lru_cache(maxsize=512)
def _ends(selector: str) -> frozenset[str]:
    """Give the last part of each selector of a rule."""
    return frozenset(re.split(r"[\s>+~]+", one.strip())[-1] for one in selector.split(","))


def _is_named(element: Element, ends: frozenset[str]) -> bool:
    return not ends.isdisjoint(element.opening.names)


def _name(element: Element) -> str:
    return ".".join([element.tag, *sorted(element.opening.classes)])
