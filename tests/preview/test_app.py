"""The desk over HTTP: what it shows, whom it answers, and that it stays up."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from httpx import Client

from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.slot import Slot
from publisher.preview import Issued, Settings, app
from publisher.preview.ports import Proof, Snapshot
from publisher.render.theme import Templates
from tests.preview.folder import FolderDesk, episode_text, write_publication
from tests.preview.running import opened

BROKEN_RULE = Fault("lint/example", Severity.ERROR, "Something is wrong.", "Mend it.")


class Post:
    """Keeps what was asked to be mailed."""

    def __init__(self) -> None:
        self.sent: list[tuple[Edition, str]] = []

    def __call__(self, edition: Edition, address: str) -> tuple[Problem, ...]:
        self.sent.append((edition, address))
        return ()


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    write_publication(tmp_path)
    return tmp_path


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture(scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Post]]:
    """One desk for every test that changes nothing, in English, with nothing watched."""
    root, post = tmp_path_factory.mktemp("publication"), Post()
    write_publication(root)
    for client in _opened(FolderDesk(root), root, post):
        yield client, post


@pytest.fixture
def desk(_shared: tuple[Client, Post]) -> Client:
    return _shared[0]


@pytest.fixture
def mailed(_shared: tuple[Client, Post]) -> Post:
    """What the shared desk was asked to mail during one test."""
    _shared[1].sent.clear()
    return _shared[1]


def _opened(folder: FolderDesk, root: Path, post: Post | None) -> Iterator[Client]:
    settings = Settings(root=str(root), language="en")
    with opened(app(folder, settings, Templates(), send=post)) as client:
        yield client


def test_the_first_page_shows_the_coming_slots(desk: Client) -> None:
    """Slot, episode, state and the time left, in the zone of the series."""
    page = desk.get("/").text

    assert "2026-11-27 (Fri) 17:00" in page
    assert ">1번째 제목" not in page  # the number stands before the title
    assert re.search(r'<span class="number">1</span> 1번째 제목', page)
    assert "in 6 days" in page
    assert "No episode yet" in page  # the fourth slot


def test_the_first_page_shows_the_last_releases(publication: Path, post: Post) -> None:
    """Read off the ledger, with the state of the deliveries; a gone episode is not linked."""
    issued = Issued(
        "ai", 1, "첫 화", Slot(datetime(2026, 11, 13, 17), "Asia/Seoul"), "complete",
        (("sent", 1203), ("uncertain", 1)),
    )  # fmt: skip
    for client in _opened(FolderDesk(publication, issued=(issued,)), publication, post):
        page = client.get("/").text

    assert 'href="/episode/ai/1"' in page
    assert "sent 1203" in page
    assert "uncertain 1" in page


def test_a_broken_episode_shows_its_problems_and_the_rest_works(
    publication: Path, post: Post
) -> None:
    """The file is named with its line; the other episodes open as ever."""
    broken = publication / "episodes" / "ai" / "04-나쁜.md"
    broken.write_text("---\ntitel: x\n---\n본문\n", encoding="utf-8")
    for client in _opened(FolderDesk(publication), publication, post):
        page = client.get("/").text
        file = client.get("/episode/ai/4?channel=source").text
        other = client.get("/episode/ai/2")

    assert "episodes/ai/04-나쁜.md:2:1" in page
    assert '<span class="number" aria-hidden="true">2</span><code>titel: x</code>' in file
    assert other.status_code == 200


def test_problems_stand_beside_the_line_they_speak_of(publication: Path, post: Post) -> None:
    """With line and column, linked to the editor's own address; the findings of rules too."""
    place = Place("episodes/ai/02-화.md", 7, 3)

    def rules(_: Snapshot) -> tuple[Problem, ...]:
        return (BROKEN_RULE.at(place),)

    for client in _opened(FolderDesk(publication, rules=rules), publication, post):
        while "Something is wrong." not in (
            page := client.get("/episode/ai/2?channel=source").text
        ):
            pass
        calendar = client.get("/").text

    beside = page.partition('id="L7"')[2].partition("</li>")[0]
    assert "7:3" in beside
    assert (
        f"vscode://file/{publication}/episodes/ai/02-%ED%99%94.md:7:3".replace(
            str(publication), str(publication)
        )
        in beside
    )
    assert 'class="held"' in calendar  # a ready episode with an error will be held


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("", "2화의 첫 문장이다.", "회원만 읽는 문장이다."),
        ("?audience=members", "회원만 읽는 문장이다.", "<script"),
        ("?channel=page", "2화의 첫 문장이다.", "회원만 읽는 문장이다."),
        ("?channel=text&audience=members", "회원만 읽는 문장이다.", "<strong"),
        ("?channel=feed", "tag:slow-signal.example,", "회원만 읽는 문장이다."),
    ],
)
def test_each_channel_is_shown_for_each_audience(
    desk: Client, query: str, there: str, absent: str
) -> None:
    """What a free reader may not have is not in a free proof."""
    proof = desk.get(f"/proof/ai/2{query}").text

    assert there in proof
    assert absent not in proof


