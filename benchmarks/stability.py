"""Is the Monte Carlo error that an estimate reports the scatter that seeds show?

    uv run python -m benchmarks.stability [--case FOLDER] [--as-of DATE] [--seeds 20] [--particles 50000]

Runs the posterior anew for each seed and compares, question by question, the mean of the reported errors with
the standard deviation over seeds (goal: a ratio of 0.7 to 1.4), and gives the scatter of the log evidence
(goal: at most 0.2). Prints a table and one JSON line. With 20 seeds the scatter is itself good to 16 %.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

import tocsin
from tocsin.ask.inferred import default_day
from tocsin.ask.resolve import followed_factors, outcomes
from tocsin.case.known import as_known
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.posterior import infer_posterior


def main() -> None:
    """Run every seed and print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default="cases/lebanon-2023")
    parser.add_argument("--as-of", default=None)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--particles", type=int, default=50_000)
    asked = parser.parse_args()
    case = tocsin.load(asked.case)
    day = type(case.start).fromisoformat(asked.as_of) if asked.as_of else default_day(case)
    game = compile_case(as_known(case, day), day)
    evidence = compile_evidence(game)
    followed = followed_factors(game)
    means, errors, log_evidence, seconds = [], [], [], []
    for seed in range(1, asked.seeds + 1):
        began = time.perf_counter()
        posterior = infer_posterior(game, evidence, particles=asked.particles, seed=seed, followed=followed)
        seconds.append(time.perf_counter() - began)
        truths = outcomes(game, posterior.paths, followed)
        mean, error = posterior.expect(truths.astype(np.float64))
        means.append(mean)
        errors.append(error)
        peak = posterior.log_evidence.max()
        log_evidence.append(float(peak + np.log(np.mean(np.exp(posterior.log_evidence - peak)))))
        print(f"seed {seed:3d}  log evidence {log_evidence[-1]:.3f}  {seconds[-1]:.1f} s", flush=True)
    scatter, reported = np.std(means, axis=0, ddof=1), np.mean(errors, axis=0)
    print(f"\n{asked.case} as of {day}, {asked.particles} particles, {asked.seeds} seeds\n")
    print(f"{'question':30s} {'mean':>8s} {'reported':>9s} {'scatter':>8s} {'ratio':>6s}")
    answers = []
    for k, question in enumerate(game.case.questions):
        ratio = float(reported[k] / scatter[k]) if scatter[k] > 0.0 else float("nan")
        answers.append({"question": question.id, "mean": float(np.mean(means, axis=0)[k]), "ratio": ratio})
        mean = answers[-1]["mean"]
        print(f"{question.id:30s} {mean:8.4f} {reported[k]:9.4f} {scatter[k]:8.4f} {ratio:6.2f}")
    spread = float(np.std(log_evidence, ddof=1))
    print(f"\nlog evidence {np.mean(log_evidence):.3f}, scatter {spread:.3f}")
    summary = {
        "case": asked.case,
        "as_of": str(day),
        "particles": asked.particles,
        "seeds": asked.seeds,
        "log_evidence_scatter": spread,
        "answers": answers,
        "seconds_median": float(np.median(seconds)),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
