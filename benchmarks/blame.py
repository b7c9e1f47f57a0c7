"""Does the blame fall on the cause? Post-mortems of simulated histories of which one thing was broken.

Draws histories and honest evidence from the model (tests/ask/broken.py), breaks exactly one thing, or nothing
where the outcome itself was improbable, and counts on which of the five causes the largest part falls. A
history is kept if its break really cost something: half a nat, and more than the loss with nothing broken.
Shapley's value plays no part in what is kept.

    uv run python -m benchmarks.blame --each 40 --particles 1000 --islands 10 --draws 2

Writes docs/validation/blame.md; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np

from tests.ask import broken
from tocsin.ask.postmortem import postmortem

PAGE = Path(__file__).parents[1] / "docs" / "validation" / "blame.md"


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Interval of a share (Wilson 1927)."""
    p = right / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - reach, middle + reach


def page(
    rows: dict[str, list[tuple[str | None, dict[str, float]]]],
    asked: argparse.Namespace,
    last: dict[str, int],
) -> str:
    """The result as a guide."""
    names = broken.ALL
    total = sum(len(found) for found in rows.values())
    right = sum(blamed == cause for cause, found in rows.items() for blamed, _ in found)
    low, high = wilson(right, total)
    lines = [
        "# Does the blame fall on the cause?",
        "",
        "Histories are drawn from the model with honest evidence, and exactly one thing is broken: the",
        "telling reports are taken away (`collection`; half came too late, half were never made), or",
        "turned wrong (`source error`), or the target hides and plants (`deception`), or the forecaster's",
        f"prior puts {broken.LEANING:.0%} on the truth (`mindset`), or nothing is broken and the",
        f"outcome had at most {broken.IMPROBABLE:.0%} given the state (`irreducible chance`). Kept",
        f"is a history whose break cost at least {broken.COST} nats and more than the loss without it.",
        "Shapley's value is not looked at. Three actors, eight weeks of",
        "evidence, six weeks ahead (`tests/ask/broken.py`). The blame falls on the largest of five parts.",
        "",
        f"**{right} of {total} ({right / total:.0%}, 95 % interval {low:.0%} to {high:.0%}).** Rows are what",
        "was broken, columns on what the largest part fell.",
        "",
        "| broken | " + " | ".join(names) + " | none | right |",
        "|---|" + "---:|" * (len(names) + 2),
    ]
    for cause, found in rows.items():
        count = Counter(blamed for blamed, _ in found)
        cells = [str(count[name]) if count[name] else "·" for name in (*names, None)]
        lines.append(f"| {cause} | " + " | ".join(cells) + f" | {count[cause] / len(found):.0%} |")
    lines += ["", "Mean parts in nats, and the histories looked at until enough were kept:", ""]
    lines += [
        "| broken | loss | " + " | ".join(names) + " | looked at |",
        "|---|" + "---:|" * (len(names) + 2),
    ]
    for cause, found in rows.items():
        mean = {k: np.mean([parts[k] for _, parts in found]) for k in ("loss", *names)}
        cells = [f"{mean[k]:.2f}".replace("-", "−") for k in ("loss", *names)]
        lines.append(f"| {cause} | " + " | ".join(cells) + f" | {last[cause]} |")
    lines += [
        "",
        f"{asked.particles:,} particles on {asked.islands} islands, {asked.draws} draws of imagined reports,",
        f"histories from seed {asked.first + 1} on. Again:",
        f"`uv run python -m benchmarks.blame --each {asked.each} --first {asked.first}`.",
        "",
        "What this does not show: the histories come from the model, the truth given to the post-mortem is",
        "complete, and only one thing is broken in each. In a real miss causes work together, truth is",
        "partial, and the model is not the world.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run, write the page, print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=40, help="histories of each cause")
    options.add_argument("--particles", type=int, default=1_000)
    options.add_argument("--islands", type=int, default=10)
    options.add_argument("--draws", type=int, default=2)
    options.add_argument("--first", type=int, default=0, help="seeds after this one")
    options.add_argument("--out", type=Path, default=PAGE)
    asked = options.parse_args()
    started, rows, last = time.time(), {}, {}
    for cause in broken.ALL:
        rows[cause] = []
        kept = broken.histories(cause, particles=asked.particles, islands=asked.islands, first=asked.first)
        for seed, case in itertools.islice(kept, asked.each):
            answer = postmortem(
                case,
                broken.AS_OF,
                particles=asked.particles,
                islands=asked.islands,
                draws=asked.draws,
                days=0,
                beliefs=False,
            )
            v = answer.verdicts[0]
            parts = {part.cause: part.nats.value for part in v.parts}
            parts |= {broken.CHANCE: v.irreducible.value, "loss": v.loss.value}
            rows[cause].append((v.blamed, parts))
            last[cause] = seed - asked.first
    asked.out.write_text(page(rows, asked, last), encoding="utf-8")
    right = sum(blamed == cause for cause, found in rows.items() for blamed, _ in found)
    print(
        json.dumps(
            {"right": right, "of": sum(map(len, rows.values())), "seconds": round(time.time() - started)}
        )
    )


if __name__ == "__main__":
    main()
