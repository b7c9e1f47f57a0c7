"""Do dyads made up by the fitted game fight on and fall silent as real ones do, by another count?

    uv run benchmarks/persistence.py --data DIR [--seed 1]

The fits read KEDS events by the week. UCDP GED counts deaths, by other people from other sources, so it says
independently how long fighting lasts. Taken are its dyads of a state and an armed group, or of two states,
with fatal events in at least 24 months, from the first to the last; and made-up dyads of each fitted theatre
with shooting (coded rung 3 or above, either way) in at least 24 months of as long a span. Printed is the
chance of a fighting month so many months after one, and after a silent one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from tocsin.events.fit.forecaster import RECOVERY, WEAR_COST, fit_panel
from tocsin.events.fit.simulate import simulate
from tocsin.events.fit.theatre import AS_IN_A_CASE
from tocsin.events.panel import read_panels

LAGS = (1, 3, 12)
LEAST_MONTHS = 24
Months = list[NDArray[np.bool_]]  # one array a dyad, from its first fighting month to its last


def between_first_and_last(fights: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The span in which it fought at all."""
    months = np.flatnonzero(fights)
    return fights[months[0] : months[-1] + 1] if len(months) else fights[:0]


def ucdp(data: Path) -> Months:
    """Fighting months of state-based dyads."""
    file = data / "ucdp_ged" / "ged211_precise_events_1989_2018.parquet"
    rows = duckdb.execute(
        """select dyad_name, 12 * (year(d) - 1989) + month(d) - 1 as m
           from (select dyad_name, cast(date_start as date) as d from read_parquet(?)
                 where type_of_violence = 1 and best > 0)
           group by all order by all""",
        [str(file)],
    ).fetchall()
    dyads: dict[str, list[int]] = {}
    for name, month in rows:
        dyads.setdefault(name, []).append(month)
    answer = []
    for months in dyads.values():
        fights = np.zeros(360, dtype=bool)
        fights[months] = True
        if fights.sum() >= LEAST_MONTHS:
            answer.append(between_first_and_last(fights))
    return answer


def made_up(data: Path, seed: int) -> dict[str, Months]:
    """The same of dyads drawn from each fitted theatre."""
    answer = {}
    for panel in read_panels(data):
        fit = fit_panel(panel, prior=AS_IN_A_CASE)
        rng = np.random.default_rng(seed)
        drawn = simulate(fit, panel, rng, wear_cost=WEAR_COST, recovery=RECOVERY)
        answer[f"{panel.theatre}, as read"] = months_of(panel.rung)
        answer[f"{panel.theatre}, made up"] = months_of(drawn.rung)
    return answer


def months_of(rung: NDArray[np.int8]) -> Months:
    """Months of four weeks in which either side of a pair was read as shooting."""
    weeks = (rung[0::2] >= 3) | (rung[1::2] >= 3)
    months = weeks[:, : weeks.shape[1] // 4 * 4].reshape(len(weeks), -1, 4).any(axis=2)
    return [between_first_and_last(fights) for fights in months if fights.sum() >= LEAST_MONTHS]


def chances(dyads: Months, lag: int) -> tuple[float, float]:
    """Chance of a fighting month so long after a fighting one, and after a silent one, over all dyads."""
    then = np.concatenate([fights[:-lag] for fights in dyads if len(fights) > lag])
    now = np.concatenate([fights[lag:] for fights in dyads if len(fights) > lag])
    return float(now[then].mean()), float(now[~then].mean())


def main() -> None:
    """Print one line a collection of dyads."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    collections = {"UCDP GED, state-based": ucdp(options.data)} | made_up(options.data, options.seed)
    heads = "  ".join(f"{f'{lag} months on':>15}" for lag in LAGS)
    print(f"{'dyads':44} {'n':>4} {'share':>6}  {heads}")
    for name, dyads in collections.items():
        cells = "  ".join(
            f"{after:6.2f} /{quiet:6.2f}  " for after, quiet in (chances(dyads, k) for k in LAGS)
        )
        print(f"{name:44} {len(dyads):4} {np.concatenate(dyads).mean():6.2f}  {cells}")


if __name__ == "__main__":
    main()
