"""The gate: what the free audience may see is all that is left in the tree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publisher.model.body import (
    BlockQuote,
    Body,
    Definition,
    DefinitionList,
    FootnoteReference,
    List,
    inlines,
    runs,
    walk,
)
from publisher.model.episode import Audience
from publisher.render.gate import gated, has_gate, open_part
from tests.render.stage import SECRET, block, everything, p, setting, t


def test_members_get_the_very_same_setting() -> None:
    whole = setting(Body((p("모두"), block("members", p(SECRET)))))
    assert gated(whole, Audience.MEMBERS) is whole


@pytest.mark.parametrize("href", ["/join/", "https://slow-signal.example/join/"])
def test_members_are_not_called_to_become_members(href: str) -> None:
    whole = setting(Body((block("cta", p("오세요"), href=href), p("글"))))
    assert [type(n).__name__ for n in gated(whole, Audience.MEMBERS).episode.body.nodes] == [
        "Paragraph"
    ]
    assert gated(whole, Audience.FREE) == replace(whole, episode=replace(whole.episode, text=""))


def test_another_call_is_for_everybody() -> None:
    whole = setting(Body((block("cta", p("오세요"), href="/survey/"),)))
    assert gated(whole, Audience.MEMBERS) is whole


def test_nothing_of_the_gated_part_is_left_anywhere() -> None:
    seen = gated(setting(), Audience.FREE)
    assert SECRET not in repr(seen)
    assert "회원만" not in repr(seen)


def test_a_members_episode_is_a_wall_and_no_footnote() -> None:
    whole = setting()
    whole = replace(whole, episode=replace(whole.episode, access=Audience.MEMBERS))
    body = gated(whole, Audience.FREE).episode.body
    assert [getattr(node, "name", "") for node in body.nodes] == ["wall"]
    assert body.footnotes == ()


def test_the_gate_holds_in_intro_and_footer_of_the_series() -> None:
    whole = setting()
    secret = Body((block("members", p(SECRET)),))
    whole = replace(whole, series=replace(whole.series, intro=secret, footer=secret))
    assert SECRET not in repr(gated(whole, Audience.FREE))


def test_the_gate_holds_however_deep_a_part_lies() -> None:
    hidden = block("members", p(SECRET))
    body = Body(
        (
            BlockQuote((block("note", hidden),)),
            List(((hidden,), (p("보인다"), hidden))),
            DefinitionList((Definition(t("말"), ((hidden,),)),)),
        ),
    )
    assert has_gate(body)
    assert SECRET not in repr(open_part(body))
    assert "보인다" in repr(open_part(body))


def test_footnotes_are_numbered_anew_without_the_gated_ones() -> None:
    body = open_part(everything())
    marks = [
        (mark.number, mark.occurrence)
        for node in walk(body.nodes)
        for run in runs(node)
        for mark in inlines(run)
        if isinstance(mark, FootnoteReference)
    ]
    assert marks == [(1, 1), (2, 1), (1, 2)]
    assert [(note.number, note.label, note.references) for note in body.footnotes] == [
        (1, "a", 2),
        (2, "c", 1),
    ]


def test_a_body_without_a_gate_is_left_alone() -> None:
    body = Body((p("모두"),))
    assert open_part(body) is body
    assert not has_gate(body)