def test_the_raw_message_is_shown_with_its_headers(desk: Client) -> None:
    """Byte for byte, in the one place that is set in monospace."""
    page = desk.get("/episode/ai/1?channel=raw").text

    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in page
    assert "Content-Transfer-Encoding: base64" in page


def test_dark_and_light_do_not_depend_on_the_machine(desk: Client) -> None:
    """The media queries of the mail are settled for the one that is asked for."""
    light = desk.get("/proof/ai/1").text
    dark = desk.get("/proof/ai/1?mode=dark").text

    assert "prefers-color-scheme" not in light + dark
    assert "color-scheme:only light" in light
    assert "color-scheme:only dark" in dark
    assert light != dark


def test_content_in_the_frame_can_run_nothing(desk: Client) -> None:
    """Whatever a template or an episode holds, no script, form or plug-in works in a proof."""
    policy = desk.get("/proof/ai/1").headers["content-security-policy"]
    page = desk.get("/episode/ai/1")

    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox allow-same-origin")
    assert "script-src" not in policy
    assert 'sandbox="allow-same-origin"' in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8100", "", "[::2]:80"]
)
def test_a_name_that_is_not_this_machine_gets_no_answer(desk: Client, host: str) -> None:
    """Against DNS rebinding: a page elsewhere cannot make its own name mean the desk."""
    answer = desk.get("/", headers={"host": host})

    assert answer.status_code == 403
    assert "1번째 제목" not in answer.text


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "[::1]:8100", "LOCALHOST"])
def test_every_name_of_this_machine_is_answered(desk: Client, host: str) -> None:
    """Whatever the port: it may be chosen at random."""
    assert desk.get("/", headers={"host": host}).status_code == 200


def test_another_site_may_link_to_the_desk_but_not_fetch_from_it(desk: Client) -> None:
    """A link opens a page; a script, a frame or an image of another site gets nothing."""
    cross = {"sec-fetch-site": "cross-site"}

    assert desk.get("/", headers={**cross, "sec-fetch-mode": "navigate"}).status_code == 200
    assert desk.get("/", headers={**cross, "sec-fetch-mode": "cors"}).status_code == 403
    assert (
        desk.get("/asset/x.png", headers={**cross, "sec-fetch-mode": "no-cors"}).status_code == 403
    )


def _own(client: Client) -> dict[str, str]:
    """Say that a request comes from the desk's own page."""
    return {"origin": str(client.base_url).rstrip("/")}


def _token(client: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/episode/ai/1").text)
    assert found
    return found[1]


def test_a_test_mail_goes_to_one_address(desk: Client, mailed: Post) -> None:
    """Exactly what is shown: the edition of the audience that the view names."""
    answer = desk.post(
        "/trial/ai/1?audience=members",
        data={"token": _token(desk), "address": " me@example.com "},
        headers=_own(desk),
    )

    assert "The test mail has been handed over." in answer.text
    assert [(e.number, str(e.audience), a) for e, a in mailed.sent] == [
        (1, "members", "me@example.com")
    ]


def test_a_test_mail_that_cannot_go_says_why(publication: Path) -> None:
    """The relay's words stand beside the form."""

    def refusing(_: Edition, __: str) -> tuple[Problem, ...]:
        return (BROKEN_RULE.at(Place("config.toml")),)

    for client in _opened(FolderDesk(publication), publication, None):
        assert "No relay is set up" in client.get("/episode/ai/1").text
    settings = Settings(root=str(publication), language="en")
    with opened(app(FolderDesk(publication), settings, Templates(), send=refusing)) as client:
        answer = client.post(
            "/trial/ai/1",
            data={"token": _token(client), "address": "a@example.com"},
            headers=_own(client),
        )

    assert "The test mail was not sent." in answer.text
    assert "Something is wrong." in answer.text


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, "right", 403),
        ({"origin": "http://evil.example"}, "right", 403),
        ({"origin": "http://127.0.0.1:9999"}, "right", 403),
        ({"origin": "null"}, "right", 403),
        ({"origin": "own", "sec-fetch-site": "cross-site"}, "right", 403),
        ({"origin": "own"}, "wrong", 403),
        ({"origin": "own"}, "", 403),
    ],
)
def test_no_other_page_can_make_the_desk_send(
    desk: Client, mailed: Post, headers: dict[str, str], token: str, status: int
) -> None:
    """The request must come from the desk's own page and carry its token."""
    token = _token(desk) if token == "right" else token
    if headers.get("origin") == "own":
        headers = {**headers, **_own(desk)}

    answer = desk.post(
        "/trial/ai/1", data={"token": token, "address": "a@example.com"}, headers=headers
    )

    assert answer.status_code == status
    assert mailed.sent == []


