"""The case as frozen values: what an analyst writes down about a crisis.

These models say what a case *is*; they hold no file names and do no reading (``read.py``) and no
cross-checking (``check.py``). Every field's description becomes the editor's help through the JSON
Schema. A reference to an actor, factor, indicator, source, question, lever or deal is its ``id``; a
reference to a front is ``"initiator -> target"``; a reference to a rung is its ``id`` on the ladder.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

FORMAT_VERSION = 1



def _kind(kind: str) -> Any:
    """Mark what a type stands for, so that the schema and the faults can offer its words and forms."""
    return Field(json_schema_extra={"x-kind": kind})


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=64), _kind("id")]
FrontRef = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]* -> [a-z][a-z0-9-]*$", max_length=140),
    _kind("front"),
]
Text = Annotated[str, StringConstraints(max_length=4000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]


def _partial_date(value: object) -> object:
    """Read 1982, 1992-12 or 1992-12-17; a missing month or day is the first."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}", value):
            value += "-01-01"
        elif re.fullmatch(r"\d{4}-\d{2}", value):
            value += "-01"
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value)
        raise ValueError("a date is written 2023-10-11, 2023-10 or 2023")
    return value


Date = Annotated[
    dt.date,
    BeforeValidator(_partial_date, json_schema_input_type=str | int),
    Field(description="2023-10-11, 2023-10 or 2023"),
    _kind("date"),
]


class Value(BaseModel):
    """Base of everything in a case: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Spread(Value):
    """A number with its own spread, for whoever wants neither a word nor the usual spread."""

    median: float = Field(description="middle of the distribution, in the quantity's unit")
    spread: float = Field(
        ge=0.0,
        description="standard deviation on the quantity's own scale: log for weights, log-odds for "
        "strengths and likelihoods; 0 makes it exact",
    )


# A word from the table in words.py, a number, or a number with its spread.
Weight = Annotated[
    str | float | Spread,
    Field(description="how much it moves a decision: a word, or nats at the top rung"),
    _kind("weight"),
]
Strength = Annotated[
    str | float | Spread, Field(description="a share from 0 to 1: a word or a number"), _kind("strength")
]
Likelihood = Annotated[
    str | float | Spread, Field(description="a chance from 0 to 1: a word or a number"), _kind("likelihood")
]


class Rung(Value):
    """One step of the ladder of conflict."""

    id: Id
    meaning: Text = ""
    readiness: Annotated[int, Field(ge=0, le=3)] = Field(
        0, description="preparation (0-3) an actor needs before it can take this posture"
    )
    wear: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.0, description="wear that a week at this posture costs either side"
    )
    cameo: tuple[str, ...] = Field((), description="CAMEO root codes that read as this rung")
    hostility: Annotated[int, Field(ge=1, le=5)] | None = Field(None, description="COW MID hostility level")
    deaths: str = Field("", description="deaths a week that are usual at this rung, in words")


class Ladder(Value):
    """Ordered rungs, lowest first, and the rungs with a part to play in the game."""

    rungs: Annotated[tuple[Rung, ...], Field(min_length=2, max_length=12)]
    contact: Id = Field(description="both sides at this rung or above: incidents can happen")
    blow: Id = Field(description="from this rung on, what is done to an actor calls for an answer")
    attack: Id = Field(description="who suffers this rung or above needs less preparation to answer")


DEFAULT_LADDER = Ladder(
    rungs=(
        Rung(id="calm", meaning="no hostile act or word beyond the usual", cameo=("01", "02", "03", "04", "05"), hostility=1, deaths="none"),
        Rung(id="words", meaning="demands, threats, rejections", cameo=("09", "10", "11", "12", "13", "16"), hostility=2, deaths="none"),
        Rung(id="shows", meaning="mobilise, deploy, exercise, protest in force", cameo=("14", "15", "17"), hostility=3, deaths="none"),
        Rung(id="exchange", meaning="fire within the local rules", wear=0.004, cameo=("18",), hostility=4, deaths="a few"),
        Rung(id="strikes", meaning="fire beyond the local rules", readiness=1, wear=0.012, cameo=("19",), hostility=4, deaths="tens"),
        Rung(id="offensive", meaning="a campaign to take ground or break the other's forces", readiness=2, wear=0.035, cameo=("195", "20"), hostility=5, deaths="hundreds"),
        Rung(id="war", meaning="all available means", readiness=3, wear=0.06, cameo=("20",), hostility=5, deaths="a thousand or more"),
    ),
    contact="shows",
    blow="exchange",
    attack="offensive",
)  # fmt: skip


class Disposition(Value):
    """A type of actor: what it would do if nothing else weighed in."""

    id: Id
    meaning: Text = ""
    appetite: float | Spread = Field(description="nats at the top rung; negative holds back")
    from_: Id | None = Field(None, alias="from", description="rung from which the appetite counts")
    opportunity: Annotated[float, Field(ge=0.0)] = Field(
        1.0, description="how strongly a weak-looking opponent tempts this type, 1 = as styled"
    )
    fear: Annotated[float, Field(ge=0.0)] = Field(
        1.0, description="how strongly credible threats hold this type back, 1 = as styled"
    )


DEFAULT_DISPOSITIONS = (
    Disposition(id="restrained", meaning="avoids force beyond the local rules", appetite=Spread(median=-2.0, spread=0.5), opportunity=0.3, fear=1.2),
    Disposition(id="opportunist", meaning="uses force when it looks cheap", appetite=Spread(median=0.0, spread=0.5), opportunity=1.6, fear=1.0),
    Disposition(id="committed", meaning="means to use force and waits for readiness", appetite=Spread(median=3.0, spread=0.5), opportunity=1.0, fear=0.6),
)  # fmt: skip


class Style(Value):
    """How an actor decides; anything left out takes the population's prior (``words.STYLE``)."""

    reciprocity: Weight | None = Field(None, description="omega: pull toward the perceived posture of the other, nats per rung squared")
    inertia: Weight | None = Field(None, description="rho: cost of moving a rung, nats")
    temperature: Weight | None = Field(None, description="tau: noise of choice, 1 = as the weights are stated")
    obligation: Weight | None = Field(None, description="kappa: nats at the top rung when a full ally is in full peril")
    opportunity: Weight | None = Field(None, description="nu: nats at the top rung when the opponent looks wholly weak")
    weariness: Weight | None = Field(None, description="lambda: nats at the top rung when wholly worn")
    misperception: Weight | None = Field(None, description="s: standard deviation of perceived posture, rungs")
    bias: float | Spread | None = Field(None, description="b: rungs by which the actor over-reads hostility")


