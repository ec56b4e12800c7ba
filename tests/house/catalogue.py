"""Refresh the translation catalogues: ``python -m tests.house.catalogue`` (``make catalogue``).

Message ids are found in ``Fault(code, severity, message, remedy)``, in ``translate(message, …)``
and in ``words(message)``; each room of the house has its own catalogue. What is already
translated stays; what is gone from the sources goes; new ids wait, empty, for a translator.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from publisher.translation import REASONS

PACKAGE = Path(__file__).parents[2] / "publisher"
#: What readers are told stands in the templates, as ``say(message)``; render speaks for them.
TEMPLATES = PACKAGE.parent / "templates"
KEYWORDS = {"Fault": (3, 4), "LintRule": None, "translate": None, "words": None, "say": None}
#: The library that reads the command line, and its domain of messages.
BORROWED = "click"
#: Languages other than English, which the ids are.
TRANSLATED = ("ko",)
#: The compiled form wants dates; one that never moves keeps its bytes.
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def borrowed(language: str) -> tuple[bytes, bytes]:
    """Give the .po and .mo with the words that the command line's library says itself.

    Only what is translated is in it: a library has more to say than its users get to see.
    """
    path = path_of(BORROWED, language)
    translated = Catalog(
        locale=language, fuzzy=False, charset="utf-8", creation_date=EPOCH, revision_date=EPOCH
    )
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id:
                translated.add(message.id, message.string)
    source, body, binary = io.BytesIO(), io.BytesIO(), io.BytesIO()
    source.write(HEADER.format(language=language).encode())
    write_po(body, translated, omit_header=True, width=100)
    source.write(body.getvalue())
    write_mo(binary, translated)
    return source.getvalue(), binary.getvalue()


def said_by_the_library() -> set[str]:
    """Give every message id that the library of the command line has, singular forms."""
    folder = Path(str(files(BORROWED)))
    rows = extract_from_dir(folder, [("**.py", "python")], keywords={"_": None, "ngettext": (1, 2)})
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in rows}


def rooms() -> list[str]:
    """Name every room of the package: folders, and modules that stand alone."""
    found = [p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()]
    found += [p.stem for p in PACKAGE.glob("*.py") if not p.stem.startswith("__")]
    return sorted(found)


def ids(room: str) -> list[str]:
    """Give the message ids a room uses, in the order of its files, each once."""
    folder = PACKAGE / room
    if folder.is_dir():
        rows = extract_from_dir(folder, [("**.py", "python")], keywords=KEYWORDS)
        messages = [(name, line, text) for name, line, text, _, _ in rows]
        if room == "render":
            said = extract_from_dir(
                TEMPLATES, [("**.j2", "jinja2.ext:babel_extract")], keywords={"say": None}
            )
            messages += [(f"templates/{name}", line, text) for name, line, text, _, _ in said]
    else:
        file = folder.with_suffix(".py")
        found = extract_from_file("python", file, keywords=KEYWORDS)
        messages = [(file.name, line, text) for line, text, _, _ in found]
        if room == "translation":
            messages += [(file.name, 0, reason) for reason in REASONS]
    unique: dict[str, None] = {}
    for _, _, text in sorted(messages, key=lambda row: (row[0], row[1])):
        for single in (text,) if isinstance(text, str) else text:
            if single:
                unique.setdefault(single)
    return list(unique)


def path_of(room: str, language: str, ending: str = "po") -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"{room}.{ending}"


def stored(room: str, language: str) -> dict[str, str]:
    """Read what is translated so far: id to wording."""
    path = path_of(room, language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file)
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string and not m.fuzzy}


def compiled(room: str, language: str) -> tuple[bytes, bytes]:
    """Give the bytes that the room's .po and .mo should have: no dates, no line numbers."""
    known = stored(room, language)
    everything = Catalog(locale=language, fuzzy=False)
    translated = Catalog(
        locale=language, fuzzy=False, charset="utf-8", creation_date=EPOCH, revision_date=EPOCH
    )
    for single in ids(room):
        everything.add(single, known.get(single, ""))
        if known.get(single):
            translated.add(single, known[single])
    source, body, binary = io.BytesIO(), io.BytesIO(), io.BytesIO()
    source.write(HEADER.format(language=language).encode())
    write_po(body, everything, omit_header=True, width=100)
    source.write(body.getvalue())
    write_mo(binary, translated)
    return source.getvalue(), binary.getvalue()


def main() -> None:
    for language in TRANSLATED:
        source, binary = borrowed(language)
        path_of(BORROWED, language).write_bytes(source)
        path_of(BORROWED, language, "mo").write_bytes(binary)
        for room in rooms():
            texts = ids(room)
            po, mo = path_of(room, language), path_of(room, language, "mo")
            if not texts:
                po.unlink(missing_ok=True)
                mo.unlink(missing_ok=True)
                continue
            po.parent.mkdir(parents=True, exist_ok=True)
            po.write_bytes(compiled(room, language)[0])
            mo.write_bytes(compiled(room, language)[1])
            missing = [text for text in texts if not stored(room, language).get(text)]
            print(f"{language} {room}: {len(texts)} messages, {len(missing)} to translate")
            for text in missing:
                print(f"    {text}")


if __name__ == "__main__":
    main()
