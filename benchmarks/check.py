"""How long does `tocsin check` take on a large case?

A case of 100 actors, 400 fronts, 200 indicators, 50 sources and 20,000 reports in CSV, made in a temporary
folder from a fixed seed. The baseline, timed in the same run, is reading the same files as YAML and CSV with
nothing checked (PyYAML's C loader and the csv module): the ratio is what positions and checks cost.

    python benchmarks/check.py
"""

# ruff: noqa: E501 - one kind of thing a line

from __future__ import annotations

import csv
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tocsin.case.read import read

ACTORS, FRONTS, INDICATORS, SOURCES, REPORTS, SEED, RUNS = 100, 400, 200, 50, 20_000, 20301, 5


def write(folder: Path) -> None:
    """Write the large case."""
    chance = random.Random(SEED)
    actors = [f"actor-{i}" for i in range(ACTORS)]
    pairs = [(one, other) for one in actors for other in actors if one != other]
    fronts = [f"{one} -> {other}" for one, other in chance.sample(pairs, FRONTS)]
    rungs = ["calm", "words", "shows", "exchange", "strikes", "offensive", "war"]
    case = {
        "tocsin": 1, "title": "A large case", "question": "How long?", "start": "2020-01-06", "end": "2029-12-31",
        "actors": [{"id": actor, "name": actor.title()} for actor in actors],
        "fronts": [{"from": front.split(" -> ")[0], "to": front.split(" -> ")[1]} for front in fronts],
        "factors": [{"id": f"factor-{i}", "name": "F", "start": 0.5} for i in range(50)],
        "reasons": [
            {"id": f"reason-{i}", "front": front, "direction": "pull", "weight": "strong", "from": "shows",
             "factor": f"factor-{i % 50}", "text": "A reason."}
            for i, front in enumerate(fronts)
        ],
        "questions": [{"id": "q", "text": "Q?", "by": "2029-06-30", "rule": {"front": fronts[0], "reaches": "war"}}],
    }  # fmt: skip
    indicators = [
        {"id": f"indicator-{i}", "name": "I", "about": {"posture": chance.choice(fronts)},
         "likelihood": {"calm": "unlikely", "shows": "likely"}}
        for i in range(INDICATORS)
    ]  # fmt: skip
    sources = [
        {"id": f"source-{i}", "name": "S", "grade": chance.choice("ABCDEF"), "reason": "R."}
        for i in range(SOURCES)
    ]
    for name, tree in (
        ("case", case),
        ("indicators", {"indicators": indicators}),
        ("sources", {"sources": sources}),
    ):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(tree, sort_keys=False))
    with (folder / "reports.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["id", "date", "known", "source", "indicator", "front", "value", "grade", "text"])
        for i in range(REPORTS):
            day = f"{chance.randint(2020, 2028)}-{chance.randint(2, 12):02}-{chance.randint(1, 28):02}"
            says = (
                (f"indicator-{chance.randrange(INDICATORS)}", "", "seen")
                if i % 2
                else ("", chance.choice(fronts), chance.choice(rungs))
            )
            text = 'Two sentences, with a comma. And a "quote" in them.'
            out.writerow(
                [f"r{i}", day, "", f"source-{chance.randrange(SOURCES)}", *says, chance.randint(1, 6), text]
            )


def parse_only(folder: Path) -> None:
    """The baseline: the same files, parsed and thrown away."""
    for path in folder.glob("*.yaml"):
        yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    with (folder / "reports.csv").open(newline="") as stream:
        list(csv.reader(stream))


def seconds(act: Callable[[], object]) -> float:
    """Median time of a few runs, after one that is not counted."""
    act()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the figures, and the same as one line of JSON."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(folder)
        case, faults = read(folder)
        assert case is not None, faults[:3]
        checked = seconds(lambda: read(folder))
        parsed = seconds(lambda: parse_only(folder))
        reports = folder / "reports.csv"
        reports.write_text(reports.read_text().replace(",source-", ",sorce-"))
        faulty = seconds(lambda: read(folder))
        found = len(read(folder)[1])
    print(f"read and check, {REPORTS:,} reports: {checked:.2f} s, {checked / parsed:.1f} times parsing alone")
    print(f"the same with {found:,} faults: {faulty:.2f} s")
    figures = {
        "checked_s": checked,
        "parsed_s": parsed,
        "faulty_s": faulty,
        "faults": found,
        "reports": REPORTS,
    }
    print(json.dumps({"benchmark": "check", "seed": SEED, "runs": RUNS, **figures}))


if __name__ == "__main__":
    main()
