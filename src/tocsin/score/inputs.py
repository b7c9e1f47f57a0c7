"""What a score may be asked of: arrays checked once, and one exception for what cannot be scored.

A probability outside [0, 1], an outcome other than 0 or 1 and a missing value are refused, never clipped or
dropped: a score of forecasts that could not have been made would mean nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tocsin.errors import TocsinError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Rows of class probabilities may miss 1 by so much, as rounding to six digits would.
SUM_TOLERANCE = 1e-5


class ScoreError(TocsinError, ValueError):
    """What was given cannot be scored."""


def _floats(values: ArrayLike, name: str, dimensions: int) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise ScoreError(f"{name}: found {array.ndim} dimensions; expected {dimensions}")
    return array


def _first(bad: NDArray[np.bool_], values: NDArray[Any]) -> str:
    place = tuple(int(i) for i in np.argwhere(bad)[0])
    where = ", ".join(map(str, place))
    return f"{values[place]} at [{where}]"


def finite(values: ArrayLike, name: str, dimensions: int = 1) -> FloatArray:
    """Finite numbers of so many dimensions."""
    array = _floats(values, name, dimensions)
    if (bad := ~np.isfinite(array)).any():
        raise ScoreError(f"{name}: found {_first(bad, array)}; expected finite numbers")
    return array


def probabilities(values: ArrayLike, name: str = "p", dimensions: int = 1) -> FloatArray:
    """Numbers in [0, 1]."""
    array = _floats(values, name, dimensions)
    if (bad := ~((array >= 0.0) & (array <= 1.0))).any():
        raise ScoreError(f"{name}: found {_first(bad, array)}; expected probabilities from 0 to 1")
    return array


def events(values: ArrayLike, name: str = "y") -> FloatArray:
    """Outcomes, 1 for yes and 0 for no."""
    array = _floats(values, name, 1)
    if (bad := ~np.isin(array, (0.0, 1.0))).any():
        raise ScoreError(
            f"{name}: found {_first(bad, array)}; expected 0 or 1, open and voided ones left out"
        )
    return array


def binary(p: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Probabilities of yes (N,) and outcomes (N,), N at least 1."""
    chance, outcome = probabilities(p), events(y)
    same_length(chance, outcome)
    return chance, outcome


def classes(P: ArrayLike, k: ArrayLike) -> tuple[FloatArray, IntArray]:
    """Class probabilities (N, K), rows summing to 1, and the classes that came (N,), from 0 to K - 1."""
    chances = probabilities(P, "P", 2)
    sums = chances.sum(axis=1)
    if (bad := np.abs(sums - 1.0) > SUM_TOLERANCE).any():
        raise ScoreError(f"P: found a row sum of {_first(bad, sums)}; expected 1")
    came = np.asarray(k)
    if came.ndim != 1 or not np.issubdtype(came.dtype, np.integer):
        raise ScoreError(
            f"k: found {came.ndim} dimensions of {came.dtype}; expected one dimension of whole numbers"
        )
    if (bad := (came < 0) | (came >= chances.shape[1])).any():
        raise ScoreError(
            f"k: found class {_first(bad, came)}; expected 0 to {chances.shape[1] - 1}, "
            "the columns of P counted from 0"
        )
    same_length(chances, came)
    return chances, came.astype(np.int64)


def same_length(*arrays: NDArray[Any]) -> None:
    """Refuse arrays of different lengths, and empty ones."""
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ScoreError(f"found {' and '.join(map(str, lengths))} rows; expected as many of each")
    if not lengths[0]:
        raise ScoreError("found no forecast to score; expected at least one that is resolved")