class Actor(Value):
    """A state, armed group or bloc."""

    id: Id
    name: Name
    kind: Literal["state", "armed group", "bloc"] = "state"
    description: Text = ""
    dispositions: dict[Id, Probability] = Field(
        default_factory=lambda: {"restrained": 0.6, "opportunist": 0.3, "committed": 0.1},
        description="prior over the case's dispositions; sums to 1",
    )
    deception: Strength = Field("low", description="skill at denial and deception of its own, before what ties taught it")
    standing: Strength = Field("moderate", description="how strong it looks to the others at the start, and where that settles")
    wear: Probability = Field(0.0, description="what fighting has already cost it at the start")
    style: Style = Style()


TieKind = Literal["patron", "alliance", "guarantee", "training", "joint command", "hosting", "rivalry"]


class Tie(Value):
    """A dated relation. A patron or guarantor is `from`; alliance, joint command and rivalry bind both ways."""

    from_: Id = Field(alias="from")
    to: Id
    kind: TieKind
    strength: Strength
    since: Date
    until: Date | None = Field(None, description="first day on which it no longer holds")
    note: Text = ""


class Front(Value):
    """A directed pair, initiator to target; its posture is a rung."""

    from_: Id = Field(alias="from")
    to: Id
    posture: Id | None = Field(None, description="rung at the case's start; the lowest if left out")
    preparation: Annotated[int, Field(ge=0, le=3)] | Annotated[
        tuple[Probability, Probability, Probability, Probability], Field(strict=False)
    ] = Field(0, description="hidden readiness 0-3 at the start, or the chance of each level")
    incidents: Annotated[float, Field(ge=0.0, le=10.0)] | None = Field(
        None, description="incidents a week while in contact, read as 1-3 rungs of intent; the case's pace if left out"
    )
    note: Text = ""

    @property
    def ref(self) -> str:
        """The way the rest of the case names this front."""
        return f"{self.from_} -> {self.to}"


