"""One row of somebody's list, read as what it says of one subscriber."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from publisher.audience.address import Address, parse
from publisher.audience.layout import Layout, Service
from publisher.audience.moments import moment
from publisher.audience.sheet import Line, unguarded
from publisher.model.episode import Audience
from publisher.model.problem import Fault, Place, Problem, Severity
from publisher.model.subscriber import (
    Consent,
    Purpose,
    SubscriberState,
    Suppression,
    SuppressionReason,
)

BAD_DATE = Fault(
    "import/date",
    Severity.ERROR,
    "“{text}” is not a date we can read.",
    "Write dates as 2026-11-27 or 2026-11-27 17:00.",
)
BAD_VALUE = Fault(
    "import/value",
    Severity.ERROR,
    "“{text}” is no {column} we know.",
    "Correct the cell, or leave it empty.",
)

_YES = frozenset({"true", "yes", "y", "1", "on", "동의", "예", "네", "o"})
_STATES: dict[str, SubscriberState] = {
    **dict.fromkeys(
        (
            *("active", "enabled", "subscribed", "confirmed", "regular", "premium", "gifted"),
            *("trialed", "churning", "churned", "pastdue", "paused", "구독중", "구독", "정상"),
        ),
        SubscriberState.ACTIVE,
    ),
    **dict.fromkeys(
        (
            *("left", "unsubscribed", "disabled", "blocklisted", "removed", "complained"),
            *("spammy", "blocked", "archived", "수신거부", "구독취소", "해지"),
        ),
        SubscriberState.LEFT,
    ),
    **dict.fromkeys(
        ("bounced", "cleaned", "undeliverable", "자동삭제", "반송"), SubscriberState.BOUNCED
    ),
    **dict.fromkeys(
        ("pending", "unconfirmed", "unactivated", "미확인", "확인대기", "인증대기"),
        SubscriberState.PENDING,
    ),
}
#: Whose lists hold readers alone, or say who left in a column of its own: there “state” is a
#: county and “type” a tariff.
_STATELESS = frozenset({Service.MAILCHIMP, Service.SUBSTACK, Service.GHOST})
_PAYING = frozenset({"premium", "gifted", "trialed", "churning", "pastdue", "paused"})
_SLUG = re.compile(r"[^\s;,/\\\x00-\x1f]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says. None is what it does not say: that stays as it is with us."""

    line: int
    address: Address | None
    name: str | None = None
    state: SubscriberState | None = None
    audience: Audience | None = None
    members_until: datetime | None = None
    series: tuple[str, ...] | None = None
    locale: str | None = None
    source: str | None = None
    since: datetime | None = None
    left_at: datetime | None = None
    advertising: bool | None = None
    consents: tuple[Consent, ...] | None = None
    suppression: Suppression | None = None
    tombstone: str = ""


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def row(line: Line, layout: Layout, path: str, zone: tzinfo) -> Row | Problem:
    """Read a row. Dates without a zone are local to ``zone``; American services write UTC."""
    if line.problem is not None:
        return line.problem
    local = zone if layout.service in (Service.STIBEE, Service.OTHER, Service.OWN) else UTC
    cells = line.cells
    if layout.service is Service.OWN:
        cells = tuple(unguarded(cell) for cell in cells)
    reader = _Reader(line, layout, path, local, layout.values(cells))
    try:
        return reader.own() if layout.service is Service.OWN else reader.foreign()
    except _RefusedError as refused:
        return refused.problem


@lru_cache(maxsize=256)
def _word(text: str) -> str:
    return re.sub(r"[\s_-]", "", text.casefold())


