"""Encrypted lines, logins and LMTP, over real sockets: what the sink saw is believed."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from publisher import store
from publisher.delivery import run_due
from publisher.model.delivery import DeliveryState as S
from publisher.model.release import Release, ReleaseState
from publisher.transport.greeting import GreetingError, greet
from publisher.transport.relay import Relay, Security, Timeouts
from publisher.transport.smtp import Smtp
from tests.delivery.house import BEFORE, FRIDAY, House, readers
from tests.transport.sink import Manners, Sink

COUNT = 30
SECRET = "open-sesame-9"
QUICK = Timeouts(10, 10, 10, 10, 10, 10, 10, 1)
OFFERED = ("PIPELINING", "STARTTLS", "AUTH PLAIN")
#: What may be said before a line is private, and nothing else.
HARMLESS = {"EHLO", "STARTTLS", "QUIT"}


class Papers:
    """A certificate for the loopback address, and the file of those who vouch for it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self.server)
        self.other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("mx.elsewhere.example").configure_cert(self.other)
        self.trusted = str(folder / "authority.pem")
        authority.cert_pem.write_to_path(self.trusted)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[[Relay], House]]:
    """Give a house that has watched since before the slot, sending to a relay."""
    database = store.open(f"sqlite:///{tmp_path}/ledger.sqlite3")

    def make(relay: Relay) -> House:
        house = House(database, lambda: Smtp([relay], time.monotonic))
        house.subscribe(readers(COUNT))
        house.now.at = BEFORE
        run_due(house.office, BEFORE)
        house.now.at = FRIDAY
        return house

    yield make
    database.close()


def to(sink: Sink, security: Security, papers: Papers | None = None) -> Relay:
    trusted = papers.trusted if papers is not None else ""
    return Relay("127.0.0.1", sink.port, security, ca_file=trusted, timeouts=QUICK)


def with_login(relay: Relay) -> Relay:
    return replace(relay, user="desk", password=SECRET)


def send(house: House) -> tuple[Release, dict[S, int]]:
    """Run once; give the release and the counts."""
    run_due(house.office, house.now.at)
    (release,) = house.releases.listed()
    counts = house.deliveries.counts(release.id)
    return release, {state: count for state, count in counts.items() if count}


def reason(house: House) -> str:
    """Give what the bell rang about the relay, in words."""
    alerts = [a for a in house.bell.rung.values() if a.problem.code == "delivery/no-relay"]
    return " ".join(str(alert.problem) for alert in alerts)


def clear(sink: Sink) -> set[str]:
    """Name the commands that came unencrypted."""
    return {verb for verb, secure in sink.log.verbs if not secure}


# --- STARTTLS and TLS --------------------------------------------------------------------


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_every_mail_goes_over_a_private_line(
    house: Callable[[Relay], House], papers: Papers, security: Security
) -> None:
    """Once each, login and envelope included; only the greeting before STARTTLS is in clear."""
    manners = Manners(features=OFFERED if security is Security.STARTTLS else OFFERED[::2])
    tls, starttls = (
        (None, papers.server) if security is Security.STARTTLS else (papers.server, None)
    )
    with Sink(manners, tls=tls, starttls=starttls) as sink:
        release, counts = send(house(with_login(to(sink, security, papers))))

        assert release.state is ReleaseState.COMPLETE
        assert counts == {S.SENT: COUNT}
        assert sink.log.copies() == dict.fromkeys(readers(COUNT), 1)
        assert clear(sink) == ({"EHLO", "STARTTLS"} if security is Security.STARTTLS else set())
        assert len(sink.log.logins) == sink.log.sessions


def test_a_server_without_starttls_hears_nothing(
    house: Callable[[Relay], House], papers: Papers
) -> None:
    """What a man in the middle would strip is required: everybody waits, and the bell says why."""
    with Sink(Manners(features=("PIPELINING", "AUTH PLAIN"))) as sink:
        home = house(with_login(to(sink, Security.STARTTLS, papers)))
        release, counts = send(home)

        assert release.state is ReleaseState.OPEN
        assert counts == {S.PENDING: COUNT}
        assert "does not offer STARTTLS" in reason(home)
        assert clear(sink) <= HARMLESS
        assert sink.log.logins == []


