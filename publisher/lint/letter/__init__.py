"""The checker over final messages: it reads the octets that leave, as receivers do.

``check(message)`` takes any ``.eml``. Each way in which real letters were refused, cut, emptied or
mistaken for fraud has a code of its own, ``letter/…``. What bytes cannot show (a DNS record, an
unsubscribe address that answers to GET) is not looked for here; members' sentences are
``publisher.lint.gate``'s.
"""

from publisher.lint.letter import dress, headers, inbox, octets, page, parts
from publisher.lint.letter.copy import Copy, Expected
from publisher.model.problem import Fault, Problem, in_order

__all__ = ["Expected", "check", "faults"]

_CHECKS = (octets, headers, parts, page, dress, inbox)


def check(
    message: bytes, *, name: str = "mail.eml", expected: Expected | None = None
) -> tuple[Problem, ...]:
    """Check one final message; never fails, whatever the octets.

    Places count the raw lines of the message; those in ``name#html`` and ``name#text`` count the lines
    of that part once decoded.
    """
    copy = Copy(message, name, expected or Expected())
    return in_order(problem for module in _CHECKS for problem in module.check(copy))


def faults() -> tuple[Fault, ...]:
    """Give every fault that the checker knows, by code."""
    found = {
        value.code: value
        for module in _CHECKS
        for value in vars(module).values()
        if isinstance(value, Fault)
    }
    return tuple(found[code] for code in sorted(found))
