"""The checker over final messages: it reads the octets that leave, as receivers do.

``check(message)`` takes any ``.eml``. Each way in which real letters were refused, cut, emptied or
mistaken for fraud has a code of its own, ``letter/…``. What bytes cannot show (a DNS record, an
unsubscribe address that answers to GET) is not looked for here; members' sentences are
``publisher.lint.gate``'s.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from publisher.lint.letter import dress, headers, inbox, octets, page, parts
from publisher.lint.letter.copy import Copy, Expected, Html, under
from publisher.model.problem import Fault, Problem, in_order

__all__ = ["Expected", "check", "faults"]

#: How often one thing is told of one message: who has mended so many will look again.
MOST = 20
_CHECKS = (octets, headers, parts, inbox)
#: They look at nothing but the HTML, which the editions of an episode often have in common.
_OF_HTML = (page, dress)


def check(
    message: bytes, *, name: str = "mail.eml", expected: Expected | None = None
) -> tuple[Problem, ...]:
    """Check one final message; never fails, whatever the octets.

    Places count the raw lines of the message; those in ``name#html`` and ``name#text`` count the lines
    of that part once decoded.
    """
    copy = Copy(message, name, expected or Expected())
    found = (problem for module in _CHECKS for problem in module.check(copy))
    return in_order((*_first(found), *(under(name, problem) for problem in _in_html(copy.html))))


@lru_cache(maxsize=2)
def _in_html(html: str) -> tuple[Problem, ...]:
    alone = Html(html)
    return tuple(_first(problem for module in _OF_HTML for problem in module.check(alone)))


def _first(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Tell each fault of a message ``MOST`` times at most."""
    told: Counter[str] = Counter()
    for problem in problems:
        told[problem.code] += 1
        if told[problem.code] <= MOST:
            yield problem


def faults() -> tuple[Fault, ...]:
    """Give every fault that the checker knows, by code."""
    found = {
        value.code: value
        for module in (*_CHECKS, *_OF_HTML)
        for value in vars(module).values()
        if isinstance(value, Fault)
    }
    return tuple(found[code] for code in sorted(found))
