"""What a setting says of the episodes beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

import pytest

from publisher.model.setting import Neighbour
from publisher.model.slot import Slot

SLOT = Slot(datetime(2026, 11, 27, 17), "Asia/Seoul")
BESIDE = Neighbour("ai", "연재", 3, "제목", "덱", "예고", SLOT)


@pytest.mark.parametrize("name", [each.name for each in fields(Neighbour)])
def test_a_neighbour_spelled_out_leaves_nothing_of_it_out(name: str) -> None:
    """A page whose neighbour says something else is another page."""
    other = {"number": 4, "slot": replace(SLOT, timezone="Europe/Paris")}.get(name, "anders")
    assert replace(BESIDE, **{name: other}).spelled != BESIDE.spelled  # type: ignore[arg-type]  # by name
    assert replace(BESIDE, slot=None).spelled != BESIDE.spelled
