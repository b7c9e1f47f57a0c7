"""What actors have in common, shipped as data: the priors of style, and the pace that goes with them.

`style.json` is written by ``tocsin fit`` from histories of events and carries where each number comes from. A
number that no history tells keeps a judgement, and says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Scale = Literal["log", "logit", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePrior:
    """Distribution of one number over actors: median, and standard deviation on its scale."""

    scale: Scale
    median: float
    spread: float
    fitted: bool  # to events; else a judgement
    why: str


def _read() -> tuple[dict[str, StylePrior], dict[str, float]]:
    text = (resources.files("tocsin.case") / "style.json").read_text(encoding="utf-8")
    data = json.loads(text)
    style = {
        name: StylePrior(
            scale=row["scale"],
            median=row["median"],
            spread=row["spread"],
            fitted=row["fitted"],
            why=row["why"],
        )
        for name, row in data["style"].items()
    }
    return style, {name: row["rate"] for name, row in data["pace"].items()}


# Style by name, and rates a week by name.
STYLE, PACE = _read()
