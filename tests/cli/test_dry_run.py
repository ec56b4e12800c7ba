"""What ``publisher dry-run`` says beside the files that it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.house import House, sample


@pytest.fixture
def house(tmp_path: Path) -> House:
    return sample(tmp_path)


@pytest.mark.slow
def test_a_series_that_cannot_be_read_is_told(house: House) -> None:
    """It has no release to show, and the others have theirs all the same."""
    file = house.root / "episodes/ai-x-files/series.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count('"tue"') == 1
    file.write_text(text.replace('"tue"', '"tuseday"'), encoding="utf-8")

    ran = house.run("dry-run")

    assert ran.code == 1
    assert ran.err.startswith("episodes/ai-x-files/series.toml:14:16: error source/weekday:")
    (one,) = json.loads((house.root / "out/plan.json").read_text(encoding="utf-8"))
    assert one["episode"].startswith("ai-wont-save-us/")


@pytest.mark.slow
def test_the_table_weighs_as_the_plan_does(house: House) -> None:
    """Both count the octets of the whole mail as it travels."""
    out = house.fine("dry-run", "ai-wont-save-us/05").out

    (plan,) = json.loads((house.root / "out/plan.json").read_text(encoding="utf-8"))
    mail = house.root / "out/ai-wont-save-us/05/free/mail.eml"
    free, members = (plan["sizes"][audience]["mail"] for audience in ("free", "members"))
    assert free == mail.stat().st_size
    assert f"{free:,} / {members:,}" in out
