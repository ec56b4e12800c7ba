"""One episode as a feed shows it: behind the same gate, by the same walker, in plain HTML."""

from __future__ import annotations

from publisher.model.edition import FeedItem
from publisher.model.episode import Audience
from publisher.model.setting import Setting
from publisher.render.address import Channel, permalink, picture_address
from publisher.render.legible import one_line
from publisher.render.page.body import Parts
from publisher.render.page.listing import author_of, summary_of, tags_of
from publisher.render.theme import Templates

TEASER = "page/feed-teaser.html.j2"
#: What the template of a teaser is not given.
_TEXT = frozenset({"body", "intro", "footer", "episode", "next_box", "related_box"})
_TYPES = {"jpg": "image/jpeg"}


def item(setting: Setting, audience: Audience, templates: Templates) -> FeedItem:
    """Set an episode as a feed item for an audience.

    The free audience gets the open part and the wall; of an episode for members the summary and
    the wall. ``published`` is the slot and never moves; ``updated`` is the last real revision.
    """
    return _item(setting, audience, templates, "page/feed-item.html.j2")


def teaser(setting: Setting, audience: Audience, templates: Templates) -> FeedItem:
    """Set an episode as an item that only points to its page: cover, summary and a link.

    Its template is given no text of the episode.
    """
    return _item(setting, audience, templates, TEASER)


def _item(setting: Setting, audience: Audience, templates: Templates, template: str) -> FeedItem:
    parts = Parts.of(setting, Channel.FEED, audience, templates)
    context = parts.context()
    if template == TEASER:
        context = {
            **context,
            "summary": summary_of(parts.setting.episode),
            "url": permalink(setting),
        }
        context = {name: value for name, value in context.items() if name not in _TEXT}
    episode, author = parts.setting.episode, author_of(setting)
    cover = episode.cover
    picture = cover.picture if cover else None
    image = picture_address(setting, picture, Channel.FEED) if picture else ""
    kind = (picture.format or "").lower() if picture else ""
    tags = tuple(tag for tag in tags_of(setting) if tag != one_line(setting.series.title))
    return FeedItem(
        guid=setting.guid,
        url=permalink(setting),
        title=one_line(episode.title),
        summary=summary_of(episode),
        html=templates.fill(template, context).strip() + "\n",
        author=one_line(author.name) if author else one_line(setting.publication.name),
        categories=(one_line(setting.series.title), *tags),
        published=setting.slot.instant,
        updated=max(setting.updated, setting.slot.instant),
        image_url=image,
        image_type=_TYPES.get(kind, f"image/{kind}") if kind and image else "",
        image_width=(picture.width or 0) if picture and image else 0,
        image_height=(picture.height or 0) if picture and image else 0,
    )
