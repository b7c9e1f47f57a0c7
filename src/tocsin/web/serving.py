"""The server run by uvicorn on an address of this machine, and ended without cutting anybody off."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from tocsin.web.routes import Desk

# How long requests may take to end after Ctrl-C; streams are told to end at once.
LAST_SECONDS = 3


class Server(uvicorn.Server):
    """uvicorn, which ends streams before it waits for requests to end, and tells when it listens."""

    def __init__(self, app: FastAPI, *, ready: Callable[[], None] | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=LAST_SECONDS,
                # Cases are read from the folders that were given, and nothing from the environment.
                env_file=None,
                proxy_headers=False,
            )
        )
        self._desk: Desk = app.state.desk
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets=sockets)
        if self._ready is not None and self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams, then all else."""
        self._desk.close()
        await super().shutdown(sockets=sockets)


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to a port of an address, or to a free one if that is taken; port 0 is any free one.

    Raises
    ------
    OSError if the address is not one of this machine's
    """
    family, kind, protocol, _, _ = socket.getaddrinfo(
        host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port == 0:
                raise
            found.bind((host, 0))
    except OSError:
        found.close()
        raise
    return found


def address(listening: socket.socket, *, token: str | None = None) -> str:
    """The address at which a browser of this machine reaches a socket.

    Examples
    --------
    >>> with bound("127.0.0.1", 0) as listening:
    ...     address(listening, token="abc")
    'http://127.0.0.1:.../?token=abc'
    """
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


__all__ = ["Server", "address", "bound"]
