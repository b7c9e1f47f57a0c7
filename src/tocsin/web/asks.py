"""What can be asked of a case over HTTP: one form for each kind of answer, with the options of its command.

The options and their defaults are those of the command line; a test compares them. What a form cannot tell (a
deal that the case has not, a day outside it) is told by the job that fails of it, in the words of a fault.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue, Strict, StringConstraints, model_validator

from tocsin.web.values import Value

MOST_PARTICLES = 200_000
MOST_SEED = 2**31 - 1
DEEPEST = 16


def depth(value: Any) -> int:
    """Levels of lists and mappings within a value.

    Examples
    --------
    >>> depth(1), depth([]), depth({"a": [1, [2]]})
    (0, 1, 3)
    """
    deepest, waiting = 0, [(value, 0)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(part, level + 1) for part in _within(one)]
        if isinstance(one, dict | list):
            deepest = max(deepest, level + 1)
    return deepest


def _within(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _not_too_deep(value: Any) -> Any:
    if depth(value) > DEEPEST:
        raise ValueError(f"expected at most {DEEPEST} levels")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError("expected a date such as 2023-10-11")


# What a form says is taken as it is: no text for a number, no number for a day, no 1 for true.
Day = Annotated[dt.date, BeforeValidator(_day)]
Whole = Annotated[int, Strict()]
Real = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, StringConstraints(max_length=300)]
Share = Annotated[Real, Field(ge=0.0, le=1.0)]
Weeks = Annotated[Real, Field(gt=0.0, le=1_000.0)]
Changes = Annotated[
    dict[Name, JsonValue],
    BeforeValidator(_not_too_deep),
    Field(
        default_factory=dict,
        max_length=500,
        description="what is written otherwise, as in a variant: `kind.id.field` and its value; null takes "
        "it away",
    ),
]
Without = Annotated[tuple[Name, ...], Field(max_length=2_000, description="ids of reports that are left out")]


class Form(Value):
    """What a client fills in."""

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers(cls, given: Any) -> Any:
        """To JSON 20.0 is as whole a number as 20."""
        if not isinstance(given, dict):
            return given
        whole = {name for name, field in cls.model_fields.items() if field.annotation in (int, Whole | None)}
        return {
            name: int(value) if name in whole and isinstance(value, float) and value.is_integer() else value
            for name, value in given.items()
        }


class Asked(Form):
    """What every question says: of which case as of when, in whose view, with what changed."""

    as_of: Day | None = Field(None, description="last day whose news counts; the case's own if left out")
    variant: Name | None = Field(None, description="id of the view; the case as it is written if left out")
    changes: Changes
    without: Without = ()
    seed: Whole | None = Field(
        None, ge=0, le=MOST_SEED, description="of all chance; the server's if left out"
    )
    particles: Whole | None = Field(
        None, ge=1_000, le=MOST_PARTICLES, description="weighted histories; the server's if left out"
    )


class AssessOptions(Form):
    """Options of `tocsin assess`."""

    since: Day | None = Field(None, description="an earlier day; the answer then says what moved since")
    phia: Flag = Field(False, description="words of the PHIA yardstick; else of ICD 203")
    half_life: Real | None = Field(
        None,
        gt=0.0,
        description="days after which a report that the ledger proved counts half; else for good",
    )


class FuturesOptions(Form):
    """Options of `tocsin futures`."""

    weeks: Whole = Field(26, ge=1, le=520, description="how far courses and cascades look")
    conditions: Annotated[tuple[Name, ...], Field(max_length=20)] = Field(
        (), description='"FACTOR > 0.6 by DATE", "FRONT reaches RUNG by DATE", lever:ID or event:ID'
    )
    effort: Whole = Field(
        100_000,
        ge=0,
        le=10_000_000,
        description="plain runs that each question below 1 % may cost; 0 leaves it out",
    )


class OptionsOptions(Form):
    """Options of `tocsin options`."""

    budget: Real | None = Field(
        None, ge=0.0, description="what there is to spend, in the case's unit; else no limit"
    )
    questions: dict[Name, Annotated[Real, Field(gt=0.0)]] = Field(
        default_factory=dict,
        max_length=100,
        description="what to avoid, by question, and its weight; else the first question still open",
    )
    by: Annotated[tuple[Name, ...], Field(max_length=100)] = Field(
        (), description="only the levers of these actors"
    )
    most: Whole = Field(512, ge=1, le=10_000, description="at most so many portfolios")
    at_most: Share | None = Field(None, description="risk to be met whatever number is wrong")
    histories: Whole = Field(
        20_000, ge=1_000, le=1_000_000, description="histories on which every lever is tried"
    )


class CeasefireOptions(Form):
    """Options of `tocsin ceasefire`."""

    deal: Name | None = Field(None, description="only this deal; else all of them")
    by: Day | None = Field(None, description="how far ahead to look; else 26 weeks, or to the case's end")
    push: Real = Field(
        3.0, gt=0.0, le=20.0, description="nats by which a possible spoiler's fronts are pulled up"
    )


class Move(Form):
    """A share of a collector set anew."""

    collector: Name = Field(description="whose looking moves")
    actor: Name = Field(description="at whom it looks")
    share: Share = Field(description="how much of it, from now on")


class CollectOptions(Form):
    """Options of `tocsin collect`."""

    within: Weeks = Field(8.0, description="a warning says: an attack within so many weeks")
    horizon: Weeks = Field(26.0, description="weeks for which attacks are simulated")
    unit: Annotated[Real, Field(gt=0.0, le=1.0)] = Field(
        0.1, description="share of a collector whose further looking is valued"
    )
    spared: Annotated[Real, Field(gt=0.0, le=1.0)] = Field(
        0.5, description="share of an attack's harm that warning in time spares"
    )
    side: Name | None = Field(None, description="only this actor's collectors and those of nobody")
    moves: Annotated[tuple[Move, ...], Field(max_length=100)] = Field(
        (), description="shares set anew, all at once"
    )
    weights: dict[Name, Annotated[Real, Field(ge=0.0)]] = Field(
        default_factory=dict, max_length=200, description="by front: how much more its harm counts for us"
    )


class StressOptions(Form):
    """Options of `tocsin stress`."""

    question: Name | None = Field(None, description="the question to stress; else the first")
    budget: Real = Field(12.0, ge=0.0, description="what the deceiver can spend, by the table of prices")
    deceiver: Name | None = Field(None, description="who deceives; else whose posture the question is about")
    prices: Annotated[tuple[Name, ...], Field(max_length=100)] = Field(
        (), description="prices otherwise: grade.A=20, discipline.imagery=3, source.ID=30 or plant=2"
    )
    reports: Whole = Field(
        4, ge=1, le=8, description="at most so many, where they are counted and not paid for"
    )
    window: Whole = Field(
        28, ge=0, le=3_650, description="days before the as-of day on which reports could be planted"
    )
    plausible: Annotated[Real, Field(ge=0.0, lt=1.0)] = Field(
        0.01, description="least chance that the rest of the evidence must give to what is said"
    )
    phia: Flag = Field(False, description="words of the PHIA yardstick; else of ICD 203")
    check: Flag = Field(True, description="play the plans, inferring the case again for each")


class PostmortemOptions(Form):
    """Options of `tocsin postmortem`."""

    question: Name | None = Field(None, description="only this question; else every one that was resolved")
    reference: Name | None = Field(
        None, description="the view whose numbers a repaired mindset has; else the case as it is written"
    )
    draws: Whole = Field(4, ge=1, le=100, description="sets of imagined reports to average over")
    days: Whole = Field(6, ge=0, le=100, description="days to look at for when the evidence sufficed")
    enough: Annotated[Real, Field(gt=0.0, lt=1.0)] = Field(
        0.55, description="probability for what came that would have been warning enough"
    )
    conviction: Annotated[Real, Field(gt=0.0, lt=1.0)] = Field(
        0.5, description="what a repaired prior puts at the least on what an actor proved to be"
    )


class TimelineOptions(Form):
    """Options of a timeline."""

    most: Whole = Field(
        40, ge=1, le=400, description="points at the most; some days' news is told with the next point's"
    )
    phia: Flag = Field(False, description="words of the PHIA yardstick; else of ICD 203")


class NoOptions(Form):
    """Nothing to choose."""


class AskAssess(Asked):
    """What each actor intends, prepares and will do."""

    ask: Literal["assess"]
    options: AssessOptions = AssessOptions()


class AskFutures(Asked):
    """How it can unfold."""

    ask: Literal["futures"]
    options: FuturesOptions = FuturesOptions()


class AskOptions(Asked):
    """What each lever and portfolio does to the odds."""

    ask: Literal["options"]
    options: OptionsOptions = OptionsOptions()


class AskCeasefire(Asked):
    """What each deal is worth, whether it comes and whether it holds."""

    ask: Literal["ceasefire"]
    options: CeasefireOptions = CeasefireOptions()


class AskCollect(Asked):
    """Where to look, and how long before we are warned."""

    ask: Literal["collect"]
    options: CollectOptions = CollectOptions()


class AskStress(Asked):
    """How little deception would fool us."""

    ask: Literal["stress"]
    options: StressOptions = StressOptions()


class AskPostmortem(Asked):
    """With the outcome known, why we were wrong."""

    ask: Literal["postmortem"]
    options: PostmortemOptions = PostmortemOptions()


class AskTies(Asked):
    """Who could have learned concealment from whom, up to `as_of`, which may lie before the case's start."""

    ask: Literal["ties"]
    options: NoOptions = NoOptions()


class AskTimeline(Asked):
    """How each answer moved as news came in, up to `as_of`, each day by what was known on it."""

    ask: Literal["timeline"]
    options: TimelineOptions = TimelineOptions()


Ask = Annotated[
    AskAssess
    | AskFutures
    | AskOptions
    | AskCeasefire
    | AskCollect
    | AskStress
    | AskPostmortem
    | AskTies
    | AskTimeline,
    Field(discriminator="ask"),
]
