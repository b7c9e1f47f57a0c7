"""Chances of outcomes that hardly any particle comes to, by multilevel splitting of the game.

Every island is split by itself, so that islands are independent repetitions, each without bias, and the
scatter between them is the error. A copy gets a slot of its own and every level keys of its own, so copies
part ways
from the step at which they are taken up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tocsin.ask.estimate import Chance
from tocsin.ask.outlook.committor import Committor, Lessons
from tocsin.ask.outlook.nearness import Held, Leaf, Signs, holds, leaves_of, read_signs
from tocsin.case.model import Question
from tocsin.game import kernel
from tocsin.game.plan import F32, F64, U8, Plan
from tocsin.infer.filter import systematic
from tocsin.infer.onward import each_island, take_up
from tocsin.infer.particles import Particles, step_keys
from tocsin.infer.posterior import Posterior, pool
from tocsin.infer.splitting import Index, climb, find_levels
from tocsin.infer.work import Progress

# Searches before the estimate: each learns from those before it, the last finds the levels. Each has runs of
# this share of the work at every level.
SEARCHES = 3
PILOT_SHARE = 0.025
# Starts are drawn by the root of the chance that the committor gives them: the best power where each start
# has one plain run, and one that keeps weights even where the committor is too sure of itself.
TEMPER = 0.5
# No start is taken to be less likely to come to it than this share of the mean: one that does all the same
# would count for too much.
LEAST_SHARE = 0.1
# Streams of chance: far from those of other questions, and one a level.
STREAM = 1 << 20
MOST_LEVELS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """N histories from the as-of step, row 0, to the horizon, row K - 1."""

    plan: Plan
    rows: F32  # (P, N)
    posture: U8  # (K, F, N)
    goal: U8
    level: U8
    factor: F32
    standing: F32
    wear: F32
    deal: U8
    weight: F64  # (N,) what each counts for
    before: Held  # (leaves, N) which had come true by the as-of step


_HISTORIES = ("posture", "goal", "level", "factor", "standing", "wear", "deal")


class GameProcess:
    """The future of one island's particles, as splitting wants it."""

    def __init__(
        self, particles: Particles, question: Question, stream: int = 0, committor: Committor | None = None
    ) -> None:
        game = particles.game
        leaves, root = leaves_of(game, question)
        self.game, self.leaves, self.root = game, leaves, root
        self._particles, self._stream, self._generation = particles, stream, 0
        self.committor = committor
        self.now = particles.step
        # Nothing that happens after the question's last day can matter.
        last = max((leaf.last for leaf in leaves), default=self.now)
        self._rng = np.random.default_rng([particles.seed, particles.island, 13, stream])
        self.until = max(self.now, min(last, game.grid.n_steps))
        self.plan = _from_step(game.plan, self.now, self.until)

    @property
    def span(self) -> int:
        """Steps of a plain run."""
        return max(self.until - self.now, 1)

    def begin(self, n: int) -> Runs:
        """N runs, each begun from a particle drawn by its weight and by how near it is to the outcome."""
        particles, span = self._particles, slice(self.now, self.until + 1)
        before = _before(particles, self.leaves)
        whole: dict[str, np.ndarray] = {
            "posture": particles.posture, "goal": particles.goal, "level": particles.readiness,
            "factor": particles.factor, "standing": particles.standing, "wear": particles.wear,
            "deal": particles.deal,
        }  # fmt: skip
        lanes, weight = self._starts(n, before, {name: array[span] for name, array in whole.items()})
        runs = Runs(
            plan=self.plan,
            weight=weight,
            rows=np.ascontiguousarray(particles.rows[:, lanes]),
            before=before[:, lanes],
            **{name: np.ascontiguousarray(array[span][..., lanes]) for name, array in whole.items()},
        )
        self._go_on(runs, np.zeros(n, dtype=np.int64))
        return runs

    def _starts(self, n: int, before: Held, histories: dict[str, np.ndarray]) -> tuple[Index, F64]:
        """Which particles to begin from, and what each counts for."""
        share = self._particles.weights()
        now = Runs(
            plan=_from_step(self.plan, 0, 0),
            weight=share,
            rows=self._particles.rows,
            before=before,
            **{name: np.ascontiguousarray(array[:1]) for name, array in histories.items()},
        )
        signs = self.signs(now)
        if self.committor is None:
            chance = np.exp(signs.potential[0])
        else:
            # A row of its own has no time left; the time is the same for all, so that only it is lost.
            chance = expit(self.committor.log_odds(signs.features) + self._time_lost())[0]
        least = LEAST_SHARE * float(share @ chance)
        drawn = share * np.maximum(chance, least) ** TEMPER
        drawn = drawn / drawn.sum()
        lanes = systematic(drawn, float(self._rng.random()), n).astype(np.int64)
        return lanes, share[lanes] / drawn[lanes]

    def _time_lost(self) -> float:
        assert self.committor is not None
        # In the signs the time left is never less than half a step.
        return float(self.committor.weight[self.committor.time] * (np.log(self.span) - np.log(0.5)))

    def weights(self, runs: Runs) -> F64:
        """What each run counts for."""
        return runs.weight

    def signs(self, runs: Runs) -> Signs:
        """What can be told of each run after each step."""
        return read_signs(self.game, self.leaves, self.root, runs, runs.before, self.now)

    def heights(self, runs: Runs) -> F64:
        """(K, N), infinite from the step on which the rule has come true."""
        signs = self.signs(runs)
        near = signs.next_step if self.committor is None else self.committor.log_odds(signs.features)
        return np.where(signs.true, np.inf, near)

    def take_up(self, runs: Runs, lanes: Index, steps: Index) -> Runs:
        """Copies gone on by a chance of their own."""
        copies = Runs(
            plan=self.plan,
            weight=np.ones(len(lanes)),
            rows=np.ascontiguousarray(runs.rows[:, lanes]),
            before=runs.before[:, lanes],
            **{name: np.ascontiguousarray(getattr(runs, name)[..., lanes]) for name in _HISTORIES},
        )
        self._go_on(copies, steps)
        return copies

    def _go_on(self, runs: Runs, steps: Index) -> None:
        """Run each history on from its step, in place."""
        self._generation += 1
        island = self._particles.island
        keys = step_keys(
            self.game,
            self._particles.seed,
            -1 - island - 65_536 * (STREAM // 65_536 + self._stream * MOST_LEVELS + self._generation)
            & 0xFFFFFFFF,
        )[self.now : self.until + 1]
        n, n_rows = len(steps), self.until - self.now + 1
        everyone = np.arange(n, dtype=np.uint32)
        for step in np.unique(steps):
            if step >= n_rows - 1:
                continue
            lanes = np.flatnonzero(steps == step)
            part = {name: np.ascontiguousarray(getattr(runs, name)[step:][..., lanes]) for name in _HISTORIES}
            slots = np.tile(everyone[lanes], (n_rows - step, 1))
            kernel.advance(
                _from_step(self.plan, int(step), n_rows - 1), np.ascontiguousarray(runs.rows[:, lanes]),
                part["posture"], part["goal"], part["level"], part["factor"], part["standing"],
                part["wear"], part["deal"], slots, keys[step:], 0, n_rows - 1 - int(step), False,
                np.zeros((len(self.game.actors), len(lanes)), dtype=np.float32), np.zeros(len(lanes)),
                *kernel.no_evidence(len(self.game.fronts), len(self.game.rungs)),
            )  # fmt: skip
            for name, array in part.items():
                getattr(runs, name)[step + 1 :, ..., lanes] = array[1:]


# What in a plan has a row for each step.
_BY_STEP = (
    "lean", "p_incident", "p_revise", "term_gate", "term_shift", "p_gain", "p_lose", "factor_keep",
    "factor_target", "factor_noise", "factor_jump", "standing_base", "standing_pull", "standing_gain",
    "standing_loss", "wear_cost", "wear_heal", "deal_open", "deal_force", "p_talks", "p_breakdown",
)  # fmt: skip


def _from_step(plan: Plan, first: int, last: int) -> Plan:
    """The plan of some of its steps; row 0 is the first of them."""
    return plan._replace(**{name: getattr(plan, name)[first : last + 1] for name in _BY_STEP})


def _before(particles: Particles, leaves: tuple[Leaf, ...]) -> Held:
    """Which leaves had come true by the particles' step: (leaves, N)."""
    span = slice(0, particles.step + 1)
    past = particles.posture[span], particles.factor[span], particles.deal[span]
    return np.stack([holds(leaf, *past, 0)[1:].any(axis=0) for leaf in leaves])


def merged(posterior: Posterior, n: int, stream: int) -> Particles:
    """About n equally weighted particles of all islands together, in proportion to what the islands weigh."""
    islands = [
        take_up(posterior, k, max(1, round(n * share)), stream=stream)
        for k, share in enumerate(posterior.island_weight)
        if round(n * share) >= 1
    ]
    first = islands[0]

    def join(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in islands], axis=-1)

    for name in ("rows", "posture", "goal", "readiness", "factor", "standing", "wear", "deal", "log_weight"):
        setattr(first, name, join(name))
    return first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ascent:
    """How a question is to be split, found by runs that are then thrown away."""

    committor: Committor | None
    levels: tuple[float, ...]
    runs_per_level: int
    plain_runs: float  # the work so far, in plain runs
    span: int  # steps of a plain run


