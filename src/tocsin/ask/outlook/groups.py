"""A handful of groups: weighted futures about a few typical ones, by the k-medoids of Kaufman and Rousseeuw.

A systematic sample stands for the weighted particles, so weights are respected and the groups are the same
for the same seed. Medoids are found by building up and exchanging (PAM) and their number by the largest mean
silhouette (Rousseeuw 1987), or more where these part them nearly as well: no chance enters. Every future then
goes with the medoid that it is nearest to.

Kaufman and Rousseeuw (1990), *Finding Groups in Data*, chapter 2; Rousseeuw (1987), Journal of Computational
and Applied Mathematics 20, 53-65.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from tocsin.game.plan import F64

Index = NDArray[np.int64]

SAMPLE = 1_000
FEWEST, MOST = 3, 7
# A course that holds less of the sample is no course of its own.
LEAST_SHARE = 0.02
# Of the numbers of courses that part the futures nearly as well as the best one does, the largest is taken.
NEARLY = 0.9
ROUNDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Medoids, and how well they part the sample."""

    medoids: Index  # which of the futures
    silhouette: float
    tried: tuple[tuple[int, float], ...]


def medoids_of(distance: F64, k: int) -> Index:
    """K medoids of points given by their distances (N, N): build up, then exchange while that helps.

    Examples
    --------
    >>> x = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 5.2])
    >>> medoids_of(np.abs(x[:, None] - x[None, :]), 2).tolist()
    [1, 4]
    """
    chosen = [int(distance.sum(axis=0).argmin())]
    nearest = distance[:, chosen[0]]
    while len(chosen) < k:
        gain = np.maximum(nearest[:, None] - distance, 0.0).sum(axis=0)
        gain[chosen] = -1.0
        chosen.append(int(gain.argmax()))
        nearest = np.minimum(nearest, distance[:, chosen[-1]])
    for _ in range(ROUNDS):
        cost, best = float(nearest.sum()), None
        for j in range(k):
            others = [m for i, m in enumerate(chosen) if i != j]
            without = distance[:, others].min(axis=1) if others else np.full(len(distance), np.inf)
            costs = np.minimum(without[:, None], distance).sum(axis=0)
            candidate = int(costs.argmin())
            if costs[candidate] < cost - 1e-9:
                cost, best = float(costs[candidate]), (j, candidate)
        if best is None:
            break
        chosen[best[0]] = best[1]
        nearest = distance[:, chosen].min(axis=1)
    return np.array(sorted(chosen), dtype=np.int64)


def silhouette(distance: F64, label: Index, k: int) -> float:
    """Mean silhouette of a partition of points given by their distances; a point alone counts as 0."""
    member = np.stack([label == j for j in range(k)], axis=1).astype(np.float64)
    size = member.sum(axis=0)
    total = distance @ member
    own = member.astype(bool)
    inside = total[own] / np.maximum(size[label] - 1.0, 1.0)
    outside = np.where(own, np.inf, total / np.maximum(size, 1.0)).min(axis=1)
    with np.errstate(invalid="ignore"):
        s = (outside - inside) / np.maximum(outside, inside)
    return float(np.where(size[label] > 1, np.nan_to_num(s), 0.0).mean())


def group(features: F64, sample: Index) -> Groups:
    """Group futures by the city-block distance of their features.

    Parameters
    ----------
    features : (N, D) of all futures
    sample : which of them stand for the whole, all alike
    """
    points = features[sample]
    distance = cdist(points, points, "cityblock")
    # No two medoids alike: the least likely number of courses is that of different futures.
    different = len(np.unique(points, axis=0))
    found: list[tuple[Index, float, bool]] = []
    for k in range(min(FEWEST, different), min(MOST, different) + 1):
        medoids = medoids_of(distance, k)
        label = distance[:, medoids].argmin(axis=1)
        least = np.bincount(label, minlength=k).min() / len(points)
        score = silhouette(distance, label, k) if k > 1 else 0.0
        found.append((medoids, score, least >= LEAST_SHARE or k <= FEWEST))
    most = max(score for _, score, allowed in found if allowed)
    medoids, score, _ = next(part for part in reversed(found) if part[2] and part[1] >= NEARLY * most - 1e-12)
    tried = tuple((len(m), s) for m, s, _ in found)
    return Groups(medoids=sample[medoids].astype(np.int64), silhouette=score, tried=tried)


__all__ = ["Groups", "group", "medoids_of", "silhouette"]
