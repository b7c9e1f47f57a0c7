"""Made-up dyad-weeks: no row of them is anyone's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tocsin.events.panel import N_RUNGS, Panel

SUNDAY = np.datetime64("1990-01-07")


def panel_of(rung, *, dyads=None, theatre="nowhere") -> Panel:
    """A panel with given coded rungs (D, T): events at the rung of each week, more where it is higher."""
    rung = np.asarray(rung, dtype=np.int8)
    D, T = rung.shape
    counts = np.zeros((D, T, N_RUNGS), dtype=np.int32)
    np.put_along_axis(counts, rung[..., None].astype(int), 1 + rung[..., None].astype(np.int32), axis=2)
    return Panel(
        theatre=theatre,
        scheme="cameo",
        weeks=SUNDAY + 7 * np.arange(T).astype("timedelta64[D]"),
        dyads=dyads
        or tuple(pair for k in range(D // 2) for pair in ((f"A{k}", f"B{k}"), (f"B{k}", f"A{k}"))),
        counts=counts,
        volume=(10 + counts.sum((0, 2))).astype(np.int32),
        rung=rung,
    )


def restless(seed: int, *, D: int = 4, T: int = 260, stay: float = 0.8) -> Panel:
    """Dyads that mostly stay at their rung, and else go to one that they like, each to its own."""
    rng = np.random.default_rng(seed)
    liked = rng.dirichlet(np.full(N_RUNGS, 0.5), size=D)
    rung = np.zeros((D, T), dtype=np.int8)
    for d in range(D):
        for t in range(1, T):
            moves = rng.random() > stay
            rung[d, t] = rng.choice(N_RUNGS, p=liked[d]) if moves else rung[d, t - 1]
    return panel_of(rung)


def events_file(folder: Path, name: str, *, seed: int = 1, years: int = 6, delimiter: str = ",") -> Path:
    """CAMEO events among four actors, mostly words and at times force, as delimited text."""
    rng = np.random.default_rng(seed)
    actors = ["AAA", "BBB", "CCC", "DDD"]
    lines = [delimiter.join(("date", "source", "target", "code"))]
    for day in range(365 * years):
        for _ in range(rng.poisson(1.5)):
            a, b = rng.choice(4, size=2, replace=False)
            code = rng.choice(["010", "042", "112", "138", "150", "173", "190", "193"])
            date = np.datetime64("1990-01-07") + day
            lines.append(delimiter.join((str(date), actors[a], actors[b], str(code))))
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
