"""The queues of all releases that this process sends, by release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from publisher.delivery.office import Office
from publisher.delivery.patience import PatientDeliveries
from publisher.delivery.queue import Queue
from publisher.model.delivery import DeliveryState
from publisher.model.ledger import Chunk, Result
from publisher.model.release import Release

#: Of a result: its release and its chunk.
_CHUNK = itemgetter(0, 1)


class Queues:
    """Opened when a release is, closed when nothing of it is left or it is halted."""

    def __init__(self, office: Office, ledger: PatientDeliveries) -> None:
        self._office = office
        self._ledger = ledger
        self._all: dict[int, Queue] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    def __iter__(self) -> Iterator[Queue]:
        return iter(list(self._all.values()))

    def of(self, release: int) -> Queue | None:
        """Give the queue of a release, if it has one."""
        return self._all.get(release)

    @property
    def releases(self) -> list[int]:
        """Name the releases, in the order they were opened."""
        return list(self._all)

    @property
    def waiting(self) -> bool:
        """Whether anybody is at hand."""
        return any(len(queue) for queue in self._all.values())

    @property
    def holding(self) -> bool:
        """Whether any chunk is in our hands."""
        return any(queue.chunks for queue in self._all.values())

    def open(self, release: Release, *, stuffed: bool) -> None:
        """See to it that a release has a queue, and that it asks the ledger again."""
        queue = self._all.get(release.id)
        if queue is None:
            queue = Queue(self._office, self._ledger, release, stuffed=stuffed)
            self._all[release.id] = queue
        queue.dry = False

    def fill(self) -> None:
        """Read on where little is left at hand."""
        for queue in list(self._all.values()):
            queue.fill()

    def hands(self) -> set[int]:
        """Name the chunks that are in our hands."""
        return {chunk for queue in self._all.values() for chunk in queue.chunks}

    def fences(self, needed: set[int], *, everybody: bool) -> tuple[Chunk, ...]:
        """Name the chunks to be proved ours: those that something leaves from, now and then all."""
        return tuple(
            chunk
            for queue in self._all.values()
            for chunk in queue.chunks.values()
            if everybody or chunk.id in needed
        )

    def written(self, results: Sequence[Result]) -> None:
        """These are on the disk: chunks of which all are can be laid down."""
        for (release, chunk), many in Counter(map(_CHUNK, results)).items():
            queue = self._all.get(release)
            if queue is not None:
                queue.done(chunk, many)
        for release in {one.release for one in results if one.state is DeliveryState.PENDING}:
            queue = self._all.get(release)
            if queue is not None:
                queue.dry = False  # to be claimed once more

    def lose(self, chunks: frozenset[int]) -> None:
        """Others have taken these chunks."""
        for queue in self._all.values():
            for chunk in chunks & queue.chunks.keys():
                queue.lose(chunk)

    def close(self, now: datetime) -> None:
        """Close releases in which nothing is left; forget those that only wait for later."""
        for number, queue in list(self._all.items()):
            if len(queue) or queue.halted:
                continue
            if queue.chunks:  # nothing of them is at hand: read them anew, or let others
                queue.let_go()
            if queue.dry:
                self._ledger.complete(number, now)
                del self._all[number]

    @property
    def halted(self) -> bool:
        """Whether some are only kept for what is still in the air."""
        return any(queue.halted for queue in self._all.values())

    def reap(self, flying: Collection[int]) -> None:
        """Let go of halted releases of which nothing is in the air."""
        for number, queue in list(self._all.items()):
            if queue.halted and number not in flying:
                queue.let_go()
                del self._all[number]
