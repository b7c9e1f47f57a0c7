"""How long do options take, and does memory grow with the portfolios?

    uv run python -m benchmarks.options [--levers 30] [--portfolios 500] [--particles 20000] [--weeks 26]

An invented crisis (8 actors, 12 fronts, 7 rungs) is inferred; then every lever is tried by itself, by each of
its effects and at other standings, and so many portfolios are tried, each on all particles so many weeks
ahead. Goal: under 60 s on two cores, and memory flat in the number of portfolios. The baseline is the kernel
alone, run as often as levers and portfolios were in the same process: what the rest costs is the ratio, of
the time of a core, which does not count what else the machine does. Memory is the peak of the process, beside
that of one of its own that tries a tenth of the portfolios. Seed 1. Prints a table and one JSON line.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.crisis import START, crisis
from tocsin.ask.inferred import Inferred, infer
from tocsin.ask.options import options
from tocsin.ask.options.levers import threateners
from tocsin.case.model import Case
from tocsin.game.levers import lever_plans
from tocsin.infer.onward import take_up
from tocsin.infer.particles import run_on

EARLIER_WEEKS = 4
BASELINE_RUNS = 20


def crisis_with_levers(levers: int, weeks: int) -> Case:
    """The crisis of the benchmarks with levers of three effects each, and a question at its end."""
    case = crisis(8, 12, EARLIER_WEEKS + weeks)
    data = case.model_dump(by_alias=True, mode="json", exclude_none=True)
    fronts = [front.ref for front in case.fronts]
    threats = [f"{threat.by} -> {threat.against}" for threat in case.threats]
    data["levers"] = [
        {
            "id": f"l{k}",
            "name": f"L{k}",
            "actor": f"a{k % 8}",
            "cost": 1 + k % 5,
            "delay_days": 7 * (k % 3),
            "effects": [
                {"threat": threats[k % len(threats)], "shift": 0.2 + 0.1 * (k % 4)},
                {"provokes": fronts[k % len(fronts)], "shift": 0.1 * (k % 6)},
                {"pull": fronts[(k + 5) % len(fronts)], "shift": -0.1 * (k % 5)},
            ],
        }
        for k in range(levers)
    ]
    data["questions"] = [
        {
            "id": f"q{k}",
            "text": "Q?",
            "by": case.end.isoformat(),
            "rule": {"front": front, "reaches": "offensive"},
        }
        for k, front in enumerate(fronts[:4])
    ]
    return Case.model_validate(data)


def inferred_crisis(asked: argparse.Namespace) -> Inferred:
    """The posterior that the levers start from."""
    case = crisis_with_levers(asked.levers, asked.weeks)
    day = START.fromordinal(START.toordinal() + 7 * EARLIER_WEEKS - 1)
    return infer(case, day, particles=asked.particles)


def kernel_seconds(inferred: Inferred, asked: argparse.Namespace) -> float:
    """Seconds of a core that one run of all particles takes, by the kernel alone."""
    posterior = inferred.posterior
    plan = lever_plans(inferred.known, inferred.as_of).plan(["l0", "l1"])
    until = posterior.game.grid.n_steps
    islands = [
        take_up(posterior, k, -(-asked.particles // posterior.islands)) for k in range(posterior.islands)
    ]
    with ThreadPoolExecutor() as executor:
        began = time.process_time()
        for _ in range(BASELINE_RUNS):
            list(executor.map(lambda particles: run_on(particles, until, plan), islands))
        return (time.process_time() - began) / BASELINE_RUNS


def measure(asked: argparse.Namespace) -> dict[str, float]:
    """One process: infer, try, and say what it took."""
    began = time.perf_counter()
    inferred = inferred_crisis(asked)
    inference = time.perf_counter() - began
    began, worked = time.perf_counter(), time.process_time()
    answer = options(inferred, most=asked.portfolios, histories=asked.particles)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    # Every lever whole, each effect alone and all but each, two standings each for nothing and for the lever.
    case = inferred.known
    runs = sum(1 + 2 * len(lever.effects) * (len(lever.effects) > 1) for lever in case.levers)
    runs += sum(2 for lever in case.levers if threateners(lever)) + len(answer.portfolios)
    found = {
        "portfolios": len(answer.portfolios) - 1,
        "runs": runs,
        "inference_seconds": inference,
        "seconds": seconds,
        "processor_seconds": processor,
        "peak_mib": peak,
    }
    if not asked.quick:
        found["kernel_seconds"] = runs * kernel_seconds(inferred, asked)
    return found


def apart(asked: argparse.Namespace, portfolios: int) -> dict[str, float]:
    """The same in a process of its own."""
    args = ["--levers", asked.levers, "--portfolios", portfolios, "--particles", asked.particles]
    command = [sys.executable, "-m", "benchmarks.options", "--one", "--quick", *args, "--weeks", asked.weeks]
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--levers", type=int, default=30)
    parser.add_argument("--portfolios", type=int, default=500)
    parser.add_argument("--particles", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--one", action="store_true", help="only one process, and its JSON line")
    parser.add_argument("--quick", action="store_true", help="no baseline")
    asked = parser.parse_args()
    whole = measure(asked)
    if asked.one:
        print(json.dumps(whole))
        return
    few = apart(asked, max(asked.portfolios // 10, asked.levers))
    print(f"{asked.levers} levers, {asked.particles:,} particles, {asked.weeks} weeks ahead, 12 fronts")
    heads = ("portfolios", "runs", "seconds", "of a core", "kernel alone", "ratio")
    print("  ".join(f"{head:>12s}" for head in heads))
    ratio = whole["processor_seconds"] / whole["kernel_seconds"]
    numbers = (whole["seconds"], whole["processor_seconds"], whole["kernel_seconds"], ratio)
    print(f"{whole['portfolios']:12d}  {whole['runs']:12d}  " + "  ".join(f"{x:12.2f}" for x in numbers))
    for found in (few, whole):
        print(f"{found['portfolios']:4d} portfolios: peak memory {found['peak_mib']:.0f} MiB")
    print(json.dumps({"whole": whole, "few": few}))


if __name__ == "__main__":
    main()