class Driver(Value):
    """A posture that pushes a factor's target up or down."""

    front: FrontRef
    from_: Id = Field(alias="from", description="rung from which it counts")
    gain: Annotated[float, Field(ge=-1.0, le=1.0)] = Field(description="change of the target at the top rung")


class Factor(Value):
    """A condition of the world in [0, 1] that moves decisions."""

    id: Id
    name: Name
    description: Text = ""
    start: Probability
    target: Probability | None = Field(None, description="where it settles if nothing drives it; the start if left out")
    pace: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.05, description="phi: share of the gap closed, rate per week")
    volatility: Annotated[float, Field(ge=0.0, le=1.0)] = Field(0.02, description="sigma: noise per square-root week")
    drivers: tuple[Driver, ...] = ()


class Reason(Value):
    """A consideration that holds an actor back on a front or pulls it in."""

    id: Id
    front: FrontRef
    direction: Literal["restrain", "pull"]
    weight: Weight
    factor: Id | None = Field(None, description="the factor that scales it; always in full force if left out")
    from_: Id = Field(alias="from", description="rung from which it counts")
    text: Text
    basis: Text = Field("", description="why this weight: the public record it rests on")


class Threat(Value):
    """What an actor says or shows it would do if another goes up the ladder; bites as far as it is believed."""

    by: Id
    against: Id
    strength: Weight
    from_: Id = Field(alias="from", description="rung of the deterred actor's posture toward `protects` from which it counts")
    protects: Id | None = Field(None, description="whose attack it deters; the threatener itself if left out")
    text: Text = ""


class Effect(Value):
    """One change that an event or lever makes while it is in force. Give exactly one target."""

    factor: Id | None = Field(None, description="shifts this factor's target; with `at_once` the factor itself")
    standing: Id | None = Field(None, description="shifts where this actor's standing settles")
    threat: str | None = Field(None, description='"by -> against": adds nats at the top rung to that threat')
    tie: str | None = Field(None, description='"from -> to": adds to the strength of obligation')
    provokes: FrontRef | None = Field(None, description="the initiator of this front reads the other as so many rungs more hostile")
    pull: FrontRef | None = Field(None, description="adds nats at the top rung to this front; negative restrains")
    deal: Id | None = Field(None, description="1 signs it, -1 ends it")
    shift: float = Field(description="by how much, in the target's unit")
    at_once: bool = False

    @property
    def target(self) -> tuple[str, str]:
        """(kind, reference) of the one thing this effect changes."""
        for kind in ("factor", "standing", "threat", "tie", "provokes", "pull", "deal"):
            reference = getattr(self, kind)
            if reference is not None:
                return kind, reference
        raise ValueError("an effect names nothing that it changes")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        named = [
            kind
            for kind in ("factor", "standing", "threat", "tie", "provokes", "pull", "deal")
            if getattr(self, kind) is not None
        ]
        if len(named) != 1:
            raise ValueError(
                "an effect names exactly one of factor, standing, threat, tie, provokes, pull, deal; "
                f"found {', '.join(named) or 'none'}"
            )
        return self


class Event(Value):
    """Something dated that happened in the world and changes the game from then on."""

    id: Id
    date: Date
    known: Date | None = Field(None, description="when it became known; its date if left out")
    until: Date | None = Field(None, description="first day on which its effects no longer hold")
    text: Text
    lever: Id | None = Field(None, description="the lever that was pulled, if it was one of the case's")
    effects: tuple[Effect, ...] = ()

    @property
    def known_on(self) -> dt.date:
        return self.known or self.date


