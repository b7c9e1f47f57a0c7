"""How exact is splitting at a chance of about 1 in 10,000, at the work of 100,000 plain runs?

    uv run benchmarks/rare.py [--runs 20000000] [--repetitions 60] [--effort 100000] [--seed 1]

The case is the starter case (3 fronts), from its first day and without a report, for 26 weeks. Brute force
runs it plainly, all runs with particles of their own; splitting is repeated with particles of its own each
time. The relative error is that of one repetition: the root of the mean square distance from brute force,
over brute force. Work counts every step of every run, the search for levels included; times are of one
thread.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.ask.outlook.nearness import holds, leaves_of
from tocsin.ask.outlook.rare import SEARCHES, GameProcess, learn
from tocsin.case.model import Question
from tocsin.case.read import load
from tocsin.game.compile import compile_case
from tocsin.game.plan import Game
from tocsin.infer.particles import Particles, run_on, start_island
from tocsin.infer.splitting import climb

BLOCK = 50_000
CANDIDATES = 12
BY = "2030-07-07"  # the last day of the 26th week
STARTER = Path(__file__).parents[1] / "src" / "tocsin" / "case" / "starter"
OUTCOMES: dict[str, dict[str, Any]] = {
    "the guarantor wages war": {"front": "westmark -> sudria", "reaches": "war"},
    "the guarantor begins an offensive and the talks succeed": {
        "all": [
            {"front": "westmark -> sudria", "reaches": "offensive"},
            {"deal": "valley-talks"},
        ]
    },
}


def brute_force(game: Game, questions: list[Question], runs: int, seed: int) -> np.ndarray:
    """How many of `runs` plain runs come true, by question."""
    count = np.zeros(len(questions), dtype=np.int64)
    rules = [leaves_of(game, question) for question in questions]
    until = max(leaf.last for leaves, _ in rules for leaf in leaves)
    for block in range(-(-runs // BLOCK)):
        particles = start_island(game, BLOCK, seed, 1_000_000 + block)
        run_on(particles, until)
        span = slice(0, until + 1)
        histories = particles.posture[span], particles.factor[span], particles.deal[span]
        for k, (leaves, root) in enumerate(rules):
            held = [holds(leaf, *histories, 0).any(axis=0) for leaf in leaves]
            count[k] += int((np.sum(held, axis=0) >= root.needed).sum())
    return count


def split(
    game: Game, question: Question, effort: int, seed: int, repetition: int
) -> tuple[float, float, float]:
    """One repetition: the estimate, its work in plain runs, its seconds."""
    started = time.perf_counter()
    rng = np.random.default_rng([seed, repetition])

    def draw(n: int, k: int) -> Particles:
        # Drawing a particle of the prior takes no step: starts are chosen from more of them than are run.
        return start_island(game, CANDIDATES * effort if k == SEARCHES else 10 * n, seed, 10 * repetition + k)

    plan = learn(draw, question, effort, rng=rng)
    process = GameProcess(draw(plan.runs_per_level, SEARCHES), question, SEARCHES, plan.committor)
    found = climb(process, plan.levels, plan.runs_per_level, rng)
    work = plan.plain_runs + found.steps / plan.span
    return found.probability, work, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000_000)
    parser.add_argument("--repetitions", type=int, default=60)
    parser.add_argument("--effort", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    case = load(STARTER)
    case = case.model_copy(update={"reports": (), "end": dt.date.fromisoformat(BY)})
    questions = [
        Question.model_validate({"id": f"q{k}", "text": text, "by": BY, "rule": rule})
        for k, (text, rule) in enumerate(OUTCOMES.items())
    ]
    game = compile_case(case, case.start)
    split(game, questions[0], 2_000, given.seed, 0)  # compiles
    started = time.perf_counter()
    came_true = brute_force(game, questions, given.runs, given.seed)
    runs = -(-given.runs // BLOCK) * BLOCK
    seconds = (time.perf_counter() - started) / runs * given.effort
    print(f"brute force: {runs:,} plain runs; {given.effort:,} of them take {seconds:.2f} s")
    for question, count in zip(questions, came_true.tolist(), strict=True):
        p = count / runs
        plain = np.sqrt((1.0 - p) / (p * given.effort))
        found = [split(game, question, given.effort, given.seed, k + 1) for k in range(given.repetitions)]
        estimates, work, took = (np.array(column) for column in zip(*found, strict=True))
        error = float(np.sqrt(np.mean((estimates - p) ** 2)) / p)
        mean_error = estimates.std(ddof=1) / np.sqrt(given.repetitions)
        apart = (estimates.mean() - p) / np.hypot(mean_error, np.sqrt(p / runs))
        print(
            f"{question.text}\n"
            f"  brute force {p:.3e} (±{1.0 / np.sqrt(max(count, 1)):.1%}), splitting on average "
            f"{estimates.mean():.3e} (±{mean_error / p:.1%}), {apart:+.1f} standard errors apart\n"
            f"  relative error of one repetition {error:.1%} at the work of {work.mean():,.0f} plain runs "
            f"({took.mean():.1f} s), where as many plain runs have {plain:.1%}"
        )


if __name__ == "__main__":
    main()
