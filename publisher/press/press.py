"""The press: episodes to editions, checked and proven, for one publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from publisher import lint, source
from publisher.files.cabinet import Cabinet
from publisher.lint import gate, secret
from publisher.lint.gate import Gate
from publisher.lint.secret import Secret
from publisher.lint.unwrap import Artefact
from publisher.model.edition import Edition, digest_of
from publisher.model.episode import Audience, Episode, Series
from publisher.model.history import Histories, Published
from publisher.model.problem import Fault, Problem, Severity, in_order, stops
from publisher.model.publication import Publication
from publisher.model.setting import Setting
from publisher.model.slot import Slot
from publisher.press.crossing import crossed, open_to_all, secrets_of
from publisher.press.hands import spread
from publisher.press.memory import Memory, proof_key
from publisher.press.table import Key, Table, by_slug
from publisher.render import Renderer, TemplateFault
from publisher.render.mail.letter import is_advertisement

if TYPE_CHECKING:
    from publisher.lint.letter import Expected

UNAPPROVED = Fault(
    "press/unapproved",
    Severity.ERROR,
    "Nobody has approved this episode.",
    "Look at it in the preview, then run: publisher approve {episode} --by NAME",
)
APPROVAL_VOID = Fault(
    "press/approval-void",
    Severity.ERROR,
    "The episode was changed after it was approved.",
    "See what changed with “publisher diff {episode}”, then approve it again.",
)
#: Approval looks at the episode alone: this slot stands in for the one it will have.
ANY_SLOT = Slot(datetime(2000, 1, 7, 17), "Asia/Seoul")  # noqa: DTZ001 -- slots are local time


@dataclass(frozen=True, slots=True)
class Proof:
    """One episode pulled from the press: an edition for each audience, and what is wrong."""

    setting: Setting
    editions: tuple[Edition, ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Say whether it may be released."""
        return bool(self.editions) and not stops(self.problems)

    def edition(self, audience: Audience) -> Edition | None:
        """Give the edition of an audience, None when it could not be set."""
        return next((e for e in self.editions if e.audience is audience), None)


class Proven(NamedTuple):
    """What a proof came to: how many editions could be set, and what is wrong with them."""

    editions: int
    problems: tuple[Problem, ...]


