"""The rules that say what counts as a mistake, and the proof that the gate holds.

``check(Reading(…))`` runs every rule of ``lint/rules`` over a publication; ``gate.prove`` searches
final bytes for what only members may read; ``letter.check`` reads a final message as receivers do.
"""

from publisher.lint.checking import check, check_episode, every_code, every_rule, memory_key
from publisher.lint.reading import Reading

__all__ = ["Reading", "check", "check_episode", "every_code", "every_rule", "memory_key"]
