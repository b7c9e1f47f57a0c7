"""Games in which one side commits and the other sees it: Stackelberg games, by linear programmes (HiGHS).

`commitment` is the method of Conitzer and Sandholm (2006) for two players and a matrix each: for every reply
the best mixture under which it is a best reply; the best of these. Ties go to the leader (a strong
Stackelberg equilibrium), who could make the reply strictly better at no cost that matters.

`hold` and `commit_looks` are for looks spread over targets, where the chance of detection is a concave
function of the shares. Concave functions lie below their tangents, so the programmes are solved with tangents
in their place, and a tangent is added wherever the solution lies above the function (cutting planes: Kelley
1960). Each round gives a bound from either side, so the error is known and stated. Detection used may be less
than what there is (what is seen need not be acted on), which keeps every programme convex.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from tocsin.errors import TocsinError
from tocsin.game.plan import F64, I32

ROUNDS = 200
TOLERANCE = 1e-4  # of the largest payoff


class NoSolutionError(TocsinError):
    """A linear programme of the collection game was not solved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """The leader's mixture, the reply to it, and what the leader gets."""

    mixture: tuple[float, ...]
    reply: int
    value: float


def commitment(leader: F64, follower: F64) -> Commitment:
    """Best mixture to commit to, where the follower sees the mixture and replies best.

    Parameters
    ----------
    leader, follower : (m, n) payoffs; rows are the leader's actions

    References
    ----------
    Conitzer and Sandholm (2006), Computing the optimal strategy to commit to, ACM EC, whose first example
    this is: without commitment the leader gets 2, by committing to halves 3.5.

    Examples
    --------
    >>> found = commitment(np.array([[2.0, 4.0], [1.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    >>> [round(p, 6) for p in found.mixture], found.reply, round(found.value, 6)
    ([0.5, 0.5], 1, 3.5)
    """
    best: Commitment | None = None
    m, n = leader.shape
    for reply in range(n):
        others = follower.T - follower[:, reply]
        solved = linprog(
            -leader[:, reply],
            A_ub=others,
            b_ub=np.zeros(n),
            A_eq=np.ones((1, m)),
            b_eq=[1.0],
            bounds=(0.0, 1.0),
            method="highs",
        )
        if solved.status == 2:  # no mixture makes this the best reply
            continue
        _must(solved)
        if best is None or -solved.fun > best.value + 1e-12:
            best = Commitment(
                mixture=tuple(float(p) for p in solved.x), reply=reply, value=float(-solved.fun)
            )
    if best is None:
        raise NoSolutionError("no reply is ever best: a payoff is not a number")
    return best


