"""The pictures that belong to an episode's page: those in its text, and the card drawn for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from publisher.model.body import Body, Figure, Image, Picture, inlines, runs, walk
from publisher.model.episode import Series
from publisher.model.setting import Setting, episode_path
from publisher.render.address import picture_path
from publisher.render.legible import one_line
from publisher.render.page.painter import Painter
from publisher.render.words import numbered


def of_series(series: Series) -> tuple[Picture, ...]:
    """Give the pictures that stand in every episode of a series: in its intro and its footer."""
    return (*_in_body(series.intro), *_in_body(series.footer))


def may_have_pictures(setting: Setting) -> bool:
    """Say whether pictures may stand in the text: to look at it spares a walk through most trees."""
    return "![" in setting.episode.text or not setting.episode.text


def pictures(setting: Setting, shared: Sequence[Picture], *, inside: bool) -> dict[str, Picture]:
    """Give every local picture of an episode and its series by the path it is published at.

    Those behind the gate too: members' mails show them, and their addresses cannot be guessed.
    ``shared`` are those of its series; ``inside`` says whether some may stand in the text.
    """
    episode = setting.episode
    found = [episode.cover.picture] if episode.cover else []
    if inside:
        found += _in_body(episode.body)
    named = ((picture_path(setting, picture), picture) for picture in (*found, *shared))
    return {path: picture for path, picture in named if path and picture.path}


def _in_body(body: Body) -> Iterator[Picture]:
    nodes = (*body.nodes, *(node for note in body.footnotes for node in note.children))
    for node in walk(nodes):
        if isinstance(node, Figure):
            yield node.picture
        for run in runs(node):
            yield from (mark.picture for mark in inlines(run) if isinstance(mark, Image))


def _words(setting: Setting) -> tuple[str, str, str, str]:
    series = setting.series
    number = numbered(setting.episode.number, series.language)
    title = one_line(setting.episode.title)
    return (title, one_line(series.title), number, one_line(setting.publication.name))


def card_path(setting: Setting) -> str:
    """Name the drawn card by what it shows, so that a new title is a new picture everywhere."""
    said = "\0".join((*_words(setting), repr(setting.publication.theme.light), Painter.STYLE))
    name = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{episode_path(setting.series.slug, setting.episode.number)}card-{name}.png"


def painted(setting: Setting, painter: Painter | None) -> bytes:
    """Draw the card of an episode."""
    if painter is None:
        raise ValueError("a card needs somebody who paints it")
    return painter.card(*_words(setting), setting.publication.theme.light)
