"""Sending what is open: announce, commit, let go, listen; over and over until nothing is left.

One turn of the wheel: parcels are announced to the transport (their envelopes may go ahead), those
it is ready for are written down as ``sending`` together with every answer that has come in, one
commit for all lines, and only then do their bytes leave. So a crash at any moment leaves at most
one mail in doubt on each line, and the ledger names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publisher.delivery.office import Office
from publisher.delivery.pace import Pace
from publisher.delivery.patience import Patience, PatientDeliveries
from publisher.delivery.ports import Alert, Stop, never
from publisher.delivery.queue import Queue
from publisher.delivery.verdict import Verdicts
from publisher.delivery.vigil import Vigil
from publisher.model.delivery import DeliveryState
from publisher.model.ledger import Addressee, Chunk, Result, Settled, Settlement
from publisher.model.parcel import Answer, News, Outcome
from publisher.model.problem import Fault, Place, Severity
from publisher.model.release import ReleaseState

PAUSED = Fault(
    "delivery/paused",
    Severity.ERROR,
    "The release {release} is paused: {reason}",
    "Mend the cause, then run `publisher resume {release}`; nobody was marked and nobody is missed.",
)
UNCERTAIN = Fault(
    "delivery/uncertain",
    Severity.WARNING,
    "{release} has mails whose answer was lost: they may have arrived, or not.",
    "Run `publisher who {release} --state uncertain`, then `publisher resolve {release} --resend` or `--assume-sent`.",
)
NO_RELAY = Fault(
    "delivery/no-relay",
    Severity.ERROR,
    "No relay can be used, so mails wait: {reason}",
    "See that the relay runs and that [[delivery.relay]] is right; it is tried again by itself.",
)

Key = tuple[int, int]
#: What a relay's name begins with where relays and domains are kept side by side.
RELAY = "relay "

#: A domain that must wait longer than so many seconds does not wait in memory.
PATIENCE = 2.0
#: A relay that can be tried again after so many seconds is waited for.
BRIEF = 1.0
#: At most so many parcels wait in memory for their domains.
WAITING = 200


@dataclass
class _Aloft:
    """An addressee whose parcel the transport has; ``left`` once its bytes may have gone."""

    addressee: Addressee
    domain: str
    left: bool = False
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a run of sending ended: ``wake`` is when there is something to do again, if ever."""

    wake: datetime | None = None
    sent: int = 0
    stopped: bool = False


