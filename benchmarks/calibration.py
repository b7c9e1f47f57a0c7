"""Are posteriors calibrated? Simulation-based calibration with as many islands as an assessment has.

Draws a truth from the prior of a case of three actors (tests/infer/simulate.py), a history of twelve weeks
and its reports and silences, filters, and ranks everything unknown of the truth in its posterior; over
replicates the ranks are uniform if and only if prior, likelihood and inference agree (Talts, Betancourt,
Simpson, Vehtari and Gelman 2018). The history comes from the game as told a second time, which shares no code
with the filter.

    uv run python -m benchmarks.calibration --replicates 200 --islands 20 --particles 500

Writes docs/validation/calibration.md and calibration.png; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from scipy import stats

from tests.infer.simulate import STEPS, replicate

FOLDER = Path(__file__).parents[1] / "docs" / "validation"
STYLES = (
    "reciprocity", "inertia", "temperature", "obligation",
    "opportunity", "weariness", "misperception", "bias",
)  # fmt: skip
FAMILIES = {
    "dispositions": ("disposition",),
    "deception": ("deceives",),
    "styles": STYLES,
    "reliability of sources": ("reliability",),
    "clarity of indicators": ("clarity",),
    "appetites, weights, threats, ties": ("appetite", "weight", "threat", "tie to"),
    "preparation, now": ("readiness",),
    "postures and goals, now": ("posture", "goal"),
    "factor, now": ("now",),
}


def family_of(name: str) -> str:
    last = name.rsplit(": ", 1)[-1]
    return next(
        family
        for family, words in FAMILIES.items()
        if any(last.startswith(word) or name.startswith(word) for word in words)
    )


def band(replicates: int, points: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Simultaneous band of the distribution of uniform ranks (Säilynoja, Bürkner and Vehtari 2022)."""
    rng = np.random.default_rng(1)
    draws = np.sort(rng.random((4000, replicates)), axis=1)
    below = np.stack([np.searchsorted(row, points, side="right") for row in draws])
    # The most extreme pointwise p-value of each draw; its quantile makes pointwise bands simultaneous.
    tail = 2.0 * np.minimum(
        stats.binom.cdf(below, replicates, points), stats.binom.sf(below - 1, replicates, points)
    )
    gamma = np.quantile(tail.min(axis=1), 1.0 - level)
    low, high = (
        stats.binom.ppf(q, replicates, points) / replicates for q in (gamma / 2.0, 1.0 - gamma / 2.0)
    )
    return low, high


def plot(ranks: dict[str, np.ndarray], replicates: int, path: Path) -> None:
    """Distribution of the ranks less the uniform one, a panel a family, with a simultaneous 99% band."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    points = np.linspace(0.01, 0.99, 99)
    low, high = band(replicates, points, 0.99)
    figure, axes = plt.subplots(3, 3, figsize=(11, 8), sharex=True, sharey=True, layout="constrained")
    for axis, family in zip(axes.ravel(), FAMILIES, strict=True):
        axis.fill_between(points, low - points, high - points, color="#d8dee9", lw=0)
        names = [name for name in ranks if family_of(name) == family]
        for name in names:
            below = np.searchsorted(np.sort(ranks[name]), points, side="right") / replicates
            axis.plot(points, below - points, lw=0.9, color="#2e5a88", alpha=0.75)
        axis.axhline(0.0, color="black", lw=0.6)
        axis.set_title(f"{family} ({len(names)})", fontsize=10)
    figure.supxlabel("rank of the truth in its posterior")
    figure.supylabel("share of replicates at or below, less the uniform share")
    figure.suptitle(f"{replicates} replicates; grey: where 99% of uniform curves lie throughout", fontsize=11)
    figure.savefig(path, dpi=110)


def table(ranks: dict[str, np.ndarray]) -> list[dict[str, object]]:
    rows = []
    for family in FAMILIES:
        own = [ranks[name] for name in ranks if family_of(name) == family]
        p = [stats.kstest(rank, "uniform").pvalue for rank in own]
        every = np.concatenate(own)
        rows.append(
            {
                "family": family,
                "unknowns": len(own),
                "least_p": float(min(p)),
                "corrected_p": float(min(1.0, min(p) * len(p))),
                **{
                    f"within_{share:.0%}": float((np.abs(every - 0.5) < share / 2.0).mean())
                    for share in (0.5, 0.8, 0.95)
                },
            }
        )
    return rows


def report(rows: list[dict[str, object]], result: dict[str, object], path: Path) -> None:
    head = (
        f"Simulation-based calibration: {result['replicates']} replicates, each {result['islands']} islands "
        f"of {result['particles']} particles, {STEPS} weekly steps, {result['unknowns']} unknowns. "
        "An assessment takes 20 islands of 2,500, which can only be better. "
        "Made by `uv run python -m benchmarks.calibration`."
    )
    how = (
        "A truth is drawn from the prior, a history and its reports and silences from the truth, by code "
        "that shares nothing with the filter. In a calibrated posterior the rank of the truth is uniform."
    )
    found = (
        f"p is that of Kolmogorov and Smirnov for one unknown. Smallest of all {result['unknowns']}, "
        f"corrected: **{result['corrected_p']:.2f}**. Outside the simultaneous 99% band lie "
        f"{result['outside_band']} curves of {result['unknowns']}; one in a hundred is expected to."
    )
    columns = "| unknowns | how many | smallest p | corrected for how many | in central 50% | 80% | 95% |"
    lines = [
        f"| {row['family']} | {row['unknowns']} | {row['least_p']:.3f} | {row['corrected_p']:.2f} "
        f"| {row['within_50%']:.1%} | {row['within_80%']:.1%} | {row['within_95%']:.1%} |"
        for row in rows
    ]
    picture = "![Distribution of ranks less the uniform one, by family](calibration.png)"
    made = "\n".join([columns, "|---|---|---|---|---|---|---|", *lines])
    text = "\n\n".join(["# Calibration", head, how, picture, made, found]) + "\n"
    path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--islands", type=int, default=20)
    parser.add_argument("--particles", type=int, default=500, help="of each island")
    asked = parser.parse_args()
    began, places = time.perf_counter(), []
    for seed in range(asked.replicates):
        places.append(replicate(1_000_000 + seed, islands=asked.islands, n=asked.particles))
        if (seed + 1) % 10 == 0:
            print(f"{seed + 1} of {asked.replicates}, {time.perf_counter() - began:.0f} s", flush=True)
    ranks = {name: np.array([place[name].rank for place in places]) for name in places[0]}
    rows = table(ranks)
    p = [stats.kstest(rank, "uniform").pvalue for rank in ranks.values()]
    points = np.linspace(0.01, 0.99, 99)
    low, high = band(asked.replicates, points, 0.99)
    outside = sum(
        bool(((below < low) | (below > high)).any())
        for rank in ranks.values()
        for below in [np.searchsorted(np.sort(rank), points, side="right") / asked.replicates]
    )
    result: dict[str, object] = {
        "benchmark": "calibration",
        "replicates": asked.replicates,
        "islands": asked.islands,
        "particles": asked.particles,
        "unknowns": len(ranks),
        "corrected_p": float(min(1.0, min(p) * len(p))),
        "outside_band": outside,
        "seconds": round(time.perf_counter() - began, 1),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    plot(ranks, asked.replicates, FOLDER / "calibration.png")
    report(rows, result, FOLDER / "calibration.md")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
