"""The beginning of a connection: greeting, STARTTLS, AUTH. The rest of SMTP is in ``line``.

The standard library does this part well and it happens once a connection, in a thread of its own
so that a slow relay keeps nobody waiting.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass

from publisher.transport.relay import Relay, Security
from publisher.transport.replies import printable


@dataclass(frozen=True, slots=True)
class Greeted:
    """A connection ready for its first MAIL, not blocking any more."""

    socket: socket.socket
    features: frozenset[str]


class GreetingError(Exception):
    """A relay that cannot be used; ``systemic`` when trying again without a person is useless."""

    def __init__(self, reason: str, *, systemic: bool = False, code: int = 0) -> None:
        super().__init__(reason)
        self.systemic = systemic
        self.code = code


class _Client(smtplib.SMTP):
    """The library's client, with our way to open its socket."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        super().__init__(local_hostname=relay.hello, timeout=relay.timeouts.greeting)
        # The name STARTTLS holds the certificate to; the library takes it from its constructor,
        # which would connect at once.
        self._host = relay.host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        relay = self._relay
        if relay.socket is not None:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                line.settimeout(relay.timeouts.connect)
                line.connect(str(relay.socket))
            except OSError:
                line.close()
                raise
        else:
            line = socket.create_connection((relay.host, relay.port), relay.timeouts.connect)
            # Without this a TLS record waits for the acknowledgement of the one before it.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(timeout)
        if relay.security is Security.TLS:
            line = _context(relay).wrap_socket(line, server_hostname=relay.host)
        return line


def greet(relay: Relay) -> Greeted:
    """Open a connection to a relay. Raises GreetingError with a reason that can be shown."""
    try:
        client = _Client(relay)
        try:
            return _greet(client, relay)
        except BaseException:
            client.close()
            raise
    except smtplib.SMTPAuthenticationError as error:
        said = _said(error.smtp_code, error.smtp_error)
        permanent = 500 <= error.smtp_code < 600
        raise GreetingError(
            f"login refused: {said}", systemic=permanent, code=error.smtp_code
        ) from None
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        permanent = error.smtp_code in (530, 535, 550, 554)
        raise GreetingError(said, systemic=permanent, code=error.smtp_code) from None
    except ssl.SSLCertVerificationError as error:
        raise GreetingError(f"its certificate is not trusted: {error.verify_message}") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: Unicode, settings
        raise GreetingError(_reason(error)) from None


def _greet(client: _Client, relay: Relay) -> Greeted:
    # Without a port the library would look for one in the host, and find "unix:".
    code, said = client.connect(relay.host, relay.port or smtplib.SMTP_PORT)
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    _hello(client, relay)
    if relay.security is Security.STARTTLS:
        if not client.has_extn("starttls"):
            raise GreetingError('it does not offer STARTTLS, which security = "starttls" requires')
        try:
            client.starttls(context=_context(relay))
        except smtplib.SMTPResponseException as error:
            words = _said(error.smtp_code, error.smtp_error)
            raise GreetingError(f"it refused STARTTLS: {words}", code=error.smtp_code) from None
        _hello(client, relay)
    if relay.user:
        if not (relay.user + relay.password).isascii():  # the library can say only ASCII
            raise GreetingError("the user or the password has letters outside ASCII", systemic=True)
        client.login(relay.user, relay.password)
    line = client.sock
    if line is None:
        raise GreetingError("it closed the connection")
    with contextlib.suppress(OSError):
        if client.file is not None:
            client.file.close()
    client.sock = client.file = None
    line.setblocking(False)
    return Greeted(line, frozenset(name.lower() for name in client.esmtp_features))


def _hello(client: _Client, relay: Relay) -> None:
    """Say EHLO, or LHLO (RFC 2033); a server that knows neither still takes HELO."""
    if relay.lmtp:
        client.ehlo_msg = "lhlo"
    code, said = client.ehlo()
    if 200 <= code <= 299:
        return
    if relay.lmtp or relay.security is Security.STARTTLS or relay.user or code == 421:
        raise smtplib.SMTPHeloError(code, said)
    code, said = client.helo()
    if not 200 <= code <= 299:
        raise smtplib.SMTPHeloError(code, said)


def _context(relay: Relay) -> ssl.SSLContext:
    """Verify certificates and names; only TLS 1.2 and later."""
    return ssl.create_default_context(cafile=relay.ca_file or None)


def _said(code: int, text: bytes | str) -> str:
    octets = text if isinstance(text, bytes) else str(text).encode("utf-8", "replace")
    words = printable(b" ".join(octets.split()))[:200]
    # The library gives -1 for what begins with no code, and keeps all but four letters of it.
    return f"{code} {words}" if code > 0 else f"it does not speak SMTP: …{words}"


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    octets = " ".join(str(words).split()).encode("utf-8", "replace")
    return printable(octets)[:200] or type(error).__name__