def test_a_server_that_refuses_starttls_hears_nothing(
    house: Callable[[Relay], House], papers: Papers
) -> None:
    """It is offered and then refused: nothing goes in clear, and later all goes as it should."""
    with Sink(Manners(features=OFFERED)) as sink:
        home = house(with_login(to(sink, Security.STARTTLS, papers)))
        release, counts = send(home)

        assert release.state is ReleaseState.OPEN
        assert counts == {S.PENDING: COUNT}
        assert "it refused STARTTLS: 454 4.7.0 not now" in reason(home)
        assert clear(sink) <= HARMLESS
        assert sink.log.logins == []
        port = sink.port
    with Sink(Manners(features=OFFERED), starttls=papers.server, port=port) as sink:
        assert send(home)[1] == {S.SENT: COUNT}


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("fault", ["stranger", "other name"])
def test_a_certificate_that_is_not_trusted(
    house: Callable[[Relay], House], papers: Papers, security: Security, fault: str
) -> None:
    """Signed by nobody we know, or made out to another name: one clear line, and no mail."""
    context = papers.server if fault == "stranger" else papers.other
    tls, starttls = (None, context) if security is Security.STARTTLS else (context, None)
    known = papers if fault == "other name" else None
    with Sink(Manners(features=OFFERED), tls=tls, starttls=starttls) as sink:
        home = house(with_login(to(sink, security, known)))
        release, counts = send(home)

        assert release.state is ReleaseState.OPEN
        assert counts == {S.PENDING: COUNT}
        assert "its certificate is not trusted: " in reason(home)
        assert "\n" not in reason(home)
        assert clear(sink) <= HARMLESS
        assert sink.log.logins == []


def test_the_certificate_is_held_to_the_name_of_the_relay(papers: Papers) -> None:
    with Sink(Manners(features=OFFERED), starttls=papers.server) as sink:
        greeted = greet(to(sink, Security.STARTTLS, papers))
        greeted.socket.close()

        assert isinstance(greeted.socket, ssl.SSLSocket)
        assert greeted.socket.server_hostname == "127.0.0.1"
        assert greeted.features == {"pipelining", "auth"}


# --- AUTH --------------------------------------------------------------------------------


def test_a_login_is_what_the_settings_say(papers: Papers) -> None:
    with Sink(Manners(features=OFFERED), starttls=papers.server) as sink:
        greet(
            replace(to(sink, Security.STARTTLS, papers), user="desk", password="s3cret")
        ).socket.close()

        (login,) = sink.log.logins
        assert base64.b64decode(login.removeprefix("AUTH PLAIN ")) == b"\0desk\0s3cret"


Login = Callable[[str], AbstractContextManager[tuple[Sink, House]]]


@pytest.fixture
def login(house: Callable[[Relay], House], papers: Papers) -> Login:
    """Give a relay that answers every login so, and a house that logs in there."""

    @contextmanager
    def answered(reply: str) -> Iterator[tuple[Sink, House]]:
        manners = Manners(features=OFFERED, login=reply)
        with Sink(manners, starttls=papers.server) as sink:
            yield sink, house(with_login(to(sink, Security.STARTTLS, papers)))

    return answered


def test_a_refused_login_pauses_and_never_shows_the_password(login: Login) -> None:
    """535 says that trying again is useless without a person: the release pauses, all are pending."""
    with login("535 5.7.8 bad credentials") as (sink, home):
        release, counts = send(home)

        assert release.state is ReleaseState.PAUSED
        assert "login refused: 535 5.7.8 bad credentials" in release.reason
        assert counts == {S.PENDING: COUNT}
        assert sink.log.commands["MAIL"] == 0
        rung = repr(home.bell.rung)
        assert SECRET not in rung + release.reason
        assert base64.b64encode(f"\0desk\0{SECRET}".encode()).decode() not in rung
        sink.manners.login = "235 2.7.0 welcome"
        assert home.releases.change(release.id, ReleaseState.OPEN, "", FRIDAY)
        assert send(home)[1] == {S.SENT: COUNT}


def test_a_login_that_fails_for_now_is_tried_again(login: Login) -> None:
    """454 is the server's trouble, not ours: nobody is paused."""
    with login("454 4.7.0 try again later") as (_, home):
        release, counts = send(home)

        assert release.state is ReleaseState.OPEN
        assert counts == {S.PENDING: COUNT}
        assert "login refused: 454 4.7.0 try again later" in reason(home)


