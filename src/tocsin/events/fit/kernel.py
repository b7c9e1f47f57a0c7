"""Exact filtering and smoothing of a dyad's game, compiled.

The state of a week is (posture of one side, posture of the other, tension), all discrete, so the forward and
backward sums are exact: no particles, no Monte Carlo error. See Rabiner (1989), Proceedings of the IEEE 77,
for the recursions; here the two sides choose at once, so a transition is a product of two choices.

The last axis of every array is tension, which the compiler turns into vector lanes.

Shapes: ``T`` weeks, ``L`` rungs, ``K`` levels of tension, ``C`` conditions (how worn a side is).
"""

# What Numba compiles has none of Python's types.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

# Numba's own types of what it compiles do not know the arguments.
_compiled: Any = nb.njit(cache=True, fastmath=True, nogil=True)
NEGLIGIBLE = 1e-12  # of a week's probability: such a pair of postures is left out


@_compiled
def _advance(state, choice, answer, drift, mass, after):
    """One week on: `mass` is the state with tension moved, `after` the postures chosen from it."""
    L, K = choice.shape[0], choice.shape[3]
    part = np.empty(K)
    after[:] = 0.0
    for a in range(L):
        for b in range(L):
            total = 0.0
            for k in range(K):
                value = 0.0
                for j in range(K):
                    value += state[a, b, j] * drift[j, k]
                mass[a, b, k] = value
                total += value
            if total < NEGLIGIBLE:
                continue
            for c in range(L):
                for k in range(K):
                    part[k] = mass[a, b, k] * choice[a, b, c, k]
                for d in range(L):
                    for k in range(K):
                        after[c, d, k] += part[k] * answer[b, a, d, k]


@_compiled
def forward(choices, answers, worn, worn_too, drift, fits, fits_too, start, state, mass, evidence):
    """Filter a dyad's weeks; returns the log likelihood of what was read.

    Parameters
    ----------
    choices, answers : (C, L, L, L, K) chance of the next rung given own rung and the other's, of either side
    worn, worn_too : (T,) condition of either side in each week
    drift : (K, K) how tension moves
    fits, fits_too : (T, L) likelihood of the week's reading given the posture, up to a factor
    start : (L, L, K) before the first week
    state, mass : (T, L, L, K) filled: filtered, and predicted before anybody chose
    evidence : (T,) filled: the week's likelihood given the weeks before
    """
    T = fits.shape[0]
    L, K = start.shape[0], start.shape[2]
    before = start
    log_likelihood = 0.0
    for t in range(T):
        now = state[t]
        _advance(before, choices[worn[t]], answers[worn_too[t]], drift, mass[t], now)
        total = 0.0
        for c in range(L):
            for d in range(L):
                fit = fits[t, c] * fits_too[t, d]
                for k in range(K):
                    now[c, d, k] *= fit
                    total += now[c, d, k]
        now /= total
        evidence[t] = total
        log_likelihood += np.log(total)
        before = now
    return log_likelihood


@_compiled
def backward(
    choices, answers, worn, worn_too, drift, fits, fits_too, start, state, mass, evidence,
    made, made_too, moved, shares, shares_too,
):  # fmt: skip
    """Smooth what `forward` filtered, and add up what was expected to happen.

    Filled: `made`, `made_too` (C, L, L, L, K) expected numbers of each choice; `moved` (K, K) of each move of
    tension; `shares`, `shares_too` (T, L) chance of each posture given all weeks.
    """
    T = fits.shape[0]
    L, K = start.shape[0], start.shape[2]
    later = np.ones((L, L, K))
    seen = np.empty((L, L, K))
    back = np.empty((L, L, K))
    part, total = np.empty(K), np.empty(K)
    for t in range(T - 1, -1, -1):
        choice, answer = choices[worn[t]], answers[worn_too[t]]
        choice_made, answer_made = made[worn[t]], made_too[worn_too[t]]
        for c in range(L):
            for d in range(L):
                fit = fits[t, c] * fits_too[t, d] / evidence[t]
                share = 0.0
                for k in range(K):
                    share += state[t, c, d, k] * later[c, d, k]
                    seen[c, d, k] = fit * later[c, d, k]
                shares[t, c] += share
                shares_too[t, d] += share
        for a in range(L):
            for b in range(L):
                weight = 0.0
                for k in range(K):
                    weight += mass[t, a, b, k]
                    total[k] = 0.0
                for c in range(L):
                    for k in range(K):
                        part[k] = 0.0
                    for d in range(L):
                        for k in range(K):
                            part[k] += answer[b, a, d, k] * seen[c, d, k]
                    for k in range(K):
                        part[k] *= choice[a, b, c, k]
                        total[k] += part[k]
                        choice_made[a, b, c, k] += mass[t, a, b, k] * part[k]
                for k in range(K):
                    back[a, b, k] = total[k]
                if weight < NEGLIGIBLE:
                    continue
                for d in range(L):
                    for k in range(K):
                        part[k] = 0.0
                    for c in range(L):
                        for k in range(K):
                            part[k] += choice[a, b, c, k] * seen[c, d, k]
                    for k in range(K):
                        answer_made[b, a, d, k] += mass[t, a, b, k] * part[k] * answer[b, a, d, k]
        before = start if t == 0 else state[t - 1]
        for a in range(L):
            for b in range(L):
                for j in range(K):
                    value = 0.0
                    for k in range(K):
                        step = drift[j, k] * back[a, b, k]
                        value += step
                        moved[j, k] += before[a, b, j] * step
                    later[a, b, j] = value


@_compiled
def run_on(state, choice, answer, drift, horizons, shares, shares_too):
    """Chance of either side's posture so many weeks on, nothing more being read.

    `horizons` ascend; `shares`, `shares_too` (H, L) are filled.
    """
    L, K = state.shape[0], state.shape[2]
    now, after, mass = state.copy(), np.empty_like(state), np.empty_like(state)
    week = 0
    for h in range(len(horizons)):
        while week < horizons[h]:
            _advance(now, choice, answer, drift, mass, after)
            now, after = after, now
            week += 1
        for c in range(L):
            for d in range(L):
                for k in range(K):
                    shares[h, c] += now[c, d, k]
                    shares_too[h, d] += now[c, d, k]
