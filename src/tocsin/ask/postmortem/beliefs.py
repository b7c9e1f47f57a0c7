"""What would have had to be believed: how far one prior alone must move for the answer to be another.

Nothing is inferred anew. A prior over dispositions is changed by weighing the particles; a reason's weight or
a factor's start by weighing the decisions of the past again and running the future on with the same chance,
on the few particles of each island that are kept whole, as `tocsin.ask.sensitivity` ranks reasons. How far a
belief lies from what was held has one unit, the Kullback-Leibler divergence of the new prior from the old one
in nats: ``sum p' log(p' / p)`` for dispositions, ``d^2 / 2`` for a number moved by d of the standard
deviations that its word carries.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.ask.estimate import Chance
from tocsin.ask.postmortem.answer import Belief
from tocsin.ask.postmortem.dials import MOVES, Dial, factor_starts, reason_weights
from tocsin.ask.resolve import outcomes
from tocsin.ask.weights import FEWEST
from tocsin.game.plan import F32, F64, Plan
from tocsin.infer.filter import EvidenceStep
from tocsin.infer.particles import Particles, log_chance_of_goals, run_on
from tocsin.infer.posterior import Posterior, paths_of, pool
from tocsin.infer.work import do_all

EVEN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turned:
    """A dial at one setting: (Q,) changes of probability, their errors, and particles behind them."""

    shift: F64
    error: F64
    effective: float


def what_to_believe(
    posterior: Posterior,
    happened: np.ndarray,
    given: tuple[Chance, ...],
    enough: float,
    threads: int | None = None,
) -> tuple[tuple[Belief, ...], ...]:
    """For each question every belief, those that would do first and the nearest first among them.

    Parameters
    ----------
    posterior : the forecaster's own
    happened : (Q,) whether each question came true
    given : probability that was given to what happened, by question
    enough : the probability that would have been warning enough
    """
    dials = [*reason_weights(posterior), *factor_starts(posterior)]
    settings = [(dial, move) for dial in dials for move in MOVES]
    turned = _turn(posterior, settings, happened, threads)
    out = []
    for q, chance in enumerate(given):
        beliefs = list(_dispositions(posterior, q, bool(happened[q]), chance, enough))
        for k, dial in enumerate(dials):
            moved = turned[k * len(MOVES) : (k + 1) * len(MOVES)]
            beliefs.append(_belief(dial, moved, q, chance, enough))
        beliefs.sort(
            key=lambda b: (
                not (b.reliable and b.needed is not None),
                math.inf if b.distance is None else b.distance,
                -b.probability.probability,
            )
        )
        out.append(tuple(beliefs))
    return tuple(out)


def _dispositions(posterior: Posterior, q: int, yes: bool, chance: Chance, enough: float) -> Iterable[Belief]:
    """Priors over dispositions, moved to one of them with the rest in proportion."""
    game = posterior.game
    truth = outcomes(game, posterior.paths, posterior.followed)[q] == yes
    prior = game.statics.disposition_prior
    for i, actor in enumerate(game.actors):
        for d, name in enumerate(game.dispositions):
            held = float(prior[i, d])
            if not 0.0 < held < 1.0:
                continue
            marks = posterior.disposition[i] == d
            inside, outside = (
                (float(posterior.weight[m].sum()), float(posterior.weight[m & truth].sum()))
                for m in (marks, ~marks)
            )

            def at(
                new: float,
                held: float = held,
                i_: tuple[float, float] = inside,
                o_: tuple[float, float] = outside,
            ) -> float:
                up, down = new / held, (1.0 - new) / (1.0 - held)
                total = up * i_[0] + down * o_[0]
                return (up * i_[1] + down * o_[1]) / total if total > 0.0 else math.nan

            furthest = 0.999 if inside[1] * outside[0] > outside[1] * inside[0] else 0.001
            weight = posterior.weight * np.where(marks, furthest / held, (1.0 - furthest) / (1.0 - held))
            total = float(weight.sum())
            if not total > 0.0:
                continue
            mean, error = posterior.expect(truth.astype(np.float64), weight)
            effective = total**2 / float(np.sum(weight**2))
            needed, for_enough = (
                _crossing(at, held, furthest, goal) if chance.probability < goal else held
                for goal in (EVEN, enough)
            )
            yield Belief(
                kind="disposition",
                reference=f"{actor}: {name}",
                label=f"{actor} is {name}",
                held=held,
                needed=needed,
                distance=None if needed is None else _divergence(needed, held),
                for_enough=for_enough,
                furthest=furthest,
                probability=Chance(probability=float(mean), mc_error=float(error)),
                effective=effective,
                reliable=effective >= FEWEST,
            )


def _divergence(new: float, old: float) -> float:
    return sum(a * math.log(a / b) for a, b in ((new, old), (1.0 - new, 1.0 - old)) if a > 0.0)


def _crossing(at: Callable[[float], float], held: float, furthest: float, goal: float) -> float | None:
    """The nearest place between two where a monotone function reaches a goal; None if it does not."""
    if not at(furthest) >= goal:
        return None
    near, far = held, furthest
    for _ in range(60):
        middle = 0.5 * (near + far)
        near, far = (near, middle) if at(middle) >= goal else (middle, far)
    return far


def _turn(
    posterior: Posterior, settings: list[tuple[Dial, float]], happened: np.ndarray, threads: int | None
) -> list[_Turned]:
    """Every setting on every island's kept particles, paired with no change at all."""
    game = posterior.game
    steps = EvidenceStep(posterior.evidence)

    def log_choice(particles: Particles, front: int, plan: Plan) -> F32:
        return log_chance_of_goals(particles, np.array([front], dtype=np.int32), plan)

    def truth(particles: Particles) -> np.ndarray:
        yes = outcomes(game, paths_of(particles, posterior.followed), posterior.followed)
        return np.asarray(yes == happened[:, None], dtype=np.float64)

    def work(particles: Particles) -> tuple[F64, F64, F64, F64]:
        weight = particles.weights()
        run_on(particles, game.grid.n_steps)
        base = truth(particles) @ weight
        past = {
            f: log_chance_of_goals(particles, np.array([f], dtype=np.int32), game.plan)
            for f in range(len(game.fronts))
        }
        sums = np.empty((len(settings), len(happened)))
        totals, squares = np.empty(len(settings)), np.empty(len(settings))
        for k, (dial, move) in enumerate(settings):
            other, plan, fronts = dial.turned(particles, move)
            log_ratio = np.zeros(particles.n)
            for f in fronts:
                log_ratio += log_choice(other, f, plan) - past[f]
            if len(dial.items) and other is not particles:
                now, before = (np.empty(particles.n, dtype=np.float32) for _ in range(2))
                steps.log_chance(dial.items, other, now)
                steps.log_chance(dial.items, particles, before)
                log_ratio += now - before
            moved = weight * np.exp(log_ratio)
            run_on(other, game.grid.n_steps, plan)
            sums[k], totals[k], squares[k] = truth(other) @ moved, moved.sum(), np.sum(moved**2)
        return base, sums, totals, squares

    jobs = [partial(work, particles) for particles in posterior.samples]
    results = do_all(jobs, "islands run again", threads=threads)
    share = posterior.island_weight
    base, _ = pool(share[:, None] * np.stack([r[0] for r in results]), share, 1.0)
    out = []
    for k in range(len(settings)):
        totals = share * np.array([r[2][k] for r in results])
        sums = share[:, None] * np.stack([r[1][k] for r in results])
        effective = totals.sum() ** 2 / float(np.sum(share**2 * np.array([r[3][k] for r in results])))
        mean, error = pool(sums, totals, effective)
        out.append(_Turned(shift=mean - base, error=error, effective=effective))
    return out


