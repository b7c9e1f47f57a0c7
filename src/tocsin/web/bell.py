"""Tell listeners on an event loop, from any thread, that something is otherwise than it was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bell:
    """Rung when something changed. Who listens hears that it rang, not how often, and looks for itself.

    Examples
    --------
    >>> async def listen(bell):
    ...     with bell.listening() as heard:
    ...         bell.ring()
    ...         return await asyncio.wait_for(heard.wait(), 1)
    >>> asyncio.run(listen(Bell()))
    True
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def ring(self) -> None:
        """Tell everybody who listens; from any thread."""
        with self._lock:
            listeners = tuple(self._listeners.items())
        for heard, loop in listeners:
            with suppress(RuntimeError):  # the loop closed meanwhile, and nobody listens on it
                loop.call_soon_threadsafe(heard.set)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set when the bell rings; clear it before looking."""
        heard = asyncio.Event()
        with self._lock:
            self._listeners[heard] = asyncio.get_running_loop()
        try:
            yield heard
        finally:
            with self._lock:
                del self._listeners[heard]

    @property
    def listeners(self) -> int:
        """How many listen."""
        with self._lock:
            return len(self._listeners)