@dataclass
class Press:
    """All that is needed to set the episodes of one publication."""

    root: Path
    publication: Publication
    episodes: str = "episodes"
    templates: Sequence[Path] = ()
    off: Mapping[str, str] = field(default_factory=dict)
    approval_required: bool = False
    cabinet: Cabinet | None = None

    def __post_init__(self) -> None:
        self.renderer = Renderer(self.publication, self.templates)
        self.reader = source.Reader(cabinet=self.cabinet)
        self.memory = Memory(self.cabinet)
        self._turn = Lock()

    # --- reading --------------------------------------------------------------------

    def read(self, histories: Callable[[], Histories], now: datetime, hands: int = 1) -> Table:
        """Read the files as they are now; several threads may ask at once.

        ``histories`` is asked when they are read. With more ``hands`` than one this process is
        copied, so it must have no other threads.
        """
        with self._turn:
            return self._read(histories, now, hands)

    def _read(self, histories: Callable[[], Histories], now: datetime, hands: int) -> Table:
        scan = source.scan(
            self.root,
            Path(self.episodes),
            timezone=self.publication.timezone,
            blocks=self.renderer.templates.blocks,
            reader=self.reader,
            spread=partial(spread, hands=hands) if hands > 1 else None,
        )
        return Table(
            self.publication, by_slug(scan.series), scan.episodes, histories(), now, scan.problems
        )

    # --- checking -------------------------------------------------------------------

    def check(self, table: Table) -> tuple[Problem, ...]:
        """Find everything that is wrong with the files: format, rules, templates, theme."""
        # To read a template is to compile it, which takes longer than all else in a check where
        # nothing changed.
        templates = self.memory.templates.worked_out(self.renderer.digest, self.renderer.problems)
        crossing = crossed(self.memory, table, table.episodes, partial(self._gate, table))
        return in_order((*table.problems, *templates, *crossing, *self._linted(table)))

    def _gate(self, table: Table) -> Gate:
        """Put everything behind one gate."""
        return Gate(secrets_of(self.memory, table), open_to_all(table, table.published()))

    def _linted(self, table: Table) -> tuple[Problem, ...]:
        calendar = [
            entry
            for slug in table.series
            for entry in table.calendar(slug, len(table.episodes_of(slug)) + 2)
        ]
        reading = lint.Reading(
            publication=table.publication,
            series=tuple(table.series.values()),
            episodes=table.episodes,
            now=table.now,
            calendar=tuple(calendar),
            off=self.off,
            released=frozenset(table.published()),
            templates=self.renderer.templates.sources,
        )
        found = lint.check(reading, self.memory.rules)
        self.memory.save(len(table.episodes))
        return found

    def problems_of(self, table: Table, episode: Episode) -> tuple[Problem, ...]:
        """Find what is wrong with one episode and with what it stands on."""
        return self.concerning(table, episode, self.check(table))

    def concerning(
        self, table: Table, episode: Episode, problems: Iterable[Problem]
    ) -> tuple[Problem, ...]:
        """Choose the problems that lie in an episode or in what it stands on."""
        series = table.series[episode.series]
        return tuple(p for p in problems if _concerns(p, episode, series))

    def unread(self, table: Table) -> tuple[Problem, ...]:
        """Say what keeps whole series from being read: their slots are in no calendar."""
        errors = [p for p in table.problems if p.severity is Severity.ERROR]
        return tuple(p for p in errors if self._hides_a_series(p, table))

    def _hides_a_series(self, problem: Problem, table: Table) -> bool:
        path = problem.place.path
        slug, _, below = path.removeprefix(f"{self.episodes}/").partition("/")
        if path == self.episodes or not path.startswith(f"{self.episodes}/"):
            return path == self.episodes
        series = table.series.get(slug)
        return not below or (below == "series.toml" and (not series or series.cadence is None))

    def unsound(self, table: Table, episodes: Iterable[Episode]) -> frozenset[Key]:
        """Say which episodes have an error in their files that would hold them at their slot."""
        errors = [p for p in self.check(table) if p.severity is Severity.ERROR]
        return frozenset(
            (episode.series, episode.number)
            for episode in episodes
            if any(_concerns(p, episode, table.series[episode.series]) for p in errors)
        )

    # --- pulling proofs -------------------------------------------------------------

    def pull(
        self,
        table: Table,
        episode: Episode,
        slot: Slot,
        *,
        out: Mapping[Key, Published] | None = None,
        guid: str = "",
        audiences: Sequence[Audience] = tuple(Audience),
        final: bool = False,
    ) -> Proof:
        """Set one episode for a slot and read the final bytes as receivers will.

        ``out`` are the episodes taken as published; by default those the ledger knows. A
        ``final`` proof looks for what any episode keeps for members, since its bytes are
        frozen; others for what its own and the episodes it speaks of keep.
        """
        out = table.published() if out is None else out
        setting = table.setting(episode, slot, out, guid)
        return self._pulled(table, setting, audiences, final=final)

    def _pulled(
        self,
        table: Table,
        setting: Setting,
        audiences: Sequence[Audience] = tuple(Audience),
        *,
        named: bool = True,
        final: bool = False,
    ) -> Proof:
        editions, problems = self._set(setting, audiences, named=named)
        problems += self._read_proofs(table, setting, editions, final=final)
        return Proof(setting, editions, in_order(problems))

    def proven(
        self, table: Table, episode: Episode, slot: Slot, out: Mapping[Key, Published]
    ) -> Proven:
        """Say what a proof of both editions comes to, setting them only if that is not known."""
        setting = table.setting(episode, slot, out)
        key = self.proof_key(table, setting)
        return Proven(*self.memory.proofs.worked_out(key, lambda: self.come_to(table, setting)))

    def proof_key(self, table: Table, setting: Setting) -> str:
        """Name what a proof is known by."""
        near = self._neighbours(table, setting)
        gates = (self.memory.key(each) for each in near if self.memory.keeps(each))
        # Asked of the text alone: a thousand trees would be unfolded for it, one after the other.
        links = "episode:" in setting.episode.text
        return proof_key(setting, self.renderer.digest, gates, links=links)

    def come_to(self, table: Table, setting: Setting) -> tuple[int, tuple[Problem, ...]]:
        """Set both editions, which nobody keeps or names, and say what their proof comes to."""
        proof = self._pulled(table, setting, named=False)
        return len(proof.editions), proof.problems

    def shown(self, setting: Setting) -> tuple[Problem, ...]:
        """Say what keeps an episode that is out from the website: a template that fails on it."""
        return self.renderer.unshown(setting)

    def _set(
        self, setting: Setting, audiences: Sequence[Audience], *, named: bool
    ) -> tuple[tuple[Edition, ...], list[Problem]]:
        try:
            return self.renderer.editions(setting, audiences, named=named), []
        except TemplateFault as fault:
            return (), [fault.problem]

    def _read_proofs(
        self, table: Table, setting: Setting, editions: Iterable[Edition], *, final: bool
    ) -> list[Problem]:
        # Loaded here: whoever builds the website reads no letters.
        from publisher.lint import letter

        found: list[Problem] = []
        for edition in editions:
            found += letter.check(
                edition.message,
                name=f"{setting.episode.name} {edition.audience} mail.eml",
                expected=replace(
                    _expected(edition, setting), heaviest=self._heaviest(edition, setting)
                ),
            )
            if edition.audience is Audience.FREE:
                behind = self._behind(table, setting, final=final)
                if behind:
                    open_ = public_words(table, setting.episode, final=final)
                    found += gate.prove(behind, artefacts_of(edition), open_)
        return found

    def _heaviest(self, edition: Edition, setting: Setting) -> tuple[str, ...]:
        """Set a heavy mail once more, to say which of its blocks weigh most."""
        from publisher.lint.letter.budget import TRAVELLING, is_heavy

        if len(edition.message) <= TRAVELLING or not is_heavy(len(edition.html.encode())):
            return ()  # a part is never heavier than the whole
        return self.renderer.heaviest(setting, edition.audience)

    def _behind(self, table: Table, setting: Setting, *, final: bool) -> list[Secret]:
        """Gather what must not be in the bytes of an episode that everybody gets."""
        if final:
            return [*secrets_of(self.memory, table)]
        near = (setting.episode, *self._neighbours(table, setting))
        own = secret.secrets_of_series(setting.series)
        return [*own, *(secret for each in near for secret in self.memory.secrets(each))]

    @staticmethod
    def _neighbours(table: Table, setting: Setting) -> list[Episode]:
        """Give the episodes spoken of in this one."""
        near = [setting.next, setting.previous, *setting.related]
        keys = {(n.series, n.number) for n in near if n is not None}
        found = (table.find(*key) for key in sorted(keys))
        return [episode for episode in found if episode is not None]

    # --- approval -------------------------------------------------------------------

    def approval_digest(self, table: Table, episode: Episode) -> str:
        """Name what an approval approves: both editions, without slot and neighbours.

        Any change of text, image, template or theme changes it. Raises TemplateFault.
        """
        return digest_of(*(edition.digest for edition in self.approval_editions(table, episode)))

    def approval_editions(self, table: Table, episode: Episode) -> tuple[Edition, ...]:
        """Set an episode for approval: alone, at no slot in particular. Raises TemplateFault."""
        plain = Table(
            table.publication, table.series, (episode,), {}, datetime(2000, 1, 1, tzinfo=UTC)
        )
        setting = plain.setting(episode, ANY_SLOT, {})
        return self.renderer.editions(setting)

    def approval(self, table: Table, episode: Episode) -> tuple[Problem, ...]:
        """Say whether an episode lacks an approval that its publication asks for."""
        if not episode.approved:
            asked = self.approval_required
            return (UNAPPROVED.at(episode.place("status"), episode=episode.name),) if asked else ()
        try:
            holds = self.approval_digest(table, episode) == episode.approved
        except TemplateFault as fault:
            return (fault.problem,)
        if holds:
            return ()
        return (APPROVAL_VOID.at(episode.place("approved"), episode=episode.name),)


