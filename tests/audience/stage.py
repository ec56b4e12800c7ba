"""A front door on stage: the real list and the real templates, a courier that keeps its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from zoneinfo import ZoneInfo

from publisher.audience.door import FrontDoor, SignUp
from publisher.audience.feeds import Feeds
from publisher.audience.notices import Notices
from publisher.audience.ports import CourierError, Letter, Newest, Offer
from publisher.audience.subscribers import Added, Subscribers
from publisher.audience.tokens import Purpose, Tokens
from publisher.model.publication import Law, Publication, Sender
from publisher.model.readership import Record
from publisher.render.theme import Templates
from publisher.render.words import speaker
from publisher.store.subscribers import Register
from tests.audience.hand import Hand

BASE = "https://slow-signal.example"
PUBLICATION = Publication(
    name="느린 신호",
    url=BASE,
    timezone="Asia/Seoul",
    language="ko",
    sender=Sender("느린 신호", "letter@slow-signal.example"),
    law=Law(contact="editor@slow-signal.example", phone="02-000-0000"),
)
SECRET = b"a secret of thirty-two bytes, or so"

#: What somebody asks for who comes in.
WISH = SignUp(
    "Kim@Naver.com",
    series=("ai-x-files",),
    advertising=True,
    locale="ko",
    source="web 203.0.113.0/24",
    text="연재를 메일로 받겠습니다.",
)


@cache
def templates() -> Templates:
    return Templates()


class Press:
    """Typesets as the wiring does: the templates of the publication, and its words."""

    def render(self, name: str, /, **values: object) -> str:
        language = str(values.get("language", "ko"))
        shared = {"publication": PUBLICATION, "say": speaker(language), "language": language}
        return templates().fill(f"web/{name}", {**shared, **values})


class Satchel:
    """A courier that keeps what it is given; ``broken`` makes it fail with those words."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.broken = ""

    def send(self, letter: Letter) -> None:
        if self.broken:
            raise CourierError(self.broken)
        self.letters.append(letter)


class Stall:
    """What is on offer."""

    def offers(self) -> Sequence[Offer]:
        return (
            Offer("ai-wont-save-us", "AI는 우리를 구하지 않는다", "매주 금요일", "ko"),
            Offer("ai-x-files", "AI X파일", "", "ko"),
        )

    def newest(self, series: Sequence[str]) -> Newest | None:
        if series and "ai-wont-save-us" not in series:
            return None
        return Newest(
            "도구의 시간", "느리게 읽기", f"{BASE}/ai-wont-save-us/5/", "AI는 우리를 구하지 않는다"
        )


@dataclass
class Stage:
    """Everything a test of the front door needs."""

    register: Register
    clock: Hand
    satchel: Satchel = field(default_factory=Satchel)
    tokens: Tokens = field(default_factory=lambda: Tokens([SECRET]))

    def __post_init__(self) -> None:
        self.door = FrontDoor(self.register, self.tokens, self.clock)
        self.subscribers = Subscribers(self.register, self.clock)
        self.feeds = Feeds(self.register, self.tokens, self.clock, self._chance)
        self.notices = Notices(
            self.register,
            self.satchel,
            Press(),
            self.tokens,
            Stall(),
            self.clock,
            BASE,
            ZoneInfo("Asia/Seoul"),
        )
        self._drawn = 0

    def _chance(self, count: int) -> bytes:
        self._drawn += 1
        return self._drawn.to_bytes(count, "big")

    def post(self) -> list[Letter]:
        """Send what is owed and empty the satchel."""
        self.notices.send_due()
        letters, self.satchel.letters = self.satchel.letters, []
        return letters

    def token(self, letter: Letter, door: str) -> str:
        """Find the token of a link in a letter, such as ``u`` for the one that leaves."""
        found = re.search(rf"{re.escape(BASE)}/{door}/([\w-]{{48}})$", letter.text, re.MULTILINE)
        assert found is not None, letter.text
        return found[1]


def one(letters: list[Letter]) -> Letter:
    """Take the only letter there is."""
    (letter,) = letters
    return letter


def find(stage: Stage, address: str) -> Record:
    """Find a reader who must be there."""
    record = stage.subscribers.find(address)
    assert isinstance(record, Record), record
    return record


def arrive(stage: Stage, wish: SignUp = WISH) -> Record:
    """Sign up, open the mail, press the button."""
    assert stage.door.sign_up(wish) is None
    record = stage.door.confirm(stage.token(one(stage.post()), "subscribe"))
    assert record is not None
    return record


def reader(stage: Stage, address: str = "a@b.kr", **values: object) -> Record:
    """Put a reader on the list without a mail."""
    added = stage.subscribers.add(address, notify=False, **values)  # type: ignore[arg-type]  # a test's shorthand
    assert isinstance(added, Added)
    return added.record


def preferences(stage: Stage, record: Record) -> str:
    """Make the link to a reader's preferences."""
    return stage.tokens.make(Purpose.PREFERENCES, record.subscriber.id, record.epoch)


def leave(stage: Stage, record: Record) -> str:
    """Make the link by which a reader leaves."""
    return stage.tokens.make(Purpose.LEAVE, record.subscriber.id, record.epoch)
