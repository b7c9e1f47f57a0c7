"""The best set of tricks within a budget: branch and bound on weighted particles, after a beam search.

Every trick multiplies a particle's weight, so a set of tricks S turns the odds of the question into

    odds(S) = sum_(n: yes) w_n exp(sum_(m in S) l_mn)  /  sum_(n: no) w_n exp(sum_(m in S) l_mn).

To drive them up (or, with yes and no exchanged, down) is a knapsack with a fixed charge for each source that
must be controlled, and its objective is neither additive nor submodular: two reports of which the second
makes the first believable are worth more together. So greedy choice carries no guarantee of its own here.
What can be proved is a bound on whatever may still be added. Let S be chosen and E_yes, E_no be means over
the yes and the no particles under the weights of S. For at most k further tricks R,

    log E_yes[exp(sum_R l_m)]  <=  sum_R (1/k) log E_yes[exp(k l_m)]      Hoelder's inequality, and Lyapunov's
    log E_no [exp(sum_R l_m)]  >=  sum_R E_no[l_m]                        Jensen's inequality

and so ``log odds(S + R) <= log odds(S) + sum_R h_m`` with ``h_m = (1/k) log E_yes[exp(k l_m)] - E_no[l_m]``.
The right side is additive: its best value within the budget is bounded by a fractional knapsack (Dantzig
1957), in which a source's price is shared among as many of its tricks as the budget could at most buy.
A branch whose bound does not beat the best plan found is cut off (Land and Doig 1960). A search that ends
within its limit of nodes is exact; one that does not reports the largest bound left open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.game.plan import F32, F64

# Gains below this many nats are rounding in 32 bits.
TINY = 1e-5
NODES = 300
WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """C tricks on N weighted particles; S sources to be controlled."""

    log_factor: F32  # (C, N) what each trick adds to a particle's log weight
    weight: F64  # (N,)
    truth: F64  # (N,) how likely each particle makes a yes
    cost: F64  # (C,) of each trick, its sources' control apart
    needs: tuple[tuple[int, ...], ...]  # (C,) sources that must be controlled
    control: F64  # (S,) cost of controlling each
    clash: NDArray[np.bool_]  # (C, C) tricks that cannot be played together
    group: NDArray[np.int64]  # (C,) of those with the same number at most one can be played
    least_effective: tuple[float, float] = (0.0, 0.0)  # particles that a plan must rest on, of yes and of no

    def among(self, which: NDArray[np.int64]) -> Problem:
        """The same with only some of the tricks."""
        return Problem(
            log_factor=self.log_factor[which],
            weight=self.weight,
            truth=self.truth,
            cost=self.cost[which],
            needs=tuple(self.needs[k] for k in which),
            control=self.control,
            clash=self.clash[np.ix_(which, which)],
            group=self.group[which],
            least_effective=self.least_effective,
        )

    def price(self, plan: tuple[int, ...]) -> float:
        """What a plan costs, each source controlled once."""
        controlled = {s for m in plan for s in self.needs[m]}
        return float(sum(self.cost[m] for m in plan) + sum(self.control[s] for s in controlled))

    def possible(self, plan: tuple[int, ...]) -> bool:
        """Whether no two tricks of a plan clash."""
        return not any(self.clash[a, b] for k, a in enumerate(plan) for b in plan[k + 1 :])

    def log_odds(self, plan: tuple[int, ...]) -> float:
        """Log odds of the question under a plan."""
        total = self.log_factor[list(plan)].sum(axis=0, dtype=np.float64)
        tilted = self.weight * np.exp(total - total.max())
        with np.errstate(divide="ignore"):
            return float(np.log(np.sum(tilted * self.truth)) - np.log(np.sum(tilted * (1.0 - self.truth))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best plan found, and what is proved of all others."""

    plan: tuple[int, ...]
    log_odds: float  # of the question under it
    bound: float  # no plan does better than this: a log odds, above `log_odds` when driving up
    exact: bool  # the search was exhaustive: no plan beats this one
    nodes: int


