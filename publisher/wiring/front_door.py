"""The front door of a newsroom: its use cases, the web application, the mails it owes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from publisher.audience.door import FrontDoor
from publisher.audience.feeds import Feeds
from publisher.audience.membership import Membership
from publisher.audience.notices import Notices
from publisher.audience.ports import Courier, Shelf
from publisher.model.publication import Publication
from publisher.render.theme import Templates
from publisher.render.words import speaker
from publisher.site.headers import headers_for
from publisher.store.subscribers import Register
from publisher.web.app import app
from publisher.web.house import House, Rates
from publisher.web.serve import Server
from publisher.web.words import consent_text
from publisher.wiring.links import tokens_of
from publisher.wiring.newsroom import Newsroom
from publisher.wiring.stall import Stall


@dataclass(frozen=True)
class DoorPages:
    """Typesets the door's pages and mails from ``templates/web``, in the language asked for."""

    templates: Templates
    publication: Publication

    def render(self, name: str, /, **values: object) -> str:
        """Fill one template with the publication and its words beside what is given."""
        language = str(values.get("language") or self.publication.language)
        shared: Mapping[str, object] = {
            "publication": self.publication,
            "say": speaker(language),
            "language": language,
        }
        return self.templates.fill(f"web/{name}", {**shared, **values})


@dataclass(frozen=True)
class Door:
    """What ``run`` starts (``server``) and tends (``notices``: ``send_due`` often, ``tend`` daily)."""

    server: Server
    notices: Notices


def notices_of(newsroom: Newsroom, courier: Courier, shelf: Shelf) -> Notices:
    """Give what sends the mails owed to readers."""
    return Notices(
        Register(newsroom.database),
        courier,
        DoorPages(newsroom.press.renderer.templates, newsroom.publication),
        tokens_of(newsroom),
        shelf,
        newsroom.clock,
        newsroom.publication.url,
        ZoneInfo(newsroom.publication.timezone),
    )


def open_door(newsroom: Newsroom, courier: Courier, stall: Stall | None = None) -> Door:
    """Open the front door: it listens at once and answers from ``server.start()`` on.

    Raises OutsideError when the port is taken or the database is away.
    """
    register, tokens = Register(newsroom.database), tokens_of(newsroom)
    publication, web = newsroom.publication, newsroom.config.web
    stall = stall or Stall(newsroom)
    notices = notices_of(newsroom, courier, stall)
    house = House(
        publication=publication,
        door=FrontDoor(register, tokens, newsroom.clock),
        feeds=Feeds(register, tokens, newsroom.clock, secrets.token_bytes),
        membership=Membership(
            register,
            _hook_secrets(newsroom),
            newsroom.clock,
            consent_text(publication, publication.language, advertising=False),
        ),
        tokens=tokens,
        pages=DoorPages(newsroom.press.renderer.templates, publication),
        shelf=stall,
        clock=newsroom.clock,
        site=newsroom.path(newsroom.imprint.folder),
        headers=headers_for,
        members_feed=stall,
        post=notices.send_due,
        proxies=web.trusted_proxies,
        rates=Rates(sign_ups=web.sign_ups),
    )
    return Door(Server(app(house), web.host, web.port), notices)


def _hook_secrets(newsroom: Newsroom) -> Sequence[bytes]:
    name = newsroom.config.web.membership_secret_env
    written = newsroom.environment.get(name, "") if name else ""
    return [secret.encode() for secret in written.split()]
