"""A round over what is out and what waits: templates are tried on every episode."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from publisher.model.history import Histories, History, Published
from publisher.model.slot import Slot
from publisher.wiring.checking import check
from publisher.wiring.newsroom import Newsroom, open_newsroom
from tests.bench.publication import write

CLOCK = {"PUBLISHER_CLOCK": "2005-01-08T00:00:00+09:00"}
FIRST = Published("slow", 1, Slot(datetime(2005, 1, 7, 17), "Asia/Seoul"), "urn:1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "outlet", 3, 300)


def newsroom(root: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Open it as a new process would, with the first episode out."""
    histories: Histories = {"slow": History(published=(FIRST,))}
    monkeypatch.setattr(Newsroom, "histories", lambda _: histories)
    return open_newsroom(root, CLOCK)


def template(root: Path, name: str, number: int) -> None:
    """Write a template that fails on one episode."""
    path = root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"{{% if episode.number == {number} %}}{{{{ nonsense }}}}{{% endif %}}", encoding="utf-8"
    )


@pytest.mark.parametrize("name", ["page/episode.html.j2", "page/feed-item.html.j2"])
def test_a_template_that_fails_on_an_episode_that_is_out_is_told(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(root, name, 1)

    for _ in ("from nothing", "remembered"):
        report = check(newsroom(root, monkeypatch))
        found = [str(p.place) for p in report.problems if p.code == "render/template-undefined"]
        assert found == [f"templates/{name}:1:1"]
        assert report.editions == 4


def test_a_mail_that_is_out_is_not_set_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template(root, "mail/episode.html.j2", 1)
    first = check(newsroom(root, monkeypatch))
    assert not [p for p in first.problems if p.code == "render/template-undefined"]

    template(root, "mail/episode.html.j2", 2)
    second = check(newsroom(root, monkeypatch))
    assert [p.code for p in second.problems if p.code.startswith("render/")] == [
        "render/template-undefined"
    ]
