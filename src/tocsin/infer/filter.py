"""The fully adapted particle filter (Pitt and Shephard 1999), with resample-move (Gilks and Berzuini 2001).

At each step the next postures are drawn **given** what was reported of them, and the particle is weighted by
the chance of those reports given its past; everything else known in the step (on factors, dispositions, or
older days) weighs the particle by its own history. When the weights have become uneven the island is
resampled and the fixed numbers of every second particle are moved by Metropolis steps that leave the
posterior as it is.

Do not use it for a case whose evidence has no chance under the model: it says so and stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.errors import TocsinError
from tocsin.game import kernel
from tocsin.game.plan import F64, I32, Game
from tocsin.infer import kernel as evidence_kernel
from tocsin.infer.evidence import ON_POSTURE, ON_READINESS, POSTURE_REPORT, Evidence, Item
from tocsin.infer.particles import Particles, start_island
from tocsin.infer.rejuvenate import Mover

# Resample when the weights are worth less than this share of the particles: early, since every resampling
# brings moves, and fixed numbers that are moved often do not starve (docs/inference.md).
RESAMPLE_BELOW = 0.8
# Of the offspring of a resampling, move one of so many (`_resample` says why not just the copies).
MOVE_ONE_OF = 2
# An item without any chance has the log of the smallest normal number of 32 bits, so that sums stay finite.
NO_CHANCE = -85.0
# A step costs as much as the past is long, so the first ones can afford more particles; a crisis is decided
# early more often than not, and what is lost there is never won back.
EARLY_BUDGET, MOST_EARLY = 32, 8


def particles_at(n: int, step: int, now: int) -> int:
    """Particles to carry on after `step`: up to 8 n while the past is short, n at the as-of step."""
    if step >= now:
        return n
    share = EARLY_BUDGET // max(step, 1)
    return n * (1 << min(MOST_EARLY.bit_length() - 1, max(share.bit_length() - 1, 0)))


class DegenerateWeightsError(TocsinError):
    """No particle explains what was reported in a step."""

    def __init__(self, step_first_day: object, items: tuple[Item, ...]) -> None:
        named = "; ".join(item.report or f"silence of {item.source} on {item.target}" for item in items[:12])
        super().__init__(
            f"no particle explains what became known in the step from {step_first_day}: {named}\n"
            "  mend: raise the number of particles, or look for a report that the case makes impossible "
            "(a grade of certainty, a likelihood of 0, a readiness that rules the posture out)"
        )
        self.items = items


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What an island looked like after each step, 0 to now."""

    log_evidence: F64  # (S,)
    effective_share: F64  # (S,) effective sample size over particles
    disposition: F64  # (S, A, n_dispositions)
    deceives: F64  # (S, A)
    posture: F64  # (S, F, L)
    goal: F64  # (S, F, L)
    readiness: F64  # (S, F, 4)
    factor: F64  # (S, K)
    standing: F64  # (S, A)


class EvidenceStep:
    """The evidence of a case sorted by the step it enters, and the two ways it is weighed."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        e = evidence
        on_front = (e.kind == POSTURE_REPORT) | (e.kind == ON_POSTURE) | (e.kind == ON_READINESS)
        self.timely = on_front & (e.known == e.happened)
        self._item_columns = (
            e.offset, e.slope, e.reliability, e.grade, e.base, e.level, e.n_levels, e.clarity, e.conceal,
            e.plant, e.owner,
        )  # fmt: skip

    def adapted(self, step: int) -> I32:
        """Items that the draw of this step can be adapted to."""
        return np.flatnonzero(self.timely & (self.evidence.known == step)).astype(np.int32)

    def weighed(self, step: int) -> I32:
        """Items that weigh a particle by its history."""
        return np.flatnonzero(~self.timely & (self.evidence.known == step)).astype(np.int32)

    def tables(self, which: I32, particles: Particles) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The evidence arguments of the step kernel for these items."""
        e = self.evidence
        n_fronts, n_rungs, n = len(particles.game.fronts), len(particles.game.rungs), particles.n
        if not len(which):
            return kernel.no_evidence(n_fronts, n_rungs)
        fronts = np.unique(e.ref[which])
        see_front = np.full(n_fronts, -1, dtype=np.int32)
        see_front[fronts] = np.arange(len(fronts), dtype=np.int32)
        plane = np.zeros(e.n_items, dtype=np.int32)
        plane[which] = see_front[e.ref[which]]
        see_posture = np.ones((len(fronts), n_rungs, n), dtype=np.float32)
        see_level = np.ones((len(fronts), 4, n), dtype=np.float32)
        evidence_kernel.tables(
            which,
            plane,
            e.kind,
            *self._item_columns,
            particles.values,
            particles.deceives,
            see_posture,
            see_level,
        )
        return see_front, see_posture, see_level

    def log_chance(
        self,
        which: I32,
        particles: Particles,
        out: np.ndarray,
        *,
        values: np.ndarray | None = None,
        deceives: np.ndarray | None = None,
        disposition: np.ndarray | None = None,
    ) -> np.ndarray:
        """Summed log chance of items given each particle's history and, if given, other numbers."""
        e = self.evidence
        evidence_kernel.items_log_chance(
            which,
            e.kind,
            e.ref,
            e.happened,
            *self._item_columns,
            particles.values if values is None else values,
            particles.deceives if deceives is None else deceives,
            particles.disposition if disposition is None else disposition,
            particles.posture,
            particles.readiness,
            particles.factor,
            out,
        )
        return out

    def rules_out(self, which: I32, particles: Particles) -> bool:
        """Whether every particle is contradicted by an item that has no chance in its history."""
        alone = np.empty((len(which), particles.n), dtype=np.float32)
        for row, k in zip(alone, which, strict=True):
            self.log_chance(np.array([k], dtype=np.int32), particles, row)
        return bool((alone.min(axis=0) <= NO_CHANCE).all())


