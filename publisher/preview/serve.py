"""Opens the desk on this machine: the port is taken before anything else is said."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from publisher.model.problem import Fault, OutsideError, Place, Severity

PORT_TAKEN = Fault(
    "preview/port-taken",
    Severity.ERROR,
    "Port {port} is in use by another program, perhaps by another desk.",
    "Close the other program, or choose another port; port 0 takes any free one.",
)
NO_ADDRESS = Fault(
    "preview/no-address",
    Severity.ERROR,
    "The desk cannot listen on {host}: {reason}.",
    "Use 127.0.0.1, or an address that this machine has.",
)


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Take a port, any free one for 0. Raises OutsideError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as fault:
        listener.close()
        reason = fault.strerror or type(fault).__name__
        if fault.errno in (98, 48, 10048):  # EADDRINUSE on Linux, macOS and Windows
            raise OutsideError(PORT_TAKEN.at(Place("preview"), port=port)) from None
        problem = NO_ADDRESS.at(Place("preview"), host=host, reason=reason)
        raise OutsideError(problem) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """Give the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(application: Starlette, listener: socket.socket) -> None:
    """Serve the desk until SIGINT or SIGTERM; open tabs are let go within a second."""
    server(application).run(sockets=[listener])


class _House(uvicorn.Server):
    """Lets the waiting tabs go before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, application: Starlette) -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._application.state.let_go()
        await super().shutdown(sockets)


def server(application: Starlette) -> uvicorn.Server:
    """Make the server of a desk, for whoever runs it in a thread of their own."""
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return _House(config, application)