def _belief(dial: Dial, turned: list[_Turned], q: int, chance: Chance, enough: float) -> Belief:
    """Where along its settings a dial brings the answer to the goals, by straight lines between them."""
    held = chance.probability

    def crossing(goal: float) -> float | None:
        if held >= goal:
            return 0.0
        found = []
        for side in (-1.0, 1.0):
            near, low = 0.0, held
            for move, at in sorted(zip(MOVES, turned, strict=True), key=lambda pair: abs(pair[0])):
                if move * side < 0.0 or at.effective < FEWEST:
                    continue
                high = held + float(at.shift[q])
                if high >= goal:
                    found.append(near + (move - near) * (goal - low) / (high - low))
                    break
                near, low = move, high
        return min(found, key=abs) if found else None

    even, for_enough = crossing(EVEN), crossing(enough)
    usable = [k for k, at in enumerate(turned) if at.effective >= FEWEST]
    reliable = bool(usable)
    best = max(usable or range(len(turned)), key=lambda k: float(turned[k].shift[q]))
    at = turned[best]
    return Belief(
        kind=dial.kind,
        reference=dial.reference,
        label=dial.label,
        held=dial.held,
        needed=None if even is None else (dial.value(even) if even else dial.held),
        distance=None if even is None else even**2 / 2.0,
        for_enough=None if for_enough is None else (dial.value(for_enough) if for_enough else dial.held),
        furthest=dial.value(MOVES[best]),
        probability=Chance(
            probability=float(min(max(held + at.shift[q], 0.0), 1.0)), mc_error=float(at.error[q])
        ),
        effective=at.effective,
        reliable=reliable,
    )


__all__ = ["what_to_believe"]
