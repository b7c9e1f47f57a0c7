"""How near histories are to a question's resolution rule, step by step: the heights of splitting.

The height is the log chance that the rule comes true in the very next step if its parts were independent
given the state. Parts that have come true already count as certain. A better height makes a rare outcome
cheaper to estimate; no height makes the estimate wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from tocsin.ask.resolve import steps_between
from tocsin.case.model import Question, Rule
from tocsin.game.plan import F32, F64, PERIL, U8, Game, Plan
from tocsin.game.reference import ramp
from tocsin.infer.nearness import NONE, front_nearness, log_chances

Held = NDArray[np.bool_]
# Postures of all fronts are features where there are few enough for a fit to tell them apart.
MOST_POSTURES = 6


class Histories(Protocol):
    """Histories of N runs from the as-of step on: K rows."""

    @property
    def plan(self) -> Plan:
        """The game; its rows are the histories' own."""

    @property
    def rows(self) -> F32:
        """(P, N) parameter rows."""

    @property
    def posture(self) -> U8:
        """(K, F, N)."""

    @property
    def goal(self) -> U8:
        """(K, F, N)."""

    @property
    def level(self) -> U8:
        """(K, F, N) readiness."""

    @property
    def factor(self) -> F32:
        """(K, number of factors, N)."""

    @property
    def standing(self) -> F32:
        """(K, A, N)."""

    @property
    def wear(self) -> F32:
        """(K, A, N)."""

    @property
    def deal(self) -> U8:
        """(K, G, N) bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One thing that a rule names, and the steps that count."""

    kind: str  # "front", "factor" or "deal"
    ref: int
    least: float  # rung reached, or value to be above
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """So many of some leaves (by number) and nodes."""

    needed: int
    parts: tuple[int | Node, ...]


def leaves_of(game: Game, question: Question) -> tuple[tuple[Leaf, ...], Node]:
    """A question's rule as leaves, and how they are put together."""
    leaves: list[Leaf] = []

    def visit(rule: Rule, since: dt.date, by: dt.date) -> int | Node:
        since = rule.since or since
        by = min(rule.by, by) if rule.by else by
        steps = steps_between(game, since, by)
        window = {"first": steps.start, "last": steps.stop - 1}
        if rule.front is not None:
            rung = game.rungs.index(rule.reaches or "")
            leaves.append(Leaf(kind="front", ref=game.fronts.index(rule.front), least=rung, **window))
        elif rule.factor is not None:
            above = rule.above or 0.0
            leaves.append(Leaf(kind="factor", ref=game.factors.index(rule.factor), least=above, **window))
        elif rule.deal is not None:
            leaves.append(Leaf(kind="deal", ref=game.deals.index(rule.deal), least=1, **window))
        else:
            parts = rule.any_ or rule.all_ or rule.of or ()
            needed = 1 if rule.any_ else len(parts) if rule.all_ else rule.at_least or 1
            return Node(needed=needed, parts=tuple(visit(part, since, by) for part in parts))
        return len(leaves) - 1

    root = visit(question.rule, question.since or game.case.start, question.by)
    return tuple(leaves), root if isinstance(root, Node) else Node(needed=1, parts=(root,))