def systematic(weights: F64, u: float, n: int) -> I32:
    """Systematic resampling: ancestors of n equally weighted particles, in order (Kitagawa 1996)."""
    edges = np.cumsum(weights)
    edges[-1] = 1.0
    return np.searchsorted(edges, (np.arange(n) + u) / n).astype(np.int32)


def _observe(particles: Particles, n_dispositions: int) -> tuple[np.ndarray, ...]:
    weight = particles.weights()
    n_rungs = len(particles.game.rungs)
    t = particles.step

    def shares(marks: np.ndarray, n_levels: int) -> np.ndarray:
        return np.stack([np.bincount(row, weights=weight, minlength=n_levels) for row in marks])

    return (
        shares(particles.disposition, n_dispositions),
        shares(particles.deceives, 2)[:, 1],
        shares(particles.posture[t], n_rungs),
        shares(particles.goal[t], n_rungs),
        shares(particles.readiness[t], 4),
        (particles.factor[t] * weight).sum(axis=-1),
        (particles.standing[t] * weight).sum(axis=-1),
    )


def _resample(particles: Particles, ancestors: I32, mover: Mover | None) -> None:
    """Replace the particles by their offspring, and move every second one.

    Which offspring move must not depend on what they are. To move the further copies of each survivor alone
    would be cheaper, but copies are where the weights were high: they are distributed as the *excess* of the
    posterior over what was drawn, which the moves do not leave as it is, and the evidence would be watered
    down (tests/infer/test_enumeration.py shows it). Every second offspring in systematic order is itself a
    systematic sample of the posterior, and of two copies of one survivor it moves exactly one.
    """
    first = int(particles.rng.integers(MOVE_ONE_OF))
    moving = np.arange(first if mover else len(ancestors), len(ancestors), MOVE_ONE_OF, dtype=np.int32)
    if len(ancestors) != particles.n:
        particles.take(ancestors)
        source, into = moving, moving
    else:
        # A survivor with an offspring that stays keeps its lane and its numbers; only the rest is written.
        staying = np.bincount(np.delete(ancestors, moving), minlength=particles.n)
        copied = np.repeat(np.arange(particles.n, dtype=np.int32), np.maximum(staying - 1, 0))
        source, into = (
            np.concatenate([ancestors[moving], copied]),
            np.flatnonzero(staying == 0).astype(np.int32),
        )
        particles.log_weight[:] = 0.0
    if not len(source):
        return
    copies = particles.subset(source)
    if mover:
        movers = np.arange(len(moving), dtype=np.int32)
        moved = copies.subset(movers) if len(moving) < len(source) else copies
        mover.sweep(moved)
        if moved is not copies:
            copies.put(movers, moved)
    particles.put(into, copies)


def filter_island(
    game: Game, evidence: Evidence, *, n: int, seed: int, island: int = 0, moves: bool = True
) -> tuple[Particles, Trace]:
    """Filter one island from the start to the as-of step.

    Parameters
    ----------
    game, evidence : compiled for the same as-of day
    n : particles of the island
    seed, island : fix every draw, whatever else runs at the same time
    moves : rejuvenate after resampling; without it fixed numbers starve

    Returns
    -------
    The weighted particles at the as-of step, and what they looked like at each step.

    Raises
    ------
    DegenerateWeightsError if no particle explains what became known in a step
    """
    particles = start_island(game, particles_at(n, 0, game.now), seed, island)
    steps = EvidenceStep(evidence)
    mover = Mover(game, steps) if moves else None
    n_dispositions = len(game.dispositions)
    seen = [_observe(particles, n_dispositions)]
    log_evidence, sizes = [0.0], [1.0]
    for t in range(1, game.now + 1):
        adapted, weighed = steps.adapted(t), steps.weighed(t)
        kernel.advance(
            game.plan, particles.rows, particles.posture, particles.goal, particles.readiness,
            particles.factor, particles.standing, particles.wear, particles.deal, particles.slots,
            particles.keys, t - 1, t, True, particles.log_choice, particles.log_weight,
            *steps.tables(adapted, particles),
        )  # fmt: skip
        particles.step = t
        if len(weighed):
            log_chance = steps.log_chance(weighed, particles, np.empty(particles.n, dtype=np.float32))
            particles.log_weight += log_chance
            if log_chance.max() <= NO_CHANCE and steps.rules_out(weighed, particles):
                raise DegenerateWeightsError(
                    game.grid.first_day(t), tuple(evidence.items[k] for k in weighed)
                )
        if not particles.log_weight.max() > kernel.IMPOSSIBLE:
            raise DegenerateWeightsError(
                game.grid.first_day(t), tuple(evidence.items[k] for k in np.concatenate([adapted, weighed]))
            )
        log_evidence.append(particles.log_evidence_now())
        sizes.append(particles.effective_sample_size() / particles.n)
        seen.append(_observe(particles, n_dispositions))
        wanted = particles_at(n, t, game.now)
        if sizes[-1] < RESAMPLE_BELOW or wanted != particles.n:
            ancestors = systematic(particles.weights(), particles.rng.random(), wanted)
            particles.log_evidence = particles.log_evidence_now()
            particles.resamplings.append(t)
            _resample(particles, ancestors, mover)
    trace = Trace(
        log_evidence=np.array(log_evidence),
        effective_share=np.array(sizes),
        **{
            name: np.stack(part)
            for name, part in zip(
                ("disposition", "deceives", "posture", "goal", "readiness", "factor", "standing"),
                zip(*seen, strict=True),
                strict=True,
            )
        },
    )
    return particles, trace
