"""The answer of `ceasefire` as one frozen value; every view renders this and nothing else.

Gains are what signing is worth to a side against going on. Those that decide (`nats`) are over the side's
temperature, so that exp(gain) are the odds of accepting; those of the bargaining range are in the unit of the
terms. Differences are paired: both runs have the same chance, and the error is that of the difference.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.heading import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One summand of what signing is worth to a side."""

    family: str  # "answering in kind", "reason", "deterrence", "weariness", ..., "terms"
    label: str
    reference: str  # id of the reason, threat or tie; "" where there is none
    nats: Number  # posterior mean; above 0 it speaks for signing
    spread: float  # posterior standard deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What signing now is worth to one party against going on."""

    actor: str
    front: str | None  # toward the other party; without one it has nothing to give up, and consents
    gain: Number  # nats over its temperature
    spread: float  # posterior standard deviation of that
    odds: float  # exp(gain): odds of accepting in one round of talks, at the mean gain
    accepts: Chance  # in one round of talks, over all that is uncertain
    means_more: Chance  # that it means to do more than the deal would let it
    families: tuple[tuple[str, Number], ...]  # the parts summed by family, largest first
    parts: tuple[Part, ...]  # largest first; they sum to the gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A posterior distribution by its quantiles."""

    median: Number
    low: float  # 5 % lie below
    quarter: float
    three_quarters: float
    high: float  # 5 % lie above


@dataclass(frozen=True, slots=True, kw_only=True)
class BargainingRange:
    """Transfers of terms from the first party to the second that both would accept with even odds or better.

    A transfer x worsens the terms of the first by x nats and betters those of the second by as much. Both
    accept where ``-gain of the second <= x <= gain of the first``.
    """

    least: Spread  # the second party needs at least so much
    most: Spread  # the first party can give at most so much
    width: Spread  # most - least; below 0 there is no such transfer
    open: Chance  # some transfer would do
    as_proposed: Chance  # the deal as it is written would do


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeWeek:
    """The bargaining range some weeks ahead, along histories without the deal."""

    day: dt.date
    open: Chance
    as_proposed: Chance
    agreed: Chance  # both accept, if talks are held
    least: Spread
    most: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """Chance that the deal has been signed by a day, if it is on the table from today."""

    day: dt.date
    chance: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Whether a signed deal holds for so many days."""

    days: int
    after_talks: Chance | None  # given that talks bring it about early enough to be seen holding
    from_share: float  # share of histories that is told of
    if_signed_today: Chance | None  # in force for so long without a break; None beyond the horizon
    quiet: Chance | None  # if signed today: neither party strikes a blow at the other for so long


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEffect:
    """What signing today does to a question of the case."""

    id: str
    text: str
    without: Chance  # the deal is off the table for good
    on_table: Chance  # it is on the table from today
    signed: Chance  # it is signed today
    signed_change: Number  # signed less without, paired
    table_change: Number  # on the table less without, paired
    cheaper: Number  # signed less on the table, paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What carries an effect: how much one consideration changes."""

    actor: str  # whose consideration it is
    family: str
    label: str
    reference: str
    nats: Number  # change at the top rung of a front, or of a gain


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEffect:
    """What signing today does to a front, between the parties or any other."""

    ref: str
    party: bool  # capped by the deal
    rung: str  # the effect is on the chance that the front reaches it
    without: Chance
    on_table: Chance
    signed: Chance
    signed_change: Number  # signed less without, paired
    table_change: Number
    carriers: tuple[Carrier, ...]  # of the change, largest first; changes at the top rung, averaged over time


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorEffect:
    """A factor that signing today moves, and the reasons that it scales."""

    id: str
    name: str
    without: Number  # mean level over the weeks ahead
    change: Number  # signed less without, paired
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideChange:
    """How much less signing is worth to a side."""

    actor: str
    gain: Number  # change of its mean gain over the weeks ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiler:
    """What happens to the deal if an actor goes up."""

    actor: str
    fronts: tuple[str, ...]  # those pulled up, from today
    why: tuple[str, ...]  # what makes it able to spoil
    rises: Number  # change in the chance that one of those fronts comes to blows beyond the standing limit
    signed: Number  # change in the chance that the deal is signed
    quiet: Number  # change in the chance of quiet, if it is signed today
    sides: tuple[SideChange, ...]
    carriers: tuple[Carrier, ...]  # of the changes of the gains, the most harmful first


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One deal of the case, asked about."""

    id: str
    name: str
    text: str
    between: tuple[str, str]
    cap: str  # highest rung that either may hold
    on_table: bool  # by the case, in the next step; if not, it is asked as if it were put there today
    in_force: Chance  # now
    rounds_a_week: float  # of talks
    breakdown_a_week: float  # rate
    terms: tuple[tuple[str, float], ...]  # nats to each side
    sides: tuple[Side, ...]
    agreed: Chance  # both accept, in one round of talks now
    range: BargainingRange | None
    no_range: str  # why there is none
    weeks: tuple[RangeWeek, ...]
    opens: Chance | None  # given that it is closed now: some week ahead it is open
    closes: Chance | None  # given that it is open now: some week ahead it is closed
    signed: tuple[SignedBy, ...]
    holds: tuple[Holding, ...]
    quiet_days: int  # of the spoilers' quiet
    questions: tuple[QuestionEffect, ...]
    fronts: tuple[FrontEffect, ...]  # other fronts first, the largest change first
    factors: tuple[FactorEffect, ...]
    spoilers: tuple[Spoiler, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CeaseFire:
    """The deals of a case: what they are worth, to whom, whether they come and hold, and who could spoil."""

    head: Heading
    by: dt.date  # how far ahead it is looked
    push_nats: float  # by how much a spoiler's fronts are pulled, at the top rung
    deals: tuple[Settlement, ...]


__all__ = [
    "BargainingRange",
    "Carrier",
    "CeaseFire",
    "FactorEffect",
    "FrontEffect",
    "Holding",
    "Part",
    "QuestionEffect",
    "RangeWeek",
    "Settlement",
    "Side",
    "SideChange",
    "SignedBy",
    "Spoiler",
    "Spread",
]
