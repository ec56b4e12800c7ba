"""Public holidays where a series is published: readers are away, and editors too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources


def holidays_of(timezone: str, years: Iterable[int], language: str = "ko") -> dict[date, str]:
    """Give the public holidays of the country that a time zone lies in; none where unknown."""
    country = _countries().get(timezone)
    if country is None:
        return {}
    import holidays

    try:
        supported = holidays.list_localized_countries().get(country, [])
        spoken = next((one for one in supported if one.startswith(language)), None)
        found = holidays.country_holidays(country, years=sorted(set(years)), language=spoken)
    except NotImplementedError:
        return {}
    return {day: str(found[day]) for day in sorted(found)}


@cache
def _countries() -> dict[str, str]:
    """Read which country each zone lies in, from the tables of the zone database itself."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab")
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines())
    return {row[2]: row[0] for row in rows if len(row) > 2 and not row[0].startswith("#")}
