"""The addressees of one open release, as many as are at hand: claimed by chunk, read as needed."""

from __future__ import annotations

from collections import deque

from publisher.delivery.office import Office
from publisher.delivery.parcels import Counter
from publisher.delivery.patience import PatientDeliveries
from publisher.model.ledger import Addressee, Chunk
from publisher.model.release import Release

EVERYBODY = 2**31 - 1
#: At most so many chunks of a release are in one process's hands at once.
HANDS = 4


class Queue:
    """What one release still has to send, a few chunks at a time: memory never grows with the list."""

    def __init__(
        self, office: Office, ledger: PatientDeliveries, release: Release, *, stuffed: bool
    ) -> None:
        self._office = office
        self._ledger = ledger
        self.release = release
        self.chunks: dict[int, Chunk] = {}
        self.dry = False
        self.halted = False
        self._left: dict[int, int] = {}
        self._unread: deque[Chunk] = deque()
        self._waiting: deque[Addressee] = deque()
        #: The marks of those who wait, sealed all at once; one that is missing is sealed by itself.
        self._marks: dict[int, str] = {}
        self._stuffed = stuffed
        self._counter: Counter | None = None

    @property
    def counter(self) -> Counter:
        """The packing counter, with the moulds of this release."""
        if self._counter is None:
            messages = self._office.releases.messages(self.release.id)
            self._counter = Counter(
                self._office, messages, self.release.slot, self._marks, stuffed=self._stuffed
            )
        return self._counter

    def __len__(self) -> int:
        return len(self._waiting)

    def pop(self) -> Addressee | None:
        """Take the next addressee, while there is one."""
        return self._waiting.popleft() if self._waiting else None

    def put_back(self, addressee: Addressee) -> None:
        """Let an addressee whose mail did not leave be the next again."""
        if not self.halted and addressee.chunk in self.chunks:
            self._waiting.appendleft(addressee)

    def adopt(self, chunk: Chunk) -> None:
        """Take on a chunk that is ours."""
        if chunk.id not in self.chunks:
            self.chunks[chunk.id] = chunk
            self._left[chunk.id] = 0
            self._unread.append(chunk)

    def fill(self) -> None:
        """Read the next chunk, or claim one, when little is left at hand."""
        policy = self._office.policy
        if self.halted or len(self._waiting) > policy.chunk // 2:
            return
        if not self._unread and not self.dry and len(self.chunks) < HANDS:
            now = self._office.clock()
            chunk = self._ledger.claim(self.release.id, self._office.owner, policy.chunk, now)
            self.dry = chunk is None
            if chunk is not None:
                self.adopt(chunk)
        while self._unread:
            chunk = self._unread.popleft()
            found = self._ledger.load(chunk, 0, EVERYBODY)
            self._left[chunk.id] = len(found)
            self._waiting.extend(found)
            who = [one.subscriber for one in found]
            marks = self._office.postmark.seal_all(self.release.id, who)
            self._marks.update(zip(who, marks, strict=True))
            if not found:
                self._finish(chunk.id)

    def again(self, addressee: Addressee) -> None:
        """Read an addressee anew: the list has changed since."""
        chunk = self.chunks.get(addressee.chunk)
        if chunk is None:
            return
        fresh = self._ledger.load(chunk, addressee.subscriber - 1, 1)
        if fresh and fresh[0].subscriber == addressee.subscriber:
            self._waiting.appendleft(fresh[0])
        else:
            self.done(addressee.chunk)

    def done(self, chunk: int, many: int = 1) -> None:
        """So many deliveries of a chunk have come to a result; a chunk without any is laid down."""
        if chunk in self._left:
            self._left[chunk] -= many
            if self._left[chunk] <= 0 and self.chunks[chunk] not in self._unread:
                self._finish(chunk)

    def lose(self, chunk: int) -> None:
        """Forget a chunk that another owner has taken."""
        held = self.chunks.pop(chunk, None)
        self._left.pop(chunk, None)
        if held is not None and held in self._unread:
            self._unread.remove(held)
        self._waiting = deque(one for one in self._waiting if one.chunk != chunk)
        self._marks.clear()

    def halt(self) -> None:
        """Send nothing more of this release; what is in the air is still awaited."""
        self.halted = True
        self._waiting.clear()
        self._marks.clear()

    def let_go(self) -> None:
        """Hand back what is not done, for anybody to take up. Nothing of it may be in the air."""
        self._waiting.clear()
        self._marks.clear()
        self._unread.clear()
        for chunk in list(self.chunks.values()):
            self._ledger.hand_back(chunk)
        self.chunks.clear()
        self._left.clear()

    def _finish(self, chunk: int) -> None:
        held = self.chunks[chunk]
        if not self._ledger.finish(held):  # something in it is not ours to finish: give it up
            self._ledger.hand_back(held)
        del self.chunks[chunk], self._left[chunk]
