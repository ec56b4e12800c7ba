"""The snippet for nginx in nginx itself: kinds, twins, 304, and nothing hidden."""

from __future__ import annotations

import gzip
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

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PROGRAM is None, reason="no nginx found; `apt-get install nginx` would add it"
    ),
]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx on loopback, serving the sample site with our snippet."""
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    root, chosen = laid(folder / "public"), free_port()
    server = snippets(str(root), "localhost")["nginx.conf"].replace(
        "listen 80;", f"listen 127.0.0.1:{chosen};"
    )
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\nuser root;\nerror_log {folder}/error.log;\npid {folder}/pid;\nevents {{ }}\n"
        f"http {{\naccess_log off;\n{temporary}"
        "types { text/html html; text/css css; text/javascript js; image/png png; }\n"
        f"{server}}}\n",
        encoding="utf-8",
    )
    assert PROGRAM
    process = subprocess.Popen(
        [PROGRAM, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE
    )
    await_port(chosen)
    yield chosen
    process.terminate()
    process.communicate()


@pytest.mark.parametrize("path", FILES)
def test_nginx_says_of_each_file_what_we_would(port: int, path: str) -> None:
    """Kind, age and policy are those of the table."""
    assert_says_what_we_would(port, path)


@pytest.mark.parametrize("path", FILES[:1] + FILES[-1:])
def test_a_reader_that_asks_again_gets_304(port: int, path: str) -> None:
    """By ETag and by date, plain and squeezed."""
    for encoding in ("identity", "gzip"):
        _, said, body = ask(port, path, Accept_Encoding=encoding)
        assert (said.get("content-encoding") == "gzip") is (encoding == "gzip")
        assert (gzip.decompress(body) if encoding == "gzip" else body).startswith(b"<")
        by_tag = ask(port, path, Accept_Encoding=encoding, If_None_Match=said["etag"])
        by_date = ask(port, path, Accept_Encoding=encoding, If_Modified_Since=said["last-modified"])
        assert (by_tag[0], by_date[0]) == (304, 304)


def test_what_is_not_there_or_hidden_is_our_404(port: int) -> None:
    """The publisher's own list is not handed out."""
    assert_hides_what_is_not_for_readers(port)


def test_the_usual_names_lead_to_the_feed(port: int) -> None:
    """``/rss`` is what many people try."""
    assert (ask(port, "/rss")[0], ask(port, "/rss")[1]["location"].endswith("/feed.xml")) == (
        301,
        True,
    )
