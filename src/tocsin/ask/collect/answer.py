"""What `collect` answers, as one frozen value.

Conventions: probabilities in [0, 1] with one Monte Carlo standard error; information in bits; shares of a
collector from 0 to 1; times in weeks. An *attack* on a front is the first step at or above the first rung
beyond the standing limit after a step below it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A share of a collector that looks at one actor."""

    collector: str
    actor: str
    quality: float  # chance a week that what is there is passed on, if all of it looks there
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorState:
    """A collector as it stands in the case."""

    id: str
    name: str
    owner: str | None
    discipline: str
    fixed: bool
    looks: tuple[Look, ...]
    idle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RocPoint:
    """One threshold: how often it is passed before no attack, and before one."""

    false_alarm: float
    hit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Share of attacks warned of at least so many weeks before."""

    weeks: float
    warned: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToWarning:
    """What an alarm would have done that is false in a stated share of quiet quarters."""

    false_alarms: float  # a quarter, as asked for
    realised: float  # a quarter, as it came out; never more
    threshold: float  # nats of evidence from which it sounds
    never: Chance
    median_weeks: float | None  # of those warned of
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontWarning:
    """How well attacks on one front would be told ahead."""

    front: str
    rung: str
    attack: Chance
    at_once: Chance  # the attack comes in the first step, before anything new is known
    simulated: int  # attacks behind the figures
    reporters: tuple[str, ...]  # collectors and sources that could report something of it
    auc: Number | None
    roc: tuple[RocPoint, ...]
    alarms: tuple[TimeToWarning, ...]
    why_none: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorWorth:
    """What more looking would tell through one indicator alone."""

    indicator: str
    name: str
    bits: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWorth:
    """What more looking would tell about one question."""

    question: str
    bits: Number
    crosses: Chance  # the answer takes another word


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What one more unit of a collector on one actor would tell in the coming fortnight."""

    look: Look
    unit: float  # share added
    best: QuestionWorth
    questions: tuple[QuestionWorth, ...]  # in the order of the case
    indicators: tuple[IndicatorWorth, ...]  # on the best question, largest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A front as the adversary sees it."""

    front: str
    actor: str
    attack: Chance
    harm: Number  # of an attack that comes unwarned: 1 is the top rung
    weight: float
    detection_now: Number
    detection_optimum: float
    gain_now: float
    gain_optimum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The allocation that holds against an adversary who sees it."""

    spared: float  # share of an attack's harm that warning in time spares
    targets: tuple[Target, ...]
    now: tuple[Look, ...]
    optimum: tuple[Look, ...]
    value_now: float  # harm where the adversary answers the present allocation best
    value_optimum: float
    value_error: Number  # of the difference, over islands
    gap: float  # the optimum lies no further below
    exploitability_now: float
    exploitability_optimum: float
    expected_now: float  # harm summed over fronts if the adversary does not look
    expected_optimum: float
    answer_now: str  # front of the adversary's best response
    answer_optimum: str
    programmes: int  # linear programmes solved


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontLoss:
    """What another allocation does to the warning of one front, on the same attacks."""

    front: str
    auc_before: Number
    auc_after: Number
    auc_change: Number
    warned_before: Chance  # at the middle rate of false alarms
    warned_after: Chance
    warned_change: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Neglect:
    """Another allocation, and what it makes invisible."""

    what: str
    actor: str | None  # the actor no longer looked at; None for an allocation that was named
    looks: tuple[Look, ...]
    fronts: tuple[FrontLoss, ...]  # worst first


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The answer of `collect`."""

    head: Heading
    side: str | None
    none: str | None  # why there are no collectors to speak of, and the mend
    within_weeks: float
    horizon_weeks: float
    collectors: tuple[CollectorState, ...]
    ahead: tuple[FrontWarning, ...]
    record: tuple[FrontWarning, ...]
    worth: tuple[Worth, ...]
    allocation: Allocation | None
    why_no_allocation: str | None
    neglect: tuple[Neglect, ...]
