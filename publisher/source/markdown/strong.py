"""Text in which nothing but a few words is strong: most of what an editor marks, read at once.

``**words**`` after ``**words**`` comes to the same whoever reads it, as long as each first pair of
stars can open and each second one can close: then a pair that closes always meets the one before it.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

from publisher.source.markdown import emphasis

#: Marks that mean something to another rule of the parser.
_OTHER = re.compile(r"[\n\\`_~\[\]!<&^{]")
_PAIR = "**"


def tokens(text: str) -> list[Token] | None:
    """Read such a text as the parser does, but for empty tokens; None for any other."""
    pieces = text.split(_PAIR)
    if len(pieces) % 2 == 0 or not all(pieces[1:-1]) or _OTHER.search(text):
        return None
    found: list[Token] = []
    at = 0
    for number, piece in enumerate(pieces):
        if number:
            opens = number % 2 == 1
            can_open, can_close, length = emphasis.scan(text, at, len(text), inside_words=True)
            if length != len(_PAIR) or not (can_open if opens else can_close):
                return None
            kind, nesting = ("strong_open", 1) if opens else ("strong_close", -1)
            # An element that opens stands at its second star, one that closes at its first.
            place = [at + 1 if opens else at, at]
            found.append(Token(kind, "strong", nesting, markup=_PAIR, map=place))  # type: ignore[arg-type]  # 1 and -1
            at += len(_PAIR)
        if "*" in piece:
            return None
        if piece:
            found.append(Token("text", "", 0, content=piece, map=[at, -1]))
            at += len(piece)
    return found
