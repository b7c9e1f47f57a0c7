"""What a feed shows of a posture: counts of events at each rung, as a noisy reading.

A week at posture r is read as N_l events at rung l, negative binomial with mean

    log μ_l = λ[r, l] + γ · log volume + β · log recent share_l + exposure_l

and one dispersion a rung. λ is the theatre's table of confusion: what words, shows and blows are reported of
a dyad that stands at r. Volume is how much the theatre was written about that week. The recent share,
how often this front showed the rung over the past year, follows what the press pays attention to, which
drifts over decades; the exposure is the front's own standing attention. A week in which nothing was read is
evidence too, and the less so the less was written.

The coded rung is the highest with an event, so its chance given the posture follows from those of no event.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from tocsin.events.panel import Panel

F64 = NDArray[np.float64]

MEMORY_WEEKS = 52.0  # of the recent share
WARM_UP_WEEKS = 104  # weeks whose mean the recent share starts from
LEAST_SHARE = 0.02  # so that a rung never read has a logarithm
VOLUME_MEMORY = 0.8  # weight of what came before in the volume expected next


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What is known of the coverage before each week is read."""

    volume: F64  # (T,) log volume of the week itself, centred on the span fitted on
    expected: F64  # (T,) log volume expected of any later week, seen from this one
    recent: (
        F64  # (D, T + 1, L - 1) log recent share of weeks with an event at each rung, before week t, centred
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What logs are centred on, and what shares start from: means over the span fitted on."""

    volume: float
    recent: F64  # (D, L - 1)
    share: F64  # (D, L - 1) of the first weeks with an event at each rung


def coverage(panel: Panel, n_rungs: int, centre: Centre | None = None) -> tuple[Covered, Centre]:
    """Coverage of a panel week by week; each entry looks at earlier weeks only, volume at its own.

    Without a `centre` the panel itself is what was fitted on.
    """
    volume = np.log(np.maximum(panel.volume, 1).astype(np.float64))
    shown = (panel.counts[:, :, 1:n_rungs] > 0).astype(np.float64)
    D, T, _ = shown.shape
    recent = np.empty((D, T + 1, n_rungs - 1))
    first = shown[:, :WARM_UP_WEEKS].mean(axis=1) if centre is None else centre.share
    share = first
    for t in range(T):
        recent[:, t] = np.log(share + LEAST_SHARE)
        share = share + (shown[:, t] - share) / MEMORY_WEEKS
    recent[:, T] = np.log(share + LEAST_SHARE)
    if centre is None:
        centre = Centre(volume=float(volume.mean()), recent=recent[:, :T].mean(axis=1), share=first)
    expected = np.empty(T)
    level = volume[0]
    for t in range(T):
        level = VOLUME_MEMORY * level + (1.0 - VOLUME_MEMORY) * volume[t]
        expected[t] = level
    covered = Covered(
        volume=volume - centre.volume,
        expected=expected - centre.volume,
        recent=recent - centre.recent[:, None, :],
    )
    return covered, centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The theatre's numbers of how postures are read."""

    confusion: F64  # (L, L - 1) log mean count at rungs 1 ... given the posture
    volume: float  # γ
    recent: float  # β
    log_dispersion: F64  # (L - 1,) small: counts come in bursts

    @property
    def dispersion(self) -> F64:
        return np.exp(self.log_dispersion)


def log_mean(reading: Reading, exposure: F64, volume: F64, recent: F64) -> F64:
    """(T, L, L - 1) log mean count at each rung given each posture, week by week.

    `exposure` (L - 1,) of the front; `volume` (T,); `recent` (T, L - 1).
    """
    shift = reading.volume * volume[:, None] + reading.recent * recent + exposure
    return np.asarray(np.clip(reading.confusion[None] + shift[:, None, :], -30.0, 8.0))


def log_fit(reading: Reading, mean: F64, counts: NDArray[np.integer]) -> F64:
    """(T, L) log likelihood of each week's counts (T, L - 1) given each posture, up to a constant."""
    k = reading.dispersion
    n = counts[:, None, :].astype(np.float64)
    mu = np.exp(mean)
    none = k * np.log1p(mu / k)
    answer: F64 = (gammaln(n + k) - gammaln(k) - none + n * (mean - np.log(k + mu))).sum(axis=2)
    return answer


def fit_gradient(
    reading: Reading,
    mean: F64,
    counts: NDArray[np.integer],
    shares: F64,
    volume: F64,
    recent: F64,
) -> tuple[Reading, F64]:
    """Gradient of Σ shares · log fit: in the theatre's numbers, and in the front's exposure (L - 1,).

    `shares` (T, L) are the chances of each posture given all weeks.
    """
    k = reading.dispersion
    n = counts[:, None, :].astype(np.float64)
    mu = np.exp(mean)
    by_mean = shares[:, :, None] * (n - (n + k) * mu / (k + mu))
    by_dispersion = k * (digamma(n + k) - digamma(k) + np.log(k / (k + mu)) + 1.0 - (k + n) / (k + mu))
    by_week = by_mean.sum(axis=1)
    return (
        Reading(
            confusion=by_mean.sum(axis=0),
            volume=float(by_week.sum(axis=1) @ volume),
            recent=float((by_week * recent).sum()),
            log_dispersion=(shares[:, :, None] * by_dispersion).sum(axis=(0, 1)),
        ),
        by_week.sum(axis=0),
    )


def coded_rung(reading: Reading, mean: F64) -> F64:
    """(..., L, L) chance of each coded rung given each posture, from the log mean counts (..., L, L - 1).

    The highest rung with an event is at most j where no rung above j has one.
    """
    k = reading.dispersion
    log_none = -k * np.log1p(np.exp(mean) / k)
    above = np.flip(np.cumsum(np.flip(log_none, axis=-1), axis=-1), axis=-1)
    at_most = np.exp(np.concatenate([above, np.zeros((*above.shape[:-1], 1))], axis=-1))
    return np.diff(at_most, axis=-1, prepend=0.0)
