"""What `options` answers with: levers, portfolios of them, and the choice, as plain frozen values.

Conventions: a *change* is with the lever less without it, so that below zero is fewer; it is measured on the
same histories with the same chance, and so is its error. *Risk* is the probability of the question that the
choice is about, or the weighted mean of several.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A difference between two runs that share their chance."""

    value: float
    mc_error: float
    low: float  # of the 95 % interval
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happens to one probability: without, with, and history by history."""

    name: str  # of the question; "risk" for the risk itself
    without: Chance
    with_it: Chance
    change: Paired
    backfires: Chance  # share of all histories in which it comes with the lever and not without
    prevents: Chance  # share in which it comes without and not with


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontOutcome:
    """Whether a front goes beyond its standing limit, without and with."""

    front: str
    rung: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOutcome:
    """What happens to the risk where the opponent is so, means so, or reads so."""

    kind: str  # "disposition", "intent", "perception"
    actor: str
    label: str
    share: Chance  # of all histories
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectOutcome:
    """One of a lever's effects by itself, and what is lost without it."""

    kind: str  # "threat", "provokes", "factor" ...
    reference: str
    shift: float
    at_once: bool
    idle: bool  # there is nothing in the case that it could change
    alone: Outcome  # the risk with this effect and no other
    adds: Paired  # the risk with all of the lever's effects less that with all but this one


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOutcome:
    """The same lever if those who make its threats looked so strong."""

    standing: float | None  # None as it is
    actors: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentOutcome:
    """The risk up to a day, and its rate a week since the day before in the list."""

    day: dt.date
    without: Chance
    with_it: Chance
    change: Paired
    hazard_without: float  # a week, of those histories in which it has not come yet
    hazard_with: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverAnswer:
    """One lever pulled by itself on the as-of day."""

    id: str
    name: str
    actor: str
    cost: float
    note: str
    works_from: dt.date
    works_until: dt.date | None
    done: tuple[str, ...]  # events that pulled it already
    word: str  # what it does to the risk, plainly
    risk: Outcome
    questions: tuple[Outcome, ...]
    fronts: tuple[FrontOutcome, ...]
    groups: tuple[GroupOutcome, ...]
    effects: tuple[EffectOutcome, ...]
    standing: tuple[StandingOutcome, ...]
    over_time: tuple[MomentOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioAnswer:
    """Levers pulled together on the as-of day; none of them is a portfolio too."""

    levers: tuple[str, ...]
    cost: float
    risk: Chance
    change: Paired
    backfires: Chance
    prevents: Chance
    questions: tuple[tuple[str, Paired], ...]
    on_front: bool  # no other costs less or as much and leaves less risk
    doubtful: bool  # on the front, but one that costs no more cannot be told from it
    worst_regret: Number
    worst_scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A way in which the case may be otherwise than thought, on the histories in which it is so."""

    label: str
    kind: str  # "disposition" or "number"
    share: float  # of all histories
    least: tuple[str, ...]  # portfolio of least risk in it
    least_risk: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class RegretRow:
    """What a portfolio leaves on the table in each scenario: its risk less the least there."""

    levers: tuple[str, ...]
    regrets: tuple[Number, ...]  # in the order of the scenarios


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """How wrong a number would have to be, to one side, for the choice to change."""

    shift: float  # of its prior, in standard deviations
    median: float  # of its prior, so shifted
    instead: tuple[str, ...]  # what would then be better
    gain: Paired  # risk of that less risk of the choice
    clear: bool  # beyond chance among all that were looked at, not only beyond two errors
    effective: float  # particles behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A number's prior, shifted."""

    shift: float  # in standard deviations
    median: float  # in the number's own unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulNumber:
    """A number that nobody knows well and that moves the risk or what levers do to it."""

    label: str
    median: float  # of its prior, in its own unit
    low: float  # its prior, one standard deviation down
    high: float  # and up
    on_risk: Number  # change of the risk for each standard deviation that its prior is shifted up
    on_levers: Number  # the same for what the lever that it moves most changes
    lever: str  # which that is
    down: Switch | None
    up: Switch | None
    supported: tuple[float, float]  # shifts that the particles reach, down and up
    as_nothing: tuple[Level | None, Level | None]  # down and up, whence the choice is no better than nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """How far the doubtful numbers may be off together before a portfolio no longer meets a stated risk."""

    levers: tuple[str, ...]
    risk: Chance  # as estimated
    horizon: Number | None  # standard deviations; None if it does not meet it even as estimated
    reaches_end: bool  # it still meets it at the largest horizon that the particles support


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to pick, by three rules that need not agree."""

    least: tuple[str, ...]  # least risk, as estimated
    elsewhere: Chance  # its risk where it is picked on one half of the islands and measured on the other
    cheapest: tuple[str, ...]  # of those that cannot be told from it, the one that costs least
    alike: int  # portfolios that cannot be told from it, itself among them
    minimax: tuple[str, ...]  # least worst regret
    minimax_regret: Number
    robust: tuple[str, ...]  # largest horizon
    at_most: float  # the stated risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The answer of `options`."""

    head: Heading
    histories: int  # on which every lever was tried
    risk: tuple[tuple[str, str, float], ...]  # question, its text, its weight
    opponents: tuple[str, ...]
    budget: float | None
    by: tuple[str, ...]  # actors whose levers were considered; all if empty
    nothing: Chance  # the risk if nothing is done
    levers: tuple[LeverAnswer, ...]
    portfolios: tuple[PortfolioAnswer, ...]
    rule: str  # which portfolios were run
    left_out: str  # and which were not
    choice: Choice
    scenarios: tuple[Scenario, ...]
    scenarios_left_out: tuple[str, ...]
    regrets: tuple[RegretRow, ...]
    doubtful: tuple[DoubtfulNumber, ...]
    robustness: tuple[Robustness, ...]
