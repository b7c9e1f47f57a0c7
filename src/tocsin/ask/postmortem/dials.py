"""Numbers of a case that can be turned: weights of reasons and threats, and where factors start."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from tocsin.case import words
from tocsin.game.plan import FACTOR, Plan
from tocsin.infer.evidence import ON_FACTOR
from tocsin.infer.particles import Particles
from tocsin.infer.posterior import Posterior

# How far a number is moved, in the standard deviations that its word carries.
MOVES = (-4.0, -2.5, -1.25, 1.25, 2.5, 4.0)
# A start of 0 or 1 has no odds: it is moved from as near as this.
EDGE = 0.02
# A number stated without a spread is moved as one that is stated bare (`tocsin.case.words`).
BARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """A number that can be turned: what it is, where it stood, and how a particle's story changes with it."""

    kind: str
    reference: str
    label: str
    held: float
    value: Callable[[float], float]  # of so many standard deviations
    turned: Callable[[Particles, float], tuple[Particles, Plan, tuple[int, ...]]]
    items: np.ndarray  # of the evidence that bears on it


def reason_weights(posterior: Posterior) -> Iterable[Dial]:
    """Weights of reasons and threats: all terms of one are scaled together."""
    game = posterior.game
    groups: dict[tuple[str, str], list[int]] = {}
    for j, term in enumerate(game.terms):
        if term.name in ("reason", "deterrence"):
            groups.setdefault((term.name, term.reference), []).append(j)
    priors = {("reason", r.id): words.weight(r.weight) for r in game.case.reasons}
    priors |= {("deterrence", f"{t.by} -> {t.against}"): words.weight(t.strength) for t in game.case.threats}
    for (name, reference), members in groups.items():
        prior = priors[name, reference]
        if prior.median <= 0.0:
            continue
        spread = prior.scale or BARE * words.WORD_SPREAD["log"]

        def value(move: float, median: float = prior.median, spread: float = spread) -> float:
            return median * math.exp(spread * move)

        def turned(
            particles: Particles, move: float, members: list[int] = members, spread: float = spread
        ) -> tuple[Particles, Plan, tuple[int, ...]]:
            gate = game.plan.term_gate.copy()
            gate[:, members] *= np.float32(math.exp(spread * move))
            fronts = tuple(sorted({game.terms[j].front for j in members}))
            return particles, game.plan._replace(term_gate=gate), fronts

        yield Dial(
            kind="reason" if name == "reason" else "threat",
            reference=reference,
            label=game.terms[members[0]].label,
            held=prior.median,
            value=value,
            turned=turned,
            items=np.empty(0, dtype=np.int32),
        )


def factor_starts(posterior: Posterior) -> Iterable[Dial]:
    """Where factors start: the shift dies away as the factor reverts."""
    game = posterior.game
    evidence = posterior.evidence
    for k, factor in enumerate(game.case.factors):
        fronts = tuple(
            sorted({game.terms[j].front for j in range(len(game.terms)) if _scaled_by(game.plan, j, k)})
        )
        if not fronts:
            continue
        spread = BARE * words.WORD_SPREAD["logit"]
        held = min(max(factor.start, EDGE), 1.0 - EDGE)

        def value(move: float, held: float = held, spread: float = spread) -> float:
            return 1.0 / (1.0 + math.exp(-(math.log(held / (1.0 - held)) + 2.0 * spread * move)))

        def turned(
            particles: Particles,
            move: float,
            k: int = k,
            fronts: tuple[int, ...] = fronts,
            value: Callable[[float], float] = value,
            start: float = factor.start,
        ) -> tuple[Particles, Plan, tuple[int, ...]]:
            path = particles.factor.copy()
            path[0, k] += value(move) - start
            shift = path[0, k] - particles.factor[0, k]
            for t in range(1, particles.step + 1):
                shift = shift * game.plan.factor_keep[t, k]
                path[t, k] = np.clip(particles.factor[t, k] + shift, 0.0, 1.0)
                shift = path[t, k] - particles.factor[t, k]
            return replace(particles, factor=path), game.plan, fronts

        yield Dial(
            kind="factor",
            reference=factor.id,
            label=factor.name,
            held=factor.start,
            value=value,
            turned=turned,
            items=np.flatnonzero((evidence.kind == ON_FACTOR) & (evidence.ref == k)).astype(np.int32),
        )


def _scaled_by(plan: Plan, j: int, k: int) -> bool:
    return bool(plan.term_kind[j] == FACTOR and plan.term_ref[j] == k)


__all__ = ["MOVES", "Dial", "factor_starts", "reason_weights"]
