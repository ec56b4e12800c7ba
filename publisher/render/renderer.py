"""One episode for one audience, frozen: every channel of an Edition from the same gated tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from publisher.model.edition import Card, Edition, FeedItem, digest_of
from publisher.model.episode import Audience
from publisher.model.problem import Problem, in_order
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.render import contrast
from publisher.render.feed.item import item as feed_item
from publisher.render.gate import gated, is_open
from publisher.render.mail import weight
from publisher.render.mail.letter import Letter, letter
from publisher.render.mail.message import message
from publisher.render.page.frame import Frame
from publisher.render.page.head import social
from publisher.render.page.pages import Pages
from publisher.render.theme import TemplateFault, Templates


class Renderer:
    """Sets the episodes of one publication with its templates over the ones that ship.

    ``digest`` changes whenever a template or anything of the publication does, so equal
    digests and equal settings promise equal editions.
    """

    def __init__(self, publication: Publication, templates: Iterable[Path] = ()) -> None:
        self.publication = publication
        self.templates = Templates(templates)
        self.pages = Pages(Frame(publication, self.templates))
        self.digest = digest_of(self.templates.digest, repr(publication))

    def problems(self) -> tuple[Problem, ...]:
        """Report templates that do not parse and colours that cannot be read."""
        return in_order([*self.templates.problems(), *contrast.problems(self.publication.theme)])

    def letter(self, setting: Setting, audience: Audience) -> Letter:
        """Set only the mail. Raises TemplateFault."""
        return letter(gated(setting, audience), audience, self.templates)

    def heaviest(self, setting: Setting, audience: Audience) -> tuple[str, ...]:
        """Name the blocks of a mail that cost most, with line and octets. Raises TemplateFault."""
        return weight.heaviest(self.letter(setting, audience))

    def editions(
        self,
        setting: Setting,
        audiences: Iterable[Audience] = tuple(Audience),
        *,
        named: bool = True,
    ) -> tuple[Edition, ...]:
        """Set every channel for several audiences; what they have in common only once.

        Unless they are ``named`` they have no digests, for whoever looks at them and keeps none.
        Raises TemplateFault with path and line.
        """
        alike = is_open(setting) and not self.templates.tell_audiences
        pitched = bool(self.publication.membership_url)
        made: list[Edition] = []
        for audience in audiences:
            first = made[0] if made and alike else None
            if first is None or pitched:
                made.append(
                    self._edition(setting, audience, first.item if first else None, named=named)
                )
            else:
                mail = Letter(first.subject, first.preheader, first.html, first.text, ())
                made.append(
                    self._bound(setting, audience, mail, first.page, first.item, named=named)
                )
        return tuple(made)

    def unshown(self, setting: Setting) -> tuple[Problem, ...]:
        """Set page and feed item alone and say what fails: mails that are out do not change."""
        try:
            for audience in Audience:
                self.pages.episode(setting, audience)
            feed_item(setting, Audience.FREE, self.templates)
        except TemplateFault as fault:
            return (fault.problem,)
        return ()

    def edition(self, setting: Setting, audience: Audience) -> Edition:
        """Set every channel for one audience. Raises TemplateFault with path and line."""
        return self._edition(setting, audience, None, named=True)

    def _edition(
        self, setting: Setting, audience: Audience, item: FeedItem | None, *, named: bool
    ) -> Edition:
        mail = letter(gated(setting, audience), audience, self.templates)
        page = self.pages.episode(setting, audience)
        item = item or feed_item(setting, audience, self.templates)
        return self._bound(setting, audience, mail, page, item, named=named)

    def _bound(
        self,
        setting: Setting,
        audience: Audience,
        mail: Letter,
        page: str,
        item: FeedItem,
        *,
        named: bool,
    ) -> Edition:
        """Bind what was set for an audience into one edition."""
        seen = gated(setting, audience)
        octets = message(mail, seen, audience)
        card = social(seen)
        channels = (mail.subject, mail.preheader, mail.html, mail.text, octets, page)
        return Edition(
            series=seen.series.slug,
            number=seen.episode.number,
            audience=audience,
            kind=seen.episode.kind,
            subject=mail.subject,
            preheader=mail.preheader,
            html=mail.html,
            text=mail.text,
            message=octets,
            page=page,
            item=item,
            card=card,
            digest=digest_of(*channels, *map(str, (*_values(item), *_values(card))))
            if named
            else "",
        )


def _values(record: FeedItem | Card) -> Iterator[object]:
    """Give what a flat record holds, in order, and no copies of it."""
    return (getattr(record, each.name) for each in fields(record))
