"""From what the other side said to what the ledger says.

A refusal is believed only once somebody else was accepted after it: so many in a row mean that we
are at fault, and then nobody is marked. Until then it stands as deferred, with its reply.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from publisher.delivery.ports import Policy
from publisher.model.delivery import DeliveryState
from publisher.model.ledger import Addressee, Result
from publisher.model.parcel import Answer, Outcome


class Verdicts:
    """Judges outcomes; keeps the run of refusals that nobody has broken yet."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._run: list[Result] = []

    def judge(
        self, addressee: Addressee, outcome: Outcome, now: datetime, *, left: bool
    ) -> list[Result]:
        """Give what is to be written. ``left``: the mail had left, and its attempt is counted.

        An outcome that says nothing of the recipient gives a pending result if the mail had
        left, and none if it had not.
        """
        if outcome.answer is Answer.ACCEPTED:
            sent = _result(addressee, DeliveryState.SENT, outcome)
            return [sent, *self.believe()] if self._run else [sent]
        tries = addressee.attempts + 1
        tried = 0 if left else 1
        match outcome.answer:
            case Answer.PUT_OFF:
                return [self._later(addressee, outcome, tries, now, tried)]
            case Answer.REFUSED:
                return [self._refused(addressee, outcome, tries, now, tried)]
            case Answer.LOST:
                return [self._uncertain(addressee, outcome, tries, now)]
            case Answer.RETURNED:
                return [self._returned(addressee, outcome, now)] if left else []
            case Answer.SENDER:
                return [_result(addressee, DeliveryState.PENDING, outcome)] if left else []

    @property
    def hopeless(self) -> bool:
        """So many refusals in a row are our own fault."""
        return len(self._run) >= self._policy.pause_after_refusals

    def believe(self) -> list[Result]:
        """The run of refusals is broken, or over: they were meant for their recipients.

        Their deliveries are in nobody's chunk any more.
        """
        believed, self._run = self._run, []
        return [result._replace(chunk=0, tried=0) for result in believed]

    def forget(self) -> None:
        """The refusals were meant for us: they stay deferred."""
        self._run.clear()

    def again(self, now: datetime, *, idempotent: bool) -> datetime | None:
        """Say when a mail whose answer was lost with its sender is sent again, if it is."""
        if idempotent:
            return now
        return now + self.backoff(1) if self._policy.resend_uncertain else None

    def backoff(self, tries: int) -> timedelta:
        """Give the wait after so many attempts: it doubles, up to a limit."""
        doublings: int = 2 ** min(max(tries - 1, 0), 20)
        return min(self._policy.backoff * doublings, self._policy.backoff_limit)

    def _later(
        self, addressee: Addressee, outcome: Outcome, tries: int, now: datetime, tried: int
    ) -> Result:
        if tries >= self._policy.max_attempts:
            return _result(addressee, DeliveryState.REFUSED, outcome, tried=tried)
        due = now + self.backoff(tries)
        return _result(addressee, DeliveryState.DEFERRED, outcome, due, tried)

    def _returned(self, addressee: Addressee, outcome: Outcome, now: datetime) -> Result:
        """The line was cut before the end of the mail: that was no attempt at all."""
        due = now + self.backoff(1)
        return _result(addressee, DeliveryState.DEFERRED, outcome, due, tried=-1)

    def _refused(
        self, addressee: Addressee, outcome: Outcome, tries: int, now: datetime, tried: int
    ) -> Result:
        self._run.append(_result(addressee, DeliveryState.REFUSED, outcome))
        due = now + self.backoff(tries)
        return _result(addressee, DeliveryState.DEFERRED, outcome, due, tried)

    def _uncertain(
        self, addressee: Addressee, outcome: Outcome, tries: int, now: datetime
    ) -> Result:
        again = self._policy.resend_uncertain and tries < self._policy.max_attempts
        due = now + self.backoff(tries) if again else None
        return _result(addressee, DeliveryState.UNCERTAIN, outcome, due)


def plain(
    addressee: Addressee,
    state: DeliveryState,
    reply: str = "",
    next_at: datetime | None = None,
) -> Result:
    """Write down what no server said."""
    return Result(
        addressee.release, addressee.chunk, addressee.subscriber, state, 0, reply, next_at
    )


def _result(
    addressee: Addressee,
    state: DeliveryState,
    outcome: Outcome,
    next_at: datetime | None = None,
    tried: int = 0,
) -> Result:
    release, chunk, subscriber, *_ = addressee
    _, _, code, reply = outcome
    return Result(release, chunk, subscriber, state, code, reply, next_at, tried)
