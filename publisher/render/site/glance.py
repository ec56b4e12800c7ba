"""What the plan has to know of an episode's text: seen at one glance, and remembered if possible.

A plan names all that a thousand pages depend on. Their texts are long, and nothing else in it
asks for them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from publisher.model.setting import Setting
from publisher.render.page.pictures import may_have_pictures
from publisher.render.page.search import headings

_EPISODE_LINK = re.compile(r"episode:[^\s)\]>\"]+")
#: Blocks that show an episode's neighbours where an editor put them.
_BOXES = ("next", "다음화", "related", "추천")


class Glance(NamedTuple):
    """The open headings of an episode, its links to other episodes as they are written, and
    whether boxes with its neighbours, and pictures, may stand in its text.
    """

    headings: tuple[str, ...]
    links: tuple[str, ...]
    boxed: bool
    pictured: bool


def glance(setting: Setting) -> Glance:
    """Look at the text of an episode, which alone decides what is seen."""
    text = setting.episode.text
    links = _EPISODE_LINK.findall(text) if "episode:" in text else ()
    boxed = ":::" in text and any(word in text for word in _BOXES)
    return Glance(tuple(headings(setting)), tuple(links), boxed, may_have_pictures(setting))
