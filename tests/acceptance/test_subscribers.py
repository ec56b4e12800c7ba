"""The list, from the command line: nothing half-imported, every bad row named by its line."""

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
