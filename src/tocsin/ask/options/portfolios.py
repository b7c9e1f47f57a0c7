"""Which portfolios of levers are run: all that are affordable, or a stated part of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Portfolio = tuple[str, ...]
# Portfolios of one size from which the next size is grown, where not all can be run.
BEAM = 5
FULL_SIZES = (1, 2, 3)
# More levers than this are not counted out.
MOST_COUNTED = 40
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Levers that could be pulled, what each costs, and what there is to spend."""

    costs: dict[str, float]  # in the order of the case
    budget: float | None

    def cost(self, portfolio: Iterable[str]) -> float:
        """What a portfolio costs."""
        return float(sum(self.costs[lever] for lever in portfolio))

    def affords(self, portfolio: Iterable[str]) -> bool:
        """Whether it can be paid."""
        return self.budget is None or self.cost(portfolio) <= self.budget + TOLERANCE

    def affordable(self, most: int | None = None) -> list[Portfolio]:
        """Every affordable portfolio of at most so many levers, smaller ones first, in the case's order."""
        order = list(self.costs)
        found: list[Portfolio] = []

        def extend(chosen: Portfolio, cost: float, start: int) -> None:
            # What is too dear stays so with more in it, so that nothing beyond it need be looked at.
            for k in range(start, len(order)):
                whole = cost + self.costs[order[k]]
                if self.budget is None or whole <= self.budget + TOLERANCE:
                    more = (*chosen, order[k])
                    found.append(more)
                    if most is None or len(more) < most:
                        extend(more, whole, k + 1)

        extend((), 0.0, 0)
        return sorted(found, key=len)

    def of_size(self, size: int) -> list[Portfolio]:
        """Every affordable portfolio of so many levers, in the order of the case."""
        return [found for found in self.affordable(size) if len(found) == size]

    def grown(self, portfolio: Portfolio) -> list[Portfolio]:
        """Every affordable portfolio of one lever more."""
        order = list(self.costs)
        more = (
            tuple(sorted((*portfolio, lever), key=order.index)) for lever in order if lever not in portfolio
        )
        return [found for found in more if self.affords(found)]

    def count(self) -> int | None:
        """How many affordable portfolios there are, none of the levers not counted; None if too many levers.

        The two halves of the levers are counted out and met in the middle (Horowitz and Sahni 1974).

        Examples
        --------
        >>> Purse(costs={"a": 1.0, "b": 2.0, "c": 3.0}, budget=3.0).count()
        4
        """
        costs = list(self.costs.values())
        if self.budget is None:
            return int(2 ** len(costs)) - 1
        if len(costs) > MOST_COUNTED:
            return None
        half = len(costs) // 2
        one, other = np.sort(_sums(costs[:half])), _sums(costs[half:])
        room = self.budget + TOLERANCE - other
        return int(np.sum(np.searchsorted(one, room, side="right"))) - 1


def _sums(costs: Sequence[float]) -> np.ndarray:
    sums = np.zeros(1)
    for cost in costs:
        sums = np.concatenate([sums, sums + cost])
    return sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Portfolios to run at once, and whether they are all there are."""

    portfolios: tuple[Portfolio, ...]
    sizes: tuple[int, ...]  # run in full
    complete: bool


def list_portfolios(purse: Purse, most: int) -> Listed:
    """All affordable portfolios if they are at most so many; else whole sizes from one to three that fit.

    The single levers are run in any case.

    Examples
    --------
    >>> purse = Purse(costs={"a": 1.0, "b": 1.0, "c": 1.0}, budget=2.0)
    >>> list_portfolios(purse, 10).portfolios
    (('a',), ('b',), ('c',), ('a', 'b'), ('a', 'c'), ('b', 'c'))
    >>> list_portfolios(purse, 5).complete
    False
    """
    count = purse.count()
    if count is not None and count <= most:
        whole = purse.affordable()
        sizes = tuple(sorted({len(found) for found in whole}))
        return Listed(portfolios=tuple(whole), sizes=sizes, complete=True)
    found = purse.of_size(1)
    full = [1]
    for size in FULL_SIZES[1:]:
        more = purse.of_size(size)
        if len(found) + len(more) > most:
            break
        found += more
        full.append(size)
    return Listed(portfolios=tuple(found), sizes=tuple(full), complete=False)


def grow(purse: Purse, best: Sequence[Portfolio], known: Iterable[Portfolio], room: int) -> list[Portfolio]:
    """Portfolios of one lever more than the best of a size, at most `room` of them and none run before."""
    seen = set(known)
    found: list[Portfolio] = []
    for portfolio in best[:BEAM]:
        for more in purse.grown(portfolio):
            if more not in seen:
                seen.add(more)
                found.append(more)
    return found[: max(room, 0)]