class Lever(Value):
    """Something a decision-maker can do."""

    id: Id
    name: Name
    actor: Id
    text: Text = ""
    cost: Annotated[float, Field(ge=0.0)] = Field(0.0, description="in the case's own unit")
    delay_days: Annotated[int, Field(ge=0, le=3650)] = 0
    duration_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    effects: tuple[Effect, ...]
    note: Text = ""


class Deal(Value):
    """A cease-fire or settlement that could be agreed between two actors."""

    id: Id
    name: Name
    between: Annotated[tuple[Id, Id], Field(strict=False)]
    cap: Id = Field(description="highest rung that either side may hold while it is in force")
    on_table: Date | None = Field(None, description="from when it can be agreed; never of itself if left out")
    off_table: Date | None = None
    pace: Annotated[float, Field(ge=0.0)] = Field(0.25, description="rounds of talks a week in which both could accept")
    terms: dict[Id, float] = Field(default_factory=dict, description="nats that the terms are worth to each side")
    breakdown: Annotated[float, Field(ge=0.0)] = Field(0.02, description="rate a week at which it breaks down once signed")
    text: Text = ""


class About(Value):
    """What an indicator's chance depends on. Give exactly one."""

    posture: FrontRef | None = None
    preparation: FrontRef | None = None
    factor: Id | None = None
    disposition: Id | None = Field(None, description="the actor whose disposition shows")

    @property
    def target(self) -> tuple[str, str]:
        """(kind, reference) of the one hidden thing it depends on."""
        for kind in ("posture", "preparation", "factor", "disposition"):
            reference = getattr(self, kind)
            if reference is not None:
                return kind, reference
        raise ValueError("an indicator is about nothing")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        named = [k for k in ("posture", "preparation", "factor", "disposition") if getattr(self, k) is not None]
        if len(named) != 1:
            raise ValueError(
                "an indicator is about exactly one of posture, preparation, factor, disposition; "
                f"found {', '.join(named) or 'none'}"
            )
        return self


class Indicator(Value):
    """Something observable whose chance depends on the hidden state."""

    id: Id
    name: Name
    about: About
    likelihood: dict[str, Likelihood] = Field(
        description="chance of being there to see in a step, by level: rungs, 0-3, low/middle/high, or dispositions. "
        "On ordered levels a level left out takes the next lower one's chance; the lowest is required."
    )
    concealable: Strength = Field(0.0, description="share of sightings that an actor in deception can prevent")
    plantable: Strength = Field(0.0, description="chance that an actor in deception makes it seen though it is not there")
    look_for: Text = Field("", description="what a reader of reports should look for")
    basis: Text = ""


class Watch(Value):
    """A source's promise to have reported an indicator if it was there: what makes silence evidence."""

    indicator: Id
    coverage: Likelihood = Field(description="chance, per week, of reporting what is there to be seen")
    since: Date | None = None
    until: Date | None = None
    lag_days: Annotated[int, Field(ge=0, le=3650)] = Field(0, description="days until its silence can be counted")
    basis: Text = ""


class Record(Value):
    """A source's own track record: resolved reports that proved right and wrong."""

    right: Annotated[int, Field(ge=0)]
    wrong: Annotated[int, Field(ge=0)]


class Source(Value):
    """Who says things, and how far to believe them."""

    id: Id
    name: Name
    grade: Literal["A", "B", "C", "D", "E", "F"] = Field(description="Admiralty reliability of the source; F cannot be judged")
    reason: Text = Field(description="why this grade")
    discipline: Literal["press", "official", "social media", "imagery", "signals", "human", "observers", "research"] = "press"
    controlled_by: Id | None = Field(None, description="the actor that decides what this source says, if any")
    record: Record | None = None
    sees: tuple[str, ...] | None = Field(
        None, description="indicators and fronts it is able to report on; everything if left out"
    )
    watches: tuple[Watch, ...] = ()
    base_rate: Likelihood = Field(
        "unlikely", description="chance that it would say any given thing whether or not it is so"
    )
    sharpness: Strength = Field("strong", description="how exactly it names the rung when it reports a posture")


