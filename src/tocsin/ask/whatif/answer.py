"""The answer of a what-if as one frozen value.

Conventions as in `tocsin.ask.estimate`: probabilities in [0, 1], `mc_error` one Monte Carlo standard error.
The error of a shift is its own, and smaller than those of the two chances it lies between: both are read off
the same particles with the same chance, and what they share cancels.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Band, Chance, FanStep, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShift:
    """A question before the change and after it."""

    id: str
    text: str
    by: dt.date
    base: Chance  # as the case stands
    base_band: Band
    now: Chance  # with the change
    band: Band
    shift: Number  # now less base, with an error of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontFan:
    """Shares of the rungs of one front from the as-of day on, before the change and after it."""

    ref: str
    base: tuple[FanStep, ...]
    now: tuple[FanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What an answer would be had some numbers been others, by weighing and running on the same particles."""

    head: Heading  # of the case as it stands, without the change
    question: str | None  # the one asked about; None for all
    changes: tuple[tuple[str, str], ...]  # path, and the value put there as JSON
    without: tuple[str, ...]  # reports left out
    levers: tuple[str, ...]  # levers pulled
    horizon: dt.date  # first day of the last step drawn
    questions: tuple[QuestionShift, ...]  # those that the horizon decides, in the case's order
    fans: tuple[FrontFan, ...]  # of the fronts that the question looks at
    effective: float  # equally weighted particles that the changed answer rests on
    effective_share: float  # of those that the answer without the change rests on
    rough: bool  # too few of them for the numbers to be relied on: the full run is needed
    held: tuple[str, ...]  # what the quick answer leaves as it was, though the change bears on it
    notes: tuple[str, ...]  # what else to know about how the change was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class InFull:
    """The same questions inferred anew for the changed case: what the quick answer stands in for."""

    head: Heading  # of the changed case
    question: str | None
    changes: tuple[tuple[str, str], ...]
    without: tuple[str, ...]
    levers: tuple[str, ...]
    chances: tuple[tuple[str, Chance, Band], ...]  # question, chance, its word
    fans: tuple[tuple[str, tuple[FanStep, ...]], ...]  # of the fronts that the question looks at


__all__ = ["FrontFan", "InFull", "QuestionShift", "WhatIf"]
