"""The answer of `precedents` as one frozen value; every view renders this and nothing else.

Rates are shares in [0, 1], intervals hold 90 %, days are whole days. What the record says stands apart from
what the case's own estimate says: a base rate is no forecast, and a forecast far from it is not yet wrong.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """How often it came to that in one reference class."""

    reference_class: str  # id of the class
    words: str  # the class, the counts and the horizon in a sentence
    came: int
    of: int
    clusters: int  # disputes, pairs or crises that the anchors come from
    rate: float  # for the days that the question asks about
    low: float  # Jeffreys' interval of the rate, at the independent anchors that these are worth
    high: float
    class_days: int  # horizon that was counted; 0 for the whole course of a dispute or crisis
    asked_days: int  # horizon of the question
    since_1946: tuple[int, int] | None  # the same count (came, of) after 1945
    span: str
    sources: tuple[str, ...]
    cautions: tuple[str, ...]  # where the class does not fit the question, and what the record cannot tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """The estimate and the base rate are too far apart to pass without a word."""

    odds_factor: float  # odds of the estimate over odds of the base rate
    outside_all: bool  # outside the intervals of all the classes that were offered
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analogue:
    """A case of the record that is near to the one asked about."""

    title: str
    day: dt.date
    alike: tuple[str, ...]
    unlike: tuple[str, ...]
    ending: str
    distance: float  # 0 where all the features compared agree, 1 where none does


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPrecedents:
    """What the record says of one question."""

    id: str
    text: str
    by: dt.date
    none: str | None  # why there is no base rate, if there is none
    base_rate: BaseRate | None
    others: tuple[BaseRate, ...]  # other classes that could be meant: how much the class decides
    estimate: float | None  # the case's own probability, if it was assessed
    estimate_error: float | None  # its Monte Carlo standard error
    parting: Parting | None
    analogues: tuple[Analogue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """Base rates and nearest cases for every question that was asked."""

    schema: int
    version: str
    case: str
    case_digest: str  # of the case as known on the as-of day
    variant: str | None  # whose view of the case it is, if not the case's own
    as_of: dt.date
    seed: int | None  # of the assessment, if there was one
    particles: int | None
    rates_digest: str  # of the data behind the base rates
    data_digest: str | None  # of the data behind the analogues; None if none were given
    questions: tuple[QuestionPrecedents, ...]
