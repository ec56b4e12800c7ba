"""The editor's desk over a newsroom: it reads everything and can change nothing."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice

from publisher.files.names import on_disk
from publisher.files.text import read, read_bytes
from publisher.model.body import Figure, Image, Picture, inlines, runs, walk
from publisher.model.calendar import Entry, Standing
from publisher.model.edition import Edition
from publisher.model.episode import Audience, Episode
from publisher.model.history import Published
from publisher.model.problem import Problem, in_order
from publisher.press.press import ANY_SLOT
from publisher.press.site import LARGEST
from publisher.press.table import Key, Table
from publisher.preview.ports import Asset, Issued, Proof, SendTrial, Settings, Snapshot
from publisher.render import TemplateFault
from publisher.wiring.newsroom import Newsroom, open_newsroom, problems_of_settings

#: Slots of each series that the first page of the desk shows: of those to come, and of those
#: whose hour has passed with an episode still standing there.
AHEAD = 6
OVERDUE = 12
#: Slots of a series that are gone through in search of the next ones to come: twenty years.
MOST = 1040
#: Releases shown on the first page of the desk.
LATELY = 8


class PressDesk:
    """Reads the publication anew at every look; what did not change is remembered."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        newsroom.cabinet.closed = True
        self.table: Table = newsroom.table()

    def look(self, changed: frozenset[str]) -> Snapshot:
        """Read what changed; new settings or templates open the newsroom anew."""
        if any(path == "config.toml" or path.startswith("templates") for path in changed):
            fresh = open_newsroom(self.newsroom.root, self.newsroom.environment)
            fresh.cabinet.closed = True
            fresh.press.reader = self.newsroom.press.reader
            self.newsroom = fresh
        self.table = table = self.newsroom.table()
        self.__dict__.pop("out", None)
        calendar: list[Entry] = []
        for slug in table.series:
            calendar += _in_sight(islice(table.open_slots(slug), MOST), table.now)
        return Snapshot(
            publication=table.publication,
            series=tuple(table.series.values()),
            episodes=table.episodes,
            calendar=tuple(sorted(calendar, key=lambda entry: entry.slot.instant)),
            now=table.now,
            problems=in_order((*problems_of_settings(self.newsroom), *table.problems)),
            issued=self._issued(),
        )

    def _issued(self) -> tuple[Issued, ...]:
        """Give the newest releases with their deliveries, read-only."""
        from publisher.wiring.standing import standing

        newest = sorted(
            standing(self.newsroom).releases, key=lambda one: one.release.slot.instant, reverse=True
        )
        return tuple(
            Issued(
                series=one.release.series,
                number=one.release.number,
                title=one.release.title,
                slot=one.release.slot,
                state=str(one.release.state),
                counts=tuple((str(state), count) for state, count in one.counts.items()),
            )
            for one in islice(newest, LATELY)
        )

    def check(self, snapshot: Snapshot) -> tuple[Problem, ...]:
        """Run every rule over everything, and ask of what comes next whether it is approved."""
        table, press = self.table, self.newsroom.press
        approvals = [
            problem
            for entry in snapshot.calendar
            if entry.standing is Standing.READY and entry.episode is not None
            for problem in press.approval(table, entry.episode)
        ]
        return in_order((*press.check(table), *approvals))

    @cached_property
    def out(self) -> Mapping[Key, Published]:
        """Take every episode as published at the slot it has or will have."""
        return self.table.as_if_published()

    def proof(self, snapshot: Snapshot, episode: Episode, audience: Audience) -> Proof:
        """Set one episode for one audience; its final bytes are read when more is asked for."""
        table, press, out = self.table, self.newsroom.press, self.out
        known = table.published().get((episode.series, episode.number))
        slot = known.slot if known else table.expected(episode.series).get(episode.number, ANY_SLOT)
        setting = table.setting(episode, slot, out)
        try:
            edition = press.renderer.edition(setting, audience)
        except TemplateFault as fault:
            return Proof(None, (fault.problem,))

        def more() -> tuple[Problem, ...]:
            proof = press.pull(table, episode, slot, out=out, audiences=(audience,))
            return in_order((*proof.problems, *press.approval(table, episode)))

        return Proof(edition, (), more)

    def source(self, path: str) -> str | None:
        """Read a source file as text."""
        root = self.newsroom.root
        found = read(on_disk(root, path), root)
        return found if isinstance(found, str) else None

    def asset(self, snapshot: Snapshot, path: str) -> Asset | None:
        """Find what the website would serve: a picture of an episode, or the style sheet."""
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        parts = path.strip("/").split("/")
        if len(parts) == 3 and parts[1].isdecimal():
            episode = self.table.find(parts[0], int(parts[1]))
            for picture in _pictures(episode) if episode else ():
                if picture.digest and parts[2].startswith(picture.digest[:16]):
                    return self._picture(picture, kind)
        room = self.newsroom.reading_room(self.table, {})
        for sheet in room.sheets():
            if sheet.path == path.strip("/"):
                return Asset(sheet.make(), kind)
        return None

    def _picture(self, picture: Picture, kind: str) -> Asset | None:
        if picture.path is None:
            return None
        root = self.newsroom.root
        data = read_bytes(on_disk(root, picture.path), root, LARGEST)
        return None if isinstance(data, Problem) else Asset(data, kind)


def _pictures(episode: Episode) -> list[Picture]:
    """Gather the pictures of an episode: cover, figures, and those in the text."""
    found = [episode.cover.picture] if episode.cover else []
    bodies = (episode.body.nodes, *(note.children for note in episode.body.footnotes))
    for nodes in bodies:
        for node in walk(nodes):
            if isinstance(node, Figure):
                found.append(node.picture)
            for run in runs(node):
                found += [i.picture for i in inlines(run) if isinstance(i, Image)]
    return found


def settings_of(newsroom: Newsroom, language: str) -> Settings:
    """Say how the desk is set up."""
    return Settings(
        root=str(newsroom.root.resolve()),
        language=language,
        editor=newsroom.config.editorial.editor,
    )


def trial_of(newsroom: Newsroom) -> SendTrial | None:
    """Give the way a trial mail goes out, where a relay is configured."""
    from publisher.wiring.courier import send_trial

    if newsroom.config.delivery.transport != "smtp" or not newsroom.config.delivery.relay:
        return None

    def send(edition: Edition, address: str) -> tuple[Problem, ...]:
        return send_trial(newsroom, edition, address)

    return send


#: Tells where the desk can be opened.
Announce = Callable[[str], None]


def open_desk(newsroom: Newsroom, host: str, port: int, language: str, announce: Announce) -> None:
    """Serve the desk until it is stopped. Raises OutsideError when the port cannot be had."""
    from publisher.preview.app import app
    from publisher.preview.serve import address_of, listen, serve

    listener = listen(host, port)
    desk = PressDesk(newsroom)
    root = newsroom.root
    application = app(
        desk,
        settings_of(newsroom, language),
        lambda: desk.newsroom.press.renderer.templates,
        send=trial_of(newsroom),
        folders=(root / "episodes", root / "templates", root / "config.toml"),
        on_open=lambda: announce(address_of(listener)),
    )
    serve(application, listener)


def _in_sight(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """Choose the slots of a series to show: however many are overdue, the next ones are there."""
    overdue: list[Entry] = []
    ahead: list[Entry] = []
    for entry in entries:
        (overdue if entry.slot.instant <= now else ahead).append(entry)
        if len(ahead) == AHEAD:
            break
    return [*overdue[-OVERDUE:], *ahead]
