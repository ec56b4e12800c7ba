"""The calendar of slots for calendar programs: iCalendar, RFC 5545, with reminders.

One event a slot. Its UID is made of series and slot, so a program that fetches the file again
moves nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from publisher.model.calendar import Entry, Standing
from publisher.model.publication import Publication
from publisher.translation import translate

#: When a slot that wants something is called to mind: durations of RFC 5545, 3.3.6.
REMINDERS = ("-P2D", "-PT3H")
_SETTLED = (Standing.RELEASED, Standing.SKIPPED)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A slot as a calendar shows it.

    ``title`` is the episode's, empty where none stands. ``wanting`` says what is missing before
    the slot (no episode, only a draft, no approval), empty when nothing is; ``url`` leads on.
    """

    entry: Entry
    series_title: str
    title: str = ""
    wanting: str = ""
    url: str = ""


def calendar(
    appointments: Iterable[Appointment],
    publication: Publication,
    now: datetime,
    language: str = "ko",
    holidays: Mapping[tuple[str, date], str] | None = None,
) -> str:
    """Write the calendar with CRLF line ends. ``now`` stamps it (aware).

    ``holidays`` are named by the zone of a series and the day.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(publication.name)}//publisher//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(publication.name)}",
        f"X-WR-TIMEZONE:{publication.timezone}",
    ]
    domain = publication.sender.list_domain or publication.sender.address.rpartition("@")[2]
    for appointment in sorted(appointments, key=lambda a: (a.entry.slot.instant, a.entry.series)):
        lines += _event(appointment, domain, now, language, holidays or {})
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event(
    appointment: Appointment,
    domain: str,
    now: datetime,
    language: str,
    holidays: Mapping[tuple[str, date], str],
) -> list[str]:
    entry = appointment.entry
    holiday = holidays.get((entry.slot.timezone, entry.slot.local.date()), "")
    settled = entry.standing in (*_SETTLED, Standing.READY) and not appointment.wanting
    notes = [appointment.wanting]
    if holiday:
        notes.append(translate("Holiday: {name}", language, name=holiday))
    notes.append(entry.slot.shown)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{entry.series}-{entry.slot.local:%Y%m%dT%H%M}@{domain}",
        f"DTSTAMP:{_instant(now)}",
        f"DTSTART:{_instant(entry.slot.instant)}",
        "DURATION:PT15M",
        f"SUMMARY:{_text(_summary(appointment, language))}",
        f"DESCRIPTION:{_text(chr(10).join(filter(None, notes)))}",
        f"STATUS:{'CONFIRMED' if settled else 'TENTATIVE'}",
        f"CATEGORIES:{_text(appointment.series_title)}",
        "TRANSP:TRANSPARENT",
    ]
    if appointment.url:
        lines.append(f"URL:{_uri(appointment.url)}")
    if appointment.wanting and entry.standing not in _SETTLED:
        for trigger in REMINDERS:
            lines += _alarm(trigger, f"{appointment.series_title}: {appointment.wanting}")
    return [*lines, "END:VEVENT"]


def _summary(appointment: Appointment, language: str) -> str:
    number = appointment.entry.number
    if number is None:
        nothing = translate("no episode yet", language)
        return f"{appointment.series_title} · {nothing}"
    named = translate("Episode {number}", language, number=number)
    return f"{appointment.series_title} {named} · {appointment.title}".rstrip(" ·")


def _alarm(trigger: str, words: str) -> Sequence[str]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{trigger}",
        f"DESCRIPTION:{_text(words)}",
        "END:VALARM",
    )


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11); controls are dropped."""
    clean = "".join(c for c in value if c == "\n" or c.isprintable())
    escaped = clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _uri(value: str) -> str:
    return "".join(c for c in value if c.isprintable() and c not in ' "<>')


def _folded(line: str) -> str:
    """Fold a line at 75 octets, never inside a character (RFC 5545, 3.1)."""
    pieces, current, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > 75:
            pieces.append(current)
            current, size = " ", 1
        current += character
        size += octets
    return "\r\n".join([*pieces, current])