def test_a_form_is_read_only_so_far(desk: Client, mailed: Post) -> None:
    """A body of megabytes is cut off, whatever its length claims."""
    answer = desk.post("/trial/ai/1", content=b"a" * 100_000, headers=_own(desk))

    assert answer.status_code == 413
    assert mailed.sent == []


@pytest.mark.parametrize(
    "path",
    ["/file?path=/etc/passwd", "/file?path=../secret.txt", "/file?path=episodes/ai/01-%ED%99%94.md",
     "/episode/ai/99", "/episode/nothing/1", "/proof/ai/99", "/asset/../../etc/passwd"],
)  # fmt: skip
def test_nothing_is_read_that_no_problem_names(desk: Client, path: str) -> None:
    """The address bar is no way into the disk."""
    answer = desk.get(path)

    assert answer.status_code == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("number", ["x", "-1", "1e9", "99999999999999999999999999"])
def test_odd_numbers_are_no_episodes(desk: Client, number: str) -> None:
    """An address nobody has written leads nowhere."""
    assert desk.get(f"/episode/ai/{number}").status_code == 404


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything; run as another user")
def test_a_folder_without_rights_is_said_and_the_rest_works(publication: Path, post: Post) -> None:
    """A clear word in place of the series."""
    shut = publication / "episodes" / "shut"
    shut.mkdir()
    shut.chmod(0)
    for client in _opened(FolderDesk(publication), publication, post):
        page = client.get("/").text
    shut.chmod(0o700)

    assert "episodes/shut" in page
    assert "1번째 제목" in page


