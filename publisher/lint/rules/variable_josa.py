"""Particles (조사) behind a variable of a template, which can fit only half of its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from publisher.lint.manuscript import MOST
from publisher.lint.places import Text
from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.model.problem import Fault, Place, Problem, Severity

VARIABLE = Fault(
    "lint/josa-variable",
    Severity.WARNING,
    "“{particle}” stands behind a variable: it fits only some of its values.",
    "Word it so that none is needed, or put a noun between them: {{{{ title }}}} 편을.",
)

_PARTICLE = re.compile(
    r"\}\}(?:</\w{1,20}>)?[”’」』》)]?(으로|은|는|이|가|을|를|과|와|로)(?=[\s.,!?<]|$)"
)


def check(reading: Reading) -> Iterator[Problem]:
    for name, source in sorted(reading.templates.items()):
        text = Text(source)
        for found in islice(_PARTICLE.finditer(source), MOST):
            place = Place(f"templates/{name}", *text.spot(found.start(1)))
            yield VARIABLE.at(place, particle=found.group(1))


RULE = LintRule(
    "A template says “{{ title }}을” of every title, also of those that want 를. One reader in two finds it broken.",
    (VARIABLE,),
    reading=check,
)
