"""An article from elsewhere as an episode file: what is sure is set, what is not is marked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from publisher.intake.body import Recogniser
from publisher.intake.doubt import KICKER, LEFT_OUT, SECOND_NUMBER
from publisher.intake.draft import Draft, tally
from publisher.intake.figures import is_caption, take_figure
from publisher.intake.foreign import parted
from publisher.intake.heads import settle_title, take_around, take_head
from publisher.intake.markup import from_html
from publisher.intake.names import file_name
from publisher.intake.passage import Form, Passage, Shape, Taken
from publisher.intake.plain import from_markdown, from_text, looks_like_markdown, tidy
from publisher.intake.refusal import NOTHING_INSIDE, TOO_LARGE, UNREADABLE, Refused
from publisher.intake.word import from_docx
from publisher.model.problem import Place, Problem
from publisher.translation import translate

LARGEST = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before an article is read: whose it will be, and which number it gets."""

    series_title: str = ""
    number: int | None = None
    membership_url: str = ""
    language: str = "ko"


@dataclass(frozen=True, slots=True)
class Article:
    """An episode file to be: its name and text, the pictures beside it, what to look at.

    ``teaser`` is what the text said of the next episode: it belongs into that one's file.
    ``left_out`` are words around the article (menus, footers, a reviewer's comments).
    """

    name: str
    number: int
    title: str
    text: str
    notes: tuple[Problem, ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = ()
    teaser: str = ""
    left_out: tuple[str, ...] = ()


def form_of(name: str, data: bytes) -> Form:
    """Say what a source is, by its first bytes, then by its name, then by how it reads."""
    if data.startswith(b"PK\x03\x04") or name.lower().endswith(".docx"):
        return Form.DOCX
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml")) or name.lower().endswith(
        (".html", ".htm", ".xhtml")
    ):
        return Form.HTML
    if name.lower().endswith((".md", ".markdown")):
        return Form.MARKDOWN
    text = data.decode("utf-8", "replace")
    if head.startswith((b"<p", b"<div", b"<article", b"<section", b"<h1", b"<h2", b"<body")):
        return Form.HTML
    return Form.MARKDOWN if looks_like_markdown(text) else Form.TEXT


def article(data: str | bytes, form: Form, known: Known | None = None, name: str = "") -> Article:
    """Turn an article into an episode file. Raises Refused for what cannot be read."""
    known = known or Known()
    taken = take(data, form, name)
    draft = _drafted(taken)
    if draft.title:
        settle_title(taken.passages, draft, known.series_title)
    return compose(taken, form, known, draft, name)


def _drafted(taken: Taken) -> Draft:
    """Take over what the front matter of another tool says; keys without a place become remarks."""
    draft = Draft()
    for key, value in taken.stated.items():
        words = " ".join(value.split())
        if key == "title" or (key == "subject" and "title" not in taken.stated):
            draft.title = words
        elif key in ("deck", "subtitle", "description") and not draft.deck:
            draft.deck = words
        elif key in ("author", "byline") and not draft.byline:
            draft.byline = words
        elif key in ("tags", "categories"):
            draft.tag(*words.split(","))
        elif words:
            draft.doubt(KICKER, f"{key}: {words}")
    return draft


def take(data: str | bytes, form: Form, name: str = "") -> Taken:
    """Take a source apart by its form."""
    if len(data) > LARGEST and form is not Form.DOCX:
        raise Refused(TOO_LARGE, name, what=name or "text", limit=LARGEST // 2**20)
    match form:
        case Form.DOCX:
            if isinstance(data, str):
                raise Refused(UNREADABLE, name, form=".docx")
            return from_docx(data, name)
        case Form.HTML:
            return from_html(data, name)
        case Form.MARKDOWN:
            stated, body = parted(tidy(_decoded(data, name)))
            taken = from_markdown(body)
            taken.stated = stated
            return taken
        case Form.TEXT:
            return from_text(_decoded(data, name))


def _decoded(data: str | bytes, name: str) -> str:
    """Decode a paste: UTF-8, UTF-16 with its mark, or the code page of older Korean files."""
    if isinstance(data, str):
        return data
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(UNREADABLE, name, form="UTF-8")


def compose(taken: Taken, form: Form, known: Known, draft: Draft, name: str = "") -> Article:
    """Turn a source taken apart into an episode file; ``draft`` holds what is known for sure."""
    flat = [part for passage in taken.passages for part in _split_labels(passage)]
    for passage in flat:
        draft.source.update(tally(passage.text))
    if not flat and not draft.title:
        raise Refused(NOTHING_INSIDE, name)
    if not draft.title:
        take_head(flat, draft, known.series_title)
    draft.title = draft.title or translate("Untitled", known.language)
    take_around(flat, draft)
    if flat and not draft.cover and (flat[0].shape is Shape.FIGURE or is_caption(flat[0])):
        count, parts = take_figure(flat, 0, draft)
        draft.cover = {key: value for key, value in parts.items() if value}
        del flat[:count]
    recogniser = Recogniser(draft, form, known.membership_url, known.language)
    draft.body = recogniser.blocks(flat)
    number = known.number if known.number is not None else draft.number or 1
    if draft.number is not None and number != draft.number:
        draft.doubts.append((SECOND_NUMBER, {"found": draft.number, "number": number}))
    target = file_name(number, draft.title)
    text = draft.write(known.language)
    if taken.left_out:
        draft.doubt(LEFT_OUT, " / ".join(taken.left_out)[:200])
    return Article(
        target,
        number,
        draft.title,
        text,
        _notes(draft, text, target),
        tuple(sorted(taken.pictures.items())),
        draft.teaser,
        tuple(taken.left_out),
    )


def _split_labels(passage: Passage) -> list[Passage]:
    """Part a paragraph that begins with the label of change and sign into its lines."""
    if passage.shape is not Shape.PARAGRAPH or "\n" not in passage.text:
        return [passage]
    lines = [line.rstrip("\\ ") for line in passage.text.split("\n")]
    labels = ("변화", "징후", "사유")
    if not any(replace(passage, text=line).plain.startswith(labels) for line in lines):
        return [passage]
    return [replace(passage, text=line) for line in lines if line.strip()]


def _notes(draft: Draft, text: str, target: str) -> tuple[Problem, ...]:
    """Give each doubt as a Problem at its mark in the file."""
    marks = [n for n, line in enumerate(text.split("\n"), 1) if line.startswith("# TODO ")]
    notes = []
    for index, (fault, details) in enumerate(draft.doubts):
        line = marks[index] if index < len(marks) else 0
        notes.append(fault.at(Place(target, line, 1 if line else 0), **details))
    return tuple(notes)
