"""When a deal is signed along a history, and for how long it holds and the parties are quiet."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from tocsin.game.grid import Grid

Steps = NDArray[np.int32]
Marks = NDArray[np.bool_]


def first_where(marks: Marks, since: Steps | int, never: int) -> Steps:
    """The first step after `since` at which a mark stands, or `never`: marks (T+1, N) -> (N,).

    Examples
    --------
    >>> first_where(np.array([[True], [False], [True]]), 0, 9).tolist()
    [2]
    """
    n_rows, n = marks.shape
    after = np.broadcast_to(np.asarray(since, dtype=np.int32), (n,))
    found = np.full(n, never, dtype=np.int32)
    for t in range(n_rows - 1, 0, -1):
        found[marks[t] & (t > after)] = t
    return found


def last_steps(grid: Grid, days: int) -> Steps:
    """For each step, the one that holds the day so many days after its first; T + 1 beyond the horizon."""
    return np.array(
        [grid.step_of(grid.first_day(t) + dt.timedelta(days=days)) for t in range(grid.n_steps + 1)]
        + [grid.n_steps + 1],
        dtype=np.int32,
    )


def lasts(grid: Grid, began: Steps, ends: Steps, days: int) -> tuple[Marks, Marks]:
    """Whether what began at one step and ends at another lasts `days`, and whether that can be seen.

    Parameters
    ----------
    began : (N,) first step, T + 1 if never
    ends : (N,) first step at which it is over, T + 1 or later if that is not seen

    Returns
    -------
    (lasts and can be seen, can be seen), each (N,)
    """
    last = last_steps(grid, days)[np.minimum(began, grid.n_steps + 1)]
    seen = (began <= grid.n_steps) & (last <= grid.n_steps)
    return seen & (ends > last), seen


__all__ = ["first_where", "last_steps", "lasts"]
