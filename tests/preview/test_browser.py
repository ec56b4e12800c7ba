"""The desk in a real browser: it follows the files, answers to keys, and lets nothing run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from publisher.preview import Settings, app
from publisher.render.theme import Templates
from tests.chromium import launched, needs_chromium
from tests.preview.folder import FolderDesk, episode_text, write_publication
from tests.preview.running import running

pytestmark = needs_chromium
AXE = Path(__file__).parents[1] / "fixtures" / "axe" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        errors: list[str] = []
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
        assert errors == []


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """The folder of a series with one long episode and two short ones."""
    folder = write_publication(tmp_path)
    (folder / "01-화.md").write_text(_long("처음"), encoding="utf-8")
    return folder


def _long(word: str) -> str:
    paragraphs = [f"{n}번째 문단이다. " + f"{word} 쓴 문장이다. " * 12 for n in range(60)]
    return episode_text(1, "1번째 제목", body="\n\n".join(paragraphs))


@pytest.fixture
def desk(series: Path) -> Iterator[str]:
    """A desk that follows its files, in Korean."""
    root = series.parents[1]
    folders = (root / "episodes",)
    with running(app(FolderDesk(root), Settings(str(root)), Templates(), folders=folders)) as url:
        yield url


def test_a_saved_file_shows_in_the_open_tab_and_keeps_the_scroll(
    page: Page, desk: str, series: Path
) -> None:
    """The proof is patched where it changed; the reader's place in it stays."""
    page.goto(f"{desk}/episode/ai/1")
    proof = page.frame_locator("iframe")
    expect(proof.get_by_text("59번째 문단이다.")).to_be_attached()
    page.evaluate("document.querySelector('iframe').contentWindow.scrollTo(0, 3000)")

    (series / "01-화.md").write_text(_long("고쳐"), encoding="utf-8")

    expect(proof.get_by_text("0번째 문단이다. 고쳐 쓴 문장이다.").first).to_be_attached()
    assert page.evaluate("document.querySelector('iframe').contentWindow.scrollY") == 3000
    expect(page.get_by_role("status")).to_have_text("고친 내용을 반영했습니다")


def test_an_error_made_and_mended_comes_and_goes(page: Page, desk: str, series: Path) -> None:
    """The first page follows the files too; nothing needs a reload."""
    page.goto(desk)
    broken = series / "04-나쁜.md"
    broken.write_text("---\ntitel: x\n---\n본문\n", encoding="utf-8")
    expect(page.get_by_text("episodes/ai/04-나쁜.md:2:1")).to_be_visible()

    broken.unlink()

    expect(page.get_by_text("episodes/ai/04-나쁜.md:2:1")).to_be_hidden()


def test_a_series_folder_that_appears_is_shown(page: Page, desk: str, series: Path) -> None:
    """A new folder is followed like the old ones."""
    page.goto(desk)
    fresh = series.parent / "새-연재"
    fresh.mkdir()
    (fresh / "series.toml").write_text('title = "새로운 연재"\n', encoding="utf-8")

    expect(page.get_by_role("heading", name="새로운 연재")).to_be_visible()


def test_keys_turn_pages_and_switches(page: Page, desk: str) -> None:
    """By the place of the key: a Hangul keyboard layout gives the same."""
    page.goto(f"{desk}/episode/ai/1")

    view = "audience=members&mode=dark"
    for key, address in [
        ("j", "/episode/ai/2"),
        ("a", "/episode/ai/2?audience=members"),
        ("d", f"/episode/ai/2?{view}"),
        ("3", f"/episode/ai/2?channel=text&{view}"),
        ("k", f"/episode/ai/1?channel=text&{view}"),
        ("g", "/"),
    ]:
        page.wait_for_load_state("load")
        page.keyboard.press(key)
        expect(page).to_have_url(desk + address)


def test_a_list_that_was_shut_stays_shut_when_a_file_is_saved(
    page: Page, desk: str, series: Path
) -> None:
    page.goto(desk)
    page.locator("details summary").click()
    assert page.locator("details[open]").count() == 0

    (series / "02-화.md").write_text(episode_text(2, "새로 지은 제목"), encoding="utf-8")

    expect(page.locator("table.calendar")).to_contain_text("새로 지은 제목")
    expect(page.locator("details")).to_contain_text("새로 지은 제목", use_inner_text=False)
    assert page.locator("details[open]").count() == 0


def test_keys_are_explained(page: Page, desk: str) -> None:
    """A question mark opens the list, Escape closes it."""
    page.goto(desk)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="단축키")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_typing_an_address_is_no_command(page: Page, series: Path) -> None:
    """Letters in a field stay letters."""
    root = series.parents[1]
    door = app(FolderDesk(root), Settings(str(root)), Templates(), send=lambda _, __: ())
    with running(door) as url:
        page.goto(f"{url}/episode/ai/1")
        page.get_by_label("메일 주소").fill("")
        page.get_by_label("메일 주소").press_sequentially("jade@example.com")
        page.get_by_role("button", name="보내기").click()

        expect(page.get_by_text("시험 메일을 넘겼습니다.")).to_be_visible()


