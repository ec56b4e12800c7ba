"""The whole website from nothing and after one changed episode, beside Pelican and Hugo.

Each run is a process of its own, reading Markdown and writing every page, list and feed, on the
same words. Ours is the command itself: it also draws cards, squeezes two twins of each page, and searches
all it writes for members' sentences. "Warm" is a process that stays, as ``run`` and the desk do;
that one searches for nothing.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from publisher.model.publication import Publication, Sender
from publisher.press.table import Table, by_slug
from publisher.render.page.painter import Painter
from publisher.render.site.choices import Choices
from publisher.render.site.plan import Site
from publisher.render.theme import Templates
from publisher.site.folder import Folder
from publisher.source import Reader, scan
from tests.bench.publication import write

#: The second is ten thousand but one: a number has four figures at most.
SIZES = (1_000, 9_999)
CHARACTERS = 6_000
FIRST = date(2005, 1, 7)
NOW = datetime(2004, 12, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
PUBLICATION = Publication(
    "느린 신호",
    "https://slow-signal.example",
    "Asia/Seoul",
    "ko",
    Sender("느린 신호", "letter@slow-signal.example"),
)


@dataclass(frozen=True)
class Span:
    """How long something took, in seconds: by the clock, and of the processors."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s {self.cpu:8.2f} s cpu"


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def clocked(work: Callable[[], object]) -> Span:
    """Take the time of a piece of work and of the processes it starts."""
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Span(time.perf_counter() - wall, _cpu() - cpu)


# --- ours -----------------------------------------------------------------------------


