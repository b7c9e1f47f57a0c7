"""Are numbers that are known recovered from dyads made up with them?

    uv run benchmarks/recovery.py --data DIR [--theatre NAME] [--replicates 8] [--seed 1]

A theatre is fitted to real events. Then, again and again, the numbers of its fronts are drawn anew from the
fitted population, as many dyads as long as the real ones are made up with them, and the fit is asked for the
numbers back. The share of 90 % intervals that hold the truth should be 0.90; with n fronts its standard error
is 0.3 / sqrt(n). Prints one line a number, and the medians that a population prior would be made of.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from tocsin.events.fit import dyad
from tocsin.events.fit.forecaster import RECOVERY, WEAR_COST, fit_panel
from tocsin.events.fit.simulate import draw_fronts, simulate
from tocsin.events.fit.theatre import AS_IN_A_CASE
from tocsin.events.panel import read_panels

REACH = 1.645  # standard deviations to either end of a 90 % interval


def main() -> None:
    """Fit, make up, fit again, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--theatre", default="gulf_weis_1979_1999")
    parser.add_argument("--replicates", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    (panel,) = read_panels(options.data, theatres=(options.theatre,))
    truth = fit_panel(panel, prior=AS_IN_A_CASE)
    inside, off, medians, shared = [], [], [], []
    for r in range(options.replicates):
        began = time.perf_counter()
        rng = np.random.default_rng([options.seed, r])
        drawn = draw_fronts(truth, rng)
        found = fit_panel(
            simulate(drawn, panel, rng, wear_cost=WEAR_COST, recovery=RECOVERY),
            prior=AS_IN_A_CASE,
            errors=True,
        )
        assert found.error is not None
        away = (found.fronts - drawn.fronts) / found.error
        inside.append(np.abs(away) < REACH)
        off.append(away)
        medians.append(found.fronts.mean(axis=0) - drawn.fronts.mean(axis=0))
        shared.append(found.shared - truth.shared)
        print(f"replicate {r + 1}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    held, distance = np.concatenate(inside), np.concatenate(off)
    n = len(held)
    print(f"{options.theatre}: {n} fronts of {len(panel.weeks)} weeks; standard error {0.3 / np.sqrt(n):.3f}")
    print(f"{'number':20} {'in 90 %':>8} {'mean z':>7} {'sd z':>6} {'population: off':>16} {'sd':>6}")
    for j, name in enumerate(dyad.FRONT):
        apart = np.array(medians)[:, j]
        print(
            f"{name:20} {held[:, j].mean():8.3f} {distance[:, j].mean():7.2f} {distance[:, j].std():6.2f}"
            f" {apart.mean():16.3f} {apart.std(ddof=1):6.3f}"
        )
    print(f"{'all':20} {held.mean():8.3f}")
    for j, name in enumerate(dyad.SHARED):
        apart = np.array(shared)[:, j]
        print(f"{name:20} {'':8} {'':7} {'':6} {apart.mean():16.3f} {apart.std(ddof=1):6.3f}")


if __name__ == "__main__":
    main()
