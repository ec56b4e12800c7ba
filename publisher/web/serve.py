"""The web server in a thread of its own, started before and stopped after everything else."""

from __future__ import annotations

import logging
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from publisher.model.problem import Fault, OutsideError, Place, Severity

NO_PORT = Fault(
    "web/port",
    Severity.ERROR,
    "The web server cannot listen on {host}, port {port}: {reason}.",
    "Choose another port in [web], or stop the program that has this one.",
)


class Server:
    """Serves an application over HTTP/1.1; keeps no access log, since paths hold links.

    Signals stay with the main thread. ``port`` 0 takes any free one; read it back from ``port``.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        # The setting below only takes its handlers away: others' would still write the paths down.
        logging.getLogger("uvicorn.access").disabled = True
        self.host = host
        self._socket = _listening(host, port)
        self.port = int(self._socket.getsockname()[1])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                timeout_keep_alive=15,
                timeout_graceful_shutdown=10,
                limit_concurrency=2000,
                backlog=2048,
                h11_max_incomplete_event_size=32 * 1024,
            )
        )
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Begin to serve; the port is open already, so no request is refused meanwhile."""
        self._thread.start()

    def stop(self, timeout: float = 15) -> None:
        """Answer what has come in, then close."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout)
        self._socket.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sets TCP_NODELAY only where it is: without it every
    # answer in two writes waits 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise OutsideError(NO_PORT.at(Place(""), host=host, port=port, reason=reason)) from None
    listening.set_inheritable(False)
    return listening
