"""How text from elsewhere becomes an episode file: composed anew, pasted, or out of an archive.

Everything here is a pure function from text or bytes to text and bytes: nothing is read from or
written to a disk, so a verb of the command line decides where a file goes.
"""

from __future__ import annotations

from publisher.intake.approval import approve, unapprove
from publisher.intake.article import Article, Known, article
from publisher.intake.fresh import Fresh, fresh
from publisher.intake.refusal import Refused

__all__ = ["Article", "Fresh", "Known", "Refused", "approve", "article", "fresh", "unapprove"]