class Report(Value):
    """One thing one source said."""

    id: Id
    date: Date = Field(description="when what it tells of happened")
    known: Date | None = Field(None, description="when it became known; its date if left out")
    source: Id
    origin: Id | None = Field(None, description="where the source has it from; reports of one origin on one thing count once")
    indicator: Id | None = Field(None, description="the indicator it speaks to ...")
    front: FrontRef | None = Field(None, description="... or the front whose posture it names")
    value: str = Field("seen", description='"seen" or "not seen" for an indicator; a rung for a front')
    grade: Annotated[int, Field(ge=1, le=6)] = Field(6, description="Admiralty credibility of the item; 6 cannot be judged")
    text: Text = ""
    citation: Text = ""

    @property
    def known_on(self) -> dt.date:
        return self.known or self.date


class Rule(Value):
    """When a question resolves yes. Give exactly one of front, factor, deal, any, all, at_least."""

    front: FrontRef | None = None
    reaches: Id | None = Field(None, description="with front: the rung reached or passed")
    factor: Id | None = None
    above: Probability | None = Field(None, description="with factor: the value to be above")
    deal: Id | None = Field(None, description="this deal is in force")
    any_: tuple["Rule", ...] | None = Field(None, alias="any")
    all_: tuple["Rule", ...] | None = Field(None, alias="all")
    at_least: Annotated[int, Field(ge=1)] | None = Field(None, description="so many of `of`")
    of: tuple["Rule", ...] | None = None
    since: Date | None = Field(None, description="counts from this day; the case's start if left out")
    by: Date | None = Field(None, description="counts up to this day; the question's date if left out")


class Question(Value):
    """A forecast with a resolution rule."""

    id: Id
    text: Text
    rule: Rule
    by: Date
    since: Date | None = Field(None, description="counts from this day; the case's start if left out")
    resolution: Text = Field("", description="how a person would decide it from the public record")


class Outcome(Value):
    """How a question was resolved."""

    question: Id
    resolved: Literal["yes", "no", "void"]
    date: Date
    known: Date | None = None
    source: Text = ""
    note: Text = ""


class Pace(Value):
    """Rates per week, converted to the case's step."""

    revision: Annotated[float, Field(gt=0.0, le=100.0)] = Field(1.0, description="how often an actor reconsiders a front")
    preparation: Annotated[float, Field(ge=0.0, le=100.0)] = Field(1.0, description="levels of readiness gained by one that means more than it can")
    stand_down: Annotated[float, Field(ge=0.0, le=100.0)] = Field(0.25, description="levels lost by one that no longer needs them")
    incidents: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.02, description="incidents on a front in contact")
    standing: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.1, description="share of the gap to its base that standing closes")
    recovery: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.01, description="share of wear that heals")


class Fine(Value):
    """A stretch of the case that runs in finer steps, where actors answer each other within a coarse one."""

    since: Date
    until: Date = Field(description="first day that is coarse again")
    step: Literal["day", "week"] = "day"


class Case(Value):
    """A crisis written down: one question, its actors, their reasons, and who reports what."""

    tocsin: Literal[1] = Field(description="version of the case format")
    title: Name
    question: Text = Field(description="the question in a sentence, as it stood")
    start: Date
    end: Date
    step: Literal["day", "week", "month"] = "week"
    fine: tuple[Fine, ...] = ()
    ladder: Ladder = DEFAULT_LADDER
    dispositions: tuple[Disposition, ...] = DEFAULT_DISPOSITIONS
    pace: Pace = Pace()
    actors: Annotated[tuple[Actor, ...], Field(min_length=1)]
    ties: tuple[Tie, ...] = ()
    fronts: Annotated[tuple[Front, ...], Field(min_length=1)]
    factors: tuple[Factor, ...] = ()
    reasons: tuple[Reason, ...] = ()
    threats: tuple[Threat, ...] = ()
    events: tuple[Event, ...] = ()
    deals: tuple[Deal, ...] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    indicators: tuple[Indicator, ...] = ()
    sources: tuple[Source, ...] = ()
    levers: tuple[Lever, ...] = ()
    reports: tuple[Report, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
