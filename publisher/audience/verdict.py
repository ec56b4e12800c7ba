"""What becomes of one row of an imported list: the rules, without a database.

A reader's own no is stronger than any file: who left stays away, who was erased stays
forgotten, who must not be mailed is not. What a file does not say stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from publisher.audience.rows import Row
from publisher.audience.standing import advertised, joined, left
from publisher.model.episode import Audience
from publisher.model.problem import Problem
from publisher.model.readership import Record
from publisher.model.subscriber import (
    Consent,
    Purpose,
    Subscriber,
    SubscriberState,
    Suppression,
)


class Outcome(StrEnum):
    """The verdict on a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    ERASED = "erased"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a subscriber before and after, as words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the row at ``line``; ``problem`` is why it was refused."""

    line: int
    outcome: Outcome
    key: str = ""
    changes: tuple[Change, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a list is taken in: when, from where, for which series, on whose word."""

    now: datetime
    source: str
    series: tuple[str, ...] = ()
    locale: str = "ko"
    consent: str = ""
    own: bool = False


def judge(
    row: Row, known: Record | None, suppression: Suppression | None, terms: Terms
) -> tuple[Outcome, Record | None]:
    """Say what becomes of a row, and the record as it should then be (None: nothing to keep)."""
    if row.address is None:
        raise ValueError("a row without an address is a tombstone, and judged elsewhere")
    if known is None:
        if suppression is not None and not terms.own:
            return Outcome.SUPPRESSED, None
        return Outcome.ADDED, _entered(row, terms)
    after = _own(row, known, terms) if terms.own else _updated(row, known, terms)
    if after != known:
        return Outcome.CHANGED, after
    wanted = row.state in (None, SubscriberState.ACTIVE, SubscriberState.PENDING)
    if wanted and known.subscriber.state is SubscriberState.LEFT:
        return Outcome.LEFT, known
    if wanted and (suppression or known.subscriber.state is SubscriberState.BOUNCED):
        return Outcome.SUPPRESSED, known
    return Outcome.SAME, known


def _entered(row: Row, terms: Terms) -> Record:
    assert row.address is not None
    since = row.since or terms.now
    source = row.source if row.source is not None else terms.source
    state = row.state or SubscriberState.ACTIVE
    active = state is SubscriberState.ACTIVE
    subscriber = Subscriber(
        id=0,
        address=row.address.written,
        key=row.address.key,
        state=state,
        audience=row.audience or Audience.FREE,
        since=since,
        name=row.name or "",
        members_until=row.members_until,
        series=tuple(sorted(row.series if row.series is not None else terms.series)),
        locale=row.locale or terms.locale,
        source=source,
    )
    if row.consents is not None:
        gone = None if active else _withdrawal(row.consents, terms.now)
        return Record(subscriber, left_at=gone, consents=row.consents)
    acts = []
    if state is not SubscriberState.PENDING:
        acts.append(Consent(Purpose.LETTER, True, since, terms.source, terms.consent))
        if row.advertising:
            acts.append(Consent(Purpose.ADVERTISING, True, since, terms.source, terms.consent))
    if active or state is SubscriberState.PENDING:
        return Record(subscriber, left_at=None if active else since, consents=tuple(acts))
    staying = replace(subscriber, state=SubscriberState.ACTIVE)
    return left(
        Record(staying, consents=tuple(acts)),
        row.left_at or terms.now,
        source=terms.source,
        state=state,
    )


def _withdrawal(consents: tuple[Consent, ...], now: datetime) -> datetime:
    acts = [act.at for act in consents if act.purpose is Purpose.LETTER and not act.given]
    return acts[-1] if acts else now


def _state(row: Row, record: Record, terms: Terms) -> Record:
    """Let a file take a reader off the list, never put one back who left or bounced."""
    known, said = record.subscriber.state, row.state
    if said is SubscriberState.LEFT and known is not SubscriberState.LEFT:
        return left(record, row.left_at or terms.now, source=terms.source)
    if said is SubscriberState.BOUNCED and known in (
        SubscriberState.ACTIVE,
        SubscriberState.PENDING,
    ):
        return left(record, terms.now, source=terms.source, state=said)
    if said is SubscriberState.ACTIVE and known is SubscriberState.PENDING:
        return joined(record, row.since or terms.now, source=terms.source, text=terms.consent)
    return record


def _updated(row: Row, known: Record, terms: Terms) -> Record:
    record = _state(row, known, terms)
    who = record.subscriber
    series = who.series
    if series and (row.series or terms.series):
        series = tuple(sorted({*series, *(row.series or terms.series)}))
    audience, until = who.audience, who.members_until
    if row.audience is not None:
        audience, until = row.audience, row.members_until
    told = (row.name or who.name, row.locale or who.locale, series, audience, until)
    if told != (who.name, who.locale, who.series, who.audience, who.members_until):
        name, locale, *_ = told
        who = replace(
            who, name=name, locale=locale, series=series, audience=audience, members_until=until
        )
        record = replace(record, subscriber=who)
    if row.advertising is not None and who.state is SubscriberState.ACTIVE:
        record = advertised(
            record, terms.now, wanted=row.advertising, source=terms.source, text=terms.consent
        )
    return record


def _own(row: Row, known: Record, terms: Terms) -> Record:
    """Take over a row of our own export, but for a state the reader has since changed."""
    if row.state is None:
        return known
    missing = tuple(act for act in row.consents or () if act not in known.consents)
    record = replace(known, consents=(*known.consents, *missing))
    if row.state is not known.subscriber.state:
        record = _state(replace(row, left_at=None), record, terms)
    who = replace(
        record.subscriber,
        name=row.name or "",
        audience=row.audience or known.subscriber.audience,
        members_until=row.members_until,
        series=tuple(sorted(row.series or ())),
        locale=row.locale or known.subscriber.locale,
        source=row.source or "",
        since=row.since or known.subscriber.since,
    )
    return replace(record, subscriber=who)


def changes(before: Record, after: Record) -> tuple[Change, ...]:
    """List what differs, for the diff of a dry run."""
    if before == after:
        return ()
    old, new = before.subscriber, after.subscriber
    pairs = {
        "state": (old.state, new.state),
        "name": (old.name, new.name),
        "audience": (old.audience, new.audience),
        "members_until": (old.members_until or "", new.members_until or ""),
        "series": (" ".join(old.series), " ".join(new.series)),
        "locale": (old.locale, new.locale),
        "since": (old.since, new.since),
        "source": (old.source, new.source),
        "consents": (len(before.consents), len(after.consents)),
    }
    return tuple(
        Change(field, str(was), str(now)) for field, (was, now) in pairs.items() if was != now
    )


def entering(record: Record) -> tuple[Change, ...]:
    """List what a newcomer is besides an active reader of every free letter."""
    who = record.subscriber
    told = {
        "state": "" if who.state is SubscriberState.ACTIVE else who.state.value,
        "audience": "" if who.audience is Audience.FREE else who.audience.value,
        "members_until": str(who.members_until or ""),
        "series": " ".join(who.series),
    }
    return tuple(Change(field, "", now) for field, now in told.items() if now)
