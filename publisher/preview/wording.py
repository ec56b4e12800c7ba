"""Every word of the desk, in the language of its editor."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from publisher.model.calendar import Standing
from publisher.model.episode import Audience
from publisher.model.problem import Severity
from publisher.model.slot import Slot
from publisher.preview.inboxes import Inbox
from publisher.translation import translate


@cache
def wording(language: str) -> dict[str, str]:
    """Give the fixed words by the name that templates use."""
    return {
        "desk": translate("Desk", language),
        "calendar": translate("Calendar", language),
        "skip": translate("Skip to the content", language),
        "slot": translate("Slot", language),
        "standing": translate("State", language),
        "episode": translate("Episode", language),
        "time_left": translate("Time left", language),
        "nothing_stands": translate("No episode yet", language),
        "no_cadence": translate("No slots: the series rests, is finished or has no cadence.", language),
        "all_episodes": translate("All episodes", language),
        "newest_episodes": translate("Newest episodes", language),
        "all_broken": translate("All files to mend", language),
        "leaves": translate("Pages of this list", language),
        "newer": translate("Newer", language),
        "older": translate("Older", language),
        "leaf_before": translate("Page before", language),
        "leaf_after": translate("Page after", language),
        "last_releases": translate("Last releases", language),
        "no_releases": translate("Nothing has been released yet.", language),
        "draft_mark": translate("draft", language),
        "errors": translate("errors", language),
        "warnings": translate("warnings", language),
        "problems": translate("Problems", language),
        "no_problems": translate("Nothing to mend.", language),
        "broken_files": translate("Files to mend", language),
        "previous": translate("Previous episode", language),
        "next": translate("Next episode", language),
        "open_in_editor": translate("Open in the editor", language),
        "channel": translate("Channel", language),
        "mail": translate("Mail", language),
        "page": translate("Web page", language),
        "text": translate("Text", language),
        "feed": translate("Feed item", language),
        "card": translate("Link card", language),
        "source": translate("Source", language),
        "raw": translate("Raw message", language),
        "audience": translate("Audience", language),
        "mode": translate("Light or dark", language),
        "light": translate("Light", language),
        "dark": translate("Dark", language),
        "width": translate("Width", language),
        "full": translate("Desktop", language),
        "inbox": translate("Inbox", language),
        "inbox_line": translate("In the inbox", language),
        "no_subject": translate("(no subject)", language),
        "no_preheader": translate("No preheader: inboxes show the first words instead.", language),
        "sizes": translate("Sizes", language),
        "size_html": translate("Mail HTML", language),
        "size_text": translate("Mail text", language),
        "size_message": translate("Whole message", language),
        "size_page": translate("Web page", language),
        "size_item": translate("Feed item", language),
        "blocks": translate("By block", language),
        "clipped_at": translate("Gmail clips at 102 KB", language),
        "clip_line": translate("Gmail cuts the mail here, at 102 KB.", language),
        "trial": translate("Test send", language),
        "trial_hint": translate("Sends exactly this mail, marked [시험], to one address. No subscriber is mailed and nothing is recorded.", language),
        "trial_off": translate("No relay is set up, so nothing can be sent from here.", language),
        "address": translate("Mail address", language),
        "send": translate("Send", language),
        "trial_sent": translate("The test mail has been handed over.", language),
        "trial_failed": translate("The test mail was not sent.", language),
        "not_set": translate("This episode cannot be set yet. Mend what is named beside it.", language),
        "keyboard": translate("Keys", language),
        "close": translate("Close", language),
        "updated": translate("Updated", language),
        "lost": translate("The desk does not answer. Is it still running?", language),
        "line": translate("Line", language),
        "guid": translate("Lasting name", language),
        "summary": translate("Summary", language),
        "published": translate("Published", language),
        "categories": translate("Categories", language),
        "link": translate("Link", language),
        "refused": translate("The desk answers only to this machine.", language),
        "failed": translate(
            "The desk could not show this page. Load it again; if that does not help, please report "
            "the line that the desk wrote where it was started.",
            language,
        ),
        "gone": translate("There is no such episode any more.", language),
        "back": translate("Back to the calendar", language),
        "nothing_yet": translate("There is no series yet: make a folder with a series.toml in it.", language),
        "preview_of": translate("Preview", language),
    }  # fmt: skip


def standing(value: Standing, language: str) -> str:
    """Say how a slot stands."""
    return {
        Standing.READY: translate("ready", language),
        Standing.DRAFT: translate("draft", language),
        Standing.MISSING: translate("missing", language),
        Standing.HELD: translate("held", language),
        Standing.LATE: translate("late", language),
        Standing.RELEASED: translate("released", language),
        Standing.SKIPPED: translate("skipped", language),
    }[value]


def severity(value: Severity, language: str) -> str:
    """Say how much a problem weighs."""
    return {
        Severity.ERROR: translate("error", language),
        Severity.WARNING: translate("warning", language),
        Severity.HINT: translate("hint", language),
    }[value]


def audience(value: Audience, language: str) -> str:
    """Say whom an edition is for."""
    return {
        Audience.FREE: translate("free", language),
        Audience.MEMBERS: translate("members", language),
    }[value]


def inbox(value: Inbox, language: str) -> str:
    """Name a kind of inbox."""
    return {
        Inbox.SENT: translate("As sent", language),
        Inbox.NO_STYLE: translate("Naver, Daum (no styles)", language),
        Inbox.NO_IMAGES: translate("Images off", language),
        Inbox.GMAIL: translate("Gmail", language),
        Inbox.OUTLOOK: translate("Outlook (Word)", language),
    }[value]


def delivery(state: str, language: str) -> str:
    """Say how deliveries or a release stand; a state nobody knows is said as it is."""
    return {
        "pending": translate("waiting", language),
        "sending": translate("sending", language),
        "sent": translate("sent", language),
        "deferred": translate("deferred", language),
        "refused": translate("refused", language),
        "uncertain": translate("uncertain", language),
        "withheld": translate("withheld", language),
        "prepared": translate("prepared", language),
        "open": translate("being sent", language),
        "paused": translate("paused", language),
        "complete": translate("complete", language),
        "cancelled": translate("cancelled", language),
    }.get(state, state)


def left(span: timedelta, language: str) -> str:
    """Say how long it is to a slot, or how long it is past."""
    minutes = int(abs(span).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60
    late = span < timedelta(0)
    if hours >= 72:
        form = translate("{n} days ago", language) if late else translate("in {n} days", language)
        return form.format(n=days)
    if hours >= 1:
        form = translate("{n} hours ago", language) if late else translate("in {n} hours", language)
        return form.format(n=hours)
    form = translate("{n} minutes ago", language) if late else translate("in {n} minutes", language)
    return form.format(n=minutes)


def slot(value: Slot, language: str) -> str:
    """Say a slot as an editor does, in the zone of its series."""
    day = (
        translate("Mon", language),
        translate("Tue", language),
        translate("Wed", language),
        translate("Thu", language),
        translate("Fri", language),
        translate("Sat", language),
        translate("Sun", language),
    )[value.local.weekday()]
    return f"{value.local:%Y-%m-%d} ({day}) {value.local:%H:%M}"


def nth(number: int, language: str) -> str:
    """Name an episode by its number."""
    return translate("Episode {number}", language, number=number)