def holds(leaf: Leaf, posture: U8, factor: F32, deal: U8, first_step: int) -> Held:
    """Whether the leaf held on each row by itself: (K, N); row 0 is step `first_step`."""
    if leaf.kind == "front":
        true = posture[:, leaf.ref] >= leaf.least
    elif leaf.kind == "factor":
        true = factor[:, leaf.ref] > leaf.least
    else:
        true = deal[:, leaf.ref] & 1 == 1
    steps = np.arange(first_step, first_step + len(true))
    return np.asarray(true & ((steps >= leaf.first) & (steps <= leaf.last))[:, None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What can be told of each history after each row, for how near it is."""

    true: Held  # (K, N) the rule has come true
    next_step: F64  # (K, N) log chance that it does in the next step
    potential: F64  # (K, N) the same if both sides stood one rung short of it already
    time: int  # which feature is the log of the steps left
    features: tuple[np.ndarray, ...]  # D of (K, N): that chance, and what else bears on whether it ever does


def read_signs(
    game: Game, leaves: tuple[Leaf, ...], root: Node, histories: Histories, before: Held, now: int
) -> Signs:
    """How near each history is after each row.

    Parameters
    ----------
    before : (leaves, N) which leaves had come true by the as-of step, `now`
    """
    held, near, short, features = [], [], [], []
    n_rows, n_fronts, n = histories.posture.shape
    for leaf, already in zip(leaves, before, strict=True):
        true = holds(leaf, histories.posture, histories.factor, histories.deal, now)
        true[0] |= already
        held.append(np.logical_or.accumulate(true, axis=0))
        log_chances, more = _next(game, leaf, histories)
        # Nothing can come true after the last step that counts.
        log_chances[:, np.arange(now + 1, now + 1 + n_rows) > leaf.last] = NONE
        open_ = ~held[-1]
        near.append(np.where(open_, log_chances[0], 0.0))
        short.append(np.where(open_, log_chances[-1], 0.0))
        features += [held[-1], *(open_ * x for x in (*log_chances, *more))]
    whole, next_step = _put_together(root, held, near)
    left = np.log(np.maximum(n_rows - 1.0 - np.arange(n_rows), 0.5))
    _, potential = _put_together(root, held, short)
    time = len(features) + 1
    features += [next_step, np.broadcast_to(left[:, None], (n_rows, n))]
    if n_fronts <= MOST_POSTURES:
        features += list(np.moveaxis(histories.posture, 1, 0))
    return Signs(true=whole, next_step=next_step, potential=potential, time=time, features=tuple(features))


def _put_together(node: Node, held: list[Held], near: list[F64]) -> tuple[Held, F64]:
    parts = [
        (held[part], near[part]) if isinstance(part, int) else _put_together(part, held, near)
        for part in node.parts
    ]
    whole = np.sum([h for h, _ in parts], axis=0) >= node.needed
    if node.needed == 1:
        log_chance = np.logaddexp.reduce([n for _, n in parts], axis=0)
    else:
        # The nearest so many have to come true together.
        nearest = np.sort(np.stack([n for _, n in parts]), axis=0)[-node.needed :]
        log_chance = nearest.sum(axis=0)
    return whole, np.where(whole, 0.0, np.minimum(log_chance, 0.0))


def _next(game: Game, leaf: Leaf, histories: Histories) -> tuple[np.ndarray, list[np.ndarray]]:
    """Log chances that a leaf comes true in the step after each row, the plain one first; and features."""
    plan = histories.plan
    n_rows, _, n = histories.posture.shape
    if leaf.kind == "front":
        f, back = leaf.ref, int(plan.reverse[leaf.ref])
        found = _front(histories, f, int(leaf.least))
        more: list[np.ndarray] = []
        peril = {
            int(plan.term_ref[j])
            for j in range(plan.term_start[f], plan.term_start[f + 1])
            if plan.term_kind[j] == PERIL
        }
        if back >= 0:
            more += list(_front(histories, back, int(leaf.least)))
            more.append(histories.posture[:, back])
        more += [histories.posture[:, other] for other in sorted(peril)]
        more.append(histories.posture[:, f])
        more.append(histories.level[:, f])
        return found, more
    after = np.minimum(np.arange(n_rows) + 1, n_rows - 1)
    if leaf.kind == "deal":
        talks = np.where(plan.deal_open[after, leaf.ref] > 0, plan.p_talks[after, leaf.ref], 0.0)
        with np.errstate(divide="ignore"):
            by_step = np.maximum(np.log(np.where(plan.deal_force[after, leaf.ref] > 0, 1.0, talks)), NONE)
        sides = [int(f) for f in plan.deal_front[leaf.ref] if f >= 0]
        return (
            np.repeat(by_step[None, :, None], n, axis=2),
            [histories.posture[:, f] for f in sides],
        )
    k = leaf.ref
    x = histories.factor[:, k].astype(np.float64)
    target = np.repeat(plan.factor_target[after, k].astype(np.float64)[:, None], n, axis=1)
    for driver in np.flatnonzero(plan.driver_factor == k):
        path = histories.posture[:, plan.driver_front[driver]].astype(np.int64)
        target += plan.driver_gain[driver] * ramp(path, int(plan.driver_from[driver]), len(game.rungs))
    keep = plan.factor_keep[after, k].astype(np.float64)[:, None]
    mean = keep * x + (1.0 - keep) * np.clip(target, 0.0, 1.0) + plan.factor_jump[after, k][:, None]
    noise = np.maximum(plan.factor_noise[after, k].astype(np.float64), 1e-3)[:, None]
    return np.maximum(log_ndtr((mean - leaf.least) / noise), NONE)[None], [x, target]


def _front(histories: Histories, f: int, rung: int) -> F32:
    n_rows, _, n = histories.posture.shape
    out = log_chances(n_rows, n)
    front_nearness(
        histories.plan, f, rung, histories.rows, histories.posture, histories.goal, histories.level,
        histories.factor, histories.standing, histories.wear, histories.deal, out,
    )  # fmt: skip
    return out


__all__ = ["Histories", "Leaf", "Node", "Signs", "holds", "leaves_of", "read_signs"]
