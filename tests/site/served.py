"""The sample site on a loopback port, with the headers that a real server is told to send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from publisher.render.page.painter import Painter
from publisher.render.site.choices import Choices
from publisher.render.site.plan import Site
from publisher.render.theme import Templates
from publisher.site.folder import Folder
from publisher.site.headers import headers_for
from tests.golden import samples


def laid(folder: Path) -> Path:
    """Lay the sample publication into a folder, every episode out."""
    settings = samples.settings()
    choices = Choices(painter=Painter.found())
    read = lambda path: (samples.ROOT / path).read_bytes()  # noqa: E731 -- a reader is one line
    site = Site(settings[0].publication, settings, Templates(), read, choices)
    assert Folder(folder).publish(site.sheets()).problems == ()
    return folder


class _Server(ThreadingHTTPServer):
    root: Path
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        found = self.server.root / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        status = 200 if found.is_file() else 404
        data = (found if status == 200 else self.server.root / "404.html").read_bytes()
        self.send_response(status)
        for name, value in headers_for(path if status == 200 else "/404.html").items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the base class's
        """Keep quiet."""


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """Serve a folder; gives the address to ask."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.root = root
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
