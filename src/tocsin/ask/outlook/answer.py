"""The answer of `futures` as one frozen value.

Conventions are those of `tocsin.ask.estimate`: probabilities in [0, 1] with one Monte Carlo standard error,
dates are first days of steps, nats are natural logs of odds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Chance, Fan, Joiner, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A day on which a front first reached a rung, or a deal came into force."""

    day: dt.date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """The first thing that is decided otherwise on a course than off it."""

    day: dt.date
    front: str
    rung: str
    reached_on: Chance  # has reached the rung by the day, on the course
    reached_off: Chance
    then: Chance  # of the course, given that it was reached by then
    else_: Chance  # of the course, given that it was not


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An indicator that tells a course from the others."""

    indicator: str
    name: str
    by: dt.date
    weeks: int
    seen_on: Chance  # a good source has reported it at least once by then, on the course
    seen_off: Chance
    ratio: float  # the first over the second


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a conflict goes on a course: shares of its runs."""

    conflict: str
    beyond: float  # goes beyond what needs no preparation
    attack: float  # reaches the rung that counts as an attack
    median_day: dt.date | None  # goes beyond, if more likely than not


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A group of futures that are alike."""

    name: str
    chance: Chance
    halves: tuple[float, float]  # the probability by the first and by the second half of the islands
    typical: tuple[Turn, ...]  # the future in the middle of the group
    distance: float  # mean distance of its runs to that one; 1 is a level of one conflict
    spread: tuple[Spread, ...]
    incident: float  # share of its runs that go beyond within a step of an incident on that front
    inadvertent: Number | None  # share of its chance that is gone when nobody misreads
    fork: Fork | None
    signs: tuple[Sign, ...]  # those that tell, earliest first; then those that hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How the courses were found."""

    sampled: int
    silhouette: float  # mean over the sample; 1 is far apart, 0 is no groups at all
    tried: tuple[tuple[int, float], ...]  # number of courses, silhouette


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A term of the decision to join, and how far it moved since the as-of day."""

    kind: str
    label: str
    change: float  # nats toward joining, mean over the runs that join
    at: float  # nats at the decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who may join, when, and what carries it."""

    front: str
    joiner: Joiner
    carried_by: tuple[Carrier, ...]  # largest change first
    tie: Carrier | None  # the obligation to an ally that changed most, if any did
    incident: float  # share of its joinings within a step of an incident on the front


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One front joining after another."""

    first: str
    then: str
    within_weeks: int
    follows: Chance  # the second joins within so many weeks, given that the first has and it has not yet
    without: Chance  # it joins in as long a time where the first has not, at the same dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """When a front first reaches a rung after the as-of day."""

    front: str
    rung: str
    never: Chance  # within the horizon
    early: dt.date | None  # a tenth of the runs that reach it have by then
    median: dt.date | None
    late: dt.date | None  # nine tenths
    inadvertent: Number | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A question's answer under a condition."""

    question: str
    before: Chance
    seen: Chance | None  # given that it is seen; none where too few particles have it
    made: Chance | None  # if it were made so from now on; none where that cannot be done
    change: Number | None  # of `made` over the plain answer, paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What was asked with --if."""

    text: str
    meaning: str
    chance: Chance | None  # that it comes about; none for what only a decision brings about
    effective: float  # particles that it rests on, where it is seen
    refused: str | None  # why nothing is said of its being seen
    intervention: str | None  # what making it so means here
    answers: tuple[Given, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """A question of less than one in a hundred, by splitting."""

    question: str
    text: str
    plain: Chance
    chance: Chance
    levels: int
    plain_runs: float  # the work, in plain runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a case can unfold from the as-of day."""

    head: Heading
    horizon: dt.date
    joining_rung: str
    under_way: tuple[str, ...]  # conflicts beyond the limit already
    asked: tuple[str, ...]  # fronts that a question asks about
    fans: tuple[Fan, ...]  # those asked about first
    courses: tuple[Course, ...]  # likeliest first
    grouping: Grouping
    joinings: tuple[Joining, ...]  # likeliest first
    links: tuple[Link, ...]
    reaches: tuple[Reach, ...]
    conditions: tuple[Condition, ...]
    rare: tuple[Rare, ...]
