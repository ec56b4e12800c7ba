"""What the press remembers from one process to the next, beside the episodes themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from publisher.files.cabinet import Cabinet, ForeignError, freeze, thaw
from publisher.lint.places import Text
from publisher.lint.secret import Secret, secrets
from publisher.model.edition import digest_of
from publisher.model.episode import Episode, Series
from publisher.model.problem import Problem
from publisher.model.setting import Setting
from publisher.render.page.painter import korean_face
from publisher.render.site.glance import Glance, glance

Value = TypeVar("Value")


class Page(MutableMapping[str, Value]):
    """Things worked out, by the digest of what they were worked out from.

    ``sound`` says whether a value read back is of the kind that was put in.
    """

    def __init__(self, name: str, cabinet: Cabinet | None, sound: Callable[[object], bool]) -> None:
        self._name = name
        self._cabinet = cabinet
        self._sound = sound
        self._known: dict[str, Value] | None = None
        self._used: dict[str, None] = {}
        self._fresh = False

    def _entries(self) -> dict[str, Value]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _read(self) -> dict[str, Value]:
        drawer = self._cabinet.read(self._name) if self._cabinet else None
        octets = drawer.parts[0].octets if drawer and len(drawer.parts) == 1 else None
        if octets is None:
            return {}
        try:
            found = thaw(octets)
        except ForeignError:
            return {}
        right = isinstance(found, dict) and all(isinstance(key, str) for key in found)
        return found if right and all(map(self._sound, found.values())) else {}

    def __getitem__(self, key: str) -> Value:
        value = self._entries()[key]
        self._used[key] = None
        return value

    def __setitem__(self, key: str, value: Value) -> None:
        self._entries()[key] = value
        self._used[key] = None
        self._fresh = True

    def __delitem__(self, key: str) -> None:
        del self._entries()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries())

    def __len__(self) -> int:
        return len(self._entries())

    def worked_out(self, key: str, work: Callable[[], Value]) -> Value:
        """Give what is known under a key, or work it out and know it from now on."""
        try:
            return self[key]
        except KeyError:
            value = self[key] = work()
            return value

    def save(self, most: int) -> None:
        """Put the page away if it has anything new; beyond ``most`` entries the unused go first."""
        if not self._fresh or self._cabinet is None:
            return
        entries = dict(self._entries())  # somebody in another thread may go on working
        unused = [key for key in entries if key not in self._used]
        for key in unused[: max(0, len(entries) - most)]:
            del entries[key]
        try:
            octets = freeze(entries)
        except Exception:  # noqa: BLE001 -- what cannot be written down is worked out again
            return
        self._cabinet.write(self._name, octets)
        self._fresh = False


def _problems(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, Problem) for each in value)


def _proof(value: object) -> bool:
    match value:
        case (int(), problems):
            return _problems(problems)
        case _:
            return False


def _seen(value: object) -> bool:
    match value:
        case (tuple() as headings, tuple() as links, bool(), bool()):
            return all(isinstance(each, str) for each in (*headings, *links))
        case _:
            return False


def _rows(value: object) -> bool:
    return isinstance(value, tuple) and all(
        isinstance(row, tuple) and list(map(type, row)) == [str, str, int, int, bool]
        for row in value
    )


def proof_key(setting: Setting, renderer: str, gates: Iterable[str], *, links: bool) -> str:
    """Name all that the final bytes of an episode, and what is found in them, depend on.

    ``renderer`` is its digest: templates, theme and publication. ``gates`` are the keys of
    those of the episodes spoken of that keep something for members: it must not be in these bytes
    either, and what is found is told at its place in their files. ``links``
    says whether its own text leads to other episodes.
    """
    episode = setting.episode
    series = _written(setting.series)
    near = [n.spelled if n else "" for n in (setting.next, setting.previous, *setting.related)]
    linked = links or "episode:" in series
    return digest_of(
        renderer,
        series,
        episode.path,
        episode.wording,
        episode.digest,
        setting.slot.key,
        setting.guid,
        setting.updated.isoformat(),
        repr((near, setting.finale)),
        _listed(setting.known) if linked else "",
        *gates,
    )


#: Series as written down lately: to write one anew for each of its episodes takes long.
_series: dict[int, tuple[Series, str]] = {}


def _written(series: Series) -> str:
    known = _series.get(id(series))
    if known is None or known[0] is not series:
        if len(_series) > 100:
            _series.clear()
        known = _series[id(series)] = (series, repr(series))
    return known[1]


@lru_cache(maxsize=8)
def _listed(known: frozenset[tuple[str, int]]) -> str:
    return repr(sorted(known))


#: Stands for a font that has no face with Hangul.
NO_FACE = -1
#: What a Glance saw.
Seen = tuple[tuple[str, ...], tuple[str, ...], bool, bool]
#: What only members may read of an episode: words, letters, line, column, whether only as a whole.
Rows = tuple[tuple[str, str, int, int, bool], ...]


class Memory:
    """All that the press has worked out: by rules, in proofs, behind the gate, for the search."""

    def __init__(self, cabinet: Cabinet | None = None) -> None:
        self.rules: Page[tuple[Problem, ...]] = Page("rules", cabinet, _problems)
        self.proofs: Page[tuple[int, tuple[Problem, ...]]] = Page("proofs", cabinet, _proof)
        self.templates: Page[tuple[Problem, ...]] = Page("templates", cabinet, _problems)
        self.seen: Page[Seen] = Page("seen", cabinet, _seen)
        self.clean: Page[bool] = Page("clean", cabinet, lambda value: value is True)
        self._faces: Page[int] = Page("faces", cabinet, lambda value: type(value) is int)
        self._behind: Page[Rows] = Page("gate", cabinet, _rows)
        self._keys: dict[int, tuple[Episode, str]] = {}

    def key(self, episode: Episode) -> str:
        """Name a file as it was read: where it stands, its words and what they show."""
        known = self._keys.get(id(episode))
        if known is None or known[0] is not episode:
            name = digest_of(episode.path, episode.wording, episode.digest, episode.access)
            known = self._keys[id(episode)] = (episode, name)
        return known[1]

    def glance(self, setting: Setting) -> Glance:
        """Look at an episode's text as its plan does, without unfolding it every time."""
        return Glance(*self.look(setting))

    def look(self, setting: Setting) -> Seen:
        """Give what is seen at a glance, as another process can take it over."""

        def look() -> Seen:
            seen = glance(setting)
            # A plain tuple, as the page is read back.
            return seen.headings, seen.links, seen.boxed, seen.pictured

        return self.seen.worked_out(self.key(setting.episode), look)

    def has_seen(self, episode: Episode) -> bool:
        """Say whether an episode's text has been looked at."""
        return self.key(episode) in self.seen

    def know(self, episode: Episode, seen: Seen) -> None:
        """Take over what another process has seen of an episode."""
        self.seen[self.key(episode)] = seen

    def face(self, font: Path) -> int | None:
        """Say which face of a font file has Hangul, without opening it every time."""
        try:
            found = font.stat()
        except OSError:
            return None
        key = digest_of(str(font), repr((found.st_mtime_ns, found.st_size, found.st_ino)))

        def look() -> int:
            face = korean_face(font)
            return NO_FACE if face is None else face

        face = self._faces.worked_out(key, look)
        return None if face == NO_FACE else face

    def secrets(self, episode: Episode) -> tuple[Secret, ...]:
        """Give what only members may read of an episode, without unfolding it every time."""
        rows = self._rows(episode)
        if not rows:
            return ()
        text = Text(episode.text)
        return tuple(
            Secret(words, bare, episode.path, line, column, text, whole=whole)
            for words, bare, line, column, whole in rows
        )

    def keeps(self, episode: Episode) -> bool:
        """Say whether anything of an episode is for members only."""
        return bool(self._rows(episode))

    def kept(self, episode: Episode) -> str:
        """Name the words that an episode keeps for members, wherever they stand in its file.

        With what makes some of them a secret only as a whole: an address in a link.
        """
        rows = self._rows(episode)
        return digest_of(
            *(part for words, bare, *_, whole in rows for part in (words, bare, str(whole)))
        )

    def _rows(self, episode: Episode) -> Rows:
        return self._behind.worked_out(
            self.key(episode),
            lambda: tuple((s.words, s.bare, s.line, s.column, s.whole) for s in secrets(episode)),
        )

    def save(self, episodes: int) -> None:
        """Put everything new away, for a publication of so many episodes."""
        self._keys.clear()
        for page in (
            self.rules,
            self.proofs,
            self.templates,
            self.seen,
            self._behind,
            self._faces,
        ):
            page.save(4 * episodes + 100)
        # Of each episode its head, two items in feeds, three lines in lists and one in the index.
        self.clean.save(14 * episodes + 100)
