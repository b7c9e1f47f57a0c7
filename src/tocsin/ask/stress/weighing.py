"""Tricks weighed on the particles: log factors, what each does alone, and what several do together."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.stress.tricks import Move, reports_after
from tocsin.ask.weights import FEWEST, number
from tocsin.game.plan import F32, F64
from tocsin.infer.evidence import Evidence, compile_evidence
from tocsin.infer.posterior import Posterior, pool
from tocsin.infer.unmade import difference, log_chance, only_about, with_reports
from tocsin.infer.work import Progress, do_all

# (N,) how likely each particle makes a yes; 0 or 1 where it is known.
Truth = F64
# Fewer particles than this on the rarer side of a question, and its probability is called rough.
FEWEST_ASIDE = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighted:
    """A probability on particles that weigh otherwise."""

    after: Chance
    shift: Number  # less the probability as it was, on the same particles
    effective: float  # particles it rests on
    rough: bool  # these are too few, in all or on the rarer side


def reweigh(posterior: Posterior, truth: Truth, log_factor: np.ndarray) -> Reweighted:
    """Probability of `truth` (N,) with weights times exp(log_factor), its move, and what it rests on.

    Errors are taken over islands; that of the move by leaving each island out (jackknife), so that what the
    two probabilities share cancels.
    """
    m = posterior.islands
    total = log_factor.astype(np.float64)
    weight = posterior.weight * np.exp(total - total.max())
    by_island, before = weight.reshape(m, -1), posterior.weight.reshape(m, -1)
    yes = truth.reshape(m, -1)
    sums, totals = (by_island * yes).sum(axis=1), by_island.sum(axis=1)
    first, firsts = (before * yes).sum(axis=1), before.sum(axis=1)
    effective = float(weight.sum() ** 2 / np.sum(weight**2))
    mean, error = pool(sums, totals, effective)

    def shift(keep: NDArray[np.bool_]) -> float:
        return float(sums[keep].sum() / totals[keep].sum() - first[keep].sum() / firsts[keep].sum())

    left = np.array([shift(np.arange(m) != i) for i in range(m)]) if m > 1 else np.array([np.nan])
    spread = float(np.sqrt((m - 1.0) / m * np.sum((left - left.mean()) ** 2)))
    return Reweighted(
        after=Chance(probability=float(mean), mc_error=float(error)),
        shift=number(shift(np.ones(m, dtype=bool)), spread),
        effective=effective,
        rough=effective < FEWEST
        or min(_effective(weight * truth), _effective(weight * (1.0 - truth))) < FEWEST_ASIDE,
    )


def _effective(weight: F64) -> float:
    return float(weight.sum() ** 2 / np.sum(weight**2)) if weight.sum() > 0.0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What each trick does by itself; C tricks."""

    log_odds: F64  # (C,) of the question after it
    move: F64  # (C,) change of the log odds
    error: F64  # (C,) of that change, jackknifed over islands
    chance: F64  # (C,) that the rest of the evidence gives to what it has said; NaN where nothing is
    idle: NDArray[np.bool_]  # (C,) it changes no item


class Weigher:
    """Weighs tricks on one posterior."""

    def __init__(self, posterior: Posterior) -> None:
        self.posterior, self.game = posterior, posterior.game
        self._before: dict[frozenset[str], Evidence] = {}
        self._lock = threading.Lock()

    def _evidence(self, things: frozenset[str]) -> Evidence:
        with self._lock:
            if things not in self._before:
                case = only_about(self.game.case, things)
                self._before[things] = compile_evidence(replace(self.game, case=case))
            return self._before[things]

    def items(self, move: Move) -> tuple[Evidence, np.ndarray, Evidence, np.ndarray]:
        """Evidence before and the items that go, evidence after and the items that come."""
        before = self._evidence(move.things)
        case = only_about(self.game.case, move.things)
        case = case.model_copy(update={"reports": reports_after(case, [move])})
        after = compile_evidence(replace(self.game, case=case))
        gone, new = difference(before, after)
        return before, gone, after, new

    def log_factor(self, move: Move) -> F32:
        """(N,) what a trick adds to each particle's log weight."""
        before, gone, after, new = self.items(move)
        return np.asarray(log_chance(self.posterior, after, new) - log_chance(self.posterior, before, gone))

    def together(self, moves: Iterable[Move]) -> F32:
        """(N,) what tricks add together, by compiling the whole case as the analyst would have it."""
        after = compile_evidence(with_reports(self.game, reports_after(self.game.case, moves)))
        gone, new = difference(self.posterior.evidence, after)
        return np.asarray(
            log_chance(self.posterior, after, new) - log_chance(self.posterior, self.posterior.evidence, gone)
        )

    def alone(
        self,
        moves: tuple[Move, ...],
        truth: Truth,
        *,
        threads: int | None = None,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> Alone:
        """Weigh each trick by itself."""
        weight, m = self.posterior.weight, self.posterior.islands
        yes_before = (weight * truth).reshape(m, -1).sum(axis=1)
        no_before = weight.reshape(m, -1).sum(axis=1) - yes_before

        def one(move: Move) -> tuple[float, float, float, float, bool]:
            before, gone, after, new = self.items(move)
            if not len(gone) and not len(new):
                return np.nan, np.nan, np.nan, np.nan, True
            factor = log_chance(self.posterior, after, new) - log_chance(self.posterior, before, gone)
            tilted = weight * np.exp(factor.astype(np.float64))
            yes, all_ = (tilted * truth).reshape(m, -1).sum(axis=1), tilted.reshape(m, -1).sum(axis=1)
            total = float(all_.sum())
            odds, shift, error = _move_of_odds(yes, all_ - yes, yes_before, no_before)
            names = {r.id for r in move.added}
            said = np.array([k for k in new if after.items[k].report in names], dtype=np.int32)
            chance = float("nan")
            if len(said):
                # The rest is all but what is said anew: without what goes, and without the silences that go.
                rest = factor - log_chance(self.posterior, after, said)
                chance = total / float((weight * np.exp(rest.astype(np.float64))).sum())
            return odds, shift, error, chance, False

        jobs = [partial(one, move) for move in moves]
        rows = do_all(jobs, "tricks weighed", threads=threads, progress=progress, cancel=cancel)
        columns = np.array(rows, dtype=np.float64).reshape(-1, 5).T
        return Alone(
            log_odds=columns[0], move=columns[1], error=columns[2], chance=columns[3], idle=columns[4] > 0
        )


def _move_of_odds(yes: F64, no: F64, yes_before: F64, no_before: F64) -> tuple[float, float, float]:
    """Log odds, their change and its error, from each island's sums (M,) after and before."""

    def odds(y: F64, n: F64) -> F64:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log(y) - np.log(n))

    # Without each island in turn.
    left = odds(yes.sum() - yes, no.sum() - no)
    left = left - odds(yes_before.sum() - yes_before, no_before.sum() - no_before)
    here = float(odds(yes.sum(), no.sum()))
    m = len(yes)
    error = float(np.sqrt((m - 1.0) / m * np.sum((left - left.mean()) ** 2))) if m > 1 else float("nan")
    return here, here - float(odds(yes_before.sum(), no_before.sum())), error


__all__ = ["Alone", "Reweighted", "Truth", "Weigher", "reweigh"]