@dataclass(slots=True)
class _Node:
    """Tricks chosen, and the particles' weights under them."""

    chosen: tuple[int, ...]
    yes: F64  # (N,) weights of the particles, by how likely they are on the wanted side
    no: F64
    left: float  # budget
    controlled: frozenset[int]
    rest: NDArray[np.int64]  # tricks that may still be added


@dataclass(slots=True)
class _Search:
    """One search, up or down."""

    problem: Problem
    up: bool
    nodes_left: int
    at_least: float
    best: float
    best_plan: tuple[int, ...]
    open_bound: float = -np.inf
    nodes: int = 0
    exact: bool = True
    factor: F32 = field(init=False)
    square: F32 = field(init=False)
    least: tuple[float, float] = field(init=False)  # particles on the wanted side, and on the other
    powers: dict[int, tuple[F32, F64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.factor = np.exp(np.clip(self.problem.log_factor, -40.0, 40.0))
        self.square = self.factor * self.factor
        yes, no = self.problem.least_effective
        self.least = (yes, no) if self.up else (no, yes)

    def power(self, k: int) -> tuple[F32, F64]:
        """exp(k (l - top)) of each trick, and its top."""
        if k not in self.powers:
            top = self.problem.log_factor.max(axis=1, keepdims=True)
            scaled = np.exp(np.float32(k) * (self.problem.log_factor - top))
            self.powers[k] = scaled.astype(np.float32), top[:, 0].astype(np.float64)
        return self.powers[k]

    def prices(self, node: _Node, which: NDArray[np.int64]) -> F64:
        """What each trick would cost now: its sources' control too, where it is not had yet."""
        p = self.problem
        return np.array(
            [p.cost[m] + sum(p.control[s] for s in p.needs[m] if s not in node.controlled) for m in which]
        )

    def shared_prices(self, node: _Node, which: NDArray[np.int64]) -> F64:
        """A lower bound of what each trick adds to the cost of any plan that holds it."""
        p = self.problem
        least = max(float(p.cost[which].min()), 1e-9)
        shared = np.empty(len(which))
        for k, m in enumerate(which):
            shared[k] = p.cost[m]
            for s in p.needs[m]:
                if s not in node.controlled:
                    most = math.floor((node.left - float(p.control[s])) / least + 1e-9)
                    shared[k] += float(p.control[s]) / max(most, 1)
        return shared

    def look(self, node: _Node) -> tuple[NDArray[np.int64], F64, NDArray[np.bool_]]:
        """Affordable tricks, the log odds with each, and whether enough particles bear that out."""
        which = node.rest[self.prices(node, node.rest) <= node.left + 1e-9]
        both = (node.yes, node.no)
        sums = np.stack([_dot(self.factor, side) for side in both], axis=1)[which]
        # Scaled up: squares of small weights would leave the range of 32 bits.
        squares = np.stack([_dot(self.square, 1e3 * side**2) for side in both], axis=1)[which] / 1e3
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(sums[:, 0]) - np.log(sums[:, 1])
            enough = (sums**2 / squares >= np.array(self.least)).all(axis=1)
        return which, odds, np.asarray(enough)

    def propose(self, node: _Node, which: NDArray[np.int64], odds: F64, enough: NDArray[np.bool_]) -> None:
        """Keep the best of the plans one trick farther on."""
        fit = np.where(enough, odds, -np.inf)
        if len(fit) and fit.max() > self.best + TINY:
            k = int(np.argmax(fit))
            self.best, self.best_plan = float(fit[k]), (*node.chosen, int(which[k]))

    def child(self, node: _Node, m: int, rest: NDArray[np.int64]) -> _Node:
        """The node one trick farther on."""
        p = self.problem
        factor = self.factor[m].astype(np.float64)
        yes, no = node.yes * factor, node.no * factor
        scale = 1.0 / (yes.sum() + no.sum())
        extra = sum(p.control[s] for s in p.needs[m] if s not in node.controlled)
        return _Node(
            chosen=(*node.chosen, m),
            yes=yes * scale,
            no=no * scale,
            left=node.left - float(p.cost[m]) - float(extra),
            controlled=node.controlled | set(p.needs[m]),
            rest=rest[~p.clash[m, rest]],
        )

    def beam(self, root: _Node, width: int) -> None:
        """Grow plans trick by trick, of each size keeping the best; a width of one is greedy choice."""
        nodes = [root]
        while nodes:
            grown: dict[frozenset[int], tuple[float, _Node, int]] = {}
            for node in nodes:
                if not len(node.rest):
                    continue
                which, odds, enough = self.look(node)
                self.propose(node, which, odds, enough)
                fit = np.where(enough, odds, -np.inf)
                for k in np.argsort(-fit, kind="stable")[:width]:
                    if np.isfinite(fit[k]):
                        plan = frozenset((*node.chosen, int(which[k])))
                        grown.setdefault(plan, (float(fit[k]), node, int(which[k])))
            best = sorted(grown.values(), key=lambda row: -row[0])[:width]
            nodes = [self.child(node, m, node.rest[node.rest != m]) for _, node, m in best]

    def greedy(self, root: _Node) -> None:
        """Add the trick that gains most for its price, until none gains."""
        node, here = root, _odds(root)
        while len(node.rest):
            which, odds, enough = self.look(node)
            if not len(which):
                return
            self.propose(node, which, odds, enough)
            gain = odds - here
            gain = np.where(gain > TINY, gain / np.maximum(self.prices(node, which), 1e-9), -np.inf)
            gain = np.where(enough, gain, -np.inf)
            k = int(np.argmax(gain))
            if not gain[k] > 0.0:
                return
            m, here = int(which[k]), float(odds[k])
            node = self.child(node, m, node.rest[node.rest != m])

    def visit(self, node: _Node) -> None:
        """Try every plan that holds this node's tricks, but for those that cannot be better."""
        self.nodes += 1
        if not len(node.rest):
            return
        which, odds, enough = self.look(node)
        self.propose(node, which, odds, enough)
        if not len(which):
            return
        shared = self.shared_prices(node, which)
        group = self.problem.group[which]
        k = int(np.searchsorted(np.cumsum(_least_of(group, shared)), node.left + 1e-9, side="right"))
        if k < 2:
            return
        worth = self.worth(node, which, k)
        order = np.argsort(-worth, kind="stable")
        which, worth, shared, group = which[order], worth[order], shared[order], group[order]
        here = _odds(node)
        for i, m in enumerate(which):
            if self.nodes >= self.nodes_left:
                # One bound for this branch and all that are left: what could be added of all their tricks.
                bound = here + _knapsack(worth[i:], shared[i:], group[i:], node.left, k)
                if bound > max(self.best, self.at_least) + TINY:
                    self.exact = False
                    self.open_bound = max(self.open_bound, bound)
                return
            other = i + 1 + np.flatnonzero(group[i + 1 :] != group[i])
            ahead = _knapsack(worth[other], shared[other], group[other], node.left - float(shared[i]), k - 1)
            bound = here + float(worth[i]) + ahead
            if bound <= max(self.best, self.at_least) + TINY:
                continue
            self.visit(self.child(node, int(m), which[i + 1 :]))

    def worth(self, node: _Node, which: NDArray[np.int64], k: int) -> F64:
        """h of each trick: what it can add at most to the log odds, among at most k."""
        scaled, top = self.power(k)
        yes, no = node.yes / node.yes.sum(), node.no / node.no.sum()
        with np.errstate(divide="ignore"):
            mean = np.log(_dot(scaled, yes)[which])
        # Above what rounding to 32 bits can take away.
        return np.asarray(top[which] + mean / k - _dot(self.problem.log_factor, no)[which] + 1e-4)


def _dot(rows: F32, column: F64) -> F64:
    """Rows (C, N) times a column (N,): one thread, in an order that no number of threads can change."""
    return np.asarray(np.einsum("cn,n->c", rows, column.astype(np.float32)), dtype=np.float64)


def _odds(node: _Node) -> float:
    return float(np.log(node.yes.sum()) - np.log(node.no.sum()))


def _least_of(group: NDArray[np.int64], price: F64) -> F64:
    """The lowest price in each group, lowest first."""
    order = np.lexsort((price, group))
    first = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    return np.asarray(np.sort(price[order][first]))


def _knapsack(worth: F64, price: F64, group: NDArray[np.int64], budget: float, most: int) -> float:
    """Upper bound of the worth of at most `most` things within a budget; things may be had in part.

    `worth` falls; of a group at most one can be had, here for the lowest price in it.
    """
    n_good = int(np.searchsorted(-worth, 0.0, side="left"))
    if not n_good or budget <= 0.0 or most < 1:
        return 0.0
    worth, price, group = worth[:n_good], price[:n_good], group[:n_good]
    _, first, member = np.unique(group, return_index=True, return_inverse=True)
    least = np.full(len(first), np.inf)
    np.minimum.at(least, member, price)
    worth, price = worth[first], least
    by_number = float(np.sort(worth)[::-1][:most].sum())
    order = np.argsort(-worth / np.maximum(price, 1e-9), kind="stable")
    spent = np.cumsum(price[order])
    whole = spent <= budget + 1e-9
    total = float(worth[order][whole].sum())
    n = int(whole.sum())
    if n < len(order):
        before = float(spent[n - 1]) if n else 0.0
        total += float(worth[order][n]) * (budget - before) / max(float(price[order][n]), 1e-9)
    return min(by_number, total)


def best_plan(
    problem: Problem,
    budget: float,
    *,
    up: bool,
    start: tuple[int, ...] = (),
    at_least: float | None = None,
    nodes: int = NODES,
    width: int = WIDTH,
) -> Found:
    """The plan within the budget that drives the odds farthest.

    Parameters
    ----------
    problem : tricks and particles
    budget : what the plan may cost
    up : drive the odds up; else down
    start : a plan known to be within the budget, which the answer is never worse than
    at_least : log odds of interest: branches that cannot pass it are cut off, and the plan returned is the
        best only if it passes it
    nodes : limit of the search
    width : plans of each size that the start carries on

    Returns
    -------
    Found; the empty plan where none is better than doing nothing

    Examples
    --------
    Three tricks on four particles; the first two together cost 2:

    >>> problem = Problem(
    ...     log_factor=np.log(np.array([[2, 2, 1, 1], [1, 3, 1, 1], [1, 1, 2, 2]], dtype=np.float32)),
    ...     weight=np.full(4, 0.25),
    ...     truth=np.array([1.0, 1.0, 0.0, 0.0]),
    ...     cost=np.ones(3),
    ...     needs=((), (), ()),
    ...     control=np.zeros(0),
    ...     clash=np.zeros((3, 3), dtype=bool),
    ...     group=np.arange(3),
    ... )
    >>> found = best_plan(problem, 2.0, up=True)
    >>> sorted(found.plan), round(float(np.exp(found.log_odds)), 3), found.exact
    ([0, 1], 4.0, True)
    """
    toward = problem.truth if up else 1.0 - problem.truth
    sign = 1.0 if up else -1.0
    nothing = problem.log_odds(())
    if not np.isfinite(nothing) or not len(problem.cost):
        return Found(plan=(), log_odds=nothing, bound=nothing, exact=True, nodes=0)
    best = sign * nothing
    plan: tuple[int, ...] = ()
    if start and sign * problem.log_odds(start) > best:
        best, plan = sign * problem.log_odds(start), start
    search = _Search(
        problem=problem,
        up=up,
        nodes_left=nodes,
        at_least=-np.inf if at_least is None else sign * at_least,
        best=best,
        best_plan=plan,
    )
    weight = problem.weight / problem.weight.sum()
    root = _Node(
        chosen=(),
        yes=weight * toward,
        no=weight * (1.0 - toward),
        left=budget,
        controlled=frozenset(),
        rest=np.arange(len(problem.cost)),
    )
    search.beam(root, width)
    search.greedy(root)
    search.visit(root)
    found = search.best_plan
    if start and sign * (problem.log_odds(start) - problem.log_odds(found)) > 0.0:
        found = start
    # Branches below `at_least` were cut off unseen: all that is known of them is that they stay below it.
    bound = max(search.best, search.open_bound, search.at_least)
    return Found(
        plan=tuple(sorted(found)),
        log_odds=problem.log_odds(found),
        bound=sign * bound,
        exact=search.exact,
        nodes=search.nodes,
    )


__all__ = ["NODES", "Found", "Problem", "best_plan"]
