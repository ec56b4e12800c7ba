"""The desk's pages: what each of them is given to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from publisher.lint.crowd import bounded
from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode
from publisher.model.problem import Problem
from publisher.preview import wording
from publisher.preview.inboxes import CLIP, Inbox
from publisher.preview.ports import Proof, Settings, Snapshot
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