@dataclass(slots=True)
class _Reader:
    line: Line
    layout: Layout
    path: str
    zone: tzinfo
    values: dict[str, str]

    def place(self, name: str) -> Place:
        return Place(self.path, self.line.number, self.layout.column(name))

    def cell(self, name: str) -> str:
        return self.values.get(name, "")

    def has(self, name: str) -> bool:
        return name in self.layout.columns

    def address(self, text: str) -> Address:
        found = parse(text, self.place("address"))
        if isinstance(found, Problem):
            raise _RefusedError(found)
        return found

    def date(self, name: str, text: str, *, end_of_day: bool = False) -> datetime | None:
        if not text:
            return None
        read = moment(text, self.zone, end_of_day=end_of_day)
        if read is None:
            raise _RefusedError(BAD_DATE.at(self.place(name), text=text[:60]))
        return read

    def bad(self, name: str, text: str) -> _RefusedError:
        return _RefusedError(BAD_VALUE.at(self.place(name), text=text[:60], column=name))

    def named(self, text: str) -> str:
        """Keep a name printable and short: it may stand in a mail one day."""
        if not text.isprintable():
            text = "".join(c if c.isprintable() else " " for c in text)
        return " ".join(text.split())[:100]

    def foreign(self) -> Row:
        address = self.address(self.cell("address"))
        word = _word(self.cell("state"))
        state = self._state(word)
        name = self.named(self.cell("name"))
        if not name and self.has("first_name"):
            name = self.named(f"{self.cell('first_name')} {self.cell('last_name')}")
        left = self.date("left_at", self.cell("left_at"))
        until = self.date("members_until", self.cell("members_until"), end_of_day=True)
        audience = self._audience(word)
        return Row(
            self.line.number,
            address,
            name=name or None,
            state=state,
            audience=audience,
            members_until=until if audience is Audience.MEMBERS else None,
            locale=self._locale(self.cell("locale")),
            since=self.date("since", self.cell("since")),
            left_at=left if state is SubscriberState.LEFT else None,
            advertising=self._agreed("advertising"),
            series=self._series() if self.cell("series") else None,
        )

    def _state(self, word: str) -> SubscriberState | None:
        if self._agreed("subscribed") is False or self._agreed("disabled") is True:
            return SubscriberState.LEFT
        if self.cell("left_at"):
            return SubscriberState.LEFT
        if self.cell("bounced_at"):
            return SubscriberState.BOUNCED
        if not word or self.layout.service in _STATELESS:
            return None
        if word not in _STATES:
            # Whoever may have left is not taken in on a guess.
            raise self.bad("state", self.cell("state"))
        return _STATES[word]

    def _audience(self, word: str) -> Audience | None:
        if self.layout.service is Service.BUTTONDOWN and word:
            return Audience.MEMBERS if word in _PAYING else Audience.FREE
        if self.layout.service is Service.SUBSTACK and self.cell("kind"):
            return Audience.FREE if _word(self.cell("kind")) == "free" else Audience.MEMBERS
        if self.has("paid") or self.has("tiers"):
            paying = self._agreed("paid") is True or bool(self.cell("tiers"))
            return Audience.MEMBERS if paying else Audience.FREE
        if self.layout.service is Service.OTHER and self.cell("audience"):
            return self._chosen("audience", Audience)
        # Who has a last day of membership is a member.
        return Audience.MEMBERS if self.cell("members_until") else None

    def _agreed(self, name: str) -> bool | None:
        text = self.values.get(name)
        return text.casefold() in _YES if text else None

    def _locale(self, text: str) -> str | None:
        language = text.casefold()[:2]
        return language if language in {"ko", "en"} else None

    def _series(self) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(self.cell("series").split()))
        if len(names) > 100 or not all(_SLUG.match(name) for name in names):
            raise self.bad("series", self.cell("series"))
        return names

    def _chosen(self, name: str, kind: type[Audience]) -> Audience:
        try:
            return kind(self.cell(name).casefold())
        except ValueError:
            raise self.bad(name, self.cell(name)) from None

    # --- our own export ---------------------------------------------------------------

    def own(self) -> Row:
        """Read a row of our own export: each cell is the whole truth about its field."""
        erased = self.cell("erased")
        if erased:
            if not re.fullmatch(r"erased:[0-9a-f]{64}", erased):
                raise self.bad("erased", erased)
            return Row(self.line.number, None, tombstone=erased)
        address = self.address(self.cell("address"))
        if not self.cell("state"):
            return Row(self.line.number, address, suppression=self._suppression(address.key))
        try:
            state = SubscriberState(self.cell("state"))
        except ValueError:
            raise self.bad("state", self.cell("state")) from None
        return Row(
            self.line.number,
            address,
            name=self.named(self.cell("name")),
            state=state,
            audience=self._chosen("audience", Audience),
            members_until=self.date("members_until", self.cell("members_until")),
            series=self._series(),
            locale=self._locale(self.cell("locale")) or "ko",
            source=self.named(self.cell("source")),
            since=self.date("since", self.cell("since")),
            consents=self._consents(),
            suppression=self._suppression(address.key),
        )

    def _suppression(self, key: str) -> Suppression | None:
        reason = self.cell("suppressed")
        if not reason:
            return None
        try:
            known = SuppressionReason(reason)
        except ValueError:
            raise self.bad("suppressed", reason) from None
        at = self.date("suppressed_at", self.cell("suppressed_at"))
        if at is None:
            raise self.bad("suppressed_at", "")
        return Suppression(key, known, at, self.named(self.cell("suppressed_note")))

    def _consents(self) -> tuple[Consent, ...]:
        text = self.cell("consents")
        if not text:
            return ()
        try:
            return tuple(_consent(entry) for entry in json.loads(text))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self.bad("consents", text) from None


def _consent(entry: dict[str, object]) -> Consent:
    at = datetime.fromisoformat(str(entry["at"]))
    return Consent(
        Purpose(str(entry["purpose"])),
        entry["given"] is True,
        at.astimezone(UTC) if at.tzinfo else at,
        str(entry["source"])[:200],
        str(entry.get("text", ""))[:2000],
    )


def consents_cell(consents: tuple[Consent, ...]) -> str:
    """Write every act of consent and withdrawal as JSON, oldest first."""
    acts = [
        {
            "purpose": consent.purpose.value,
            "given": consent.given,
            "at": consent.at.astimezone(UTC).isoformat(),
            "source": consent.source,
            "text": consent.text,
        }
        for consent in consents
    ]
    return json.dumps(acts, ensure_ascii=False, separators=(",", ":")) if acts else ""
