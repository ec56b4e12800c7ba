"""The words of a Word file's runs as Markdown: marks tight around words, links, lines."""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from publisher.intake.passage import address, escape, escape_start
from publisher.intake.word_parts import W

BREAK = "\\\n"


def flat(written: str) -> str:
    return " ".join(written.replace(BREAK, " ").split())


def said(text: str) -> str:
    clean = "".join(c if unicodedata.category(c) != "Cc" else " " for c in text)
    return escape(unicodedata.normalize("NFC", clean))


def symbol(code: str) -> str:
    """Write a sign that was picked from a font; the private ones of old fonts mean nothing here."""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
    sign = chr(number)
    return escape(sign) if sign.isprintable() and not 0xE000 <= number <= 0xF8FF else " "


def mark(run: etree._Element) -> str:
    """Say which Markdown marks a run's look asks for."""

    def is_on(name: str) -> bool:
        found = run.find(f"{W}rPr/{W}{name}")
        return found is not None and found.get(f"{W}val", "true") not in ("0", "false", "none")

    bold, italic = is_on("b"), is_on("i")
    return "***" if bold and italic else "**" if bold else "*" if italic else ""


def joined(pieces: list[tuple[str, str]]) -> str:
    """Join runs; neighbours of one look share their marks, which stand tight around words."""
    merged: list[tuple[str, list[str]]] = []
    for mark, words in pieces:
        if merged and (merged[-1][0] == mark or not words):
            merged[-1][1].append(words)
        else:
            merged.append((mark, [words]))
    written = []
    for mark, parts in merged:
        words = "".join(parts)
        inner = words.strip()
        if not mark or not inner or "\n" in inner:
            written.append(words)
            continue
        start = words[: len(words) - len(words.lstrip())]
        stop = words[len(words.rstrip()) :]
        written.append(f"{start}{mark}{inner}{mark}{stop}")
    return "".join(written)


def link(href: str, words: str) -> str:
    if not words.strip() or not re.match(r"(?:https?://|mailto:)", href, re.IGNORECASE):
        return words
    return f"[{words.strip()}]({address(href)})" + (" " if words != words.rstrip() else "")


def lines(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split(BREAK)]
    return "\n\n".join(BREAK.join(escape_start(line) for line in group) for group in _groups(lines))


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
