"""Editions made together are what they are when made one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from publisher.model.body import Body
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render import Renderer
from tests.render.stage import SECRET, block, everything, p, publication, setting

OPEN = Body((p("모두가 읽는 글."), block("quote", p("따온 말"))))
CALL = Body((block("cta", p("오세요"), href="/join/"), p("글")))


def one_by_one(renderer: Renderer, whole: Setting) -> tuple[object, ...]:
    return tuple(renderer.edition(whole, audience) for audience in Audience)


@pytest.mark.parametrize("joining", ["", "/join/"])
@pytest.mark.parametrize("body", [OPEN, CALL, everything(), Body((block("members", p(SECRET)),))])
def test_together_is_as_one_by_one(body: Body, joining: str) -> None:
    outlet = replace(publication(), membership_url=joining)
    whole = replace(setting(body), publication=outlet)
    renderer = Renderer(outlet)
    assert renderer.editions(whole) == one_by_one(renderer, whole)


def test_an_episode_for_members_is_set_twice() -> None:
    whole = setting(OPEN)
    whole = replace(whole, episode=replace(whole.episode, access=Audience.MEMBERS))
    free, members = Renderer(whole.publication).editions(whole)
    assert "모두가 읽는 글" not in free.html
    assert "모두가 읽는 글" in members.html


def test_what_all_get_alike_is_set_once() -> None:
    outlet = replace(publication(), membership_url="")
    free, members = Renderer(outlet).editions(replace(setting(OPEN), publication=outlet))
    assert free.html is members.html
    assert free.page is members.page
    assert free.message != members.message


@pytest.mark.parametrize(
    "template",
    ["{{ audience }}", "{{ episode.text }}", "{{ setting.episode['text'] }}", "{{ x|attr('y') }}"],
)
def test_a_template_that_asks_for_whom_it_is_set_is_filled_for_each(
    template: str, tmp_path: Path
) -> None:
    outlet = replace(publication(), membership_url="")
    assert not Renderer(outlet).templates.tell_audiences
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks/quote.html.j2").write_text(template, encoding="utf-8")
    assert Renderer(outlet, [tmp_path]).templates.tell_audiences


def test_a_block_that_names_the_audience_names_the_right_one(tmp_path: Path) -> None:
    outlet = replace(publication(), membership_url="")
    (tmp_path / "blocks").mkdir()
    template = tmp_path / "blocks/quote.html.j2"
    template.write_text("<p>for {{ audience }}</p>", encoding="utf-8")
    made = Renderer(outlet, [tmp_path]).editions(replace(setting(OPEN), publication=outlet))
    assert [f"for {edition.audience}" in edition.html for edition in made] == [True, True]