class Builder:
    """A process that keeps what it has read."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root, self.out = root, out
        self.templates, self.reader = Templates(), Reader()
        self.choices = Choices(painter=Painter.found())

    def build(self) -> int:
        """Read what changed, plan the site, write what differs; gives the number of files written."""
        found = scan(self.root, self.root / "episodes", timezone="Asia/Seoul", reader=self.reader)
        assert found.problems == ()
        table = Table(PUBLICATION, by_slug(found.series), found.episodes, {}, NOW)
        out = table.as_if_published()
        settings = [
            table.setting(e, out[e.series, e.number].slot, out)
            for e in found.episodes
            if (e.series, e.number) in out
        ]
        assert len(settings) == len(found.episodes)
        read = lambda path: (self.root / path).read_bytes()  # noqa: E731 -- a reader is one line
        site = Site(PUBLICATION, settings, self.templates, read, self.choices)
        report = Folder(self.out).publish(site.sheets())
        assert report.problems == ()
        return len(report.written)


def change(path: Path) -> None:
    """Mend one sentence of one episode."""
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n덧붙인 문장 하나.\n", encoding="utf-8")


def ours(root: Path, out: Path, count: int) -> dict[str, Span]:
    """Run the command from nothing and after a change, and change once more in a process that stays."""
    command = [sys.executable, "-m", "publisher", "-C", str(root), "build", "--as-if"]
    environment = {**os.environ, "PUBLISHER_CLOCK": NOW.isoformat()}
    middle = sorted((root / "episodes" / "slow").glob("*.md"))[count // 2]

    def fresh() -> None:
        subprocess.run(
            [*command, "--out", str(out)],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    spans = {"from nothing": clocked(fresh)}
    change(middle)
    spans["one change"] = clocked(fresh)
    warm = Builder(root, out.with_name("kept"))
    warm.build()
    change(middle)
    spans["one change, warm"] = clocked(warm.build)
    return spans


# --- the others -----------------------------------------------------------------------


def plain(source: Path, published: date, heads: Callable[[str, str, str], str]) -> str:
    """Rewrite an episode for a tool without our blocks: the same words, fences left out."""
    _, head, body = source.read_text(encoding="utf-8").split("---\n", 2)
    title = re.search(r"^title: (.*)$", head, re.MULTILINE)
    tags = re.search(r"^tags: \[(.*)\]$", head, re.MULTILINE)
    assert title
    assert tags
    words = re.sub(r"^:::.*\n", "", body, flags=re.MULTILINE)
    return heads(title[1], str(published), tags[1]) + words


def copied(root: Path, folder: Path, heads: Callable[[str, str, str], str]) -> Path:
    """Write all episodes for another tool; gives the one in the middle."""
    folder.mkdir(parents=True)
    sources = sorted((root / "episodes" / "slow").glob("*.md"))
    for number, source in enumerate(sources):
        text = plain(source, FIRST + timedelta(weeks=number), heads)
        (folder / f"{number + 1:05d}.md").write_text(text, encoding="utf-8")
    return folder / f"{len(sources) // 2 + 1:05d}.md"


def timed(command: list[str], folder: Path, middle: Path) -> dict[str, Span]:
    """Run a generator from nothing and once more after a change."""

    def run() -> None:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    spans = {"from nothing": clocked(run)}
    change(middle)
    spans["one change"] = clocked(run)
    return spans


def pelican(program: str, root: Path, folder: Path) -> dict[str, Span]:
    """Pelican with its simple theme, its cache on, and a feed for all, the category and each tag."""
    middle = copied(
        root,
        folder / "content",
        lambda title, day, tags: (
            f"Title: {title}\nDate: {day}\nCategory: slow\nTags: {tags}\nSlug: {day}\n\n"
        ),
    )
    (folder / "conf.py").write_text(
        "AUTHOR = SITENAME = '느린 신호'\nSITEURL = 'https://slow-signal.example'\nPATH = 'content'\n"
        "TIMEZONE = 'Asia/Seoul'\nDEFAULT_LANG = 'ko'\nTHEME = 'simple'\nDEFAULT_PAGINATION = 20\n"
        "FEED_ALL_RSS = 'feed.xml'\nCATEGORY_FEED_RSS = '{slug}/feed.xml'\nFEED_MAX_ITEMS = 20\n"
        "FEED_ALL_ATOM = 'atom.xml'\nTAG_FEED_RSS = 'tags/{slug}/feed.xml'\nRSS_FEED_SUMMARY_ONLY = False\n"
        "CACHE_CONTENT = LOAD_CONTENT_CACHE = CHECK_MODIFIED_METHOD = True\n"
        "CHECK_MODIFIED_METHOD = 'mtime'\nCONTENT_CACHING_LAYER = 'generator'\n",
        encoding="utf-8",
    )
    return timed([program, "-q", "-s", "conf.py", "-o", "public"], folder, middle)


def hugo(program: str, root: Path, folder: Path) -> dict[str, Span]:
    """Hugo with three plain layouts and its own RSS, in full, for home, section and each tag."""
    middle = copied(
        root,
        folder / "content" / "slow",
        lambda title, day, tags: f'---\ntitle: "{title}"\ndate: {day}\ntags: [{tags}]\n---\n',
    )
    (folder / "config.toml").write_text(
        'baseURL = "https://slow-signal.example/"\ntitle = "느린 신호"\nlanguageCode = "ko"\npaginate = 20\n'
        "[services.rss]\nlimit = 20\n[markup.goldmark.extensions]\ndefinitionList = true\n",
        encoding="utf-8",
    )
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    page = '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>%s</body></html>'
    single = '<h1>{{ .Title }}</h1><p>{{ .Date.Format "2006-01-02" }}</p>{{ .Content }}{{ range .GetTerms "tags" }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}{{ with .PrevInSection }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}'
    listed = '<h1>{{ .Title }}</h1>{{ range .Pages }}<p><a href="{{ .Permalink }}">{{ .Title }}</a></p>{{ end }}'
    (layouts / "single.html").write_text(page % single, encoding="utf-8")
    (layouts / "list.html").write_text(page % listed, encoding="utf-8")
    return timed([program, "--quiet", "--buildFuture", "-d", "public"], folder, middle)


OTHERS = {
    "pelican": (pelican, "pip install 'pelican[markdown]', in an environment of its own"),
    "hugo": (hugo, "apt-get install hugo"),
}


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Measure every size; the ratio is theirs to ours by the clock, so above 1 we are quicker."""
    search = os.environ.get("PATH", "")
    for count in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            root = write(folder / "publication", count, CHARACTERS, first=FIRST)
            print(f"\n{count} episodes of {CHARACTERS} characters")
            mine = ours(root, folder / "public", count)
            for name, span in mine.items():
                print(f"  ours     {name:18}{span}")
            for other, (measure, remedy) in OTHERS.items():
                program = shutil.which(other, path=search)
                if program is None:
                    print(f"  {other:8} not measured: {remedy}")
                    continue
                for name, span in measure(program, root, folder / other).items():
                    print(
                        f"  {other:8} {name:18}{span}   {span.wall / mine[name].wall:6.2f} x ours"
                    )


if __name__ == "__main__":
    main()
