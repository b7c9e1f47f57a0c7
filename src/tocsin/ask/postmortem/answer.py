"""The answer of `postmortem`: why a forecast missed, divided among its causes.

Losses are log losses in nats: minus the natural logarithm of the probability given to what happened, 0 at
best. A part is what a repair takes off the loss; a negative one says that the repair alone would have hurt.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Band, Chance, Number
from tocsin.ask.heading import Heading

# The causes that can be repaired, in the order of every table.
COLLECTION, SOURCES, DECEPTION, MINDSET = CAUSES = ("collection", "source error", "deception", "mindset")
CHANCE = "irreducible chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one cause carries of a loss."""

    cause: str
    nats: Number
    alone: Number
    last: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalition:
    """The forecast that would have been made with some causes repaired."""

    repaired: tuple[str, ...]
    loss: Number
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPoint:
    """What was given, or could have been given, to what happened, on a day."""

    day: dt.date
    in_hand: Chance
    repaired: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Sufficed:
    """From when on the evidence would have sufficed."""

    enough: float
    in_hand: dt.date | None
    repaired: dt.date | None
    points: tuple[DayPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingReport:
    """A report that existed by the day, and what it says for what happened."""

    id: str
    source: str
    grade: str
    date: dt.date
    known: dt.date
    status: str
    verdict: str
    text: str
    decibans: Number
    without: float
    reliable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """One prior belief, and how far it alone would have had to lie elsewhere."""

    kind: str
    reference: str
    label: str
    held: float
    needed: float | None
    distance: float | None
    for_enough: float | None
    furthest: float
    probability: Chance
    effective: float
    reliable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One question: what was said, what came, and what carries the difference."""

    id: str
    text: str
    happened: str
    on: dt.date
    given: Chance
    band: Band
    bound: bool
    loss: Number
    parts: tuple[Part, ...]
    irreducible: Number
    unseen: Number
    future: Number
    shortfall: Number
    knowing: float
    blamed: str | None
    coalitions: tuple[Coalition, ...]
    sufficed: Sufficed | None
    reports: tuple[TellingReport, ...]
    beliefs: tuple[Belief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What repairing one cause changes in this case."""

    cause: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """Why the forecasts of a case missed or held, question by question, the costliest first."""

    head: Heading
    conviction: float
    draws: int
    runs: int
    verdicts: tuple[Verdict, ...]
    repairs: tuple[Repair, ...]
    unknown: tuple[str, ...]
    basis: str
    left_out: tuple[tuple[str, str], ...]
