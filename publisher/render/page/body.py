"""The parts of an episode's page, and of its feed item, set by the one walker behind the gate."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from publisher.model.body import Block
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.address import Channel, absolute, encoded
from publisher.render.alike import nodes_of
from publisher.render.gate import gated
from publisher.render.html import Walker
from publisher.render.legible import legible, one_line
from publisher.render.page.listing import author_of, tags_of
from publisher.render.paths import author_path, tag_path
from publisher.render.theme import Templates


@dataclass(frozen=True, slots=True)
class CoverImage:
    """A cover, ready to stand on a page or in a feed."""

    image: Markup
    caption: str
    source: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """A word that leads somewhere: a tag, an author."""

    name: str
    path: str
    email: str = ""


@dataclass(frozen=True)
class Parts:
    """One episode as an audience may see it in one channel, set part by part."""

    setting: Setting
    channel: Channel
    audience: Audience
    templates: Templates

    @classmethod
    def of(
        cls, setting: Setting, channel: Channel, audience: Audience, templates: Templates
    ) -> Parts:
        """Pass a setting through the gate."""
        return cls(gated(setting, audience), channel, audience, templates)

    def _walker(self, prefix: str = "") -> Walker:
        return Walker(self.channel, self.setting, self.audience, self.templates, prefix)

    def context(self, *, with_next: bool = True) -> dict[str, object]:
        """Give everything that the template of an episode needs.

        A feed has no boxes but those that an editor put there by hand.
        """
        walker = self._walker()
        episode, series = self.setting.episode, self.setting.series
        standing = {node.name for node in nodes_of(episode.body) if isinstance(node, Block)}
        return {
            **walker.voice.words(),
            "publication": self.setting.publication,
            "series": series,
            "episode": episode,
            "audience": self.audience.value,
            "cover": self._cover(walker),
            "intro": self._walker("intro-").body(series.intro),
            "body": walker.body(episode.body),
            "footer": self._walker("end-").body(series.footer),
            "tags": [
                Pointer(tag.replace(" ", "_"), tag_path(tag)) for tag in tags_of(self.setting)
            ],
            "author": self._author(),
            "next_box": self._box(walker, "next", standing) if with_next else "",
            "related_box": self._box(walker, "related", standing),
            "asks": bool(standing & {"wall", "cta"}),
            "link": self.link,
        }

    def link(self, path: str) -> str:
        """Write a path of the site as an address for this channel."""
        if self.channel is Channel.PAGE:
            return encoded(path)
        return absolute(self.setting.publication, path)

    def _cover(self, walker: Walker) -> CoverImage | None:
        cover = self.setting.episode.cover
        if cover is None:
            return None
        image = walker.picture(cover.picture, cover.alt)
        if not image.startswith("<img"):
            return None
        # The first picture of a page is seen at once; waiting for it would only be slower.
        eager = image.replace(' loading="lazy"', "")
        return CoverImage(eager, legible(cover.caption), legible(cover.source))

    def _author(self) -> Pointer | None:
        author = author_of(self.setting)
        if author is None or not author.name:
            return None
        return Pointer(one_line(author.name), author_path(author.name), author.email)

    def _box(self, walker: Walker, name: str, standing: set[str]) -> Markup | str:
        """Set a box where nobody put it by hand."""
        bare = name in standing or self.channel is Channel.FEED
        return "" if bare else walker.node(Block(name, (), ()))
