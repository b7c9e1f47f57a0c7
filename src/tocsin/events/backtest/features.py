"""What a learner is told at each origin: the recent and the long past of a dyad and of its reverse.

Every feature of week t is made from weeks up to t, so the features of the past do not change when the future
does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tocsin.events.backtest.counting import STRENGTHS, climatology, one_hot, shrunk

if TYPE_CHECKING:
    from tocsin.events.panel import Panel

Floats = NDArray[np.float64]

LAGS = 4
WINDOWS = (4, 13, 52)
# Weeks before the first that a learner learns from: until then its longest window is not full.
WARM_UP = max(WINDOWS)
# Pseudo-observations in a window, as a share of its weeks; enough that no logarithm runs away.
SMOOTHING = 0.25


def features(panel: Panel) -> Floats:
    """Features of each dyad in each week, (D, T, F).

    Of the dyad and of its reverse: the rungs of the last four weeks, as numbers and as indicators; the weeks
    spent at each rung over the last 4, 13 and 52, as logarithms of shares shrunk towards the dyad's own
    climatology, so that a logit can say what the trailing year says; the logarithm of the events at each rung
    over the same windows; the weeks since the last act of each rung or above; the climatology itself. Of the
    theatre: the logarithm of all events over these windows, and the share of dyads at each rung.
    """
    D, T, L = panel.counts.shape
    weeks = np.arange(T)
    reverse = np.arange(D) ^ 1
    indicator = one_hot(panel.rung, L)
    long_run = climatology(panel, weeks, STRENGTHS[0])
    own: list[Floats] = [np.log(long_run)]
    for lag in range(LAGS):
        past = np.maximum(weeks - lag, 0)
        own += [panel.rung[:, past, None].astype(np.float64), indicator[:, past, 1:]]
    counts = panel.counts.astype(np.float64)
    for window in WINDOWS:
        own.append(np.log(shrunk(_trailing(indicator, window), long_run, SMOOTHING * window)))
        own.append(np.log1p(_trailing(counts, window)))
    own.append(_since(panel.rung, L))
    of_dyad = np.concatenate(own, axis=2)
    volume = panel.volume[None, :, None].astype(np.float64)
    theatre: list[Floats] = [np.log1p(_trailing(volume, window) / window) for window in (1, *WINDOWS)]
    theatre += [
        _trailing(indicator.mean(0, keepdims=True), window)[..., 1:] / window for window in (1, 4, 52)
    ]
    shared = np.broadcast_to(np.concatenate(theatre, axis=2), (D, T, sum(part.shape[2] for part in theatre)))
    return np.concatenate([of_dyad, of_dyad[reverse], shared], axis=2)


def _trailing(values: Floats, window: int) -> Floats:
    """Sums over the last `window` weeks, this one included, along axis 1."""
    so_far = np.zeros((values.shape[0], values.shape[1] + 1, values.shape[2]))
    np.cumsum(values, axis=1, out=so_far[:, 1:])
    end = np.arange(values.shape[1]) + 1
    sums: Floats = so_far[:, end] - so_far[:, np.maximum(end - window, 0)]
    return sums


def _since(rung: NDArray[np.int8], L: int) -> Floats:
    """Logarithm of the weeks since the dyad was last at each rung 1 to L - 1 or above, (D, T, L - 1)."""
    weeks = np.arange(rung.shape[1])
    reached = rung[..., None] >= np.arange(1, L)
    last = np.maximum.accumulate(np.where(reached, weeks[None, :, None], -WARM_UP), axis=1)
    return np.log1p(weeks[None, :, None] - last)
