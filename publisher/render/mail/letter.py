"""The letter of one edition as HTML and as text, from the same tree and the same words.

What is fixed by contract: the order of the parts, which calls a free reader sees and a
member does not, and that the first words of the HTML are the preheader.
"""

from __future__ import annotations

from dataclasses import dataclass

from publisher.model.body import Block, Body, Node
from publisher.model.edition import Placeholder
from publisher.model.episode import Audience, Kind
from publisher.model.setting import Setting
from publisher.render.address import Channel, absolute, link, logo_path, permalink
from publisher.render.alike import nodes_of
from publisher.render.columns import WIDTH, columns
from publisher.render.gate import calls_to_membership
from publisher.render.html import Walker
from publisher.render.legible import one_line
from publisher.render.paths import tag_path
from publisher.render.text import Scribe
from publisher.render.theme import Templates
from publisher.render.words import numbered

#: Characters of a preheader and its padding together: enough that no client shows what follows.
PREVIEW = 110
#: Largest width and height of a logo in CSS pixels.
LOGO = (240, 44)
#: The label that Korean law wants at the very start of a subject, in exactly this form.
ADVERTISEMENT = "(광고)"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is wrapped in MIME. ``weights`` are the nodes of the body and their HTML."""

    subject: str
    preheader: str
    html: str
    text: str
    weights: tuple[tuple[Node, str], ...]


def is_advertisement(setting: Setting, audience: Audience) -> bool:
    """Say whether this audience's mail must be labelled (정보통신망법 제50조, 시행령 별표 6).

    An ``ad`` always; a free edition that ends in a membership pitch when the publication says
    that its pitch is advertising.
    """
    pitched = setting.publication.law.pitch_is_ad and bool(_pitch(setting, audience))
    return setting.episode.kind is Kind.AD or pitched


def subject_of(setting: Setting, audience: Audience) -> str:
    """Give the subject line: the editor's own, or made of series, number and title."""
    episode, series = setting.episode, setting.series
    made = f"{series.title} {numbered(episode.number, series.language)} · {episode.title}"
    subject = one_line(episode.subject or made)
    if not is_advertisement(setting, audience):
        return subject
    return f"{ADVERTISEMENT} {subject.removeprefix(ADVERTISEMENT).lstrip()}"


def preheader_of(setting: Setting) -> str:
    """Give the words an inbox shows beside the subject."""
    episode = setting.episode
    return one_line(episode.preheader or episode.deck or episode.summary or episode.title)


def letter(setting: Setting, audience: Audience, templates: Templates) -> Letter:
    """Set the letter of one audience. ``setting`` must have passed the gate.

    Raises TemplateFault when a template cannot be filled.
    """
    subject, preheader = subject_of(setting, audience), preheader_of(setting)
    walker = Walker(Channel.MAIL, setting, audience, templates)
    # The inliner brings a library of CSS along, which takes longer to load than to set a page.
    from publisher.render.mail.inline import inlined

    html = inlined(drawn(walker, subject, preheader))
    scribe = Scribe(setting, audience, templates)
    text = templates.fill("mail/episode.txt.j2", _text_context(scribe, subject, preheader))
    return Letter(subject, preheader, html, _tidy(text), tuple(walker.weights))


def drawn(walker: Walker, subject: str, preheader: str) -> str:
    """Draw the letter with its sheets still in the head: what the inliner is given."""
    return walker.templates.fill("mail/episode.html.j2", _html_context(walker, subject, preheader))


def _html_context(walker: Walker, subject: str, preheader: str) -> dict[str, object]:
    setting, audience = walker.setting, walker.audience
    body = walker.body(setting.episode.body)
    after = Walker(Channel.MAIL, setting, audience, walker.templates)
    return {
        **walker.context(),
        **_shared(setting, audience),
        "subject": subject,
        "preheader": preheader,
        "padding": max(0, (PREVIEW - len(preheader)) // 2),
        "logo": _logo(setting),
        "intro": _part(walker, setting.series.intro, "intro-"),
        "body": body,
        "footer": _part(walker, setting.series.footer, "footer-"),
        **{name: after.block(node) for name, node in _after(setting.episode.body).items()},
    }


def _part(walker: Walker, body: Body, prefix: str) -> str:
    part = Walker(walker.channel, walker.setting, walker.audience, walker.templates, prefix)
    return part.body(body)


def _text_context(scribe: Scribe, subject: str, preheader: str) -> dict[str, object]:
    setting = scribe.setting
    intro = scribe.body(setting.series.intro)
    body = scribe.body(setting.episode.body)
    footer = scribe.body(setting.series.footer)
    return {
        **scribe.context(),
        **_shared(setting, scribe.audience),
        "subject": subject,
        "preheader": preheader,
        "title_columns": min(WIDTH, columns(one_line(setting.episode.title))),
        "intro": intro,
        "body": body,
        "footer": footer,
        "notes": scribe.endnotes(),
        "addresses": scribe.addresses(),
        **{name: scribe.block(node) for name, node in _after(setting.episode.body).items()},
    }


def _shared(setting: Setting, audience: Audience) -> dict[str, object]:
    """Give what both parts of the letter say alike."""
    url = setting.publication.url
    return {
        "law": setting.publication.law,
        "permalink": permalink(setting),
        "tag_path": tag_path,
        "leave": f"{url}/u/{Placeholder.LEAVE}",
        "preferences": f"{url}/p/{Placeholder.PREFERENCES}",
        "since": Placeholder.SINCE.value,
        "pitch": _pitch(setting, audience),
        "called": calls_to_membership(setting),
        "next": "",
        "related": "",
    }


def _after(body: Body) -> dict[str, Block]:
    """Name the boxes that stand after the body because the editor placed them nowhere."""
    placed = {node.name for node in nodes_of(body) if isinstance(node, Block)}
    return {name: Block(name, (), ()) for name in ("next", "related") if name not in placed}


def _pitch(setting: Setting, audience: Audience) -> str:
    """Give where the call to membership leads; empty for members and when there is none."""
    if audience is Audience.MEMBERS or not setting.publication.membership_url:
        return ""
    return link(setting.publication.membership_url, setting, Channel.MAIL)


def _logo(setting: Setting) -> dict[str, object]:
    """Give the logo's address and its size in the mail; nothing when there is none."""
    theme = setting.publication.theme
    path = logo_path(theme)
    if not path:
        return {}
    share = min(1.0, LOGO[0] / theme.logo_width, LOGO[1] / theme.logo_height)
    return {
        "address": absolute(setting.publication, path),
        "width": max(1, round(theme.logo_width * share)),
        "height": max(1, round(theme.logo_height * share)),
    }


def _tidy(text: str) -> str:
    """End every line at its last word, and never leave more than one empty line."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept) + "\n"
