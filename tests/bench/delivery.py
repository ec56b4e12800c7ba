"""How fast releases leave, at what cost: our whole path beside the C and Python ways to send.

One sink (Postfix's ``smtp-sink`` where it is installed) takes what every way sends: the same mail of
38 KB, the same machine, the same run. Nothing is asserted here; the figures are printed.
"""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from publisher import store
from publisher.delivery import run_due
from publisher.delivery.mould import Filling, Mould
from publisher.delivery.ports import Policy
from publisher.transport.relay import Relay, Security
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, letter, readers

SIZE = 38_000
LINES = 20
SINKS = ("/usr/sbin/smtp-sink", "/usr/libexec/postfix/smtp-sink")
SOURCES = ("/usr/sbin/smtp-source", "/usr/libexec/postfix/smtp-source")


def text_of(octets: int) -> str:
    """Give a text whose mail has about so many octets."""
    return "본문입니다. 천천히 읽는 글입니다.\n" * max(1, (octets - 1800) // 140)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tool(places: tuple[str, ...]) -> str:
    found = [place for place in places if Path(place).exists()]
    return found[0] if found else shutil.which(Path(places[0]).name) or ""


@contextmanager
def sink() -> Iterator[int]:
    """Run smtp-sink as nobody on a free port."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [tool(SINKS), *user, "-c", "-m", "200", f"127.0.0.1:{port}", "1000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def cpu() -> float:
    """Give the CPU seconds of this process and its children so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def high_water() -> float:
    """Give the most memory this process has had, in MiB: its own, not what it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def row(what: str, count: int, seconds: float, cost: float, more: str = "") -> None:
    print(
        f"| {what} | {count:,} | {count / seconds:,.0f} | {cost / count * 1000:.3f} | {more} |",
        flush=True,
    )


def timed(what: str, count: int, work: Callable[[], object]) -> None:
    before, began = cpu(), time.perf_counter()
    work()
    row(what, count, time.perf_counter() - began, cpu() - before)


def by_smtplib(port: int, message: bytes, count: int) -> None:
    """One library connection, the mail the same for all."""
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(count):
            client.sendmail("b@bounce.example", [f"reader{number}@x.example"], message)


async def by_aiosmtplib(port: int, message: bytes, count: int) -> None:
    """As many library connections as ours has lines."""
    import aiosmtplib

    async def line(first: int) -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await client.connect()
        for number in range(first, count, LINES):
            await client.sendmail("b@bounce.example", [f"reader{number}@x.example"], message)
        await client.quit()

    await asyncio.gather(*(line(first) for first in range(LINES)))


def by_source(port: int, size: int, count: int) -> None:
    """Postfix's own load generator, in C, on persistent connections; it keeps no ledger."""
    command = [tool(SOURCES), "-d", "-s", str(LINES), "-m", str(count), "-l", str(size)]
    subprocess.run(
        [*command, "-f", "b@x.example", "-t", "r@x.example", f"127.0.0.1:{port}"], check=True
    )


OURS = """
import json, sys
from publisher.cli.command import spare_the_collector
from tests.bench.delivery import ours
spare_the_collector()  # as every command does
print(json.dumps(ours(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "dkim")))
"""


def ours(url: str, port: int, count: int, signed: bool) -> dict[str, float]:
    """Release to everybody on the list, from decision to completion; in a process of its own."""
    relay = Relay("127.0.0.1", port, Security.NONE, connections=LINES)
    first: list[float] = []

    class Timed(Smtp):
        def poll(self, seconds: float):  # type: ignore[no-untyped-def]  # as the port has it
            news = super().poll(seconds)
            if not first and news.outcomes:
                first.append(time.perf_counter())
            return news

    house = House(store.open(url), lambda: Timed([relay], time.monotonic))
    house.policy = Policy()
    house.press.text = text_of(SIZE)
    office = house.office
    if signed:
        from publisher.transport.dkim import Signer, new_key
        from publisher.wiring.signing import PieceSigner

        signer = PieceSigner(Signer("slow.example", "s", new_key()))
        office = replace(office, signer=signer)
    house.now.at = BEFORE
    run_due(office, BEFORE)
    house.now.at = FRIDAY
    before, began = cpu(), time.perf_counter()
    ran = run_due(office, FRIDAY)
    seconds, cost = time.perf_counter() - began, cpu() - before
    peak = high_water()
    if ran.rest.sent != count:
        raise RuntimeError(f"{ran.rest.sent} of {count} left")
    return {"seconds": seconds, "cpu": cost, "first": first[0] - began, "peak": peak}


def whole_path(url: str, port: int, count: int, what: str, *, signed: bool = False) -> None:
    """Fill a list and release to it, in a process whose memory is measured."""
    import json

    database = store.open(url)
    house = House(database, lambda: Smtp([Relay("x")], time.monotonic))
    addresses = readers(count)
    for at in range(0, count, 20_000):
        house.subscribe(addresses[at : at + 20_000])
    database.close()
    del addresses
    done = subprocess.run(
        [sys.executable, "-c", OURS, url, str(port), str(count), "dkim" if signed else "plain"],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    found = json.loads(done.stdout)
    more = f"first after {found['first']:.3f} s, peak {found['peak']:.0f} MiB"
    row(what, count, found["seconds"], found["cpu"], more)


def main() -> None:
    """Print the table."""
    if not tool(SINKS) or not tool(SOURCES):
        print("skipped: smtp-sink and smtp-source are missing (`apt-get install postfix`)")
        return
    quick = os.environ.get("BENCH", "") != "full"
    count = 10_000 if quick else 50_000
    message = b"".join(
        Mould(letter(text_of(SIZE))).fill(
            Filling(b"reader@x.example", b"m" * 26, b"l" * 48, b"p" * 48, b"2026-01-01"),
            stuffed=False,
        )
    )
    print(f"mail of {len(message):,} octets, {LINES} lines\n")
    print("| way | mails | mails/s | CPU s per 1,000 | |\n|---|---|---|---|---|")
    with sink() as port, tempfile.TemporaryDirectory() as folder:
        timed("smtp-source (C), no ledger", count, lambda: by_source(port, len(message), count))
        few = count // 5
        timed("smtplib, one line", few, lambda: by_smtplib(port, message, few))
        timed("aiosmtplib", few, lambda: asyncio.run(by_aiosmtplib(port, message, few)))
        for readers_ in (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000):
            url = f"sqlite:///{folder}/{readers_}.sqlite3"
            whole_path(url, port, readers_, "ours, SQLite")
        whole_path(
            f"sqlite:///{folder}/dkim.sqlite3", port, 10_000, "ours, SQLite, DKIM", signed=True
        )
        _on_postgres(port, 10_000)


def _on_postgres(port: int, count: int) -> None:
    from tests.databases import binaries, fresh_postgres, postgres_server

    if binaries() is None and "PUBLISHER_TEST_POSTGRES" not in os.environ:
        print("PostgreSQL skipped: `apt-get install postgresql`")
        return
    with postgres_server() as server, fresh_postgres(server) as url:
        whole_path(url, port, count, "ours, PostgreSQL (fsync off)")