def test_a_server_that_knows_no_login_is_said_so(papers: Papers) -> None:
    with Sink(Manners(features=("PIPELINING", "STARTTLS")), starttls=papers.server) as sink:
        with pytest.raises(GreetingError, match="AUTH") as caught:
            greet(with_login(to(sink, Security.STARTTLS, papers)))
        assert SECRET not in str(caught.value)


def test_a_password_that_cannot_be_said_is_not_shown(
    house: Callable[[Relay], House], papers: Papers
) -> None:
    """Letters outside ASCII need a person: the release pauses with a line that says so."""
    with Sink(Manners(features=OFFERED), starttls=papers.server) as sink:
        relay = replace(to(sink, Security.STARTTLS, papers), user="desk", password="열려라 참깨")
        release, _ = send(house(relay))

        assert release.state is ReleaseState.PAUSED
        assert release.reason.endswith("the user or the password has letters outside ASCII")
        assert sink.log.logins == []


# --- LMTP --------------------------------------------------------------------------------


def test_lmtp_answers_for_each_recipient(house: Callable[[Relay], House], tmp_path: Path) -> None:
    """Over a unix socket: refused, put off and taken each stay with the one they are about."""
    refused, full, unknown = readers(COUNT)[3], readers(COUNT)[7], readers(COUNT)[11]
    after = {refused: "550 5.7.1 no letters", full: "452 4.2.2 mailbox full"}
    manners = Manners(
        lmtp=True,
        on_end=after.get,
        on_recipient=lambda address: "550 5.1.1 no such user" if address == unknown else None,
    )
    with Sink(manners, path=tmp_path / "lmtp") as sink:
        relay = Relay(f"unix:{tmp_path}/lmtp", 0, Security.NONE, lmtp=True, timeouts=QUICK)
        home = house(relay)
        release, counts = send(home)

        assert counts == {S.SENT: COUNT - 3, S.REFUSED: 2, S.DEFERRED: 1}
        assert sink.log.copies().keys() == set(readers(COUNT)) - {refused, full, unknown}
        rows = {row.address: row for row in home.deliveries.who(release.id)}
        assert rows[refused].reply == "550 5.7.1 no letters"
        assert rows[unknown].reply == "550 5.1.1 no such user"
        assert rows[full].reply == "452 4.2.2 mailbox full"
        assert sink.log.commands["EHLO"] == sink.log.commands["HELO"] == 0
        assert sink.log.commands["LHLO"] == sink.log.sessions


def test_lmtp_over_tcp(house: Callable[[Relay], House]) -> None:
    with Sink(Manners(lmtp=True)) as sink:
        _, counts = send(house(replace(to(sink, Security.NONE), lmtp=True)))

        assert counts == {S.SENT: COUNT}
        assert sink.log.copies() == dict.fromkeys(readers(COUNT), 1)


def test_a_socket_where_nobody_listens_is_named(
    house: Callable[[Relay], House], tmp_path: Path
) -> None:
    home = house(Relay(f"unix:{tmp_path}/nobody", 0, Security.NONE, lmtp=True, timeouts=QUICK))
    _, counts = send(home)

    assert counts == {S.PENDING: COUNT}
    assert f"unix:{tmp_path}/nobody" in reason(home)
    assert "No such file" in reason(home)


def test_smtp_spoken_to_lmtp_is_a_clear_line() -> None:
    """A wrong ``protocol`` in the settings says what the server said."""
    with (
        Sink(Manners(lmtp=True)) as sink,
        pytest.raises(GreetingError, match=r"500 5\.5\.2 what\?"),
    ):
        greet(to(sink, Security.NONE))


@pytest.mark.parametrize("greeting", ["hello there \x1b[31mred", "\x00\x01\x02 and on"])
def test_what_is_no_greeting_is_said_in_letters_that_can_be_shown(greeting: str) -> None:
    with (
        Sink(Manners(greeting=greeting)) as sink,
        pytest.raises(GreetingError, match=r"^it does not speak SMTP: …[ -~�]+$"),
    ):
        greet(Relay("127.0.0.1", sink.port, Security.NONE, timeouts=QUICK))
