"""One episode for one audience, frozen: every channel of an Edition from the same gated tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from publisher.model.edition import Edition, digest_of
from publisher.model.episode import Audience
from publisher.model.problem import Problem, in_order
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.render import contrast
from publisher.render.feed.item import item as feed_item
from publisher.render.gate import gated
from publisher.render.mail import weight
from publisher.render.mail.letter import Letter, letter
from publisher.render.mail.message import message
from publisher.render.page.head import social
from publisher.render.page.pages import Pages
from publisher.render.theme import Templates


class Renderer:
    """Sets the episodes of one publication with its templates over the ones that ship.

    ``digest`` changes whenever a template or anything of the publication does, so equal
    digests and equal settings promise equal editions.
    """

    def __init__(self, publication: Publication, templates: Iterable[Path] = ()) -> None:
        self.publication = publication
        self.templates = Templates(templates)
        self.pages = Pages(publication, self.templates)
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

    def edition(self, setting: Setting, audience: Audience) -> Edition:
        """Set every channel for one audience. Raises TemplateFault with path and line."""
        seen = gated(setting, audience)
        mail = letter(seen, audience, self.templates)
        octets = message(mail, seen, audience)
        page = self.pages.episode(setting, audience)
        item = feed_item(setting, audience, self.templates)
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
            digest=digest_of(*channels, *map(str, (*astuple(item), *astuple(card)))),
        )