def learn(
    draw: Callable[[int, int], Particles],
    question: Question,
    effort: int,
    *,
    stream: int = 0,
    rng: np.random.Generator,
) -> Ascent:
    """Learn how near a state is from runs that climb by the chance of the next step, then find the levels.

    Parameters
    ----------
    draw : particles for a search, given how many at least and its number from 0
    effort : work of the whole estimate in plain runs, of which a third or so is spent here
    """
    n = max(int(PILOT_SHARE * effort), 200)
    lessons, committor, steps = Lessons(), None, 0
    for k in range(SEARCHES):
        process = GameProcess(draw(n, k), question, (SEARCHES + 1) * stream + k, committor)
        seen = _Pupil(process, lessons, rng)
        levels, more = find_levels(process, n, rng, seen=seen)
        steps += more
        # The levels go with the committor that they were found by.
        if k < SEARCHES - 1:
            committor = lessons.fit(seen.time)
    spent = steps / process.span
    # What a run cost in the last search, its copies included, it will cost again.
    left = max(effort - spent, 0.5 * effort)
    each = more / process.span / n
    return Ascent(
        committor=committor,
        levels=levels,
        runs_per_level=max(int(left / each), 20),
        plain_runs=spent,
        span=process.span,
    )


class _Pupil:
    """Learns from the runs of every level of a search."""

    def __init__(self, process: GameProcess, lessons: Lessons, rng: np.random.Generator) -> None:
        self._process, self._lessons, self._rng = process, lessons, rng
        self.time = 0

    def __call__(self, runs: Runs, _: F64, since: Index) -> None:
        signs = self._process.signs(runs)
        self.time = signs.time
        self._lessons.add(signs.features, signs.true, since, self._rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class RareEstimate:
    """A chance by splitting."""

    chance: Chance
    levels: int
    plain_runs: float  # the work, in plain runs to the question's last day


def split_question(
    posterior: Posterior,
    question: Question,
    effort: int = 100_000,
    *,
    stream: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> RareEstimate:
    """The chance of a question by splitting, at the cost of about `effort` plain runs of the game.

    Parameters
    ----------
    stream : another number gives another, independent estimate from the same particles

    Returns
    -------
    RareEstimate; its error is the scatter over islands and so holds that of the posterior too
    """
    roots = np.random.SeedSequence(posterior.seed, spawn_key=(stream, 11)).spawn(posterior.islands + 1)
    rngs = [np.random.default_rng(root) for root in roots]
    plan = learn(lambda n, k: merged(posterior, n, k), question, effort, stream=stream, rng=rngs[-1])
    n = max(plan.runs_per_level // posterior.islands, 20)

    def work(particles: Particles) -> tuple[float, int]:
        process = GameProcess(particles, question, (SEARCHES + 1) * stream + SEARCHES, plan.committor)
        found = climb(process, plan.levels, n, rngs[particles.island])
        return found.probability, found.steps

    results = each_island(
        posterior, work, threads=threads, progress=progress, cancel=cancel, what="islands split"
    )
    weight = posterior.island_weight
    mean, error = pool(weight * np.array([p for p, _ in results]), weight, float(effort))
    return RareEstimate(
        chance=Chance(probability=float(mean), mc_error=float(error)),
        levels=len(plan.levels),
        plain_runs=plan.plain_runs + sum(s for _, s in results) / plan.span,
    )
