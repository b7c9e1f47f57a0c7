"""What a stress test answers: plain frozen data, from which terminal, page and JSON are made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Band, Chance, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Trick:
    """One thing that a deceiver could do with what reaches the analyst."""

    kind: str  # "plant" a report, "hide" one, or "change" what one says
    source: str  # who says it, or would have
    sources: tuple[str, ...]  # that it takes to control
    origin: str | None  # of the reports hidden or changed, if not the source itself
    about: str  # indicator or front
    value: str  # what is said after it; empty if nothing
    instead_of: str  # what was said before it; empty if nothing
    date: dt.date  # of the report, the last where there are several
    reports: tuple[str, ...]  # of the case, that are hidden or changed
    count: int  # reports planted, hidden or changed
    chance: float | None  # that the rest of the evidence gives to what is said; None where nothing is
    alone: Number  # change of the probability by this alone
    text: str  # the whole of it in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Tricks played together, and what the analyst would then have answered."""

    tricks: tuple[Trick, ...]
    reports: int  # planted, hidden or changed
    sources: tuple[str, ...]  # that it takes to control
    cost: float  # by the table of prices
    after: Chance  # the probability that the analyst would have given
    word: str  # of the yardstick, for it
    shift: Number  # change of the probability, on the same particles
    effective: float  # particles that the answer rests on
    rough: bool  # whether these are too few
    deceives: Chance | None  # probability, after it, that the deceiver deceives


@dataclass(frozen=True, slots=True, kw_only=True)
class Fewest:
    """The fewest reports that move the answer into another word."""

    direction: str  # "up" or "down"
    means: str  # "plant", "hide" or "both"
    edge: float | None  # probability to be passed; None where there is no word beyond
    plan: Plan | None  # None if no plan found does it
    clear: bool  # it passes the edge by more than two of its errors
    tried_up_to: int  # reports, at the most
    exact: bool  # no smaller set of the kept tricks does it, on the particles searched
    minimal: bool  # no part of the plan does it, on all particles
    bound: float  # no plan of the kept tricks and of one report fewer (of `tried_up_to` where none was
    # found) takes the probability beyond this, on the particles searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgeted:
    """The best plan that a budget buys."""

    direction: str
    budget: float
    plan: Plan | None  # None if no plan moves the answer that way
    exact: bool  # whether the search was exhaustive
    bound: float  # no plan within the budget takes the probability beyond this, on the particles searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the answer can be driven by whoever controls one part of what is heard."""

    kind: str  # "source", "origin", "discipline" or "actor"
    name: str
    members: tuple[str, ...]  # sources
    tricks: int  # open to whoever controls it, of those kept
    lowest: Plan | None  # None where nothing lowers it
    highest: Plan | None
    exact: bool
    low: float  # the range as probabilities; the answer itself where there is no plan
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """The answer if it were known whether actors deceive."""

    assumption: str
    actors: tuple[str, ...]
    deceive: bool
    after: Chance
    shift: Number
    effective: float
    rough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What the silence of a watch weighs for the question, should the watched actor deceive or not."""

    source: str
    indicator: str
    actor: str
    steps: int  # of silence
    concealable: float  # share of sightings that deception would prevent
    deceiving: Number  # decibans, if the actor deceives
    honest: Number  # decibans, if it does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question of a checklist, and what the case says to it."""

    question: str
    answer: str  # empty where the case does not say
    entries: tuple[str, ...]  # of the case, that the answer comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """One of the checklists by which analysts look for deception."""

    name: str
    about: str  # an actor, a source, or the evidence
    lines: tuple[Line, ...]
    answered: int  # of its questions


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagMove:
    """The probability that an actor deceives: before a plan, as foreseen after it, and as found."""

    actor: str
    before: Chance
    foreseen: Chance
    found: Chance
    rises: str  # "rises", "falls" or "stays", as found, beyond two errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A plan played: the case as the deceiver would have it, inferred anew with other chance."""

    label: str
    foreseen: Chance
    found: Chance | None  # None where no particle explains what the plan would have had reported
    difference: Number | None  # found less foreseen
    agrees: bool | None  # within two errors of the difference
    moved: Number | None  # found less the answer without it
    word: str
    note: str
    flags: tuple[FlagMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What deception costs, in units of effort; judgement, and to be overridden."""

    grade: tuple[tuple[str, float], ...]  # to control a source, by its Admiralty letter
    discipline: tuple[tuple[str, float], ...]  # times this
    source: tuple[tuple[str, float], ...]  # of a source, whatever its grade
    plant: float  # each report planted
    hide: float  # each report hidden
    change: float  # each report changed


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePrice:
    """What it costs to control one source."""

    source: str
    grade: str
    discipline: str
    price: float
    own: bool  # whether the deceiver controls it already


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """Which tricks were considered, and which were not."""

    days: tuple[dt.date, ...]  # on which reports could be planted
    plants: int
    hides: int
    changes: int
    implausible: int  # left out, since the rest of the evidence gives what is said too little chance
    plausible: float  # that chance
    untold: int  # left out, since what they do cannot be told from nothing on these particles
    kept: int  # searched
    weakest: float  # decibans: no other trick whose effect can be told moves the odds by more alone
    searched_particles: int
    left_out: tuple[str, ...]  # in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Stress:
    """How little deception it would take to fool the analyst on one question."""

    head: Heading
    question: str  # id
    text: str
    by: dt.date
    chance: Chance
    band: Band
    deceiver: str | None
    deceives: Chance | None  # that the deceiver deceives, as inferred
    effective: float  # particles that the answer rests on
    considered: Considered
    strongest: tuple[Trick, ...]  # by what each does alone, those that raise it and those that lower it
    fewest: tuple[Fewest, ...]
    budget: float
    prices: Prices
    source_prices: tuple[SourcePrice, ...]
    plans: tuple[Budgeted, ...]  # smaller budgets first
    most_reports: int  # for a reach
    reach: tuple[Reach, ...]  # widest first within each kind
    deception: tuple[Forced, ...]
    silences: tuple[Silence, ...]
    checklists: tuple[Checklist, ...]
    played: tuple[Played, ...]
    warnings: tuple[str, ...]
