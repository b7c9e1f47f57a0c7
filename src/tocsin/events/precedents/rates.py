"""Base rates: how many of how many, within how long, and how sure that makes us.

A class counts *anchors*, days on which a question like ours could have been asked. Anchors of one dispute, or
of one pair of enemies, share their luck, so the interval is Jeffreys' (Brown, Cai and DasGupta 2001,
Statistical Science 16, 101-133) at the number of independent anchors that these are worth: the number that
would have the variance seen between clusters (Kish 1965, Survey Sampling).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.9
SCHEMA = 1
HORIZONS = (7, 14, 30, 60, 90, 120, 180, 270, 365, 540, 730)
# The horizon of what has no recorded day: the whole course of a dispute or crisis.
WHOLE_COURSE = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many of so many, in so many clusters."""

    came: int
    of: int
    clusters: int
    effective: float  # independent anchors that these are worth, at most `of`

    @property
    def rate(self) -> float:
        """The share that came about; Jeffreys' mean where there are none."""
        return self.came / self.of if self.of else 0.5

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Jeffreys' interval of the rate; its ends are 0 and 1 where nothing or everything came about.

        Examples
        --------
        >>> low, high = Count(came=5, of=50, clusters=50, effective=50.0).interval()
        >>> round(low, 2), round(high, 2)
        (0.05, 0.19)
        """
        from scipy.stats import beta

        came, missed = self.rate * self.effective, (1.0 - self.rate) * self.effective
        ends = beta.ppf([(1.0 - level) / 2.0, (1.0 + level) / 2.0], came + 0.5, missed + 0.5)
        low = 0.0 if self.came == 0 else float(ends[0])
        high = 1.0 if self.came == self.of else float(ends[1])
        return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The count of one event within one horizon."""

    event: str  # e.g. "level 4", "100 deaths a week", "2 joiners at level 4"
    horizon_days: int  # WHOLE_COURSE where the day is not recorded
    all: Count
    since_1946: Count | None  # None where the class begins later


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceClass:
    """What was counted, in words, and the counts."""

    id: str
    condition: str  # "a state was bound by a pact to ...": what held at each anchor
    events: dict[str, str]  # event: in words, e.g. "it used force against that side"
    unit: str  # what an anchor is, in the plural
    cluster: str  # what anchors share, in the plural
    span: str
    sources: tuple[str, ...]
    caution: str  # what a reader must know
    cells: tuple[Cell, ...]

    def cell(self, event: str, horizon_days: int) -> Cell | None:
        """The cell whose horizon is nearest in proportion; None if the event was not counted."""
        found = [cell for cell in self.cells if cell.event == event and cell.all.of]
        if not found:
            return None
        if found[0].horizon_days == WHOLE_COURSE:
            return found[0]
        return min(found, key=lambda c: abs(np.log(c.horizon_days / max(horizon_days, 1))))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """Every reference class, and the data behind them."""

    schema: int
    data_digest: str
    classes: tuple[ReferenceClass, ...]

    def get(self, name: str) -> ReferenceClass | None:
        """A class by its id."""
        return next((c for c in self.classes if c.id == name), None)

    def to_json(self) -> str:
        """Text with one cell a line, so that a change can be read as a difference."""
        head = {"schema": self.schema, "data_digest": self.data_digest}
        lines = ["{", *(f' "{key}": {json.dumps(value)},' for key, value in head.items()), ' "classes": [']
        for k, reference in enumerate(self.classes):
            plain = asdict(reference)
            cells = plain.pop("cells")
            body = json.dumps(plain, ensure_ascii=False, indent=1)[:-2].replace("\n", "\n  ")
            rows = ",\n".join(f"    {json.dumps(_cell_row(cell))}" for cell in cells)
            lines.append(
                f'  {body},\n   "cells": [\n{rows}\n   ]\n  }}{"," if k + 1 < len(self.classes) else ""}'
            )
        return "\n".join([*lines, " ]", "}"]) + "\n"


def _cell_row(cell: dict[str, Any]) -> list[Any]:
    def plain(count: dict[str, Any] | None) -> list[Any] | None:
        return None if count is None else [count[name] for name in ("came", "of", "clusters", "effective")]

    return [cell["event"], cell["horizon_days"], plain(cell["all"]), plain(cell["since_1946"])]


def from_json(text: str) -> RateTable:
    """The table that `to_json` wrote."""
    data = json.loads(text)

    def count(row: list[Any] | None) -> Count | None:
        if row is None:
            return None
        return Count(came=row[0], of=row[1], clusters=row[2], effective=row[3])

    classes = []
    for plain in data["classes"]:
        cells = []
        for event, horizon, everything, later in plain.pop("cells"):
            whole = count(everything)
            assert whole is not None
            cells.append(Cell(event=event, horizon_days=horizon, all=whole, since_1946=count(later)))
        plain["sources"] = tuple(plain["sources"])
        classes.append(ReferenceClass(**plain, cells=tuple(cells)))
    return RateTable(schema=data["schema"], data_digest=data["data_digest"], classes=tuple(classes))


@cache
def shipped() -> RateTable:
    """The counts that come with tocsin, made by ``scripts/base_rates.py``: no row of anyone's data."""
    return from_json((files("tocsin.events") / "data" / "base_rates.json").read_text(encoding="utf-8"))


def counted(came: NDArray[np.bool_], cluster: Sequence[object]) -> Count:
    """Count anchors, and find what they are worth.

    Parameters
    ----------
    came : (N,) whether it came about at each anchor
    cluster : (N,) what the anchor shares its luck with

    Examples
    --------
    >>> counted(np.array([True, True, False, False]), ["a", "a", "b", "b"]).effective
    1.0
    """
    n = len(came)
    names, member = np.unique(np.asarray(cluster), return_inverse=True)
    clusters = len(names)
    k = int(came.sum())
    if n == 0 or clusters < 2:
        return Count(came=k, of=n, clusters=clusters, effective=float(clusters))
    if k in (0, n):
        # Nothing varies, so nothing tells how alike the anchors of a cluster are: each cluster counts once.
        return Count(came=k, of=n, clusters=clusters, effective=float(clusters))
    rate = k / n
    gaps = np.bincount(member, came.astype(float)) - rate * np.bincount(member)
    variance = clusters / (clusters - 1) * float((gaps**2).sum()) / n**2
    effective = min(rate * (1.0 - rate) / variance, float(n)) if variance > 0.0 else float(n)
    return Count(came=k, of=n, clusters=clusters, effective=round(max(effective, 1.0), 1))
