"""An independent reading of header fields: RFC 5322 unfolding and RFC 2047 decoding by hand.

Shares no code with the writer and none with the standard library's decoder.
"""

from __future__ import annotations

import base64
import re

_WORD = re.compile(rb"=\?([A-Za-z0-9-]+)\?([bB])\?([A-Za-z0-9+/=]*)\?=")


def unfolded(field: bytes) -> tuple[str, bytes]:
    """Split one field into its name and its unfolded value."""
    assert field.endswith(b"\r\n")
    assert re.search(rb"\r\n[^ \t]", field) is None
    name, _, value = field[:-2].replace(b"\r\n", b"").partition(b":")
    return name.decode("ascii"), value.removeprefix(b" ")


def decoded(value: bytes) -> str:
    """Decode a value: white space between two encoded words is not there, all other is."""
    shown: list[str] = []
    last_was_word = False
    for token in re.split(rb"([ \t]+)", value):
        word = _WORD.fullmatch(token)
        if word:
            if last_was_word and shown and not shown[-1].strip(" \t"):
                shown.pop()
            assert word[1].lower() == b"utf-8"
            # Each word alone must be whole characters.
            shown.append(base64.b64decode(word[3], validate=True).decode("utf-8"))
            last_was_word = True
        else:
            shown.append(token.decode("ascii"))
            last_was_word = last_was_word and not token.strip(b" \t")
    return "".join(shown)


def faults(field: bytes) -> list[str]:
    """List what receivers would reject in one field."""
    found = []
    for line in field.split(b"\r\n"):
        if len(line) > 998:
            found.append("a line over 998 octets")
        if b"=?" in line and len(line) > 76:
            found.append("a line of encoded words over 76 octets")
        if len(line) > 78 and b" " in line.strip():
            found.append("a line over 78 octets that could be folded")
        found += ["a word over 75" for w in re.findall(rb"=\?\S*?\?=", line) if len(w) > 75]
    if b"?==?" in field:
        found.append("words glued together")
    if not field.isascii() or re.search(rb"[^\x20-\x7e]", field.replace(b"\r\n", b"")):
        found.append("octets outside printable ASCII")
    return found
