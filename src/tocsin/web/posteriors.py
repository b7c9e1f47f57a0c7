"""Posteriors that several questions start from, kept while there is room for them.

A posterior is that of a case as known on a day, so the digest of that case says which it is, whatever view,
change or ledger made it so. Who asks for one that is being inferred waits for it, and takes over if it is
given up. The posterior is only ever read: running on copies what it takes up (`tocsin.infer.onward`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections import OrderedDict
from typing import Any

import numpy as np

from tocsin.ask.inferred import DEFAULT_ISLANDS, infer_known, must_suffice
from tocsin.case.known import digest
from tocsin.case.model import Case
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, stop_if

MOST_BYTES = 512 * 1024 * 1024
# How often who waits for another's inference looks whether it should stop.
LOOK_SECONDS = 0.1

Key = tuple[str, dt.date, int, int]


def bytes_of(value: Any) -> int:
    """Memory of all arrays within a value.

    Examples
    --------
    >>> bytes_of((np.zeros(4), "text", np.zeros(2, dtype=np.uint8)))
    34
    """
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple):
        return sum(map(bytes_of, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of(getattr(value, field.name)) for field in dataclasses.fields(value))
    return 0


class Posteriors:
    """Posteriors by what they are of; the one used longest ago goes first. For many threads.

    Parameters
    ----------
    most_bytes : of all that are kept; one that is larger alone is not kept
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[Posterior, int]] = OrderedDict()
        self._doors: dict[Key, tuple[threading.Lock, int]] = {}

    def infer(
        self,
        known: Case,
        day: dt.date,
        *,
        particles: int,
        seed: int,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> Posterior:
        """The posterior of a case that holds nothing learned after a day, its past kept with it.

        Raises
        ------
        As `tocsin.ask.inferred.infer`
        """
        must_suffice(particles, DEFAULT_ISLANDS, None)
        key = (digest(known), day, particles, seed)
        door = self._enter(key)
        try:
            while not door.acquire(timeout=LOOK_SECONDS):
                stop_if(cancel)
            try:
                found = self._found(key)
                if found is None:
                    found = infer_known(
                        known,
                        day,
                        particles,
                        DEFAULT_ISLANDS,
                        seed,
                        keep_past=True,
                        progress=progress,
                        cancel=cancel,
                    )
                    self._keep(key, found)
                return found
            finally:
                door.release()
        finally:
            self._leave(key)

    @property
    def bytes(self) -> int:
        """Memory of those that are kept."""
        with self._lock:
            return sum(size for _, size in self._kept.values())

    def _found(self, key: Key) -> Posterior | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def _keep(self, key: Key, posterior: Posterior) -> None:
        size = bytes_of(posterior)
        with self._lock:
            if size <= self._most_bytes:
                self._kept[key] = (posterior, size)
            while sum(size for _, size in self._kept.values()) > self._most_bytes:
                self._kept.popitem(last=False)

    def _enter(self, key: Key) -> threading.Lock:
        with self._lock:
            door, waiting = self._doors.get(key, (threading.Lock(), 0))
            self._doors[key] = (door, waiting + 1)
            return door

    def _leave(self, key: Key) -> None:
        with self._lock:
            door, waiting = self._doors[key]
            if waiting == 1:
                del self._doors[key]
            else:
                self._doors[key] = (door, waiting - 1)


__all__ = ["MOST_BYTES", "Posteriors", "bytes_of"]
