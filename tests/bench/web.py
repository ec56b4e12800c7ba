"""The front door and the static site: requests a second, sign-up p99, a storm, a million rows.

Beside nginx on the same files where it is installed. Nothing here asserts a time.
"""

from __future__ import annotations

import gzip
import io
import logging
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from publisher import store
from publisher.audience.imports import import_list
from publisher.audience.tokens import Purpose, Tokens
from publisher.audience.verdict import Terms
from publisher.site.headers import snippets
from publisher.store.subscribers import Register
from publisher.web.app import app
from publisher.web.house import Rates
from publisher.web.serve import Server
from tests.audience.hand import Hand
from tests.audience.stage import SECRET, Stage
from tests.web.conftest import house_of
from tests.web.provider import Answer, one_click, request, send

SEOUL = ZoneInfo("Asia/Seoul")
TERMS = Terms(datetime(2026, 11, 21, tzinfo=UTC), "bench")
REQUESTS = 10_000


def main() -> None:
    """Print every figure."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    tokens()
    with tempfile.TemporaryDirectory() as folder:
        doors(Path(folder))
    print("\nimport of a list into SQLite, each size in a process of its own:")
    for rows in (10_000, 1_000_000):
        subprocess.run([sys.executable, "-m", "tests.bench.web", str(rows)], check=True)


def tokens() -> None:
    """Time the links of a million mails."""
    maker = Tokens([SECRET])
    began = time.perf_counter()
    for _ in maker.make_all(Purpose.LEAVE, ((number, 0) for number in range(1_000_000))):
        pass
    print(f"a million links: {time.perf_counter() - began:.1f} s")


def doors(folder: Path) -> None:
    """Time the web server with a real list behind it."""
    public = folder / "public"
    public.mkdir()
    page = ("<!doctype html><title>한 화</title>" + "<p>글이 이어진다. </p>" * 900).encode()
    for name, data in (("index.html", page), ("feed.xml", page * 6)):
        (public / name).write_bytes(data)
        (public / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))
    database = store.open(f"sqlite:///{folder}/list.sqlite3")
    stage = Stage(Register(database), Hand())
    with served(folder) as port:
        files("run", port)
        with nginx(folder, public) as other:
            if other:
                files("nginx", other)
        sign_ups(port)
        storm(port, stage)
    database.close()


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Run the web server in a process of its own, as nginx is; gives its port."""
    command = [sys.executable, "-m", "tests.bench.web", "serve", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.communicate(b"enough\n")


def serve(folder: Path) -> None:
    """Serve until a line comes in."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    database = store.open(f"sqlite:///{folder}/list.sqlite3")
    house = house_of(Stage(Register(database), Hand()), folder / "public")
    house = replace(house, rates=Rates(sign_ups=1_000_000))
    with Server(app(house), "127.0.0.1", 0) as server:
        print(server.port, flush=True)
        sys.stdin.readline()
    database.close()


def files(who: str, port: int) -> None:
    """Time a page, a feed, and a feed the reader has already."""
    for path in ("/", "/feed.xml"):
        timed(f"{who}: {path}", port, [request("GET", path, Accept_Encoding="gzip")] * REQUESTS)
    tag = tag_of(port, "/feed.xml")
    known = request("GET", "/feed.xml", If_None_Match=tag, Accept_Encoding="gzip")
    timed(f"{who}: /feed.xml, 304", port, [known] * REQUESTS)


def tag_of(port: int, path: str) -> str:
    """Ask for the tag of a file."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request("HEAD", path, Accept_Encoding="gzip", Connection="close"))
        head = b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")
    return next(line[6:] for line in head.split("\r\n") if line.lower().startswith("etag: "))


def timed(what: str, port: int, requests: list[bytes]) -> list[Answer]:
    """Send requests over 16 connections and print how it went."""
    began = time.perf_counter()
    answers = send(port, requests, 16)
    seconds = time.perf_counter() - began
    slow = sorted(answer.seconds for answer in answers)
    codes = sorted({answer.status for answer in answers})
    p50, p99 = slow[len(slow) // 2] * 1000, slow[int(len(slow) * 0.99)] * 1000
    rate = len(answers) / seconds
    print(f"{what}: {rate:,.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {codes}", flush=True)
    return answers


def sign_ups(port: int) -> None:
    """Time sign-ups of strangers, each in a transaction of its own."""
    forms = [
        request("POST", "/subscribe", f"address=reader{n}@example.kr&lang=ko".encode())
        for n in range(1_000)
    ]
    timed("sign-up", port, forms)


def storm(port: int, stage: Stage) -> None:
    """Time ten thousand readers who leave at once, and count who is left behind."""
    rows = "".join(f"r{number}@b.kr\n" for number in range(REQUESTS))
    import_list(io.BytesIO(f"email\n{rows}".encode()), "l.csv", stage.register, TERMS, SEOUL)
    links = [
        stage.tokens.make(Purpose.LEAVE, record.subscriber.id, record.epoch)
        for record in stage.subscribers.each()
    ]
    timed("one-click storm", port, [one_click(link) for link in links])
    lost = sum(1 for record in stage.subscribers.each() if record.left_at is None)
    print(f"one-click storm: {len(links):,} sent, {lost} lost")


@contextmanager
def nginx(folder: Path, public: Path) -> Iterator[int]:
    """Run nginx over the same files; gives 0 where it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        print("nginx: not installed (apt-get install nginx-light)")
        yield 0
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = snippets(str(public), "localhost")["nginx.conf"]
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;\n"
        "events {}\nhttp { access_log off; keepalive_requests 1000000;\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi;\n"
        f"scgi_temp_path {folder}/scgi;\n{server}\n}}\n",
        encoding="utf-8",
    )
    folder.chmod(0o755)
    with subprocess.Popen([program, "-c", str(conf), "-p", str(folder)]) as process:
        try:
            time.sleep(1)
            yield port if process.poll() is None else 0
        finally:
            process.terminate()


def import_of(rows: int) -> None:
    """Import a list twice and print time and peak memory of this process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write("이메일 주소,이름,구독 상태,구독일\n")
            for n in range(rows):
                domain = ("naver.com", "gmail.com", "daum.net")[n % 3]
                out.write(f"r{n}@{domain},독자{n},구독중,2025-01-{n % 28 + 1:02d} 10:00\n")
        database = store.open(f"sqlite:///{folder}/list.sqlite3")
        for turn in ("first", "again"):
            began, spent = time.perf_counter(), time.process_time()
            with file.open("rb") as opened:
                import_list(opened, "list.csv", Register(database), TERMS, SEOUL)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            seconds, spent = time.perf_counter() - began, time.process_time() - spent
            print(
                f"  {rows:,} rows, {turn}: {seconds:.1f} s by the clock, "
                f"{spent:.1f} s of processor, peak {peak} MB",
                flush=True,
            )
        database.close()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", folder]:
            serve(Path(folder))
        case [rows]:
            import_of(int(rows))
        case _:
            main()
