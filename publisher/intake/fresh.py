"""A new episode file for an idea: numbered, named, and told which slot is its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.intake.matter import remark, scalar
from publisher.intake.names import file_name
from publisher.model.episode import Episode, Series
from publisher.model.slot import Slot
from publisher.translation import translate

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A file that does not exist yet: its name in the series' folder, its number, its text."""

    name: str
    number: int
    text: str


def fresh(
    series: Series,
    episodes: Iterable[Episode],
    title: str,
    *,
    slot: Slot | None = None,
    language: str = "ko",
) -> Fresh:
    """Compose the next episode of a series: ``slot`` is the free one it will stand at.

    The number follows the highest that any file of the series has. The title is taken as one
    line; keys an editor may want are there as remarks, ready to be uncommented.
    """
    numbers = [episode.number for episode in episodes if episode.series == series.slug]
    number = max(numbers, default=0) + 1
    title = " ".join(title.split())
    lines = [
        *_heading(series, number, slot, language),
        f"title: {scalar(title)}",
        *_optional("deck", translate("one line under the title", language)),
        "status: draft",
        remark(translate("Write `ready` instead of `draft` when it may go out.", language)),
        *([] if series.byline else _optional("byline", translate("who wrote it", language))),
        *_optional("tags", "[AI]"),
        *_optional("teaser", translate("what the episode before this one says about it", language)),
    ]
    return Fresh(file_name(number, title), number, "---\n" + "\n".join(lines) + "\n---\n\n")


def _heading(series: Series, number: int, slot: Slot | None, language: str) -> list[str]:
    if slot is None:
        return [
            remark(
                translate(
                    "{series}, episode {number}. No slot is known: the series has no cadence "
                    "or is not running.",
                    language,
                    series=series.title,
                    number=number,
                )
            )
        ]
    return [
        remark(
            translate(
                "{series}, episode {number}. Next free slot: {slot}",
                language,
                series=series.title,
                number=number,
                slot=when(slot, language),
            )
        )
    ]


def when(slot: Slot, language: str) -> str:
    """Say a slot as people do: ``2026-11-27 (금요일) 17:00, Asia/Seoul``."""
    day = {
        "Monday": translate("Monday", language),
        "Tuesday": translate("Tuesday", language),
        "Wednesday": translate("Wednesday", language),
        "Thursday": translate("Thursday", language),
        "Friday": translate("Friday", language),
        "Saturday": translate("Saturday", language),
        "Sunday": translate("Sunday", language),
    }[_WEEKDAYS[slot.local.weekday()]]
    return f"{slot.local:%Y-%m-%d} ({day}) {slot.local:%H:%M}, {slot.timezone}"


def _optional(key: str, hint: str) -> list[str]:
    return [f"# {key}: {hint}"]