def test_a_link_out_of_the_publication_is_said_and_not_followed(
    publication: Path, post: Post, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What lies elsewhere on the disk never shows."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("---\ntitle: 비밀\n---\n비밀이다\n", encoding="utf-8")
    (publication / "episodes" / "ai" / "04-밖.md").symlink_to(secret)
    for client in _opened(FolderDesk(publication), publication, post):
        page = client.get("/").text
        file = client.get("/file", params={"path": "episodes/ai/04-밖.md"}).text

    assert "04-밖.md" in page
    assert "비밀" not in page + file


def test_a_file_of_fifty_megabytes_is_said_and_not_read(publication: Path, post: Post) -> None:
    """The desk neither swallows it nor falls over."""
    huge = publication / "episodes" / "ai" / "04-큰.md"
    with huge.open("wb") as file:
        file.truncate(50 * 2**20)
    for client in _opened(FolderDesk(publication), publication, post):
        page = client.get("/").text

    assert "04-큰.md" in page
    assert "1번째 제목" in page


@pytest.mark.parametrize("source", ["{% if %}", "{{ nothing.here }}"])
def test_a_desk_dressed_wrongly_is_shown_as_it_ships(
    publication: Path, post: Post, source: str
) -> None:
    """The page that a publication's own template breaks says so and does its work."""
    own = publication / "templates" / "desk"
    own.mkdir(parents=True)
    for name in ("calendar", "text"):
        (own / f"{name}.html.j2").write_text(source, encoding="utf-8")
    templates = Templates([publication / "templates"])
    settings = Settings(root=str(publication), language="en")
    with opened(app(FolderDesk(publication), settings, templates)) as client:
        page = client.get("/")
        frame = client.get("/proof/ai/1?channel=text")

    assert (page.status_code, frame.status_code) == (200, 200)
    assert "templates/desk/calendar.html.j2:1:1" in page.text
    assert "1번째 제목" in page.text
    assert "1번째 제목" in frame.text


def test_a_desk_is_dressed_anew_when_its_templates_are_saved(publication: Path) -> None:
    """A broken page of the publication's own is taken up again once it is mended, and changed."""
    path = publication / "templates" / "desk" / "gone.html.j2"
    path.parent.mkdir(parents=True)

    def saved(source: str) -> Templates:
        path.write_text(source, encoding="utf-8")
        return Templates([publication / "templates"])

    worn = [saved("{% if %}")]
    settings = Settings(root=str(publication), language="en")
    with opened(app(FolderDesk(publication), settings, lambda: worn[-1])) as client:
        broken = client.get("/series/nothing").text
        worn.append(saved("first dress"))
        first = client.get("/series/nothing").text
        worn.append(saved("second dress"))
        second = client.get("/series/nothing").text
        calendar = client.get("/").text

    assert "templates/desk/gone.html.j2:1:1" in broken
    assert (first, second) == ("first dress", "second dress")
    assert "templates/desk/gone.html.j2" not in calendar


def test_a_page_that_fails_says_so_without_a_traceback(
    publication: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One line where the desk was started; the other pages are there."""

    class Failing(FolderDesk):
        def asset(self, snapshot: Snapshot, path: str) -> None:
            raise RuntimeError("first line\nsecond line")

    settings = Settings(root=str(publication), language="ko")
    with opened(app(Failing(publication), settings, Templates())) as client:
        answer = client.get("/asset/a.png")
        other = client.get("/")

    assert (answer.status_code, other.status_code) == (500, 200)
    assert answer.text.startswith("이 화면을 보여 드리지 못했습니다.")
    assert [record.getMessage() for record in caplog.records] == [
        "/asset/a.png: RuntimeError: first line"
    ]
    assert caplog.records[0].exc_info is None


def test_a_look_that_fails_leaves_the_last_good_one(publication: Path, post: Post) -> None:
    """Trouble is told on every page; what was read before stays on view."""

    class Failing(FolderDesk):
        fails = False

        def look(self, changed: frozenset[str]) -> Snapshot:
            if self.fails:
                raise PermissionError(13, "Permission denied", "/some/where")
            return super().look(changed)

    folder = Failing(publication)
    door = app(folder, Settings(root=str(publication), language="en"), Templates(), tick=0.05)
    with opened(door) as client:
        assert "could not be read" not in client.get("/").text
        folder.fails = True
        while "could not be read" not in (page := client.get("/").text):
            pass

    assert "could not be read just now: Permission denied." in page
    assert "/some/where" not in page
    assert "1번째 제목" in page


def test_hostile_titles_are_only_text(publication: Path, post: Post) -> None:
    """Markup in front matter and body shows as the characters it is."""
    path = publication / "episodes" / "ai" / "04-h.md"
    title = '"<img src=x onerror=alert(1)>{{ 7*7 }}"'
    path.write_text(episode_text(4, title, body="```\n<script>alert(2)</script>\n```"), "utf-8")
    for client in _opened(FolderDesk(publication), publication, post):
        pages = [client.get(f"/episode/ai/4?channel={c}").text for c in ("mail", "source", "raw")]
        pages.append(client.get("/").text)

    for page in pages:
        assert "<img" not in page
        assert "<script>alert" not in page
        assert "49" not in page.partition("<h1")[2].partition("</h1>")[0]


def test_an_editor_address_never_runs_in_the_page(publication: Path, post: Post) -> None:
    """A setting that is a script address is left out rather than linked."""
    settings = Settings(root=str(publication), editor="javascript:alert(1)//{path}")
    with opened(app(FolderDesk(publication), settings, Templates())) as client:
        page = client.get("/episode/ai/1").text

    assert "javascript:" not in page


def test_what_the_final_bytes_bring_to_light_comes_after_the_proof(publication: Path) -> None:
    """The edition is shown at once; the slower reading follows and is told."""

    class Slow(FolderDesk):
        def proof(self, snapshot: Snapshot, episode: Episode, audience: Audience) -> Proof:
            made = super().proof(snapshot, episode, audience)
            place = Place(episode.path, 3, 1)
            return Proof(made.edition, made.problems, lambda: (BROKEN_RULE.at(place),))

    door = app(Slow(publication), Settings(root=str(publication), language="en"), Templates())
    with opened(door) as client:
        first = client.get("/episode/ai/1").text
        while "Something is wrong." not in (page := client.get("/episode/ai/1").text):
            pass

    assert "<iframe" in first
    assert "Something is wrong." not in first
    assert "episodes/ai/01-화.md:3:1" in page


def test_a_file_that_changes_while_it_is_read_ends_up_right(publication: Path) -> None:
    """Half-written, truncated, gone and back: the desk stays up and shows the last state."""
    path = publication / "episodes" / "ai" / "02-화.md"
    final = episode_text(2, "마지막 제목")
    door = app(
        FolderDesk(publication),
        Settings(root=str(publication), language="en"),
        Templates(),
        folders=(publication / "episodes",),
    )
    with opened(door) as client:
        for number in range(60):
            whole = episode_text(2, f"제목 {number}").encode()
            path.write_bytes(whole[: len(whole) * (number % 7) // 7])
            if number % 9 == 8:
                path.unlink()
            if number % 10 == 0:
                assert client.get("/").status_code == 200
                assert client.get("/episode/ai/2").status_code in (200, 404)
        path.write_text(final, encoding="utf-8")
        while "마지막 제목" not in (page := client.get("/episode/ai/2").text):
            pass

    assert "마지막 제목" in page
