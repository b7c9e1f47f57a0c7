"""Islands run and pooled: the weighted particles that every answer is a query on.

Islands are filtered independently and run on to the horizon, each on whatever thread is free; an island's
draws are fixed by its number, and sums run over islands in order, so the result is the same to the last bit
at any number of threads. An island counts by the evidence it found; the scatter between islands gives every
number its Monte Carlo standard error.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.game import reference
from tocsin.game.plan import F32, F64, U8, Game
from tocsin.infer.evidence import Evidence
from tocsin.infer.filter import EvidenceStep, Trace, filter_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.work import Progress, do_all

# Particles of each island that are kept whole.
SAMPLE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Histories of the particles from the start to the horizon, as far as questions refer to them."""

    posture: U8  # (T+1, F, N)
    deal: U8  # (T+1, G, N) 1 while in force
    factor: F32  # (T+1, n_followed, N)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What reports speak of besides postures, from the start to now; S = now + 1 steps."""

    readiness: U8  # (S, F, N)
    factor: F32  # (S, K, N)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Weighted particles of all islands, island after island; N = islands x particles of each."""

    game: Game
    evidence: Evidence
    seed: int
    islands: int
    weight: F64  # (N,) sums to one
    log_evidence: F64  # (M,) of each island
    z: F32  # (Z, N)
    values: F32  # (Q, N)
    disposition: U8  # (A, N)
    deceives: U8  # (A, N)
    goal: U8  # (F, N) now
    readiness: U8  # (F, N) now
    factor: F32  # (K, N) now
    standing: F32  # (A, N) now
    wear: F32  # (A, N) now
    soon_step: int  # a fortnight or so ahead
    soon_readiness: U8  # (F, N)
    soon_factor: F32  # (K, N)
    followed: tuple[int, ...]  # factors whose paths are kept
    paths: Paths
    calm: Paths  # the same chance run on without misperception and incidents
    evidence_log_chance: F32  # (reports + watches, N) of each item given each particle's history
    term_mean: F64  # (M, J + 2 F) contrast of each term, then reciprocity and inertia by front
    term_square: F64  # (M, J + 2 F)
    traces: tuple[Trace, ...]
    ancestors: int
    resamplings: float
    reports: tuple[int, ...]  # items that are reports, rows of evidence_log_chance; watches follow
    samples: tuple[Particles, ...]  # a few particles of each island with their whole histories, to run again
    past: Past | None = None  # kept if asked for: what a report that nobody made would have been weighed by

    @property
    def island_weight(self) -> F64:
        """(M,) share of each island in the pooled estimate."""
        return np.asarray(self.weight.reshape(self.islands, -1).sum(axis=1))

    def expect(self, values: np.ndarray, weight: F64 | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and Monte Carlo standard error of values (..., N), over islands.

        The estimate is a ratio of sums over independent islands, its error the delta-method one. Where no
        particle says otherwise (a probability of 0 or 1) the error is one over the effective sample size.
        """
        weight = self.weight if weight is None else weight
        m = self.islands
        shape = values.shape[:-1]
        flat = values.reshape(-1, m, values.shape[-1] // m)
        by_island = weight.reshape(m, -1)
        sums = np.stack([flat[:, i] @ by_island[i] for i in range(m)])
        return pool(
            sums.reshape(m, *shape), by_island.sum(axis=1), float(1.0 / np.sum(weight**2) * weight.sum() ** 2)
        )

    def island_draws(
        self, seed: int = 0
    ) -> tuple[dict[str, tuple[tuple[str, ...], np.ndarray]], dict[str, list[str]]]:
        """Equally weighted draws by island, for tools that know chains: name -> (dims, array), coords."""
        from tocsin.infer.filter import systematic

        m, game = self.islands, self.game
        n = len(self.weight) // m
        rng = np.random.default_rng(seed)
        lanes = np.concatenate(
            [
                i * n + systematic(part / part.sum(), rng.random(), n)
                for i, part in enumerate(self.weight.reshape(m, n))
            ]
        )

        def draws(array: np.ndarray) -> np.ndarray:
            taken = array[..., lanes].reshape(*array.shape[:-1], m, n)
            return np.moveaxis(taken, (-2, -1), (0, 1))

        now = game.now
        variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = {
            "quantity": (("chain", "draw", "quantity_name"), draws(self.values)),
            "disposition": (("chain", "draw", "actor"), draws(self.disposition)),
            "deceives": (("chain", "draw", "actor"), draws(self.deceives)),
            "posture": (("chain", "draw", "front"), draws(self.paths.posture[now])),
            "goal": (("chain", "draw", "front"), draws(self.goal)),
            "readiness": (("chain", "draw", "front"), draws(self.readiness)),
            "factor": (("chain", "draw", "factor_name"), draws(self.factor)),
            "standing": (("chain", "draw", "actor"), draws(self.standing)),
        }
        coords = {
            "quantity_name": list(game.statics.labels),
            "actor": list(game.actors),
            "front": list(game.fronts),
            "factor_name": list(game.factors),
        }
        return variables, coords


def pool(sums: np.ndarray, totals: np.ndarray, effective: float) -> tuple[np.ndarray, np.ndarray]:
    """Ratio of island sums to island totals and its standard error: sums (M, ...), totals (M,).

    The error is the larger of two that agree where islands weigh alike: the delta method's, and the scatter
    of the islands' own means over the effective number of islands. Where few islands carry the weight the
    first sees only how far these few stand from their own mean, and comes out too small.
    """
    m = len(totals)
    total = totals.sum()
    mean = sums.sum(axis=0) / total
    if m < 2:
        return mean, np.full_like(mean, np.nan)
    share = totals.reshape(m, *([1] * (sums.ndim - 1)))
    delta = np.sqrt(m / (m - 1.0) * np.sum((sums - share * mean) ** 2, axis=0)) / total
    # An island that holds none of what is asked about has no mean of its own, and counts as the pooled one.
    own = np.where(share > 0.0, sums / np.where(share > 0.0, share, 1.0), mean)
    scatter = own.std(axis=0, ddof=1) * np.sqrt(np.sum(totals**2)) / total
    error = np.maximum(delta, scatter)
    return mean, np.where(error > 0.0, error, np.where((mean <= 0.0) | (mean >= 1.0), 1.0 / effective, error))


def _contrasts(game: Game, particles: Particles) -> tuple[F64, F64]:
    """Weighted mean and mean square of what each term adds to an attack over an exchange, in nats."""
    plan, t = game.plan, game.now
    n_rungs = len(plan.need)
    high, low = int(plan.relief_rung), int(plan.blow)
    weight = particles.weights()
    state = reference.State(
        posture=particles.posture[t].astype(np.int64),
        goal=particles.goal[t].astype(np.int64),
        preparation=particles.readiness[t].astype(np.int64),
        factor=particles.factor[t].astype(np.float64),
        standing=particles.standing[t].astype(np.float64),
        wear=particles.wear[t].astype(np.float64),
        deal=particles.deal[t] & 1 == 1,
    )
    rows = particles.rows.astype(np.float64)
    n_terms, n_fronts = len(plan.term_kind), len(game.fronts)
    # The terms of the decision that comes next, from the state that is.
    ahead = min(t + 1, game.grid.n_steps)
    means, squares = np.zeros(n_terms + 2 * n_fronts), np.zeros(n_terms + 2 * n_fronts)

    def put(k: int, nats: np.ndarray) -> None:
        means[k], squares[k] = float(nats @ weight), float(nats**2 @ weight)

    for j in range(n_terms):
        from_ = int(plan.term_from[j])
        share = float(reference.ramp(high, from_, n_rungs) - reference.ramp(low, from_, n_rungs))
        put(j, share * reference.term_value(plan, j, ahead, rows, state, state.factor))
    for f in range(n_fronts):
        i, back = plan.front_from[f], plan.reverse[f]
        other = state.posture[back] if back >= 0 else np.zeros(particles.n)
        m = other + plan.lean[ahead, f] + rows[plan.row_bias[i]]
        pull = -0.5 * rows[plan.row_reciprocity[i]] * ((high - m) ** 2 - (low - m) ** 2)
        own = state.posture[f]
        stay = -rows[plan.row_inertia[i]] * (np.abs(high - own) - np.abs(low - own))
        put(n_terms + f, pull)
        put(n_terms + n_fronts + f, stay)
    return means, squares


@dataclass(frozen=True, slots=True, kw_only=True)
class _Island:
    """What is kept of one island once it has been run on; its own histories are let go."""

    log_evidence: float
    weight: F64
    z: F32
    values: F32
    disposition: U8
    deceives: U8
    goal: U8
    readiness: U8
    factor: F32
    standing: F32
    wear: F32
    soon_readiness: U8
    soon_factor: F32
    paths: Paths
    calm: Paths
    log_chance: F32
    term_mean: F64
    term_square: F64
    ancestors: int
    resamplings: int
    trace: Trace
    sample: Particles
    past: Past | None


def paths_of(particles: Particles, followed: tuple[int, ...]) -> Paths:
    """A copy of what an island's histories are now, which the next run of it will overwrite."""
    return Paths(
        posture=particles.posture.copy(),
        deal=particles.deal & np.uint8(1),
        factor=particles.factor[:, list(followed)].copy(),
    )


def _run_island(
    game: Game,
    evidence: Evidence,
    n: int,
    seed: int,
    island: int,
    followed: tuple[int, ...],
    soon: int,
    keep_past: bool,
) -> _Island:
    particles, trace = filter_island(game, evidence, n=n, seed=seed, island=island)
    reports = np.array([k for k, item in enumerate(evidence.items) if item.report], dtype=np.int32)
    groups = [np.array([k], dtype=np.int32) for k in reports] + list(evidence.watch_items)
    log_chance = np.zeros((len(groups), n), dtype=np.float32)
    steps = EvidenceStep(evidence)
    for row, which in zip(log_chance, groups, strict=True):
        if len(which):
            steps.log_chance(which, particles, row)
    term_mean, term_square = _contrasts(game, particles)
    until = game.grid.n_steps
    lanes = np.linspace(0, n - 1, min(SAMPLE, n)).astype(np.int32)
    sample = particles.subset(lanes, until + 1)
    sample.slots[particles.step + 1 :] = lanes.astype(np.uint32)
    no_errors = game.plan._replace(scale=np.zeros_like(game.plan.scale))
    run_on(particles, until, no_errors)
    calm = paths_of(particles, followed)
    run_on(particles, until)
    now = game.now
    return _Island(
        log_evidence=particles.log_evidence_now(),
        weight=particles.weights(),
        z=particles.z,
        values=particles.values,
        disposition=particles.disposition,
        deceives=particles.deceives,
        goal=particles.goal[now].copy(),
        readiness=particles.readiness[now].copy(),
        factor=particles.factor[now].copy(),
        standing=particles.standing[now].copy(),
        wear=particles.wear[now].copy(),
        soon_readiness=particles.readiness[soon].copy(),
        soon_factor=particles.factor[soon].copy(),
        paths=paths_of(particles, followed),
        calm=calm,
        log_chance=log_chance,
        term_mean=term_mean,
        term_square=term_square,
        ancestors=len(np.unique(particles.ancestor)),
        resamplings=len(particles.resamplings),
        trace=trace,
        sample=sample,
        past=Past(readiness=particles.readiness[: now + 1].copy(), factor=particles.factor[: now + 1].copy())
        if keep_past
        else None,
    )


def infer_posterior(
    game: Game,
    evidence: Evidence,
    *,
    particles: int = 50_000,
    islands: int = 20,
    seed: int = 1,
    threads: int | None = None,
    followed: tuple[int, ...] = (),
    soon_days: int = 14,
    keep_past: bool = False,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Posterior:
    """Filter every island to the as-of day, run it on to the horizon, and pool.

    Parameters
    ----------
    particles : in all; each island gets an equal share, rounded up
    islands : independent filters; 20 give errors good to about a sixth of themselves
    threads : at most so many at once; all cores if left out. The result does not depend on it
    followed : factors whose paths are kept
    keep_past : keep every readiness and factor up to now, so that reports can be weighed that nobody made
    progress : called after each island with (done, total, what)
    cancel : set it to stop before the next island

    Raises
    ------
    DegenerateWeightsError if no particle of an island explains the evidence; CancelledError
    """
    n = -(-particles // islands)
    now, until = game.now, game.grid.n_steps
    soon = max(now, min(until, game.grid.step_of(game.as_of + dt.timedelta(days=soon_days))))
    parts = do_all(
        [
            partial(_run_island, game, evidence, n, seed, island, followed, soon, keep_past)
            for island in range(islands)
        ],
        "islands filtered",
        threads=threads,
        progress=progress,
        cancel=cancel,
    )
    log_evidence = np.array([part.log_evidence for part in parts])
    share = np.exp(log_evidence - log_evidence.max())
    share /= share.sum()

    def join(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)

    def stack(name: str) -> F64:
        return np.stack([getattr(part, name) for part in parts])

    return Posterior(
        game=game,
        evidence=evidence,
        seed=seed,
        islands=islands,
        weight=np.concatenate([w * part.weight for w, part in zip(share, parts, strict=True)]),
        log_evidence=log_evidence,
        z=join("z"),
        values=join("values"),
        disposition=join("disposition"),
        deceives=join("deceives"),
        goal=join("goal"),
        readiness=join("readiness"),
        factor=join("factor"),
        standing=join("standing"),
        wear=join("wear"),
        soon_step=soon,
        soon_readiness=join("soon_readiness"),
        soon_factor=join("soon_factor"),
        followed=followed,
        paths=_join_paths([part.paths for part in parts]),
        calm=_join_paths([part.calm for part in parts]),
        evidence_log_chance=join("log_chance"),
        term_mean=stack("term_mean"),
        term_square=stack("term_square"),
        traces=tuple(part.trace for part in parts),
        ancestors=sum(part.ancestors for part in parts),
        resamplings=float(np.mean([part.resamplings for part in parts])),
        reports=tuple(k for k, item in enumerate(evidence.items) if item.report),
        samples=tuple(part.sample for part in parts),
        past=_join_past([part.past for part in parts if part.past is not None]),
    )


def _join_past(parts: list[Past]) -> Past | None:
    if not parts:
        return None
    return Past(
        readiness=np.concatenate([part.readiness for part in parts], axis=-1),
        factor=np.concatenate([part.factor for part in parts], axis=-1),
    )


def _join_paths(parts: list[Paths]) -> Paths:
    return Paths(
        posture=np.concatenate([part.posture for part in parts], axis=-1),
        deal=np.concatenate([part.deal for part in parts], axis=-1),
        factor=np.concatenate([part.factor for part in parts], axis=-1),
    )