def _must(solved: object) -> None:
    status = getattr(solved, "status", -1)
    if status != 0:
        raise NoSolutionError(
            f"HiGHS did not solve a programme of the collection game: {getattr(solved, 'message', '')}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoffs:
    """What an attack on each of F targets is worth, undetected and detected."""

    attacker_free: F64  # (F,)
    attacker_caught: F64  # (F,) no more than when free
    loss_free: F64  # (F,) the defender's loss
    loss_caught: F64  # (F,) no more than when free


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What shares can be set, and what they detect: V shares, G collectors."""

    group: I32  # (V,) the collector of each share; shares of one sum to 1 at the most
    detect: Callable[[F64], tuple[F64, F64]]  # shares (V,) -> detection (F,), gradient (F, V)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Shares, what they hold the attacker to, and how far from best they can be."""

    shares: F64  # (V,)
    detection: F64  # (F,) as used
    target: int
    value: float  # of the attacker, or the defender's loss for `commit_looks`
    gap: float
    programmes: int


class _Cuts:
    """Tangents d_f <= D_f(x_k) + g (x - x_k) as rows over (x, d, v)."""

    def __init__(self, looks: Looks, n_targets: int) -> None:
        self.looks, self.n_targets, self.n_shares = looks, n_targets, len(looks.group)
        self.rows: list[F64] = []
        self.limits: list[F64] = []
        self.programmes = 0
        for x in (np.zeros(self.n_shares), self.even()):
            self.add(x)

    def even(self) -> F64:
        """Every collector spread evenly."""
        count = np.bincount(self.looks.group, minlength=1)
        return np.asarray(1.0 / np.maximum(count, 1)[self.looks.group])

    def add(self, x: F64) -> F64:
        found, gradient = self.looks.detect(x)
        row = np.zeros((self.n_targets, self.n_shares + self.n_targets + 1))
        row[:, : self.n_shares] = -gradient
        row[:, self.n_shares : -1] = np.eye(self.n_targets)
        self.rows.append(row)
        self.limits.append(found - gradient @ x)
        return found

    def solve(self, cost: F64, more: F64, limit: F64) -> tuple[F64, F64, float] | None:
        """Minimise cost over (x, d, v) under the cuts, the collectors' capacities and more rows."""
        width = len(cost)
        groups = np.unique(self.looks.group)
        capacity = np.zeros((len(groups), width))
        for k, g in enumerate(groups):
            capacity[k, : self.n_shares] = self.looks.group == g
        bounds = [(0.0, 1.0)] * (self.n_shares + self.n_targets) + [(None, None)]
        solved = linprog(
            cost,
            A_ub=np.concatenate([*self.rows, capacity, more]),
            b_ub=np.concatenate([*self.limits, np.ones(len(groups)), limit]),
            bounds=bounds,
            method="highs",
        )
        self.programmes += 1
        if solved.status == 2:
            return None
        _must(solved)
        x = np.clip(solved.x[: self.n_shares], 0.0, 1.0)
        return x, solved.x[self.n_shares : -1], float(solved.fun)


def gains(payoffs: Payoffs, detection: F64) -> F64:
    """(F,) what the attacker gets at each target."""
    return np.asarray(payoffs.attacker_free - (payoffs.attacker_free - payoffs.attacker_caught) * detection)


def losses(payoffs: Payoffs, detection: F64) -> F64:
    """(F,) what the defender loses at each target."""
    return np.asarray(payoffs.loss_free - (payoffs.loss_free - payoffs.loss_caught) * detection)


def hold(payoffs: Payoffs, looks: Looks) -> Held:
    """Shares that leave the attacker, who sees them and picks a target, as little as can be.

    Of all that do, those that also leave least where the attacker does not look: the sum over targets.
    Where the defender loses what the attacker gains this is the best commitment.
    """
    n_targets = len(payoffs.attacker_free)
    n_shares = len(looks.group)
    scale = max(float(np.abs(payoffs.attacker_free).max(initial=0.0)), 1e-300)
    drop = payoffs.attacker_free - payoffs.attacker_caught
    cuts = _Cuts(looks, n_targets)
    attack = np.zeros((n_targets, n_shares + n_targets + 1))
    attack[:, n_shares:-1] = -np.diag(drop)
    attack[:, -1] = -1.0
    cost = np.zeros(n_shares + n_targets + 1)
    cost[-1] = 1.0
    best, lower = cuts.even(), -np.inf
    upper = float(gains(payoffs, looks.detect(best)[0]).max())
    for _ in range(ROUNDS):
        solved = cuts.solve(cost, attack, -payoffs.attacker_free)
        assert solved is not None
        x, _, value = solved
        lower = max(lower, value)
        here = float(gains(payoffs, cuts.add(x)).max())
        if here < upper:
            best, upper = x, here
        if upper - lower <= TOLERANCE * scale:
            break
    best = _least_sum(payoffs, looks, cuts, best, upper, scale)
    found = looks.detect(best)[0]
    by_target = gains(payoffs, found)
    return Held(
        shares=best,
        detection=found,
        target=int(by_target.argmax()),
        value=float(by_target.max()),
        gap=max(float(by_target.max()) - lower, 0.0),
        programmes=cuts.programmes,
    )


def _least_sum(payoffs: Payoffs, looks: Looks, cuts: _Cuts, best: F64, upper: float, scale: float) -> F64:
    """Among shares that hold the attacker to `upper`, those with the least sum over targets."""
    n_targets, n_shares = cuts.n_targets, cuts.n_shares
    drop = payoffs.attacker_free - payoffs.attacker_caught
    allowed = upper + TOLERANCE * scale
    attack = np.zeros((n_targets, n_shares + n_targets + 1))
    attack[:, n_shares:-1] = -np.diag(drop)
    cost = np.zeros(n_shares + n_targets + 1)
    cost[n_shares:-1] = -drop
    least = float(gains(payoffs, looks.detect(best)[0]).sum())
    for _ in range(ROUNDS // 4):
        solved = cuts.solve(cost, attack, allowed - payoffs.attacker_free)
        if solved is None:
            break
        x, _, value = solved
        by_target = gains(payoffs, cuts.add(x))
        if float(by_target.max()) <= allowed and float(by_target.sum()) < least:
            best, least = x, float(by_target.sum())
        if least - (value + float(payoffs.attacker_free.sum())) <= TOLERANCE * scale:
            break
    return best


def commit_looks(payoffs: Payoffs, looks: Looks) -> Held:
    """Shares to commit to where the defender's losses are not the attacker's gains: multiple programmes.

    For every target, the least loss there under shares that make it a best reply; the best of these. Ties
    go to the defender.
    """
    n_targets, n_shares = len(payoffs.attacker_free), len(looks.group)
    scale = max(float(np.abs(payoffs.loss_free).max(initial=0.0)), 1e-300)
    cuts = _Cuts(looks, n_targets)
    best: Held | None = None
    for f in range(n_targets):
        cost = np.zeros(n_shares + n_targets + 1)
        cost[n_shares + f] = -(payoffs.loss_free[f] - payoffs.loss_caught[f])
        prefers, limit = _prefers(payoffs, f, n_shares)
        for _ in range(ROUNDS):
            solved = cuts.solve(cost, prefers, limit)
            if solved is None:
                break
            x, d, value = solved
            loss = value + float(payoffs.loss_free[f])
            if best is not None and loss >= best.value - TOLERANCE * scale:
                break  # a bound from below that is no better
            above = float((d - cuts.add(x)).max())
            if above <= TOLERANCE:
                best = Held(
                    shares=x, detection=d, target=f, value=loss, gap=max(above, 0.0) * scale, programmes=0
                )
                break
    if best is None:
        raise NoSolutionError("no target is ever the attacker's best: a payoff is not a number")
    shares, detection = _least_loss(payoffs, cuts, best)
    return Held(
        shares=shares,
        detection=detection,
        target=best.target,
        value=float(losses(payoffs, detection)[best.target]),
        gap=best.gap,
        programmes=cuts.programmes,
    )


def _prefers(payoffs: Payoffs, target: int, n_shares: int) -> tuple[F64, F64]:
    """Rows under which the attacker likes no target better than this one."""
    n_targets = len(payoffs.attacker_free)
    drop = payoffs.attacker_free - payoffs.attacker_caught
    rows = np.zeros((n_targets, n_shares + n_targets + 1))
    rows[:, n_shares:-1] = -np.diag(drop)
    rows[:, n_shares + target] += drop[target]
    return rows, payoffs.attacker_free[target] - payoffs.attacker_free


def _least_loss(payoffs: Payoffs, cuts: _Cuts, best: Held) -> tuple[F64, F64]:
    """Of the commitments that lose no more at the target, one with the least sum of losses over targets."""
    n_targets, n_shares = cuts.n_targets, cuts.n_shares
    rows, limit = _prefers(payoffs, best.target, n_shares)
    keep = np.zeros((1, n_shares + n_targets + 1))
    keep[0, n_shares + best.target] = -1.0
    cost = np.zeros(n_shares + n_targets + 1)
    cost[n_shares:-1] = -(payoffs.loss_free - payoffs.loss_caught)
    least = np.array([-(float(best.detection[best.target]) - TOLERANCE)])
    for _ in range(ROUNDS):
        solved = cuts.solve(cost, np.concatenate([rows, keep]), np.concatenate([limit, least]))
        if solved is None:
            break
        x, d, _ = solved
        if float((d - cuts.add(x)).max()) <= TOLERANCE:
            return x, d
    return best.shares, best.detection
