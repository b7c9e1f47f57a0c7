"""Shapley's value: what each cause carries of a whole, over every order in which causes could be repaired.

Shapley (1953), "A value for n-person games". It is the one division that is efficient (parts add up to the
whole), symmetric, gives nothing to a cause whose repair never changes anything, and is additive.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from tocsin.game.plan import F64


def subsets(n: int) -> tuple[frozenset[int], ...]:
    """Every subset of 0 to n - 1, the small ones first.

    Examples
    --------
    >>> [sorted(s) for s in subsets(2)]
    [[], [0], [1], [0, 1]]
    """
    return tuple(frozenset(s) for k in range(n + 1) for s in itertools.combinations(range(n), k))


def shapley_weights(n: int) -> F64:
    """The matrix (n, 2^n) that turns the worth of all subsets, in the order of `subsets`, into values.

    Examples
    --------
    The glove game: of one left glove and two right ones a pair is worth 1:

    >>> worth = [float(0 in s and len(s) > 1) for s in subsets(3)]
    >>> [round(float(v), 3) for v in shapley_weights(3) @ worth]
    [0.667, 0.167, 0.167]
    """
    listed = subsets(n)
    place = {s: k for k, s in enumerate(listed)}
    matrix = np.zeros((n, len(listed)))
    for s in listed:
        for i in set(range(n)) - s:
            size = len(s)
            share = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            matrix[i, place[s | {i}]] += share
            matrix[i, place[s]] -= share
    return matrix


__all__ = ["shapley_weights", "subsets"]