class Dispatch:
    """One process's sending, over all open releases."""

    def __init__(self, office: Office) -> None:
        self._office = office
        policy = office.policy
        self._patience = Patience(office.ticks, office.sleep, policy.drain)
        self._ledger = PatientDeliveries(office.deliveries, self._patience)
        self._vigil = Vigil(office.owner, policy.lease, office.ticks)
        self._verdicts = Verdicts(policy)
        pace = (office.ticks, policy.domain_patience, policy.backoff, policy.backoff_limit)
        self._domains = Pace(policy.domains, *pace)
        self._relays = Pace(policy.relays, *pace)
        self._queues: dict[int, Queue] = {}
        self._aloft: dict[Key, _Aloft] = {}
        self._held_up: list[tuple[Addressee, str]] = []
        self._results: list[Result] = []
        self._sent = 0
        self._looked = self._beaten = float("-inf")
        self._trouble = ""

    def run(self, stop: Stop = never) -> Rest:
        """Send until nothing is left to do now, or until told to stop; then give the rest back."""
        self._patience.stop = stop
        self._sent = 0
        self._transport = self._office.transport()
        try:
            self._remember()
            self._look()
            while not stop() and self._turn():
                pass
            self._wind_up()
        finally:
            self._transport.close()
        return Rest(self._wake(), self._sent, stop())

    # --- one turn -------------------------------------------------------------------

    def _turn(self) -> bool:
        """Do what can be done now; False when there is nothing to wait for."""
        policy = self._office.policy
        if self._office.ticks() - self._looked >= policy.lease / 4:
            self._look()
        for queue in list(self._queues.values()):
            queue.fill()
        self._announce()
        if self._aloft:
            self._hear(self._transport.poll(self._listening()))
        self._settle(self._departing())
        self._reap()
        if self._aloft:
            return True
        if self._held_up or any(len(queue) for queue in self._queues.values()):
            return self._wait_for_room()
        self._results += self._verdicts.believe()
        self._settle([])
        self._close()
        if not self._queues and self._vigil.watching:
            self._office.sleep(min(policy.lease / 4, 1.0))
            return True
        return bool(self._queues)

    def _wait_for_room(self) -> bool:
        """Nothing is aloft and something waits: for a line, for a domain, or in vain."""
        if self._stranded():
            return False
        waits = [self._domains.wait(domain) for _, domain in self._held_up]
        if self._transport.room() > 0:
            self._office.sleep(max(0.0, min([0.25, *waits])))
        else:
            self._hear(self._transport.poll(0.25))
        return True

    def _look(self) -> None:
        """See which releases are open, and whether another owner's chunks are orphaned."""
        office = self._office
        self._looked = office.ticks()
        going = {
            release.id: release
            for release in self._patience(lambda: office.releases.listed(ReleaseState.OPEN))
            if release.laid_out is not None
        }
        for gone in self._queues.keys() - going.keys():
            self._halt(gone)
        for number, release in going.items():
            self._ledger.resend(number, office.clock())
            if number not in self._queues:
                stuffed = self._transport.stuffed
                self._queues[number] = Queue(office, self._ledger, release, stuffed=stuffed)
            self._queues[number].dry = False
        self._inherit()

    def _inherit(self) -> None:
        """Take up the chunks of owners that are gone; what they had in the air is uncertain."""
        office = self._office
        claims = self._ledger.claims()
        # Ours, and not at hand: an earlier run of this process broke off, or we never heard that
        # a claim was committed.
        mine = {chunk for queue in self._queues.values() for chunk in queue.chunks}
        left = [c for c in claims if c.owner == office.owner and c.id not in mine]
        for claim in [*left, *self._vigil.gone(claims)]:
            queue = self._queues.get(claim.release)
            if not claim.owner and (queue is None or queue.halted):
                continue
            chunk = self._ledger.take_over(claim, office.owner, office.clock(), self._again())
            if chunk is None:
                continue
            if claim.owner and not self._transport.idempotent:
                self._doubt(claim.release)
            if queue is not None and not queue.halted:
                queue.adopt(chunk)
                self._ledger.resend(claim.release, office.clock())
                queue.dry = False
            else:
                self._ledger.hand_back(chunk)

    def _again(self) -> datetime | None:
        """Say when a mail whose answer was lost is sent again, if it is."""
        now = self._office.clock()
        if self._transport.idempotent:
            return now
        policy = self._office.policy
        return now + policy.backoff if policy.resend_uncertain else None

    # --- announcing -----------------------------------------------------------------

    def _announce(self) -> None:
        """Offer the transport as many parcels as it has room for, releases in turn."""
        self._retry_held_up()
        room = self._transport.room()
        while room > 0:
            before = room
            for queue in self._queues.values():
                while len(queue) and room > 0:
                    if self._offer(queue, queue.pop()):
                        room -= 1
                        break
            if room == before:
                return

    def _retry_held_up(self) -> None:
        waiting, self._held_up = self._held_up, []
        for addressee, domain in waiting:
            queue = self._queues.get(addressee.release)
            if queue is None or queue.halted:
                continue
            if self._transport.room() > 0 and self._domains.wait(domain) <= 0:
                self._offer(queue, addressee)
            else:
                self._held_up.append((addressee, domain))

    def _offer(self, queue: Queue, addressee: Addressee) -> bool:
        """Announce one addressee's parcel; False when it does not go on a line now."""
        try:
            counter = queue.counter
        except ValueError as error:
            self._pause(addressee.release, str(error))
            return False
        try:
            parcel, domain = counter.pack(addressee)
        except LookupError:
            self._write(addressee, DeliveryState.WITHHELD)
            return False
        except ValueError as error:
            self._write(addressee, DeliveryState.REFUSED, reply=f"not sent: {error}")
            return False
        wait = self._domains.wait(domain)
        if wait > 0:
            self._make_wait(addressee, domain, wait)
            return False
        self._domains.taken(domain)
        self._aloft[parcel.key] = _Aloft(addressee, domain)
        self._transport.announce(parcel)
        return True

    def _make_wait(self, addressee: Addressee, domain: str, wait: float) -> None:
        """Let an addressee wait for its domain: here for a moment, in the ledger for longer."""
        blocked = self._domains.blocked(domain)
        if len(self._held_up) < WAITING and blocked <= PATIENCE:
            self._held_up.append((addressee, domain))
            return
        ahead = sum(1 for _, other in self._held_up if other == domain)
        rate = self._domains.rate(domain)
        seconds = max(blocked, 1.0) + (ahead / rate if rate else 0.0)
        seconds = max(seconds, wait if wait != float("inf") else 0.0)
        due = self._office.clock() + timedelta(seconds=seconds)
        self._write(addressee, DeliveryState.DEFERRED, next_at=due)

    def _listening(self) -> float:
        """Say how long to listen: not at all while something could be done at once."""
        gaps = [self._gap(k, one) for k, one in self._aloft.items() if one.ready and not one.left]
        waits = [self._domains.wait(domain) for _, domain in self._held_up]
        return 0.0 if self._results else max(0.0, min([0.25, *gaps, *waits]))

    # --- hearing --------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        for key in news.ready:
            if key in self._aloft:
                self._aloft[key].ready = True
        for outcome in news.outcomes:
            one = self._aloft.pop(outcome.key, None)
            if one is not None:
                self._domains.done(one.domain)
                self._judge(one, outcome)

    def _judge(self, one: _Aloft, outcome: Outcome) -> None:
        now = self._office.clock()
        addressee = one.addressee
        self._results += self._verdicts.judge(addressee, outcome, now, left=one.left)
        match outcome.answer:
            case Answer.ACCEPTED:
                self._sent += 1
                self._domains.answered(one.domain)
            case Answer.PUT_OFF:
                self._domains.put_off(one.domain, outcome.reply)
            case Answer.LOST:
                self._doubt(addressee.release)
            case Answer.SENDER:
                self._pause(addressee.release, outcome.reply)
            case _:
                pass
        if outcome.answer in (Answer.RETURNED, Answer.SENDER) and not one.left:
            queue = self._queues.get(addressee.release)
            if queue is not None:
                queue.put_back(addressee)
        if self._verdicts.hopeless:
            self._verdicts.forget()
            self._pause(addressee.release, outcome.reply)

    def _gap(self, key: Key, one: _Aloft) -> float:
        relay = self._transport.relay(key)
        return max(self._domains.gap(one.domain), self._relays.gap(relay))

    def _departing(self) -> list[Key]:
        """Choose the parcels that may leave now, and reserve their places in every rate."""
        leaving = []
        for key, one in self._aloft.items():
            if one.ready and not one.left and self._gap(key, one) <= 0:
                self._domains.leaves(one.domain)
                self._relays.leaves(self._transport.relay(key))
                leaving.append(key)
        return leaving

    # --- settling -------------------------------------------------------------------

    def _settle(self, leaving: Sequence[Key]) -> None:
        """Commit every answer and every departure at once; then, and only then, let go."""
        office = self._office
        ticks = office.ticks()
        beat = ticks - self._beaten >= office.policy.lease / 4
        if not (self._results or leaving or (beat and self._queues)):
            return
        starts = tuple(self._aloft[key].addressee for key in leaving)
        now = office.clock()
        relays = (replace(a, name=RELAY + a.name) for a in self._relays.changes(now))
        settlement = Settlement(
            results=tuple(self._results),
            starts=starts,
            chunks=self._fences({start.chunk for start in starts}, everybody=beat),
            allowances=(*self._domains.changes(now), *relays),
        )
        settled = self._ledger.settle(settlement, now)
        if beat:
            self._beaten = ticks
        written, self._results = self._results, []
        # Silent for so long, we may have been declared gone between the commit and here.
        late = office.ticks() - ticks > office.policy.lease / 2
        self._let_go([key for key in leaving if key in settled.started and not late])
        for result in written:
            if result.release in self._queues:
                self._queues[result.release].done(result.chunk)
                if result.state is DeliveryState.PENDING:  # to be claimed once more
                    self._queues[result.release].dry = False
        self._keep_back([key for key in leaving if not self._aloft[key].left], settled)
        for queue in list(self._queues.values()):
            for chunk in settled.lost & queue.chunks.keys():
                queue.lose(chunk)
        for release in settled.halted:
            self._halt(release)

    def _fences(self, needed: set[int], *, everybody: bool) -> tuple[Chunk, ...]:
        """Name the chunks to be proved ours: those that something leaves from, now and then all."""
        return tuple(
            chunk
            for queue in self._queues.values()
            for chunk in queue.chunks.values()
            if everybody or chunk.id in needed
        )

    def _let_go(self, keys: Sequence[Key]) -> None:
        if not keys:
            return
        for key in keys:
            self._aloft[key].left = True
        self._transport.go(keys)
        for key in keys:
            self._domains.left(self._aloft[key].domain)
            self._relays.left(self._transport.relay(key))

    def _keep_back(self, keys: Sequence[Key], settled: Settled) -> None:
        """Take back what may not leave: its reader left, its release halted, its chunk was lost."""
        for key in keys:
            one = self._aloft.pop(key)
            self._domains.done(one.domain)
            queue = self._queues.get(one.addressee.release)
            if key in settled.started:  # committed, and still nothing of it left
                self._write(one.addressee, DeliveryState.PENDING)
            elif queue is not None and one.addressee.chunk not in settled.lost:
                queue.again(one.addressee)
        if keys:
            self._transport.recall(keys)

    def _write(
        self,
        addressee: Addressee,
        state: DeliveryState,
        reply: str = "",
        next_at: datetime | None = None,
    ) -> None:
        self._results.append(
            Result(
                release=addressee.release,
                chunk=addressee.chunk,
                subscriber=addressee.subscriber,
                state=state,
                reply=reply,
                next_at=next_at,
            )
        )

    # --- ends -----------------------------------------------------------------------

    def _close(self) -> None:
        """Close releases in which nothing is left; forget those that only wait for later."""
        for number, queue in list(self._queues.items()):
            if len(queue) or queue.halted:
                continue
            if queue.chunks:  # nothing of them is at hand: read them anew, or let others
                queue.let_go()
            if queue.dry:
                self._ledger.complete(number, self._office.clock())
                del self._queues[number]

    def _halt(self, release: int) -> None:
        """Send nothing more of a release that is paused, cancelled or gone."""
        keys = [key for key, one in self._aloft.items() if key[0] == release and not one.left]
        for key in keys:
            self._domains.done(self._aloft.pop(key).domain)
        self._transport.recall(keys)
        self._held_up = [(a, domain) for a, domain in self._held_up if a.release != release]
        if release in self._queues:
            self._queues[release].halt()

    def _reap(self) -> None:
        """Let go of halted releases once nothing of theirs is in the air."""
        flying = {key[0] for key in self._aloft} | {result.release for result in self._results}
        for number, queue in list(self._queues.items()):
            if queue.halted and number not in flying:
                queue.let_go()
                del self._queues[number]

    def _pause(self, release: int, reason: str) -> None:
        office = self._office
        now = office.clock()
        queue = self._queues.get(release)
        paused = self._patience(
            lambda: office.releases.change(release, ReleaseState.PAUSED, reason, now)
        )
        if paused:
            name = queue.release.name if queue else str(release)
            told = PAUSED.at(Place(""), release=name, reason=reason)
            office.bell.ring(Alert(f"paused {name} {now.isoformat()}", told), now)
        self._halt(release)

    def _doubt(self, release: int) -> None:
        queue = self._queues.get(release)
        if queue is not None:
            told = UNCERTAIN.at(Place(""), release=queue.release.name)
            alert = Alert(f"uncertain {queue.release.name}", told)
            self._office.bell.ring(alert, self._office.clock())

    def _stranded(self) -> bool:
        """No relay can be used for a while and nothing is aloft: say so and come back later."""
        troubles = self._transport.troubles()
        if not troubles or self._transport.room() > 0:
            return False
        if min(trouble.seconds for trouble in troubles) <= BRIEF and not any(
            trouble.systemic for trouble in troubles
        ):
            return False
        reason = "; ".join(f"{trouble.relay}: {trouble.reason}" for trouble in troubles)
        now = self._office.clock()
        if reason != self._trouble:
            self._trouble = reason
            told = NO_RELAY.at(Place(""), reason=reason)
            self._office.bell.ring(Alert(f"relay {now:%Y-%m-%d} {reason}", told), now)
        if all(trouble.systemic for trouble in troubles):
            for release in list(self._queues):
                self._pause(release, troubles[0].reason)
        return True

    def _wind_up(self) -> None:
        """Await what is in the air, write it down, let go of the rest."""
        office = self._office
        end = office.ticks() + office.policy.drain
        for release in list(self._queues):
            self._halt(release)
        while self._aloft and office.ticks() < end:
            self._hear(self._transport.poll(0.25))
            self._settle([])
        for key, one in list(self._aloft.items()):
            outcome = Outcome(key, Answer.LOST, reply="no answer before the end")
            self._results += self._verdicts.judge(one.addressee, outcome, office.clock(), left=True)
            del self._aloft[key]
        self._verdicts.forget()  # nobody came after them to say whose fault they were
        self._settle([])
        self._reap()

    def _remember(self) -> None:
        """Take up how relays and domains stood when the last process ended."""
        kept = self._ledger.allowances()
        now = self._office.clock()
        relays = [replace(a, name=a.name[len(RELAY) :]) for a in kept if a.name.startswith(RELAY)]
        self._relays.remember(relays, now)
        self._domains.remember([a for a in kept if not a.name.startswith(RELAY)], now)

    def _wake(self) -> datetime | None:
        """Say when there is something to do again: a delivery due, a relay to be tried."""
        office = self._office
        going = self._patience(lambda: office.releases.listed(ReleaseState.OPEN))
        moments = [self._ledger.next_at(release.id) for release in going]
        if going:
            now = office.clock()
            moments += [now + timedelta(seconds=t.seconds) for t in self._transport.troubles()]
        return min((moment for moment in moments if moment is not None), default=None)
