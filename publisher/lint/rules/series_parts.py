"""Links and images in what opens and closes every episode of a series.

The faults are those of the rules over episodes; here they are found in ``series.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lint.reading import Reading
from publisher.lint.rule import LintRule
from publisher.lint.rules import image_kind, link_target
from publisher.model.body import Block, Body, Figure, Image, Link, inlines, runs, walk
from publisher.model.problem import Place, Problem


def check(reading: Reading) -> Iterator[Problem]:
    for series in reading.series:
        for body in (series.intro, series.footer):
            yield from _in(body, series.path)


def _in(body: Body, path: str) -> Iterator[Problem]:
    nodes = (body.nodes, *(note.children for note in body.footnotes))
    for node in (node for part in nodes for node in walk(part)):
        place = Place(path, node.line, node.column)
        if isinstance(node, Figure):
            yield from image_kind.look(node.picture, place)
        elif isinstance(node, Block) and (href := node.get("href").strip()):
            yield from link_target.follow(href, place)
        for piece in (piece for run in runs(node) for piece in inlines(run)):
            place = Place(path, piece.line, piece.column)
            if isinstance(piece, Link):
                yield from link_target.follow(piece.href.strip(), place)
            elif isinstance(piece, Image):
                yield from image_kind.look(piece.picture, place)


RULE = LintRule(
    "What opens and closes every episode is read by everybody every week; a dead link or an empty frame there is seen "
    "more often than any other.",
    (),
    reading=check,
)
