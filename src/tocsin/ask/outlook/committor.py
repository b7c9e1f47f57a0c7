"""The chance that a state leads to an outcome, learnt from runs: a logistic regression on signs of nearness.

Given the state the future does not depend on how the state was come by, so runs of every level of a search
can be learnt from alike. What is learnt serves as the heights of splitting and as nothing else: a poor fit
costs exactness, never truth. The chance of reaching a set from a state is called its committor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit

from tocsin.game.plan import F64
from tocsin.infer.splitting import Index

# Steps that are learnt from in each run, the ridge that keeps signs which never vary at nothing, and rounds
# of Newton's method, which settles in fewer.
STEPS_PER_RUN = 4
RIDGE = 10.0
ROUNDS = 25
# States that the outcome came of, fewer of which teach nothing.
FEWEST_CAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Committor:
    """Log odds that the outcome comes, linear in the signs."""

    centre: F64  # (D,)
    weight: F64  # (D,) by the sign's own unit
    intercept: float
    time: int  # which sign is the log of the steps left

    def log_odds(self, features: Sequence[np.ndarray]) -> F64:
        """Of D features of one shape each: an array of that shape."""
        total = np.full(features[0].shape, self.intercept - float(self.weight @ self.centre))
        # One after the other: together they would be the largest array of the run by far.
        for weight, feature in zip(self.weight.tolist(), features, strict=True):
            if weight:
                total += weight * feature
        return total


@dataclass(slots=True)
class Lessons:
    """States, and whether the outcome came of them."""

    states: list[F64] = field(default_factory=list)
    came: list[np.ndarray] = field(default_factory=list)

    def add(
        self, features: Sequence[np.ndarray], true: np.ndarray, since: Index, rng: np.random.Generator
    ) -> None:
        """Learn from runs: D features of (K, N), whether it has come true (K, N), first own step (N,)."""
        n_rows, n = true.shape
        for _ in range(STEPS_PER_RUN):
            step = since + np.floor(rng.random(n) * (n_rows - since)).astype(np.int64)
            lanes = np.flatnonzero(~true[step, np.arange(n)])
            self.states.append(np.stack([x[step[lanes], lanes] for x in features]).astype(np.float64))
            self.came.append(true[-1, lanes])

    def fit(self, time: int) -> Committor | None:
        """Maximum of the penalised likelihood, by Newton's method; none where too little came."""
        if sum(int(came.sum()) for came in self.came) < FEWEST_CAME:
            return None
        x, y = np.concatenate(self.states, axis=1), np.concatenate(self.came).astype(np.float64)
        centre, spread = x.mean(axis=1), x.std(axis=1)
        scale = np.where(spread > 1e-9, spread, 1.0)
        z = np.vstack([(x - centre[:, None]) / scale[:, None], np.ones(x.shape[1])])
        penalty = np.full(len(z), RIDGE)
        penalty[-1] = 1e-6
        # The start is the share that came, so that the first round does not overshoot.
        beta = np.zeros(len(z))
        share = np.clip(y.mean(), 1e-4, 1.0 - 1e-4)
        beta[-1] = np.log(share / (1.0 - share))
        for _ in range(ROUNDS):
            p = expit(beta @ z)
            gradient = z @ (y - p) - penalty * beta
            curvature = (z * (p * (1.0 - p))) @ z.T + np.diag(penalty)
            step = np.linalg.solve(curvature, gradient)
            beta = beta + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
            if np.abs(step).max() < 1e-6:
                break
        return Committor(
            centre=centre,
            weight=np.where(spread > 1e-9, beta[:-1] / scale, 0.0),
            intercept=float(beta[-1]),
            time=time,
        )


__all__ = ["Committor", "Lessons"]
