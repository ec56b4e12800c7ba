"""What a newcomer types: every answer is a line, every exit code means what it says."""

import json
from pathlib import Path

from tests.acceptance.house import House

VERBS = [
    "init",
    "check",
    "preview",
    "plan",
    "dry-run",
    "build",
    "publish",
    "run",
    "status",
    "subscribers",
    "schema",
    "demo",
]


def test_the_sample_publication_has_nothing_to_mend(house: House) -> None:
    ran = house.fine("check", "--json")

    assert [p for p in ran.data["problems"] if p["severity"] == "error"] == []
    assert ran.data["episodes"] == 11
    assert ran.data["editions"] == 22


def test_a_broken_front_matter_is_one_line_with_place_code_and_remedy(house: House) -> None:
    house.write(
        "episodes/ai-wont-save-us/08-새 회차 하나.md",
        "---\ntitle: 여덟째\ndekc: 오타\nstatus: ready\n---\n\n본문입니다.\n",
    )

    ran = house.run("check", "--json", "--files-only")

    assert ran.code == 1
    (found,) = [p for p in ran.data["problems"] if p["code"] == "keys/unknown-near"]
    assert (found["path"], found["line"], found["column"]) == (
        "episodes/ai-wont-save-us/08-새 회차 하나.md",
        3,
        1,
    )
    assert "deck" in found["remedy"] + found["message"]


def test_the_same_problem_speaks_korean(house: House) -> None:
    house.language = "ko"
    house.write("episodes/ai-wont-save-us/08-x.md", "---\ntitle: 여덟\nsttaus: ready\n---\n본문\n")

    ran = house.run("check", "--files-only")

    assert ran.code == 1
    assert "오류" in ran.out
    assert "status" in ran.out


def test_a_folder_without_a_publication_is_misuse(tmp_path: Path) -> None:
    ran = House(tmp_path).run("plan")

    assert ran.code == 2
    assert "wiring/no-publication" in ran.err


def test_an_unknown_episode_is_misuse_and_names_the_nearest(house: House) -> None:
    ran = house.run("dry-run", "ai-wont-save-us/99")

    assert ran.code == 2
    assert "press/no-episode" in ran.err
    assert "ai-wont-save-us/0" in ran.err


def test_an_unknown_command_is_misuse_and_names_the_nearest(house: House) -> None:
    ran = house.run("chekc")

    assert ran.code == 2
    assert "check" in ran.err


def test_every_command_explains_itself(house: House) -> None:
    for verb in VERBS:
        ran = house.fine(verb, "--help")
        assert "Usage:" in ran.out
        assert len(ran.out.splitlines()) > 4, verb


def test_the_plan_shows_slots_in_the_zone_of_the_series(house: House) -> None:
    lines = house.fine("plan", "--json", "--weeks", "2").data

    first = next(line for line in lines if line["episode"] == "ai-wont-save-us/06")
    assert first["local"] == "2026-11-27T17:00"
    assert first["timezone"] == "Asia/Seoul"
    assert first["utc"] == "2026-11-27T08:00:00Z"
    assert first["state"] == "ready"


def test_a_dry_run_writes_every_channel_and_the_same_bytes_each_time(house: House) -> None:
    house.fine("dry-run", "ai-wont-save-us/05", "--out", "첫 번째")
    house.fine("dry-run", "ai-wont-save-us/05", "--out", "두 번째")

    def tree(name: str) -> dict[str, bytes]:
        folder = house.root / name
        return {
            p.relative_to(folder).as_posix(): p.read_bytes()
            for p in folder.rglob("*")
            if p.is_file()
        }

    first = tree("첫 번째")
    channels = {"mail.eml", "mail.html", "mail.txt", "page.html", "feed-item.xml"}
    for audience in ("free", "members"):
        below = f"ai-wont-save-us/05/{audience}/"
        assert {name.removeprefix(below) for name in first if name.startswith(below)} == channels
    assert {"feed.xml", "ai-wont-save-us/feed.xml", "plan.json"} <= first.keys()
    assert first == tree("두 번째")
    assert not (house.root / "data").exists(), "a dry run leaves no ledger behind"
    plan = json.loads(first["plan.json"])
    assert plan[0]["slot"]["utc"] == "2026-11-20T08:00:00Z"
    assert plan[0]["sizes"]["free"]["mail"] == len(first["ai-wont-save-us/05/free/mail.eml"])


def test_init_makes_a_publication_that_checks_clean(house: House, tmp_path: Path) -> None:
    new = tmp_path / "새 매체"
    made = house.fine("init", str(new))

    assert "config.toml" in made.out
    House(new, clock=house.clock).fine("check")
    again = house.run("init", str(new))
    assert again.code == 2
    assert "wiring/folder-not-empty" in again.err


def test_schemas_are_json(house: House) -> None:
    for what in ("episode", "series", "config"):
        assert house.fine("schema", what).data["$schema"].endswith("2020-12/schema")


def test_settings_with_a_typing_error_name_the_nearest_key(house: House) -> None:
    config = house.root / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("postal_address", "postal_adress"),
        encoding="utf-8",
    )

    ran = house.run("plan")

    assert ran.code == 1
    assert "postal_address" in ran.err
    assert "config.toml:" in ran.err


def test_a_plan_says_which_series_it_could_not_read(house: House) -> None:
    """A calendar that leaves a series out in silence would look whole."""
    house.write("episodes/broken/series.toml", "title = \n")

    ran = house.run("plan", "--json", "--weeks", "1")

    assert ran.code == 1
    assert "episodes/broken/series.toml:1:" in ran.err
    assert {line["series"] for line in ran.data} >= {"ai-wont-save-us"}


def test_an_approval_tells_a_script_what_it_approved(house: House) -> None:
    ran = house.fine("approve", "ai-wont-save-us/06", "--by", "김편집", "--json")

    assert (ran.data["episode"], ran.data["by"]) == ("ai-wont-save-us/06", "김편집")
    text = next((house.root / "episodes/ai-wont-save-us").glob("06-*.md")).read_text("utf-8")
    assert f"approved: {ran.data['digest']}\n" in text
    assert house.fine("diff", "ai-wont-save-us/06", "--json").data["holds"] is True
