"""What stands in the frame of a proof: one channel of an edition, as its readers see it."""

from __future__ import annotations

from publisher.model.edition import Edition
from publisher.model.publication import Publication
from publisher.preview.dress import Dress
from publisher.preview.inboxes import at_home, in_mode, seen_in
from publisher.preview.view import Channel, View

#: Where the desk serves what the website would.
HERE = "/asset"


def proof_html(
    edition: Edition,
    view: View,
    publication: Publication,
    templates: Dress,
    words: dict[str, str],
) -> str:
    """Give the document of the frame; scripts of an episode never run in it."""
    match view.channel:
        case Channel.MAIL:
            seen = seen_in(edition.html, view.inbox, words["clip_line"])
            return in_mode(at_home(seen, publication.url, HERE), dark=view.dark)
        case Channel.PAGE:
            return in_mode(at_home(edition.page, publication.url, HERE), dark=view.dark)
        case Channel.TEXT:
            return _leaf("text", edition, view, publication, templates, words)
        case _:
            whole = _leaf("feed", edition, view, publication, templates, words)
            return at_home(whole, publication.url, HERE)


def _leaf(
    name: str,
    edition: Edition,
    view: View,
    publication: Publication,
    templates: Dress,
    words: dict[str, str],
) -> str:
    colours = publication.theme.dark if view.dark else publication.theme.light
    context = {
        "edition": edition,
        "item": edition.item,
        "colours": colours,
        "fonts": publication.theme.fonts,
        "language": publication.language,
        "w": words,
        "dark": view.dark,
    }
    return templates.fill(f"desk/{name}.html.j2", context)
