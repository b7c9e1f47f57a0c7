"""Sums over islands, before a change and after it, and what they make of each question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.estimate import Chance, Number
from tocsin.game.plan import F64
from tocsin.infer.posterior import pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What islands add up to; M islands, Q questions. Weights are up to one constant."""

    total: F64  # (M,) of the weights
    square: F64  # (M,) of their squares
    yes: F64  # (M, Q) of the weights where a question came true
    yes_square: F64  # (M, Q)

    @property
    def effective(self) -> float:
        """Equally weighted particles that all of them are worth."""
        return float(self.total.sum() ** 2 / self.square.sum())

    def aside(self) -> F64:
        """(Q,) equally weighted particles on the rarer side of each question."""
        yes, yes_square = self.yes.sum(axis=0), self.yes_square.sum(axis=0)
        no, no_square = self.total.sum() - yes, self.square.sum() - yes_square
        with np.errstate(divide="ignore", invalid="ignore"):
            least = np.minimum(yes**2 / yes_square, no**2 / no_square)
        return np.asarray(np.nan_to_num(least), dtype=np.float64)

    def chances(self) -> list[Chance]:
        """Probability of each question."""
        mean, error = pool(self.yes, self.total, self.effective)
        return [
            Chance(probability=float(np.clip(p, 0.0, 1.0)), mc_error=float(e))
            for p, e in zip(mean, error, strict=True)
        ]


def shifts(base: Sums, now: Sums) -> list[Number]:
    """How far each question moved. Errors leave out each island in turn: what both share cancels."""
    m = len(base.total)
    change = now.yes.sum(axis=0) / now.total.sum() - base.yes.sum(axis=0) / base.total.sum()
    if m < 2:
        return [Number(value=float(x), mc_error=float("nan")) for x in change]

    def left(sums: Sums) -> F64:
        return np.asarray(
            (sums.yes.sum(axis=0) - sums.yes) / (sums.total.sum() - sums.total)[:, None], dtype=np.float64
        )

    by_island = left(now) - left(base)
    error = np.sqrt((m - 1.0) / m * np.sum((by_island - by_island.mean(axis=0)) ** 2, axis=0))
    return [Number(value=float(x), mc_error=float(e)) for x, e in zip(change, error, strict=True)]


__all__ = ["Sums", "shifts"]
