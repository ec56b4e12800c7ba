"""The snippet for Caddy in Caddy itself: kinds, ages, twins, 304, and nothing hidden."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from publisher.site.headers import snippets
from tests.site.served import laid
from tests.site.servers import (
    FILES,
    ask,
    assert_hides_what_is_not_for_readers,
    assert_says_what_we_would,
    await_port,
    free_port,
)

PROGRAM = shutil.which("caddy")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PROGRAM is None, reason="no caddy found; `apt-get install caddy` would add it"
    ),
]
#: Nothing but the snippet: no administration port, no certificates.
ALONE = "{\n\tadmin off\n\tauto_https off\n}\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Caddy on loopback, serving the sample site with our snippet."""
    folder = tmp_path_factory.mktemp("caddy")
    root, chosen = laid(folder / "public"), free_port()
    written = ALONE + snippets(str(root), f"http://127.0.0.1:{chosen}")["Caddyfile"]
    (folder / "Caddyfile").write_text(written, encoding="utf-8")
    assert PROGRAM
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(
        [PROGRAM, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
        stderr=subprocess.DEVNULL,
        env=os.environ | home,
    )
    await_port(chosen)
    yield chosen
    process.terminate()
    process.wait()


@pytest.mark.parametrize("path", FILES)
def test_caddy_says_of_each_file_what_we_would(port: int, path: str) -> None:
    """Kind, age and policy are those of the table."""
    assert_says_what_we_would(port, path)


def test_caddy_sends_the_squeezed_twin_and_304(port: int) -> None:
    """Who takes gzip gets it, and who has it already gets nothing."""
    for encoding in ("identity", "gzip"):
        _, said, _ = ask(port, "/feed.xml", Accept_Encoding=encoding)
        assert (said.get("content-encoding") == "gzip") is (encoding == "gzip")
        again = ask(port, "/feed.xml", Accept_Encoding=encoding, If_None_Match=said["etag"])
        assert again[0] == 304


def test_what_caddy_has_not_or_hides_is_our_404(port: int) -> None:
    """The publisher's own list is not handed out."""
    assert_hides_what_is_not_for_readers(port)


def test_caddy_leads_the_usual_names_to_the_feed(port: int) -> None:
    """``/rss`` is what many people try."""
    status, said, _ = ask(port, "/rss")

    assert (status, said["location"]) == (301, "/feed.xml")
