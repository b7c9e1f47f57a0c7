"""Does a quick answer agree with the full one, and how much sooner is it there?

    uv run python -m benchmarks.whatif [--particles 20000] [--moves 20] [--agree 50000]

On lebanon-2023 as of 11 October 2023 and its first question, by 31 December 2023. Speed: one weight is moved
so many times; the baseline is the inference of the changed case in full with as many particles, timed in the
same run, and the ratio of the two is what is reported, of the time of a core (which does not count what else
the machine does) and of the clock. Agreement: twenty changes of different sorts, each answered quickly from
particles of seed 1 and in full from others of seed 2, so that their errors are independent; z is their
difference over its error. Prints a table and one JSON line; 0 moves or 0 particles leave a part out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import tocsin
from tocsin.ask.whatif import Bench, InFull, Request, WhatIf, in_full
from tocsin.case.model import Case

DAY = dt.date(2023, 10, 11)
QUESTION = "hezbollah-offensive-2023"
WEIGHT = "reasons.hezbollah-losses.weight"
A_TIE = "ties.iran -> hezbollah (patron).strength"
FACTOR = "factors.gaza-casualties"


def dispositions(restrained: float, opportunist: float, committed: float) -> dict[str, float]:
    """Shares of the usual three."""
    return {"restrained": restrained, "opportunist": opportunist, "committed": committed}


# What is changed, and how.
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a weight up", {WEIGHT: 2.5}),
    ("a weight down", {WEIGHT: "slight"}),
    ("dispositions", {"actors.hezbollah.dispositions": dispositions(0.3, 0.35, 0.35)}),
    ("dispositions of another", {"actors.israel.dispositions": dispositions(0.1, 0.5, 0.4)}),
    ("standing", {"actors.hezbollah.standing": 0.3}),
    ("skill at deception", {"actors.hezbollah.deception": 0.2}),
    ("wear", {"actors.hezbollah.wear": 0.6}),
    ("obligation", {"actors.hezbollah.style.obligation": 2.0}),
    ("reciprocity", {"actors.israel.style.reciprocity": 0.8}),
    ("a tie", {A_TIE: 0.3}),
    ("start of a factor", {f"{FACTOR}.start": 0.5}),
    ("target and pace of a factor", {f"{FACTOR}.target": 0.9, f"{FACTOR}.pace": 0.5}),
    ("revision", {"pace.revision": 1.4}),
    ("preparation", {"pace.preparation": 0.5}),
    ("incidents", {"pace.incidents": 0.2}),
    ("wear of a rung", {"ladder.rungs.exchange.wear": 0.03}),
    ("a source's grade", {"sources.wire.grade": "C"}),
    ("a source's base rate", {"sources.wire.base_rate": 0.6}),
    ("a type's appetite", {"dispositions.committed.appetite": {"median": 4.0, "spread": 0.5}}),
    ("three at once", {WEIGHT: 1.5, "pace.revision": 1.2, "actors.iran.standing": 0.3}),
)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of a core, and of the clock."""
    core, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - core, time.perf_counter() - clock


def speed(case: Case, particles: int, moves: int) -> dict[str, float]:
    """Medians of quick answers, and of full ones."""
    bench = Bench(case, DAY, particles=particles)

    def request(k: int) -> Request:
        return Request(changes={WEIGHT: round(0.5 + 0.1 * k, 3)}, question=QUESTION)

    bench.ask(request(0))  # compiles what is left to compile
    quick = [timed(lambda k=k: bench.ask(request(k))) for k in range(moves)]  # type: ignore[misc]
    full = [timed(lambda k=k: in_full(case, request(k), DAY, particles=particles)) for k in range(3)]  # type: ignore[misc]
    core, clock = (statistics.median(row[k] for row in quick) for k in (0, 1))
    full_core, full_clock = (statistics.median(row[k] for row in full) for k in (0, 1))
    return {
        "quick_core_ms": 1e3 * core,
        "quick_ms": 1e3 * clock,
        "full_core_ms": 1e3 * full_core,
        "full_ms": 1e3 * full_clock,
        "core_ratio": full_core / core,
        "ratio": full_clock / clock,
        "mb": bench.bytes / 1e6,
    }


def chance_of(answer: WhatIf | InFull) -> tuple[float, float]:
    """Probability of the question and its error, with the change made."""
    if isinstance(answer, WhatIf):
        chance = next(q.now for q in answer.questions if q.id == QUESTION)
    else:
        chance = next(chance for name, chance, _ in answer.chances if name == QUESTION)
    return chance.probability, chance.mc_error


def agreement(case: Case, particles: int) -> list[dict[str, Any]]:
    """Each change answered both ways."""
    bench = Bench(case, DAY, particles=particles)
    rows = []
    for name, change in CHANGES:
        request = Request(changes=change, question=QUESTION)
        quick = bench.ask(request)
        shift = next(q.shift for q in quick.questions if q.id == QUESTION)
        (p, error), (full, full_error) = (
            chance_of(quick),
            chance_of(in_full(case, request, DAY, particles=particles, seed=2)),
        )
        rows.append(
            {
                "change": name,
                "shift": shift.value,
                "shift_error": shift.mc_error,
                "quick": p,
                "quick_error": error,
                "full": full,
                "full_error": full_error,
                "z": (p - full) / math.hypot(error, full_error),
                "share": quick.effective_share,
                "rough": quick.rough,
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--particles", type=int, default=20_000)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--agree", type=int, default=50_000)
    asked = parser.parse_args()
    case = tocsin.load("cases/lebanon-2023")
    found: dict[str, Any] = {"particles": asked.particles}
    if asked.moves:
        found |= speed(case, asked.particles, asked.moves)
        print(
            f"{asked.particles:,} particles: quick {found['quick_ms']:.0f} ms, full {found['full_ms']:.0f}, "
            f"{found['ratio']:.0f} times sooner ({found['core_ratio']:.0f} times by the time of a core); "
            f"{found['mb']:.0f} MB"
        )
    if asked.agree:
        rows = agreement(case, asked.agree)
        print("| change | quick | moved by | in full | z | share left |\n|---|---|---|---|---|---|")
        for row in rows:
            print(
                f"| {row['change']} | {100 * row['quick']:.2f} ±{100 * row['quick_error']:.2f} "
                f"| {100 * row['shift']:+.2f} ±{100 * row['shift_error']:.2f} "
                f"| {100 * row['full']:.2f} ±{100 * row['full_error']:.2f} | {row['z']:+.1f} "
                f"| {100 * row['share']:.0f} %{' (rough)' if row['rough'] else ''} |".replace("-", "−")
            )
        found |= {"agreed_on": len(rows), "largest_z": max(abs(row["z"]) for row in rows)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
