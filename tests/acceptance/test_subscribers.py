"""The list, from the command line: nothing half-imported, every bad row named by its line."""

import json

from tests.acceptance.house import House

CSV = """\
이메일,이름
하나@reader.example,한글 주소
one@reader.example,하나
not-an-address,둘
two@한글메일.한국,셋
one@reader.example,하나 다시
"=cmd()"@reader.example,수식
"""


def test_a_bad_row_is_named_by_its_line_and_the_rest_goes_in(house: House) -> None:
    file = house.write("구독자 목록.csv", CSV)

    ran = house.run("subscribers", "import", str(file), "--json")

    assert ran.code == 1
    assert ran.data["outcomes"]["added"] == 2
    assert sorted({p["line"] for p in ran.data["problems"]}) == [2, 4, 7]
    listed = house.fine("subscribers", "list", "--json").data
    assert sorted(s["address"] for s in listed["subscribers"]) == [
        "one@reader.example",
        "two@한글메일.한국",
    ]


def test_a_dry_run_changes_nothing(house: House) -> None:
    file = house.write("list.csv", "email\na@reader.example\n")

    ran = house.fine("subscribers", "import", str(file), "--dry-run", "--json")

    assert ran.data["outcomes"] == {"added": 1}
    assert house.fine("subscribers", "list", "--json").data["count"] == 0


def test_a_dry_run_says_of_each_row_what_would_become_of_it(house: House) -> None:
    """A line a row: added, changed with what it was and would be, as it was, and why a row is bad."""
    house.fine("subscribers", "add", "a@reader.example", "--name", "가")
    house.fine("subscribers", "add", "b@reader.example")
    rows = "a@reader.example,나\nb@reader.example,\nc@reader.example,\nnot-an-address,\n"
    file = house.write("list.csv", f"email,name\n{rows}")

    ran = house.run("--lang", "ko", "subscribers", "import", str(file), "--dry-run")

    assert ran.out.splitlines() == [
        "      2  바뀜  a@reader.example  name 가 → 나",
        "      3  그대로  b@reader.example",
        "      4  더함  c@reader.example",
        "      5  잘못된 줄",
        "4줄: 더함 1 · 바뀜 1 · 잘못된 줄 1 · 그대로 1",
        "바뀐 것은 없습니다.",
    ]
    assert "list.csv:5:1" in ran.err


def test_what_is_exported_can_be_taken_in_again_to_equality(house: House) -> None:
    house.fine("subscribers", "add", "a@reader.example", "--members", "--until", "2027-03-31")
    house.fine("subscribers", "add", "b@reader.example", "--series", "ai-x-files", "--name", "비")
    house.fine("subscribers", "add", "c@reader.example")
    house.fine("subscribers", "remove", "c@reader.example")
    first = house.fine("subscribers", "export").out

    house.environment["PUBLISHER_DATABASE"] = f"sqlite:///{house.root}/second.sqlite3"
    config = house.root / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + '\n[database]\nurl_env = "PUBLISHER_DATABASE"\n', encoding="utf-8")
    file = house.write("export.csv", first)
    house.fine("subscribers", "import", str(file))

    assert house.fine("subscribers", "export").out == first


def test_an_unknown_series_names_the_nearest(house: House) -> None:
    ran = house.run("subscribers", "add", "a@reader.example", "--series", "ai-x-file")

    assert ran.code == 2
    assert "ai-x-files" in ran.err


def test_erased_means_erased(house: House) -> None:
    house.fine("subscribers", "add", "gone@reader.example")
    house.fine("subscribers", "erase", "gone@reader.example", "--yes")

    again = house.write("again.csv", "email\ngone@reader.example\n")
    ran = house.run("subscribers", "import", str(again), "--json")

    assert ran.data["outcomes"] == {"erased": 1}
    assert house.fine("subscribers", "list", "--json").data["count"] == 0


def test_every_verb_of_the_list_speaks_json(house: House) -> None:
    """Scripts read the reader as it stands after each change, and the list one reader a line."""
    one = "one@reader.example"
    added = house.fine("subscribers", "add", one, "--name", "하나", "--json").data
    again = house.fine("subscribers", "add", one, "--json").data
    granted = house.fine("subscribers", "grant", one, "--until", "2027-03-31", "--json").data
    revoked = house.fine("subscribers", "revoke", one, "--json").data
    lines = house.fine("subscribers", "export", "--json").out.splitlines()
    written = house.fine("subscribers", "export", "out.csv", "--json").data
    removed = house.fine("subscribers", "remove", one, "--json").data
    erased = house.fine("subscribers", "erase", one, "--yes", "--json").data

    assert (added["new"], again["new"]) == (True, False)
    assert added["subscriber"]["name"] == "하나"
    assert granted["subscriber"]["audience"] == "members"
    assert granted["subscriber"]["members_until"].startswith("2027-03-31")
    assert revoked["subscriber"]["audience"] == "free"
    assert [json.loads(line)["address"] for line in lines] == [one]
    assert written == {"rows": 1, "file": "out.csv"}
    assert removed["subscriber"]["state"] == "left"
    assert erased == {"known": True}


def test_status_tells_of_notices_the_law_waits_for(house: House) -> None:
    """A day after the withdrawal, with the day the law sets and what to do about it."""
    house.fine("subscribers", "add", "one@reader.example")
    house.fine("subscribers", "remove", "one@reader.example")
    assert house.fine("status", "--json").data["needs"] == []

    house.clock = "2026-11-22T12:00:01+09:00"
    [need] = house.fine("status", "--json").data["needs"]

    assert "2026-12-05" in need
    assert "publisher run" in need


def test_a_shops_list_makes_memberships(house: House) -> None:
    """Looked at first, then taken, then taken again without a change."""
    house.fine("subscribers", "add", "ends@reader.example", "--members")
    house.fine("subscribers", "add", "pays@reader.example")
    file = str(house.write("shop.csv", "email,members_until\npays@reader.example,2027-03-31\n"))

    tried = house.fine("subscribers", "sync", file, "--dry-run", "--json").data
    done = house.fine("subscribers", "sync", file, "--json").data
    again = house.fine("subscribers", "sync", file, "--json").data
    members = house.fine("subscribers", "list", "--audience", "members", "--json").data

    assert tried == done
    assert (done["granted"], done["ended"], again["same"]) == (1, 1, 1)
    assert [one["address"] for one in members["subscribers"]] == ["pays@reader.example"]