def _concerns(problem: Problem, episode: Episode, series: Series) -> bool:
    """Say whether a problem lies in an episode or in what it stands on."""
    path = problem.place.path
    folder = episode.path.removesuffix("index.md") if episode.path.endswith("/index.md") else ""
    return (
        path in {episode.path, series.path}
        or bool(folder and path.startswith(folder))
        or path.startswith("templates/")
    )


def _expected(edition: Edition, setting: Setting) -> Expected:
    """Say what whoever wrote the letter knows of it."""
    from publisher.lint.letter import Expected

    publication = setting.publication
    advertising = is_advertisement(setting, edition.audience)
    law = publication.law
    owed = (publication.sender.name, law.contact, law.postal_address) if advertising else ()
    return Expected(
        subject=edition.subject,
        preheader=edition.preheader,
        advertising=advertising,
        owed=tuple(word for word in owed if word),
        frozen=True,
    )


def artefacts_of(edition: Edition) -> tuple[Artefact, ...]:
    """Give everything of one edition that its audience can get, as bytes.

    HTML and text of the mail are in the message, as parts.
    """
    name = f"{edition.series}/{edition.number:02d} {edition.audience}"
    item, card = edition.item, edition.card
    return (
        Artefact(f"{name} mail", edition.message, "message/rfc822"),
        Artefact(f"{name} page", edition.page.encode(), "text/html"),
        Artefact(
            f"{name} feed", f"{item.title}\n{item.summary}\n{item.html}".encode(), "text/html"
        ),
        Artefact(
            f"{name} card",
            f"{card.title}\n{card.description}\n{card.image_alt}".encode(),
            "text/plain",
        ),
    )


def public_words(table: Table, episode: Episode, *, final: bool) -> Iterator[str]:
    """Give the words that everybody may read whatever stands behind the gate; once asked for."""
    yield secret.open_words(episode)
    if final:
        yield from open_to_all(table, table.published())
    else:
        yield secret.open_words_of_series(table.series[episode.series])