def test_nothing_in_a_proof_runs_or_leaves(page: Page, series: Path, tmp_path: Path) -> None:
    """Even a template gone bad: no script, no handler, no form, no way up to the desk."""
    own = tmp_path / "templates"
    (own / "blocks").mkdir(parents=True)
    evil = (
        "<script>top.hacked = 1; document.title = 'x'</script>"
        '<img src="/nothing.png" onerror="top.hacked = 2" alt="">'
        '<form action="https://example.com/"><button>나쁜 단추</button></form>'
        "{{ content }}"
    )
    (own / "blocks" / "note.html.j2").write_text(evil, encoding="utf-8")
    body = "::: note\n참고\n:::"
    (series / "01-화.md").write_text(episode_text(1, "제목", body=body), encoding="utf-8")
    root = series.parents[1]
    folder = FolderDesk(root, templates=(own,))
    with running(app(folder, Settings(str(root)), Templates())) as url:
        page.goto(f"{url}/episode/ai/1")
        expect(page.frame_locator("iframe").get_by_text("나쁜 단추")).to_be_visible()
        page.frame_locator("iframe").get_by_text("나쁜 단추").click()
        page.wait_for_timeout(200)

        assert page.evaluate("window.hacked") is None
        assert page.frames[1].url.startswith(url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/episode/ai/1", "/episode/ai/4?channel=source"])
def test_the_desk_is_accessible(browser: Browser, series: Path, scheme: str, path: str) -> None:
    """Axe finds nothing, by day and by night, with problems on view."""
    (series / "04-나쁜.md").write_text("---\ntitel: x\n---\n본문\n", encoding="utf-8")
    root = series.parents[1]
    with (
        running(
            app(FolderDesk(root), Settings(str(root)), Templates(), send=lambda _, __: ())
        ) as url,
        browser.new_context(color_scheme="dark" if scheme == "dark" else "light") as context,
    ):
        tab = context.new_page()
        tab.goto(url + path)
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        found = tab.evaluate("axe.run()")["violations"]

    assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in found] == []


def test_the_desk_works_without_scripts(browser: Browser, desk: str) -> None:
    """Every view is a page of its own; scripts only follow the files."""
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(desk)
        tab.get_by_role("link", name="2 2번째 제목").first.click()
        tab.get_by_role("link", name="원고").click()

        expect(tab.get_by_text("title: 2번째 제목")).to_be_visible()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[str]:
    """A desk over a long series, with more files to mend than a page shows."""
    folder = write_publication(tmp_path, episodes=230)
    for number in range(231, 291):
        (folder / f"{number}-나쁜.md").write_text("---\ntitel: x\n---\n본문\n", encoding="utf-8")
    with running(app(FolderDesk(tmp_path), Settings(str(tmp_path)), Templates())) as url:
        yield url


def test_the_oldest_episode_is_two_keys_from_the_first_page(page: Page, archive: str) -> None:
    """J turns to older episodes and K back, as they turn from episode to episode."""
    page.goto(archive)
    page.get_by_role("link", name="모든 회차 290").press("Enter")
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    expect(page).to_have_url(f"{archive}/series/ai?page=2")
    expect(page.get_by_role("link", name="1 1번째 제목", exact=True)).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("k")

    expect(page).to_have_url(f"{archive}/series/ai?page=1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_long_lists_are_accessible_and_fit_a_phone(
    browser: Browser, archive: str, scheme: str
) -> None:
    """Axe finds nothing on the first page, a series or the files to mend; nothing runs over."""
    found, wide = [], []
    with browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 360, "height": 800},
    ) as context:
        tab = context.new_page()
        for path in ("/", "/series/ai", "/series/ai?page=2", "/mend?page=2"):
            tab.goto(archive + path)
            tab.evaluate(AXE.read_text(encoding="utf-8"))
            found += [
                f"{path} {v['id']}: {v['nodes'][0]['html']}"
                for v in tab.evaluate("axe.run()")["violations"]
            ]
            wide += [path] * tab.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert (found, wide) == ([], [])


def test_long_lists_are_turned_without_scripts(browser: Browser, archive: str) -> None:
    """Links alone lead to the oldest episode and to the last file to mend."""
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(archive)
        tab.get_by_role("link", name="모든 회차 290").click()
        tab.get_by_role("link", name="지난 회차").click()
        tab.get_by_role("link", name="1 1번째 제목", exact=True).click()
        expect(tab.get_by_role("heading", name="1번째 제목")).to_be_visible()

        tab.goto(archive)
        tab.get_by_role("link", name="고쳐야 할 파일 모두").click()
        tab.get_by_role("link", name="뒤쪽").click()
        expect(tab.get_by_role("link", name="episodes/ai/290-나쁜.md", exact=True)).to_be_visible()


def test_no_request_leaves_this_machine(page: Page, desk: str) -> None:
    """The desk needs no internet."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk)
    page.goto(f"{desk}/episode/ai/1")
    page.wait_for_load_state("load")

    assert [url for url in asked if not url.startswith((desk, "data:"))] == []
