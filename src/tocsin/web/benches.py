"""Cases laid out for what-ifs, kept while there is room, and one question at a time.

A bench uses every core, so that two at once would only make both late. Who asks while another is being
answered waits in line, and a client's older question is dropped when its newer one has come.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.ask.whatif import Bench

MOST_BYTES = 1024 * 1024 * 1024
MOST_CLIENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a bench is laid out for: a reading of a case in a view as of a day."""

    reading: str  # digest
    variant: str | None
    as_of: dt.date | None
    particles: int
    seed: int


class Benches:
    """Benches by what they are laid out for; the one used longest ago goes first. For many threads.

    Parameters
    ----------
    most_bytes : of all that are kept; the latest is kept whatever its size
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Place, Bench] = OrderedDict()
        self._gone: OrderedDict[Place, int] = OrderedDict()  # how often each was let go
        self._newest: OrderedDict[str, int] = OrderedDict()  # by client, the latest number that came
        self._turn = asyncio.Lock()

    def find(self, place: Place) -> Bench | None:
        """The bench of a place, if it is kept."""
        with self._lock:
            if place not in self._kept:
                return None
            self._kept.move_to_end(place)
            return self._kept[place]

    def keep(self, place: Place, bench: Bench) -> None:
        """Keep a bench, and let go those used longest ago that it leaves no room for."""
        with self._lock:
            self._kept[place] = bench
            self._kept.move_to_end(place)
            while len(self._kept) > 1 and sum(b.bytes for b in self._kept.values()) > self._most_bytes:
                lost, _ = self._kept.popitem(last=False)
                self._gone[lost] = self._gone.pop(lost, 0) + 1
            while len(self._gone) > MOST_CLIENTS:
                self._gone.popitem(last=False)

    def times_gone(self, place: Place) -> int:
        """How often the bench of a place was let go: to lay it out again is work of another name."""
        with self._lock:
            return self._gone.get(place, 0)

    @asynccontextmanager
    async def turn(self, client: str | None, number: int) -> AsyncIterator[bool]:
        """Wait for one's turn; whether the question still matters, or a newer one of the client's has come.

        A client without a name is never overtaken.
        """
        if client is not None:
            with self._lock:
                self._newest[client] = max(number, self._newest.pop(client, number))
                while len(self._newest) > MOST_CLIENTS:
                    self._newest.popitem(last=False)
        async with self._turn:
            with self._lock:
                overtaken = client is not None and self._newest.get(client, number) > number
            yield not overtaken


__all__ = ["MOST_BYTES", "Benches", "Place"]
