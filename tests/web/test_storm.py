"""Everybody leaves at once, and nobody is lost."""

from __future__ import annotations

import io
from zoneinfo import ZoneInfo

import pytest

from publisher.audience.imports import import_list
from publisher.audience.tokens import Purpose
from publisher.audience.verdict import Terms
from publisher.model.readership import Segment
from publisher.model.subscriber import SubscriberState
from tests.audience.hand import NOON
from tests.web.conftest import Site
from tests.web.provider import one_click, send

COUNT, CONNECTIONS = 10_000, 50


@pytest.mark.slow
def test_a_storm_of_one_click_requests_loses_nobody(site: Site) -> None:
    rows = "".join(f"reader{number}@b.kr\n" for number in range(COUNT))
    file = io.BytesIO(f"email\n{rows}".encode())
    import_list(file, "list.csv", site.stage.register, Terms(NOON, "i"), ZoneInfo("Asia/Seoul"))
    tokens = [
        site.stage.tokens.make(Purpose.LEAVE, record.subscriber.id, record.epoch)
        for record in site.stage.subscribers.each()
    ]
    assert len(tokens) == COUNT

    answers = send(site.server.port, [one_click(token) for token in tokens], CONNECTIONS)

    assert [answer.status for answer in answers] == [200] * COUNT
    assert site.stage.subscribers.count(Segment(state=SubscriberState.LEFT)) == COUNT
