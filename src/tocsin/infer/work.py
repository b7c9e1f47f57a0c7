"""Long work done in parts: side by side, with progress told, and given up when somebody says so."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tocsin.errors import TocsinError

Progress = Callable[[int, int, str], None]  # parts done, parts in all, what they are
Result = TypeVar("Result")


class CancelledError(TocsinError):
    """The run was cancelled before it was done."""


def stop_if(cancel: threading.Event | None) -> None:
    """Raise `CancelledError` if the mark is set."""
    if cancel is not None and cancel.is_set():
        raise CancelledError("cancelled before it was done; nothing was written")


def do_all(
    jobs: Sequence[Callable[[], Result]],
    what: str,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> list[Result]:
    """Do all jobs, several at once; results in the order of the jobs, whatever the number of threads.

    Parameters
    ----------
    jobs : functions without arguments, which share nothing that they change
    what : they are, as progress tells it
    threads : at most so many at once; all cores if left out
    progress : called before the first and after each one
    cancel : set it to stop before the next one

    Raises
    ------
    CancelledError, and whatever a job raises; what has not begun by then is not begun

    Examples
    --------
    >>> do_all([lambda: 1, lambda: 2], "numbers")
    [1, 2]
    """
    done, lock = 0, threading.Lock()

    def one(job: Callable[[], Result]) -> Result:
        nonlocal done
        stop_if(cancel)
        result = job()
        with lock:
            done += 1
            if progress:
                progress(done, len(jobs), what)
        return result

    if progress:
        progress(0, len(jobs), what)
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as executor:
        waiting = [executor.submit(one, job) for job in jobs]
        try:
            return [future.result() for future in waiting]
        except BaseException:
            for future in waiting:
                future.cancel()
            raise


__all__ = ["CancelledError", "Progress", "do_all", "stop_if"]
