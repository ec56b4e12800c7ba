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
from publisher.delivery.aloft import Aloft, Flight, Key
from publisher.delivery.heir import Heir
from publisher.delivery.held_up import HeldUp
from publisher.delivery.office import Office
from publisher.delivery.patience import Patience, PatientDeliveries
from publisher.delivery.ports import Stop, never
from publisher.delivery.queue import Queue
from publisher.delivery.queues import Queues
from publisher.delivery.tempo import Tempo
from publisher.delivery.verdict import Verdicts, plain
from publisher.model.delivery import NO_LONGER, DeliveryState
from publisher.model.ledger import Addressee, Result, Settled, Settlement
from publisher.model.parcel import Answer, News, Outcome
from publisher.model.release import ReleaseState

_ACCEPTED = Answer.ACCEPTED  # read for every mail: so once
#: A relay that can be tried again after so many seconds is waited for.
BRIEF = 1.0
#: Answers are awaited for this part of the time that the last commit took, so many seconds at most:
#: more of them in each commit cost less than each its own.
SHARE, LONGEST_SHARE = 1.0, 0.005


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
        self._verdicts = Verdicts(policy)
        self._alarms = Alarms(office)
        self._tempo = Tempo(office)
        self._queues = Queues(office, self._ledger)
        self._heir = Heir(office, self._ledger, self._queues, self._verdicts, self._alarms)
        self._aloft = Aloft(self._tempo)
        self._held_up = HeldUp(self._tempo.domains)
        self._results: list[Result] = []
        self._sent = 0
        self._took = 0.0
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
        self._queues.fill()
        self._announce()
        if self._aloft:
            self._listen()
        self._settle(self._aloft.departing())
        self._reap()
        if self._aloft:
            return True
        if self._held_up or self._queues.waiting:
            return self._wait_for_room()
        self._results += self._verdicts.believe()
        self._settle([])
        self._queues.close(self._office.clock())
        if not self._queues and self._heir.watching:
            self._office.sleep(min(policy.lease / 4, 1.0))
            return True
        return bool(self._queues) or self._look_again()

    def _wait_for_room(self) -> bool:
        """Nothing is aloft and something waits: for a line, for a domain, or in vain."""
        if self._stranded():
            return False
        if self._transport.room() > 0:
            self._office.sleep(max(0.0, min([0.25, *self._held_up.waits()])))
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
        for gone in set(self._queues.releases) - going.keys():
            self._halt(gone)
        for number, release in going.items():
            self._ledger.resend(number, office.clock())
            self._queues.open(release, stuffed=self._transport.stuffed)
        self._heir.look(idempotent=self._transport.idempotent)

    def _look_again(self) -> bool:
        """Nothing is at hand, and nobody was seen to hold anything: that was a while ago.

        What was found taken may have been claimed since the last look, and is awaited; or it was
        let go since it was asked for, and nobody else would send it.
        """
        self._look()
        self._queues.fill()
        return self._heir.watching or self._queues.holding

    # --- announcing -----------------------------------------------------------------

    def _announce(self) -> None:
        """Offer the transport as many parcels as it has room for, releases in turn."""
        self._held_up.retry(self._transport.room, self._offer_again)
        room = self._transport.room()
        queues = list(self._queues)
        while room > 0:
            before = room
            for queue in queues:
                while room > 0 and (addressee := queue.pop()) is not None:
                    if self._offer(queue, addressee):
                        room -= 1
                        break
            if room == before:
                return

    def _offer_again(self, addressee: Addressee) -> None:
        queue = self._queues.of(addressee.release)
        if queue is not None and not queue.halted:
            self._offer(queue, addressee)

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
            self._results.append(plain(addressee, DeliveryState.WITHHELD, NO_LONGER))
            return False
        except ValueError as error:
            self._results.append(plain(addressee, DeliveryState.REFUSED, f"not sent: {error}"))
            return False
        wait = self._tempo.domains.wait(domain)
        if wait > 0:
            seconds = self._held_up.take(addressee, domain, wait)
            if seconds > 0:
                due = self._office.clock() + timedelta(seconds=seconds)
                self._results.append(plain(addressee, DeliveryState.DEFERRED, next_at=due))
            return False
        relay = self._transport.announce(parcel)
        self._aloft.take(parcel.key, Flight(addressee, domain, relay))
        return True

    def _listen(self) -> None:
        """Hear what has come. While others are in the air, a little longer: what comes meanwhile
        shares the commit."""
        self._hear(self._transport.poll(self._listening()))
        if self._results and self._aloft.flying:
            self._office.sleep(min(self._took * SHARE, LONGEST_SHARE))
            self._hear(self._transport.poll(0.0))

    def _listening(self) -> float:
        """Say how long to listen: not at all while something could be done at once."""
        if self._results:
            return 0.0
        return max(0.0, min([0.25, *self._aloft.gaps(), *self._held_up.waits()]))

    # --- hearing --------------------------------------------------------------------

    def _hear(self, news: News) -> None:
        self._aloft.readied(news.ready)
        if not news.outcomes:
            return
        now = self._office.clock()
        for outcome in news.outcomes:
            one = self._aloft.down(outcome.key)
            if one is not None:
                self._judge(one, outcome, now)

    def _judge(self, one: Flight, outcome: Outcome, now: datetime) -> None:
        addressee = one.addressee
        self._results += self._verdicts.judge(addressee, outcome, now, left=one.left)
        if outcome.answer is _ACCEPTED:
            self._sent += 1
            self._tempo.domains.answered(one.domain)
            return
        match outcome.answer:
            case Answer.PUT_OFF:
                self._tempo.domains.put_off(one.domain, outcome.reply)
            case Answer.LOST:
                self._doubt(addressee.release)
            case Answer.SENDER:
                self._pause(addressee.release, outcome.reply)
            case _:
                pass
        if outcome.answer in (Answer.RETURNED, Answer.SENDER) and not one.left:
            queue = self._queues.of(addressee.release)
            if queue is not None:
                queue.put_back(addressee)
        if self._verdicts.hopeless:
            self._verdicts.forget()
            self._pause(addressee.release, outcome.reply)

    # --- settling -------------------------------------------------------------------

    def _settle(self, leaving: Sequence[Key]) -> None:
        """Commit every answer and every departure at once; then, and only then, let go."""
        office = self._office
        ticks = office.ticks()
        beat = ticks - self._beaten >= office.policy.lease / 4
        if not (self._results or leaving or (beat and self._queues)):
            return
        starts = self._aloft.addressees(leaving)
        now = office.clock()
        settlement = Settlement(
            results=tuple(self._results),
            starts=starts,
            chunks=self._queues.fences({start.chunk for start in starts}, everybody=beat),
            allowances=self._tempo.changes(now),
        )
        settled = self._ledger.settle(settlement, now)
        self._took = office.ticks() - ticks
        if beat:
            self._beaten = ticks
        written, self._results = self._results, []
        # Silent for so long, we may have been declared gone between the commit and here.
        late = office.ticks() - ticks > office.policy.lease / 2
        going: Sequence[Key] = () if late else leaving
        if going and len(settled.started) < len(leaving):
            going = [key for key in leaving if key in settled.started]
        self._let_go(going)
        if self._sent:
            self._alarms.relays_serve()
        self._queues.written(written)
        if len(going) < len(leaving):
            self._keep_back([key for key in leaving if not self._aloft[key].left], settled)
        if settled.lost:
            self._queues.lose(settled.lost)
        for release in settled.halted:
            self._halt(release)

    def _let_go(self, keys: Sequence[Key]) -> None:
        if not keys:
            return
        self._aloft.leave(keys)
        self._transport.go(keys)
        self._aloft.left(keys)

    def _keep_back(self, keys: Sequence[Key], settled: Settled) -> None:
        """Take back what may not leave: its reader left, its release halted, its chunk was lost."""
        for key in keys:
            one = self._aloft.down(key)
            if one is None:
                continue
            queue = self._queues.of(one.addressee.release)
            if key in settled.started:  # committed, and still nothing of it left
                self._results.append(plain(one.addressee, DeliveryState.PENDING))
            elif queue is not None and one.addressee.chunk not in settled.lost:
                queue.again(one.addressee)
        if keys:
            self._transport.recall(keys)

    # --- ends -----------------------------------------------------------------------

    def _halt(self, release: int) -> None:
        """Send nothing more of a release that is paused, cancelled or gone."""
        keys = [key for key in self._aloft if key[0] == release and not self._aloft[key].left]
        for key in keys:
            self._aloft.down(key)
        self._transport.recall(keys)
        self._held_up.forget(release)
        queue = self._queues.of(release)
        if queue is not None:
            queue.halt()

    def _reap(self) -> None:
        """Let go of halted releases once nothing of theirs is in the air."""
        if self._queues.halted:
            flying = {key[0] for key in self._aloft} | {result.release for result in self._results}
            self._queues.reap(flying)

    def _pause(self, release: int, reason: str) -> None:
        office = self._office
        now = office.clock()
        queue = self._queues.of(release)
        paused = self._patience(
            lambda: office.releases.change(release, ReleaseState.PAUSED, reason, now)
        )
        if paused:
            self._alarms.paused(queue.release.name if queue else str(release), reason, now)
        self._halt(release)

    def _doubt(self, release: int) -> None:
        queue = self._queues.of(release)
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
            for release in self._queues.releases:
                self._pause(release, troubles[0].reason)
        return True

    def _wind_up(self) -> None:
        """Await what is in the air, write it down, let go of the rest."""
        office = self._office
        end = office.ticks() + office.policy.drain
        for release in self._queues.releases:
            self._halt(release)
        while self._aloft and office.ticks() < end:
            self._hear(self._transport.poll(0.25))
            self._settle([])
        for key in list(self._aloft):
            lost = self._aloft[key].addressee
            outcome = Outcome(key, Answer.LOST, reply="no answer before the end")
            self._results += self._verdicts.judge(lost, outcome, office.clock(), left=True)
            self._aloft.down(key)
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
