"""The front door over real HTTP."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx
import pytest

from publisher.audience.membership import signed
from publisher.audience.tokens import Purpose
from publisher.model.episode import Audience
from publisher.model.subscriber import SubscriberState
from tests.audience.hand import NOON
from tests.web.conftest import HOOK_SECRET, Site

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ACTIVE, LEFT = SubscriberState.ACTIVE, SubscriberState.LEFT


def subscribe(site: Site, address: str = "Kim@Naver.com", **fields: str) -> httpx.Response:
    return site.client.post("/subscribe", data={"address": address, "lang": "ko", **fields})


# --- leaving ------------------------------------------------------------------------------


def test_one_click_leaves_without_cookie_form_or_redirect(site: Site) -> None:
    """RFC 8058, 3.2: what a mail provider sends, and nothing else."""
    record = site.add()

    answer = site.client.post(site.link(record, Purpose.LEAVE), data=ONE_CLICK)

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    after = site.find("a@b.kr")
    assert after.subscriber.state is LEFT
    assert after.consents[-1].source == "one-click"


def test_one_click_as_multipart_leaves_too(site: Site) -> None:
    record = site.add()
    answer = site.client.post(
        site.link(record, Purpose.LEAVE), files={"List-Unsubscribe": (None, "One-Click")}
    )
    assert answer.status_code == 200
    after = site.find("a@b.kr")
    assert after.subscriber.state is LEFT
    assert after.consents[-1].source == "one-click"


def test_looking_never_leaves(site: Site) -> None:
    record = site.add()
    link = site.link(record, Purpose.LEAVE)
    for method in ("GET", "HEAD"):
        assert site.client.request(method, link).status_code == 200
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        assert site.client.request(method, link).status_code == 405
    assert site.find("a@b.kr").subscriber.state is ACTIVE


def test_the_page_to_leave_has_one_button_and_no_address(site: Site) -> None:
    record = site.add("reader@example.kr")
    html = site.client.get(site.link(record, Purpose.LEAVE)).text
    assert html.count("<form") == html.count("<button") == 1
    assert "<input" not in html
    assert "r•••@example.kr" in html
    assert "reader@example.kr" not in html


@pytest.mark.parametrize("token", ["x", "A" * 48, "한글", "%00", "a" * 3000])
def test_a_stale_or_broken_link_to_leave_still_answers_200(site: Site, token: str) -> None:
    assert site.client.post(f"/u/{token}", data=ONE_CLICK).status_code == 200
    assert site.client.get(f"/u/{token}").status_code == 200


def test_a_revoked_link_answers_200_and_does_nothing(site: Site) -> None:
    record = site.add()
    with site.stage.register.change() as book:
        book.alter([(record, replace(record, epoch=1))])
    assert site.client.post(site.link(record, Purpose.LEAVE), data=ONE_CLICK).status_code == 200
    assert site.find("a@b.kr").subscriber.state is ACTIVE


# --- coming in ----------------------------------------------------------------------------


def test_a_reader_comes_in_by_form_mail_and_button(site: Site) -> None:
    answer = subscribe(site, series="ai-x-files", advertising="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/subscribe/sent?lang=ko")
    (letter,) = site.stage.post()
    link = "/subscribe/" + site.stage.token(letter, "subscribe")

    page = site.client.get(link)
    assert page.status_code == 200
    assert "Kim@naver.com" in page.text
    assert site.client.head(link).status_code == 200
    assert site.stage.subscribers.count() == 0

    done = site.client.post(link)

    assert done.status_code == 200
    record = site.find("kim@naver.com")
    assert (record.subscriber.state, record.subscriber.series) == (ACTIVE, ("ai-x-files",))
    assert [c.source for c in record.consents] == ["web 127.0.0.0/24"] * 2
    first, second = record.consents[0].text.split("\n")
    form = unescape(site.client.get("/subscribe").text)
    assert first in form
    assert second in form


def test_known_and_unknown_addresses_get_the_same_bytes(site: Site) -> None:
    site.add("known@b.kr")
    known, unknown = subscribe(site, "known@b.kr"), subscribe(site, "unknown@b.kr")
    assert known.status_code == unknown.status_code == 303
    same = ("location", "content-length", "content-security-policy")
    assert [known.headers[n] for n in same] == [unknown.headers[n] for n in same]
    assert known.content == unknown.content


def test_a_machine_that_fills_every_field_gets_a_friendly_nothing(site: Site) -> None:
    assert subscribe(site, website="https://spam.example").status_code == 303
    assert site.stage.post() == []


def test_a_network_that_knocks_too_often_waits(site: Site) -> None:
    codes = [subscribe(site, f"r{n}@b.kr").status_code for n in range(7)]
    assert codes == [303] * 5 + [429] * 2
    assert subscribe(site, "r9@b.kr").headers["retry-after"] == "600"
    site.stage.clock.forward(minutes=10)
    assert subscribe(site, "r9@b.kr").status_code == 303


def test_a_wrong_address_comes_back_into_the_form(site: Site) -> None:
    answer = subscribe(site, '"><script>@b')
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;@b"' in answer.text


def test_our_own_form_wants_a_letter_chosen_and_a_foreign_one_means_all(site: Site) -> None:
    assert subscribe(site, asked="yes").status_code == 422
    assert subscribe(site, series="no-such-series").status_code == 303
    (letter,) = site.stage.post()
    site.client.post("/subscribe/" + site.stage.token(letter, "subscribe"))
    assert site.find("kim@naver.com").subscriber.series == ()


def test_a_form_on_another_website_may_subscribe_but_not_confirm(site: Site) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://else.example"}
    data = {"address": "kim@naver.com"}
    assert site.client.post("/subscribe", data=data, headers=foreign).status_code == 303
    (letter,) = site.stage.post()
    link = "/subscribe/" + site.stage.token(letter, "subscribe")
    assert site.client.post(link, headers=foreign).status_code == 403
    assert site.stage.subscribers.count() == 0


def test_the_embedded_form_works_as_it_is_given(site: Site) -> None:
    html = site.client.get("/subscribe/embed").text
    assert 'action="https://slow-signal.example/subscribe"' in html
    assert html.count('name="series"') == 2
    assert 'name="website"' in html
    assert "<script" not in html
    assert "style" not in html


def test_the_embedded_form_with_nothing_ticked_subscribes_to_nothing(site: Site) -> None:
    """Who unticks every letter is asked again, and not sent all of them."""
    form = site.client.get("/subscribe/embed").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form))
    answer = site.client.post("/subscribe", data={**hidden, "address": "kim@naver.com"})

    assert answer.status_code == 422
    assert "하나 이상 고르세요" in answer.text
    assert site.stage.post() == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en-US,en;q=0.9", "en"), ("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr", "ko"), ("en;q=x", "ko")],
)
def test_pages_speak_the_readers_language(site: Site, accepted: str, language: str) -> None:
    page = site.client.get("/subscribe", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}">' in page
    asked = site.client.get("/subscribe?lang=en", headers={"Accept-Language": accepted}).text
    assert '<html lang="en">' in asked


def test_a_korean_series_is_read_as_korean_on_an_english_page(site: Site) -> None:
    """A voice that reads the page aloud must know (WCAG 3.1.2)."""
    assert '<span lang="ko">AI X파일' in site.client.get("/subscribe?lang=en").text
    assert '<span lang="ko">' not in site.client.get("/subscribe?lang=ko").text


# --- choosing -----------------------------------------------------------------------------


def test_preferences_are_saved_and_shown(site: Site) -> None:
    record = site.add(advertising=True)
    link = site.link(record, Purpose.PREFERENCES)
    assert site.client.get(link).status_code == 200

    answer = site.client.post(link, data={"series": "ai-x-files", "locale": "en"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?done=saved")
    page = site.client.get(answer.headers["location"])
    assert 'lang="en"' in page.text
    assert "Saved." in page.text
    after = site.find("a@b.kr")
    assert (after.subscriber.series, after.subscriber.locale) == (("ai-x-files",), "en")


def test_who_chooses_every_letter_is_told_that_others_follow(site: Site) -> None:
    """The words stand on the form, and go on record with the consent."""
    words = "모두 고르면 앞으로 시작하는 연재도 함께 받습니다."
    assert words in site.client.get("/subscribe").text
    assert words in site.client.get("/subscribe/embed").text
    subscribe(site, series="ai-x-files")
    (letter,) = site.stage.post()
    site.client.post("/subscribe/" + site.stage.token(letter, "subscribe"))
    assert words in site.find("kim@naver.com").consents[0].text


def test_choosing_every_letter_means_every_letter_to_come(site: Site) -> None:
    record = site.add(series=["ai-x-files"])
    link = site.link(record, Purpose.PREFERENCES)
    site.client.post(link, data={"series": ["ai-x-files", "ai-wont-save-us"], "locale": "ko"})
    assert site.find("a@b.kr").subscriber.series == ()


def test_choosing_no_letter_is_leaving(site: Site) -> None:
    record = site.add()
    link = site.link(record, Purpose.PREFERENCES)
    assert site.client.post(link, data={"locale": "ko"}).headers["location"].endswith("done=left")
    assert site.find("a@b.kr").subscriber.state is LEFT


def test_another_website_cannot_press_a_readers_buttons(site: Site) -> None:
    record = site.add()
    link = site.link(record, Purpose.PREFERENCES)
    for path in ("", "/address", "/leave", "/feed", "/feed/close"):
        answer = site.client.post(
            link + path, data={"address": "x@y.kr"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403, path
    assert site.find("a@b.kr") == record


def test_looking_at_preferences_changes_nothing(site: Site) -> None:
    record = site.add()
    link = site.link(record, Purpose.PREFERENCES)
    for path in ("", "/address", "/leave", "/feed", "/feed/close"):
        for method in ("GET", "HEAD"):
            expected = 404 if path else 200
            assert site.client.request(method, link + path).status_code == expected
    assert site.find("a@b.kr") == record


def test_an_address_moves_by_a_mail_to_the_new_one(site: Site) -> None:
    record = site.add()
    link = site.link(record, Purpose.PREFERENCES)
    assert site.client.post(f"{link}/address", data={"address": "bad"}).status_code == 422
    answer = site.client.post(f"{link}/address", data={"address": "new@b.kr"})
    assert answer.headers["location"] == f"{link}?done=sent"
    (letter,) = site.stage.post()

    confirmed = site.client.post("/subscribe/" + site.stage.token(letter, "subscribe"))

    assert confirmed.status_code == 200
    assert site.find("new@b.kr").subscriber.id == record.subscriber.id
    assert site.client.get(link).status_code == 404


def test_a_member_gets_a_feed_of_their_own(site: Site) -> None:
    record = site.add(audience=Audience.MEMBERS, members_until=NOON + timedelta(days=1))
    link = site.link(record, Purpose.PREFERENCES)

    page = site.client.post(f"{link}/feed", data={})

    path = page.text.partition("https://slow-signal.example/m/")[2].partition("<")[0]
    answer = site.client.get(f"/m/{path}")
    assert (answer.status_code, answer.content) == (200, b"<rss/>")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "private, no-store"
    for known in (answer.headers["etag"], f'"other", W/{answer.headers["etag"]}'):
        again = site.client.get(f"/m/{path}", headers={"If-None-Match": known})
        assert again.status_code == 304
    secret = path.partition("/")[0]
    assert site.client.get(f"/m/{secret}/ai-x-files/feed.json").content == b"{}"
    assert site.client.get(f"/m/{secret}/nothing/feed.xml").status_code == 404
    assert site.client.get(f"/m/{'x' * 43}/feed.xml").status_code == 404
    assert site.client.post(f"{link}/feed/close", data={}).status_code == 303
    assert site.client.get(f"/m/{path}").status_code == 410


# --- payments -----------------------------------------------------------------------------


def test_a_payment_service_makes_a_member(site: Site) -> None:
    site.add()
    event = {"id": "1", "type": "granted", "address": "a@b.kr", "at": NOON.isoformat()}
    body = json.dumps(event).encode()
    header = {"Publisher-Signature": signed(HOOK_SECRET, NOON, body)}

    answer = site.client.post("/hooks/membership", content=body, headers=header)

    assert (answer.status_code, answer.json()) == (200, {"receipt": "taken"})
    assert site.find("a@b.kr").subscriber.audience is Audience.MEMBERS
    again = site.client.post("/hooks/membership", content=body, headers=header)
    assert (again.status_code, again.json()) == (200, {"receipt": "known"})
    assert site.client.post("/hooks/membership", content=body).status_code == 401
    bad = {"Publisher-Signature": signed(HOOK_SECRET, NOON, b"{}")}
    assert site.client.post("/hooks/membership", content=b"{}", headers=bad).status_code == 400
    big = site.client.post("/hooks/membership", content=b"x" * 100_000, headers=header)
    assert big.status_code == 413


# --- whatever comes -----------------------------------------------------------------------


def test_bodies_are_bounded_and_of_one_kind(site: Site) -> None:
    assert subscribe(site, "x" * 20_000).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"a" * 1000

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    streamed = site.client.post("/subscribe", content=endless(), headers=kind)
    assert streamed.status_code == 413
    assert site.client.post("/subscribe", json={"address": "a@b.kr"}).status_code == 415
    many = site.client.post("/subscribe", content=b"a&" * 500, headers=kind)
    assert many.status_code == 400


def test_every_page_keeps_to_itself(site: Site) -> None:
    record = site.add()
    for path in (
        "/subscribe",
        "/subscribe/sent",
        "/subscribe/xyz",
        site.link(record, Purpose.LEAVE),
        site.link(record, Purpose.PREFERENCES),
    ):
        headers = site.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
        assert "server" not in headers


def test_no_address_and_no_link_reaches_a_log(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object) -> object:
        raise OSError("disk full while writing secret@b.kr")

    caplog.set_level(logging.DEBUG)
    record = site.add("secret@b.kr")
    subscribe(site, "secret@b.kr")
    link = site.link(record, Purpose.LEAVE)
    site.client.get(link)
    monkeypatch.setattr(site.stage.register, "change", torn)

    answer = site.client.post(link, data=ONE_CLICK)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "disk full" not in answer.text
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    text = "\n".join(caplog.handler.format(r) for r in ours)
    assert "a request failed: OSError" in text
    assert "secret@b.kr" not in text
    assert link not in text


@pytest.mark.parametrize("proxies", [("127.0.0.1", "10.0.0.0/8")])
def test_behind_a_trusted_proxy_each_network_has_its_own_limit(site: Site) -> None:
    def knock(forwarded: str, number: int) -> int:
        return site.client.post(
            "/subscribe",
            data={"address": f"r{number}@b.kr"},
            headers={"X-Forwarded-For": forwarded},
        ).status_code

    codes = [knock(f"198.51.100.7, 203.0.113.{n}, 10.0.0.1", n) for n in range(6)]
    assert codes == [303] * 5 + [429]
    assert knock("203.0.113.1, 198.51.100.7", 7) == 303


def test_without_that_setting_nobody_is_believed(site: Site) -> None:
    codes = [
        site.client.post(
            "/subscribe",
            data={"address": f"r{n}@b.kr"},
            headers={"X-Forwarded-For": f"203.0.{n}.1"},
        ).status_code
        for n in range(6)
    ]
    assert codes[-1] == 429
