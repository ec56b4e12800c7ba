"""Sending what is open: announce, commit, let go, listen; over and over until nothing is left.

One turn of the wheel: parcels are announced to the transport (their envelopes may go ahead), those
it is ready for are written down as ``sending`` together with every answer that has come in, one
commit for all lines, and only then do their bytes leave. So a crash at any moment leaves at most
one mail in doubt on each line, and the ledger names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.delivery.alarms import Alarms
from publisher.delivery.office import Office
from publisher.delivery.patience import Patience, PatientDeliveries
from publisher.delivery.ports import Stop, never
from publisher.delivery.queue import Queue
from publisher.delivery.tempo import Tempo
from publisher.delivery.verdict import Verdicts
from publisher.delivery.vigil import Vigil
from publisher.model.delivery import DeliveryState
from publisher.model.ledger import Addressee, Chunk, Result, Settled, Settlement
from publisher.model.parcel import Answer, News, Outcome
from publisher.model.release import ReleaseState

Key = tuple[int, int]
#: A domain that must wait longer than so many seconds does not wait in memory.
PATIENCE = 2.0
#: A relay that can be tried again after so many seconds is waited for.
BRIEF = 1.0
#: At most so many parcels wait in memory for their domains.
WAITING = 200


@dataclass(slots=True)
class _Aloft:
    """An addressee whose parcel the transport has; ``left`` once its bytes may have gone."""

    addressee: Addressee
    domain: str
    relay: str
    left: bool = False


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
        self._alarms = Alarms(office)
        self._tempo = Tempo(office)
        self._domains = self._tempo.domains
        self._queues: dict[int, Queue] = {}
        self._aloft: dict[Key, _Aloft] = {}
        #: Those of them whose server waits for the mail.
        self._ready: dict[Key, None] = {}
        self._held_up: list[tuple[Addressee, str]] = []
        self._results: list[Result] = []
        self._sent = 0
        self._looked = self._beaten = float("-inf")

    def run(self, stop: Stop = never) -> Rest:
        """Send until nothing is left to do now, or until told to stop; then give the rest back."""
        self._patience.stop = stop
        self._sent = 0
        self._transport = self._office.transport()
        try:
            self._tempo.remember(self._ledger.allowances(), self._office.clock())
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
        if not self._held_up:
            return
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
        self._transport.announce(parcel)
        relay = self._transport.relay(parcel.key)
        self._aloft[parcel.key] = _Aloft(addressee, domain, relay)
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
        if self._results:
            return 0.0
        gaps = [self._gap(key) for key in self._ready]
        waits = [self._domains.wait(domain) for _, domain in self._held_up]
        return max(0.0, min([0.25, *gaps, *waits]))

    # --- hearing --------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        for key in news.ready:
            if key in self._aloft:
                self._ready[key] = None
        now = self._office.clock()
        for outcome in news.outcomes:
            one = self._down(outcome.key)
            if one is not None:
                self._judge(one, outcome, now)

    def _down(self, key: Key) -> _Aloft | None:
        """A parcel is not with the transport any more."""
        one = self._aloft.pop(key, None)
        if one is not None:
            self._ready.pop(key, None)
            self._domains.done(one.domain)
        return one

    def _judge(self, one: _Aloft, outcome: Outcome, now: datetime) -> None:
        addressee = one.addressee
        self._results += self._verdicts.judge(addressee, outcome, now, left=one.left)
        if outcome.answer is Answer.ACCEPTED:
            self._sent += 1
            self._domains.answered(one.domain)
            return
        match outcome.answer:
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

    def _gap(self, key: Key) -> float:
        one = self._aloft[key]
        return self._tempo.gap(one.domain, one.relay)

    def _departing(self) -> list[Key]:
        """Choose the parcels that may leave now, and reserve their places in every rate."""
        leaving = []
        for key in self._ready:
            one = self._aloft[key]
            if self._tempo.gap(one.domain, one.relay) <= 0:
                self._tempo.leaves(one.domain, one.relay)
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
        settlement = Settlement(
            results=tuple(self._results),
            starts=starts,
            chunks=self._fences({start.chunk for start in starts}, everybody=beat),
            allowances=self._tempo.changes(now),
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
            del self._ready[key]
        self._transport.go(keys)
        for key in keys:
            one = self._aloft[key]
            self._tempo.left(one.domain, one.relay)

    def _keep_back(self, keys: Sequence[Key], settled: Settled) -> None:
        """Take back what may not leave: its reader left, its release halted, its chunk was lost."""
        for key in keys:
            one = self._down(key)
            if one is None:
                continue
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
            self._down(key)
        self._transport.recall(keys)
        self._held_up = [(a, domain) for a, domain in self._held_up if a.release != release]
        if release in self._queues:
            self._queues[release].halt()

    def _reap(self) -> None:
        """Let go of halted releases once nothing of theirs is in the air."""
        if not any(queue.halted for queue in self._queues.values()):
            return
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
            self._alarms.paused(queue.release.name if queue else str(release), reason, now)
        self._halt(release)

    def _doubt(self, release: int) -> None:
        queue = self._queues.get(release)
        if queue is not None:
            self._alarms.uncertain(queue.release.name)

    def _stranded(self) -> bool:
        """No relay can be used for a while and nothing is aloft: say so and come back later."""
        troubles = self._transport.troubles()
        if not troubles or self._transport.room() > 0:
            return False
        if min(trouble.seconds for trouble in troubles) <= BRIEF and not any(
            trouble.systemic for trouble in troubles
        ):
            return False
        self._alarms.no_relay(troubles)
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
            self._down(key)
        self._verdicts.forget()  # nobody came after them to say whose fault they were
        self._settle([])
        self._reap()

    def _wake(self) -> datetime | None:
        """Say when there is something to do again: a delivery due, a relay to be tried."""
        office = self._office
        going = self._patience(lambda: office.releases.listed(ReleaseState.OPEN))
        moments = [self._ledger.next_at(release.id) for release in going]
        if going:
            now = office.clock()
            moments += [now + timedelta(seconds=t.seconds) for t in self._transport.troubles()]
        return min((moment for moment in moments if moment is not None), default=None)
