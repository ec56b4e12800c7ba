"""A dry run leaves the ledger as it is, and goes on without one that does not answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from publisher import store
from publisher.lint import letter
from publisher.model.problem import OutsideError, Severity, stops
from publisher.wiring.newsroom import Newsroom, open_newsroom
from publisher.wiring.rehearsal import rehearse

CONFIG = """
[publication]
name = "느린 신호"
url = "https://slow-signal.example"

[sender]
address = "letter@slow-signal.example"

[database]
url_env = "LEDGER"
"""
SERIES = 'title = "느린 신호"\n[cadence]\nweekday = "fri"\nat = "17:00"\n'
EPISODE = "---\ntitle: 첫 신호\nstatus: ready\n---\n\n본문입니다.\n"
NOWHERE = "postgresql+psycopg://nobody@/nothing?host=/nowhere/at/all"


def newsroom_with(url: str, folder: Path) -> Newsroom:
    """Open a publication of one episode, whose ledger is at an address."""
    series = folder / "episodes" / "slow"
    series.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (series / "series.toml").write_text(SERIES, encoding="utf-8")
    (series / "01-첫 신호.md").write_text(EPISODE, encoding="utf-8")
    return open_newsroom(folder, {"LEDGER": url})


def version(url: str) -> str:
    database = store.open(url)
    try:
        with database.read() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    finally:
        database.close()


def test_who_only_looks_cannot_write(database_url: str) -> None:
    store.open(database_url).close()
    looking = store.look(database_url)

    with pytest.raises(OutsideError), looking.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    looking.close()
    assert version(database_url) != "0001"


def test_an_older_ledger_is_not_brought_up_to_date_by_a_look(database_url: str) -> None:
    database = store.open(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()

    with pytest.raises(OutsideError) as told:
        store.look(database_url)

    assert told.value.problems[0].code == "store/older-schema"


def test_a_dry_run_counts_with_a_ledger_it_may_not_write(database_url: str, tmp_path: Path) -> None:
    store.open(database_url).close()

    newsroom = newsroom_with(database_url, tmp_path)

    (run,) = rehearse(newsroom, None, tmp_path / "out")

    newsroom.database.close()
    assert run.recipients == {"free": 0, "members": 0}
    assert "wiring/uncounted" not in {problem.code for problem in run.problems}


def test_a_dry_run_goes_on_without_a_ledger_that_is_away(tmp_path: Path) -> None:
    (run,) = rehearse(newsroom_with(NOWHERE, tmp_path), None, tmp_path / "out")

    (planned,) = json.loads((tmp_path / "out/plan.json").read_bytes())
    assert (planned["recipients"], planned["left_out"]) == (None, None)
    assert "wiring/uncounted" in {problem.code for problem in run.problems}
    assert not stops(run.problems)
    mail = (tmp_path / "out/slow/01/free/mail.eml").read_bytes()
    assert [p for p in letter.check(mail, name="mail.eml") if p.severity is Severity.ERROR] == []
