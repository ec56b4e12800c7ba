"""The desk's pages: what each of them is given to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from publisher.lint.crowd import bounded
from publisher.model.calendar import Entry, Standing
from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode
from publisher.model.problem import Problem, Severity
from publisher.preview import wording
from publisher.preview.inboxes import CLIP, Inbox
from publisher.preview.ports import Issued, Proof, Settings, Snapshot
from publisher.preview.sizes import blocks, parts
from publisher.preview.view import Channel, View, Width, address, proof_address
from publisher.translation import message_of, remedy_of

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a row of switches, with the key that chooses it."""

    label: str
    href: str
    current: bool
    key: str = ""


class Pages:
    """Gathers what the templates show, in one language."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.language = settings.language
        self.words = wording.wording(settings.language)

    def frame(self, snapshot: Snapshot | None, version: int) -> Context:
        """Give what every page shows."""
        return {
            "w": self.words,
            "language": self.language,
            "version": version,
            "publication": snapshot.publication if snapshot else None,
            "live": self.words["updated"],
        }

    def calendar(self, snapshot: Snapshot, problems: tuple[Problem, ...]) -> Context:
        """Give the first page: coming slots, last releases, what to mend."""
        by_path: dict[str, list[Problem]] = {}
        for problem in problems:
            by_path.setdefault(problem.place.path, []).append(problem)
        sheets = []
        for series in snapshot.series:
            entries = [e for e in snapshot.calendar if e.series == series.slug]
            episodes = sorted(
                (e for e in snapshot.episodes if e.series == series.slug),
                key=lambda e: (e.number, e.path),
            )
            sheets.append(
                {
                    "slug": series.slug,
                    "title": series.title,
                    "rows": [self._row(snapshot, entry, by_path) for entry in entries],
                    "episodes": [self._episode_link(e, by_path) for e in reversed(episodes)],
                }
            )
        return {
            "sheets": sheets,
            "issued": [self._issued(snapshot, one) for one in snapshot.issued],
            "broken": self._broken(snapshot, by_path),
        }

    def _broken(self, snapshot: Snapshot, by_path: dict[str, list[Problem]]) -> list[Context]:
        """Give the files with errors: those that made an episode lead to it, the others to their text."""
        made = {
            e.path: address(e.series, e.number, View(channel=Channel.SOURCE))
            for e in snapshot.episodes
        }
        quiet = {s.path for s in snapshot.series} | set(made)
        return [
            {
                "path": path,
                "href": made.get(path) or f"/file?path={quote(path)}",
                "problems": self.problems(found),
            }
            for path, found in sorted(by_path.items())
            if path not in quiet or any(p.severity is Severity.ERROR for p in found)
        ]

    def _row(self, snapshot: Snapshot, entry: Entry, by_path: dict[str, list[Problem]]) -> Context:
        episode = entry.episode
        errors = [
            p
            for p in by_path.get(episode.path if episode else "", ())
            if p.severity is Severity.ERROR
        ]
        stands = entry.standing
        if errors and stands is Standing.READY:
            stands = Standing.HELD
        return {
            "slot": wording.slot(entry.slot, self.language),
            "instant": entry.slot.instant.isoformat(),
            "zone": entry.slot.timezone,
            "left": wording.left(entry.slot.instant - snapshot.now, self.language),
            "standing": str(stands),
            "standing_word": wording.standing(stands, self.language),
            "number": entry.number,
            "title": episode.title if episode else "",
            "href": address(entry.series, episode.number) if episode else "",
            "errors": len(errors),
        }

    def _episode_link(self, episode: Episode, by_path: dict[str, list[Problem]]) -> Context:
        found = by_path.get(episode.path, ())
        return {
            "number": episode.number,
            "title": episode.title,
            "href": address(episode.series, episode.number),
            "status": str(episode.status),
            "errors": sum(p.severity is Severity.ERROR for p in found),
            "warnings": sum(p.severity is Severity.WARNING for p in found),
        }

    def _issued(self, snapshot: Snapshot, one: Issued) -> Context:
        return {
            "series": snapshot.titled(one.series),
            "number": one.number,
            "title": one.title,
            "href": address(one.series, one.number)
            if snapshot.find(one.series, one.number)
            else "",
            "slot": wording.slot(one.slot, self.language),
            "state": wording.delivery(one.state, self.language),
            "counts": [
                (wording.delivery(state, self.language), count) for state, count in one.counts
            ],
        }

    def episode(
        self,
        snapshot: Snapshot,
        episode: Episode,
        view: View,
        proof: Proof,
        problems: Iterable[Problem],
    ) -> Context:
        """Give one episode as the view asks for it, with everything beside it."""
        edition = proof.edition
        mine = self.problems((*problems, *proof.problems), episode)
        listed = sorted(
            (e for e in snapshot.episodes if e.series == episode.series),
            key=lambda e: (e.number, e.path),
        )
        index = next((i for i, e in enumerate(listed) if e.path == episode.path), 0)
        before = listed[index - 1] if index > 0 else None
        after = listed[index + 1] if index + 1 < len(listed) else None
        return {
            "series_title": snapshot.titled(episode.series),
            "episode": episode,
            "name": wording.nth(episode.number, self.language),
            "view": view,
            "previous": address(before.series, before.number, view) if before else "",
            "following": address(after.series, after.number, view) if after else "",
            "switches": self.switches(episode, view),
            "proof": proof_address(episode.series, episode.number, view),
            "framed": view.channel in (Channel.MAIL, Channel.PAGE, Channel.TEXT, Channel.FEED),
            "edition": edition,
            # Beside the source, a problem stands at its line and nowhere else.
            "problems": [p for p in mine if view.channel is not Channel.SOURCE or not p["line"]],
            "lines": self.lines(episode.text, mine) if view.channel is Channel.SOURCE else (),
            "raw": readable(edition.message) if edition and view.channel is Channel.RAW else "",
            "editor": self.editor(episode.path, 1, 1),
            "weights": self._weights(edition),
            "blocks": blocks(edition.html) if edition else (),
            "clip": CLIP,
        }

    def _weights(self, edition: Edition | None) -> list[Context]:
        if edition is None:
            return []
        return [
            {
                "name": self.words[f"size_{weight.name}"],
                "size": kilobytes(weight.size),
                "share": weight.share,
                "limit": weight.limit,
                "over": bool(weight.limit) and weight.size > weight.limit,
            }
            for weight in parts(edition)
        ]

    def switches(self, episode: Episode, view: View) -> list[Context]:
        """Give the rows of switches, each option the same view with one thing changed."""

        def choice(label: str, key: str, current: bool, changed: View) -> Choice:
            return Choice(label, address(episode.series, episode.number, changed), current, key)

        w = self.words
        names = {
            Channel.MAIL: "mail",
            Channel.PAGE: "page",
            Channel.TEXT: "text",
            Channel.FEED: "feed",
            Channel.SOURCE: "source",
            Channel.RAW: "raw",
        }
        rows: list[Context] = [
            _row_of(
                w["channel"],
                "",
                [
                    choice(w[name], str(n), view.channel is channel, view.but(channel=channel))
                    for n, (channel, name) in enumerate(names.items(), 1)
                ],
            ),
            _row_of(
                w["audience"],
                "KeyA",
                [
                    choice(
                        wording.audience(one, self.language),
                        "",
                        view.audience is one,
                        view.but(audience=one),
                    )
                    for one in Audience
                ],
            ),
        ]
        if view.channel in (Channel.SOURCE, Channel.RAW):
            return rows
        rows.append(
            _row_of(
                w["mode"],
                "KeyD",
                [
                    choice(w["light"], "", not view.dark, view.but(dark=False)),
                    choice(w["dark"], "", view.dark, view.but(dark=True)),
                ],
            )
        )
        rows.append(
            _row_of(
                w["width"],
                "KeyW",
                [
                    choice(
                        w["full"] if one is Width.FULL else str(one),
                        "",
                        view.width is one,
                        view.but(width=one),
                    )
                    for one in Width
                ],
            )
        )
        if view.channel is Channel.MAIL:
            rows.append(
                _row_of(
                    w["inbox"],
                    "KeyI",
                    [
                        choice(
                            wording.inbox(one, self.language),
                            "",
                            view.inbox is one,
                            view.but(inbox=one),
                        )
                        for one in Inbox
                    ],
                )
            )
        return rows

    def file(self, path: str, text: str, problems: Iterable[Problem]) -> Context:
        """Give a file that made no episode, with its problems beside its lines."""
        found = self.problems(p for p in problems if p.place.path == path)
        return {
            "path": path,
            "problems": found,
            "lines": self.lines(text, found),
            "editor": self.editor(path, 1, 1),
        }

    def problems(
        self, problems: Iterable[Problem], episode: Episode | None = None
    ) -> list[Context]:
        """Give problems in words, each once, with the address that opens its place."""
        mine = (p for p in dict.fromkeys(problems) if episode is None or _speaks_of(episode, p))
        shown = []
        for problem in bounded(mine):
            place = problem.place
            shown.append(
                {
                    "path": place.path,
                    "line": place.line if episode is None or place.path == episode.path else 0,
                    "column": place.column,
                    "where": str(place),
                    "code": problem.code,
                    "severity": str(problem.severity),
                    "severity_word": wording.severity(problem.severity, self.language),
                    "message": message_of(problem, self.language),
                    "remedy": remedy_of(problem, self.language),
                    "editor": self.editor(place.path, place.line or 1, place.column or 1),
                }
            )
        order = {"error": 0, "warning": 1, "hint": 2}
        return sorted(shown, key=lambda p: (p["line"], order[str(p["severity"])], p["column"]))

    def lines(self, text: str, problems: list[Context]) -> list[Context]:
        """Give a source line by line, each with the problems that speak of it."""
        spoken: dict[object, list[Context]] = {}
        for problem in problems:
            spoken.setdefault(problem["line"], []).append(problem)
        return [
            {"number": n, "text": line, "problems": spoken.get(n, [])}
            for n, line in enumerate(text.split("\n")[:20_000], 1)
        ]

    def editor(self, path: str, line: int, column: int) -> str:
        """Give the address that opens a file at a place in the editor program; none for no file."""
        if not path:
            return ""
        whole = quote(f"{self.settings.root.rstrip('/')}/{path}")
        address = self.settings.editor
        for field, value in (("path", whole), ("line", line), ("column", column)):
            address = address.replace("{" + field + "}", str(value))
        # An address that would run in the page is no editor's.
        return "" if address.lower().lstrip().startswith(("javascript:", "data:")) else address


def _row_of(label: str, cycle: str, choices: list[Choice]) -> Context:
    """Make a row of switches; ``cycle`` is the key that goes on to the next option."""
    current = next((i for i, c in enumerate(choices) if c.current), 0)
    return {
        "label": label,
        "choices": choices,
        "cycle": cycle,
        "onward": choices[(current + 1) % len(choices)].href,
    }


def _speaks_of(episode: Episode, problem: Problem) -> bool:
    path = problem.place.path
    return path == episode.path or _beside(path, episode)


def _beside(path: str, episode: Episode) -> bool:
    """Say whether a file belongs to an episode: in its folder, when it has one of its own."""
    folder, _, name = episode.path.rpartition("/")
    return name == "index.md" and path.startswith(folder + "/")


def kilobytes(size: int) -> str:
    """Say a size as people do: ``48.2 KB``."""
    return f"{size / 1024:.1f} KB"


def readable(message: bytes) -> str:
    """Show the bytes of a mail as text; whatever is not ASCII, as it would be escaped."""
    return message.decode("ascii", "backslashreplace").replace("\r\n", "\n")
