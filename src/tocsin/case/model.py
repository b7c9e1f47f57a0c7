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

from tocsin.case.population import PACE


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
Latitude = Annotated[float, Field(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Field(ge=-180.0, le=180.0)]


def partial_date(value: object) -> object:
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
    BeforeValidator(partial_date, json_schema_input_type=str | int),
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

    id: Id = Field(description="the name by which the rest of the case refers to this rung")
    meaning: Text = Field("", description="what is done at this rung")
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

    rungs: Annotated[tuple[Rung, ...], Field(min_length=2, max_length=12)] = Field(
        description="the rungs, lowest first"
    )
    contact: Id = Field(description="both sides at this rung or above: incidents can happen")
    blow: Id = Field(description="from this rung on, what is done to an actor calls for an answer")
    attack: Id = Field(description="who suffers this rung or above needs less preparation to answer")


DEFAULT_LADDER = Ladder(
    rungs=(
        Rung(
            id="calm",
            meaning="no hostile act or word beyond the usual",
            cameo=("01", "02", "03", "04", "05"),
            hostility=1,
            deaths="none",
        ),
        Rung(
            id="words",
            meaning="demands, threats, rejections",
            cameo=("09", "10", "11", "12", "13", "16"),
            hostility=2,
            deaths="none",
        ),
        Rung(
            id="shows",
            meaning="mobilise, deploy, exercise, protest in force",
            cameo=("14", "15", "17"),
            hostility=3,
            deaths="none",
        ),
        Rung(
            id="exchange",
            meaning="fire within the local rules",
            wear=0.004,
            cameo=("18",),
            hostility=4,
            deaths="a few",
        ),
        Rung(
            id="strikes",
            meaning="fire beyond the local rules",
            readiness=1,
            wear=0.012,
            cameo=("19",),
            hostility=4,
            deaths="tens",
        ),
        Rung(
            id="offensive",
            meaning="a campaign to take ground or break the other's forces",
            readiness=2,
            wear=0.035,
            cameo=("195", "20"),
            hostility=5,
            deaths="hundreds",
        ),
        Rung(
            id="war",
            meaning="all available means",
            readiness=3,
            wear=0.06,
            cameo=("20",),
            hostility=5,
            deaths="a thousand or more",
        ),
    ),
    contact="shows",
    blow="exchange",
    attack="offensive",
)


class Disposition(Value):
    """A type of actor: what it would do if nothing else weighed in."""

    id: Id = Field(description="the name by which actors' chances refer to this type")
    meaning: Text = Field("", description="what this type does")
    appetite: float | Spread = Field(description="nats at the top rung; negative holds back")
    from_: Id | None = Field(None, alias="from", description="rung from which the appetite counts")
    opportunity: Annotated[float, Field(ge=0.0)] = Field(
        1.0, description="how strongly a weak-looking opponent tempts this type, 1 = as styled"
    )
    fear: Annotated[float, Field(ge=0.0)] = Field(
        1.0, description="how strongly credible threats hold this type back, 1 = as styled"
    )


DEFAULT_DISPOSITIONS = (
    Disposition(
        id="restrained",
        meaning="avoids force beyond the local rules",
        appetite=Spread(median=-2.0, spread=0.5),
        opportunity=0.3,
        fear=1.2,
    ),
    Disposition(
        id="opportunist",
        meaning="uses force when it looks cheap",
        appetite=Spread(median=0.0, spread=0.5),
        opportunity=1.6,
        fear=1.0,
    ),
    Disposition(
        id="committed",
        meaning="means to use force and waits for readiness",
        appetite=Spread(median=3.0, spread=0.5),
        opportunity=1.0,
        fear=0.6,
    ),
)


class Style(Value):
    """How an actor decides; anything left out takes the population's prior (``words.STYLE``)."""

    reciprocity: Weight | None = Field(
        None, description="omega: pull toward the perceived posture of the other, nats per rung squared"
    )
    inertia: Weight | None = Field(None, description="rho: cost of moving a rung, nats")
    temperature: Weight | None = Field(
        None, description="tau: noise of choice, 1 = as the weights are stated"
    )
    obligation: Weight | None = Field(
        None, description="kappa: nats at the top rung when a full ally is in full peril"
    )
    opportunity: Weight | None = Field(
        None, description="nu: nats at the top rung when the opponent looks wholly weak"
    )
    weariness: Weight | None = Field(None, description="lambda: nats at the top rung when wholly worn")
    misperception: Weight | None = Field(
        None, description="s: standard deviation of perceived posture, rungs"
    )
    bias: float | Spread | None = Field(None, description="b: rungs by which the actor over-reads hostility")


class Actor(Value):
    """A state, armed group or bloc."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="its usual name")
    kind: Literal["state", "armed group", "bloc"] = Field("state", description="what sort of actor it is")
    description: Text = Field("", description="who it is and what it wants, in a sentence or two")
    place: Annotated[tuple[Latitude, Longitude], Field(strict=False)] | None = Field(
        None,
        description="where a map puts its name: latitude and longitude in degrees, no finer than a country; "
        "for drawing alone",
    )
    dispositions: dict[Id, Probability] = Field(
        default_factory=lambda: {"restrained": 0.6, "opportunist": 0.3, "committed": 0.1},
        description="prior over the case's dispositions; sums to 1",
    )
    deception: Strength = Field(
        "low", description="skill at denial and deception of its own, before what ties taught it"
    )
    standing: Strength = Field(
        "moderate", description="how strong it looks to the others at the start, and where that settles"
    )
    wear: Probability = Field(0.0, description="what fighting has already cost it at the start")
    style: Style = Field(Style(), description="how it decides; what is left out takes the population's prior")


TieKind = Literal["patron", "alliance", "guarantee", "training", "joint command", "hosting", "rivalry"]


class Tie(Value):
    """A dated relation. A patron or guarantor is `from`; alliance, joint command, rivalry bind both ways."""

    from_: Id = Field(
        alias="from",
        description="the patron, guarantor, trainer or host; either actor where it binds both ways",
    )
    to: Id = Field(description="the other actor")
    kind: TieKind = Field(description="what binds or divides them")
    strength: Strength
    since: Date = Field(description="first day on which it holds")
    until: Date | None = Field(None, description="first day on which it no longer holds")
    note: Text = Field("", description="what it rests on")


class Front(Value):
    """A directed pair, initiator to target; its posture is a rung."""

    from_: Id = Field(alias="from", description="the initiator: who acts")
    to: Id = Field(description="the target: to whom it is done")
    posture: Id | None = Field(None, description="rung at the case's start; the lowest if left out")
    preparation: (
        Annotated[int, Field(ge=0, le=3)]
        | Annotated[tuple[Probability, Probability, Probability, Probability], Field(strict=False)]
    ) = Field(0, description="hidden readiness 0-3 at the start, or the chance of each level")
    incidents: Annotated[float, Field(ge=0.0, le=10.0)] | None = Field(
        None,
        description="incidents a week while in contact, read as 1-3 rungs of intent; the case's pace "
        "if left out",
    )
    note: Text = Field("", description="anything a reader should know")

    @property
    def ref(self) -> str:
        """The way the rest of the case names this front."""
        return f"{self.from_} -> {self.to}"


class Driver(Value):
    """A posture that pushes a factor's target up or down."""

    front: FrontRef = Field(description="the front whose posture pushes the factor")
    from_: Id = Field(alias="from", description="rung from which it counts")
    gain: Annotated[float, Field(ge=-1.0, le=1.0)] = Field(description="change of the target at the top rung")


class Factor(Value):
    """A condition of the world in [0, 1] that moves decisions."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="the condition as a statement that can be more or less true")
    description: Text = Field("", description="what 0 and 1 would look like")
    start: Probability = Field(description="its value at the case's start")
    target: Probability | None = Field(
        None, description="where it settles if nothing drives it; the start if left out"
    )
    pace: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        0.05, description="phi: share of the gap closed, rate per week"
    )
    volatility: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.02, description="sigma: noise per square-root week"
    )
    drivers: tuple[Driver, ...] = Field((), description="postures that push its target")


class Reason(Value):
    """A consideration that holds an actor back on a front or pulls it in."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    front: FrontRef = Field(description="the front on which it counts")
    direction: Literal["restrain", "pull"] = Field(description="whether it holds back or pulls in")
    weight: Weight
    factor: Id | None = Field(None, description="the factor that scales it; always in full force if left out")
    from_: Id = Field(alias="from", description="rung from which it counts")
    text: Text = Field(description="the reason in a sentence")
    basis: Text = Field("", description="why this weight: the public record it rests on")


class Threat(Value):
    """What an actor says or shows it would do if another goes up the ladder; bites as far as believed."""

    by: Id = Field(description="who threatens")
    against: Id = Field(description="who is to be deterred")
    strength: Weight
    from_: Id = Field(
        alias="from",
        description="rung of the deterred actor's posture toward `protects` from which it counts",
    )
    protects: Id | None = Field(None, description="whose attack it deters; the threatener itself if left out")
    text: Text = Field("", description="the threat as it was made")


class Effect(Value):
    """One change that an event or lever makes while it is in force. Give exactly one target."""

    factor: Id | None = Field(
        None, description="shifts this factor's target; with `at_once` the factor itself"
    )
    standing: Id | None = Field(None, description="shifts where this actor's standing settles")
    threat: str | None = Field(None, description='"by -> against": adds nats at the top rung to that threat')
    tie: str | None = Field(None, description='"from -> to": adds to the strength of obligation')
    provokes: FrontRef | None = Field(
        None, description="the initiator of this front reads the other as so many rungs more hostile"
    )
    pull: FrontRef | None = Field(
        None, description="adds nats at the top rung to this front; negative restrains"
    )
    deal: Id | None = Field(None, description="1 signs it, -1 ends it")
    table: Id | None = Field(
        None, description="1 puts this deal on the table, -1 takes it off; the latest of these holds"
    )
    shift: float = Field(description="by how much, in the target's unit")
    at_once: bool = Field(
        False, description="with `factor`: moves the factor itself at once, not only where it settles"
    )

    @property
    def target(self) -> tuple[str, str]:
        """(kind, reference) of the one thing this effect changes."""
        for kind in ("factor", "standing", "threat", "tie", "provokes", "pull", "deal", "table"):
            reference = getattr(self, kind)
            if reference is not None:
                return kind, reference
        raise ValueError("an effect names nothing that it changes")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        named = [
            kind
            for kind in ("factor", "standing", "threat", "tie", "provokes", "pull", "deal", "table")
            if getattr(self, kind) is not None
        ]
        if len(named) != 1:
            raise ValueError(
                "an effect names exactly one of factor, standing, threat, tie, provokes, pull, deal, table; "
                f"found {', '.join(named) or 'none'}"
            )
        return self


class Event(Value):
    """Something dated that happened in the world and changes the game from then on."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    date: Date = Field(description="when it happened, and its effects begin")
    known: Date | None = Field(None, description="when it became known; its date if left out")
    until: Date | None = Field(
        None,
        description="first day on which its effects no longer hold; if left out, when its lever's run out",
    )
    text: Text = Field(description="what happened")
    lever: Id | None = Field(None, description="the lever that was pulled, if it was one of the case's")
    effects: tuple[Effect, ...] = Field((), description="what it changes from then on")

    @property
    def known_on(self) -> dt.date:
        return self.known or self.date


class Lever(Value):
    """Something a decision-maker can do."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="what is done, in a few words")
    actor: Id = Field(description="who would do it")
    text: Text = Field("", description="what it consists of")
    cost: Annotated[float, Field(ge=0.0)] = Field(0.0, description="in the case's own unit")
    delay_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        0, description="days from the decision until its effects begin"
    )
    duration_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        None, description="days for which its effects hold; for good if left out"
    )
    effects: tuple[Effect, ...] = Field(description="what it changes while it is in force")
    note: Text = Field("", description="what a reader should weigh")


class Deal(Value):
    """A cease-fire or settlement that could be agreed between two actors."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="what the deal is called")
    between: Annotated[tuple[Id, Id], Field(strict=False)] = Field(description="its two parties")
    cap: Id = Field(description="highest rung that either side may hold while it is in force")
    on_table: Date | None = Field(None, description="from when it can be agreed; never of itself if left out")
    off_table: Date | None = Field(None, description="first day on which it can no longer be agreed")
    pace: Annotated[float, Field(ge=0.0)] = Field(
        0.25, description="rounds of talks a week in which both could accept"
    )
    terms: dict[Id, float] = Field(
        default_factory=dict, description="nats that the terms are worth to each side"
    )
    breakdown: Annotated[float, Field(ge=0.0)] = Field(
        0.02, description="rate a week at which it breaks down once signed"
    )
    text: Text = Field("", description="the terms in words")


class About(Value):
    """What an indicator's chance depends on. Give exactly one."""

    posture: FrontRef | None = Field(None, description="the front whose posture shows")
    preparation: FrontRef | None = Field(None, description="the front for which an actor gets ready")
    factor: Id | None = Field(None, description="the factor that shows")
    disposition: Id | None = Field(None, description="the actor whose disposition shows")

    @property
    def target(self) -> tuple[str, str]:
        """(kind, reference) of the one hidden thing it depends on."""
        for kind in ("posture", "preparation", "factor", "disposition"):
            reference = getattr(self, kind)
            if reference is not None:
                return kind, reference
        raise ValueError("an indicator is about nothing")

    @property
    def owner(self) -> str | None:
        """The actor whose posture, readiness or disposition it shows, and who could hide or fake that."""
        kind, reference = self.target
        if kind in ("posture", "preparation"):
            return reference.split(" -> ")[0]
        return reference if kind == "disposition" else None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        named = [
            k for k in ("posture", "preparation", "factor", "disposition") if getattr(self, k) is not None
        ]
        if len(named) != 1:
            raise ValueError(
                "an indicator is about exactly one of posture, preparation, factor, disposition; "
                f"found {', '.join(named) or 'none'}"
            )
        return self


class Indicator(Value):
    """Something observable whose chance depends on the hidden state."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="what would be seen, in a few words")
    about: About = Field(description="the one hidden thing that it tells of")
    likelihood: dict[str, Likelihood] = Field(
        description="chance of being there to see in a step, by level: rungs, 0-3, low/middle/high, "
        "or dispositions. "
        "On ordered levels a level left out takes the next lower one's chance; the lowest is required."
    )
    concealable: Strength = Field(
        0.0, description="share of sightings that an actor in deception can prevent"
    )
    plantable: Strength = Field(
        0.0, description="chance that an actor in deception makes it seen though it is not there"
    )
    look_for: Text = Field("", description="what a reader of reports should look for")
    basis: Text = Field("", description="why these likelihoods: the record they rest on")


class Watch(Value):
    """A source's promise to have reported an indicator if it was there: what makes silence evidence."""

    indicator: Id = Field(description="what it promised to look for")
    coverage: Likelihood = Field(description="chance, per week, of reporting what is there to be seen")
    since: Date | None = Field(None, description="first day of the promise; the case's start if left out")
    until: Date | None = Field(None, description="first day on which it no longer watches")
    lag_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        0, description="days until its silence can be counted"
    )
    basis: Text = Field("", description="why this coverage")


class Record(Value):
    """A source's own track record: resolved reports that proved right and wrong."""

    # Not whole where old reports count less.
    right: Annotated[float, Field(ge=0.0)] = Field(description="resolved reports that proved right")
    wrong: Annotated[float, Field(ge=0.0)] = Field(description="resolved reports that proved wrong")


Discipline = Literal[
    "press", "official", "social media", "imagery", "signals", "human", "observers", "research"
]


class Store(Value):
    """A store of events that speaks as a source: each step's coded posture becomes a report of its own."""

    feed: Name = Field(description="the feed within the store, as `tocsin events summary` names it")
    path: Name | None = Field(
        None, description="the store's file, seen from the case's folder; else given on the command line"
    )
    actors: dict[Id, Name] = Field(
        default_factory=dict,
        description="what the dictionary calls the case's actors; by their ids if left out",
    )
    dictionary: Name | None = Field(
        None, description="a dictionary of actors, seen from the case's folder; the shipped one if left out"
    )
    lag_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        7, description="days from the end of a step until its events can be known"
    )
    at_least: Annotated[int, Field(ge=1)] = Field(
        1, description="events of a rung in a step that make it the step's"
    )
    origin: Id | None = Field(
        None, description="where the feed has its news from, if another source has it from there too"
    )


class Source(Value):
    """Who says things, and how far to believe them."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="its usual name")
    grade: Literal["A", "B", "C", "D", "E", "F"] = Field(
        description="Admiralty reliability of the source; F cannot be judged"
    )
    reason: Text = Field(description="why this grade")
    discipline: Discipline = Field("press", description="how it comes to know")
    controlled_by: Id | None = Field(None, description="the actor that decides what this source says, if any")
    record: Record | None = Field(None, description="its own track record, where it has one")
    sees: tuple[str, ...] | None = Field(
        None, description="indicators and fronts it is able to report on; everything if left out"
    )
    watches: tuple[Watch, ...] = Field((), description="what it promised to report if it was there")
    base_rate: Likelihood = Field(
        "unlikely", description="chance that it would say any given thing whether or not it is so"
    )
    sharpness: Strength = Field(
        "strong", description="how exactly it names the rung when it reports a posture"
    )
    confusion: tuple[tuple[Probability, ...], ...] | None = Field(
        None,
        description="chance of naming each rung (rows) at each true one (columns, each summing to 1); by "
        "`sharpness`, or the feed's own for a store, if left out",
    )
    store: Store | None = Field(None, description="the store of events that speaks through this source")


class Report(Value):
    """One thing one source said."""

    id: Id = Field(description="a name of its own")
    date: Date = Field(description="when what it tells of happened")
    known: Date | None = Field(None, description="when it became known; its date if left out")
    source: Id = Field(description="who said it")
    origin: Id | None = Field(
        None, description="where the source has it from; reports of one origin on one thing count once"
    )
    indicator: Id | None = Field(None, description="the indicator it speaks to ...")
    front: FrontRef | None = Field(None, description="... or the front whose posture it names")
    value: str = Field("seen", description='"seen" or "not seen" for an indicator; a rung for a front')
    grade: Annotated[int, Field(ge=1, le=6)] = Field(
        6, description="Admiralty credibility of the item; 6 cannot be judged"
    )
    text: Text = Field("", description="what was said")
    citation: Text = Field("", description="where it can be read")

    @property
    def known_on(self) -> dt.date:
        return self.known or self.date


class Rule(Value):
    """When a question resolves yes. Give exactly one of front, factor, deal, any, all, at_least."""

    front: FrontRef | None = Field(None, description="this front reaches the rung `reaches`")
    reaches: Id | None = Field(None, description="with front: the rung reached or passed")
    factor: Id | None = Field(None, description="this factor is above the value `above`")
    above: Probability | None = Field(None, description="with factor: the value to be above")
    deal: Id | None = Field(None, description="this deal is in force")
    any_: tuple[Rule, ...] | None = Field(None, alias="any", description="at least one of these rules holds")
    all_: tuple[Rule, ...] | None = Field(None, alias="all", description="all of these rules hold")
    at_least: Annotated[int, Field(ge=1)] | None = Field(None, description="so many of `of`")
    of: tuple[Rule, ...] | None = Field(None, description="with at_least: the rules to count")
    since: Date | None = Field(None, description="counts from this day; the case's start if left out")
    by: Date | None = Field(None, description="counts up to this day; the question's date if left out")


class Question(Value):
    """A forecast with a resolution rule."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    text: Text = Field(description="the question as it is put")
    rule: Rule = Field(description="when it resolves yes")
    by: Date = Field(description="the last day that counts")
    since: Date | None = Field(None, description="counts from this day; the case's start if left out")
    resolution: Text = Field("", description="how a person would decide it from the public record")


class Outcome(Value):
    """How a question was resolved."""

    question: Id = Field(description="the question that was resolved")
    resolved: Literal["yes", "no", "void"] = Field(description="yes, no, or void if it could not be decided")
    date: Date = Field(description="when it came about, or when the question ran out")
    known: Date | None = Field(None, description="when that became known; its date if left out")
    source: Text = Field("", description="who says so")
    note: Text = Field("", description="how it was decided, where that took judgment")


class Collector(Value):
    """Something that can be pointed: what it sees depends on where it looks."""

    id: Id = Field(description="the name by which the rest of the case refers to it")
    name: Name = Field(description="its usual name, or what it is")
    actor: Id | None = Field(None, description="whose it is; the analyst's own side if left out")
    discipline: Discipline = Field(description="how it comes to know")
    source: Id | None = Field(
        None, description="the source through which it is heard; its reliability is then that source's"
    )
    grade: Literal["A", "B", "C", "D", "E", "F"] = Field(
        "B", description="Admiralty reliability of what it passes on, where no source is named"
    )
    quality: dict[Id, Likelihood] = Field(
        description="by actor looked at: chance a week that what is there to be seen is passed on, if all of "
        "the collector looks there"
    )
    looks: dict[Id, Probability] = Field(
        default_factory=dict,
        description="share of it that looks at each actor now; sums to 1 at the most, the rest is idle",
    )
    sees: tuple[Id, ...] | None = Field(
        None,
        description="indicators it is able to see; all of the posture, preparation or disposition of whom it "
        "looks at if left out",
    )
    fixed: bool = Field(False, description="it cannot be pointed elsewhere")
    note: Text = Field("", description="what a reader should weigh")


class Variant(Value):
    """The case as another would have written it: other priors, or other sources, over the same record."""

    id: Id = Field(description="the name by which it is asked for")
    name: Name = Field(description="whose view it is, in a few words")
    text: Text = Field("", description="what it holds, and on what record")
    change: dict[str, Any] = Field(
        default_factory=dict,
        description="what is written otherwise: `kind.id.field` and its value, e.g. "
        "`actors.russia.dispositions`; the id of a front, threat or tie is `a -> b`; nothing as the value "
        "leaves it out",
    )
    without: tuple[Id, ...] = Field(
        (), description="sources it does not have: what they say and watch is left out"
    )
    only: tuple[Id, ...] | None = Field(None, description="the only sources it has; all if left out")


class TrueLevel(Value):
    """What a hidden level really was, from a day on. Give exactly one of the first four, and its value."""

    posture: FrontRef | None = Field(None, description="a front that really stood at the rung `value`")
    preparation: FrontRef | None = Field(None, description="a front whose readiness really was `value`, 0-3")
    goal: FrontRef | None = Field(None, description="a front on which the rung `value` was really meant")
    factor: Id | None = Field(None, description="a factor that really was `value`, 0 to 1")
    value: str | float = Field(description="what it was: a rung, a level, a share")
    since: Date = Field(description="from this day until the next entry about the same thing")
    basis: Text = Field("", description="who says so now")

    @property
    def target(self) -> tuple[str, str]:
        """(kind, reference) of the one hidden thing it tells of."""
        for kind in ("posture", "preparation", "goal", "factor"):
            reference = getattr(self, kind)
            if reference is not None:
                return kind, reference
        raise ValueError("a true level is about nothing")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        named = [k for k in ("posture", "preparation", "goal", "factor") if getattr(self, k) is not None]
        if len(named) != 1:
            raise ValueError(
                "a true level is about exactly one of posture, preparation, goal, factor; "
                f"found {', '.join(named) or 'none'}"
            )
        return self


class Truth(Value):
    """What is known now of what was hidden then (truth.yaml). Only `postmortem` reads it."""

    dispositions: dict[Id, Id] = Field(
        default_factory=dict, description="by actor: the disposition that it proved to have"
    )
    deceives: dict[Id, bool] = Field(
        default_factory=dict, description="by actor: whether it ran denial and deception in this case"
    )
    levels: tuple[TrueLevel, ...] = Field((), description="what hidden levels really were")
    reports: dict[Id, Literal["right", "wrong", "planted"]] = Field(
        default_factory=dict,
        description="by report: whether it told what was so, erred, or was planted by whom it was about; "
        "unknown if left out",
    )
    set_aside: tuple[Id, ...] = Field(
        (),
        description="reports that were in hand at their date, but not used: they became known only later",
    )
    basis: Text = Field("", description="who says so now, and how far it is disputed")


class Pace(Value):
    """Rates per week, converted to the case's step."""

    revision: Annotated[float, Field(gt=0.0, le=100.0)] = Field(
        PACE["revision"], description="how often an actor reconsiders a front"
    )
    preparation: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        1.0, description="levels of readiness gained by one that means more than it can"
    )
    stand_down: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        0.25, description="levels lost by one that no longer needs them"
    )
    incidents: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        PACE["incidents"], description="incidents on a front in contact"
    )
    standing: Annotated[float, Field(ge=0.0, le=10.0)] = Field(
        0.1, description="share of the gap to its base that standing closes"
    )
    recovery: Annotated[float, Field(ge=0.0, le=10.0)] = Field(0.01, description="share of wear that heals")


class Fine(Value):
    """A stretch of the case that runs in finer steps, where actors answer each other within a coarse one."""

    since: Date = Field(description="first day that is fine")
    until: Date = Field(description="first day that is coarse again")
    step: Literal["day", "week"] = Field("day", description="the finer step")


class Case(Value):
    """A crisis written down: one question, its actors, their reasons, and who reports what."""

    tocsin: Literal[1] = Field(description="version of the case format")
    title: Name = Field(description="the case's name")
    question: Text = Field(description="the question in a sentence, as it stood")
    start: Date = Field(description="the day on which the model starts")
    end: Date = Field(description="the last day to which it runs")
    as_of: Date | None = Field(
        None,
        description="the day on which the question is put; the last day of news if left out",
    )
    step: Literal["day", "week", "month"] = Field(
        "week", description="the unit of time: rates are stated per week and converted"
    )
    fine: tuple[Fine, ...] = Field((), description="stretches that run in finer steps")
    ladder: Ladder = Field(DEFAULT_LADDER, description="the rungs of conflict; the usual seven if left out")
    dispositions: tuple[Disposition, ...] = Field(
        DEFAULT_DISPOSITIONS, description="the hidden types of actors; the usual three if left out"
    )
    pace: Pace = Field(Pace(), description="how fast things move; the usual rates if left out")
    actors: Annotated[tuple[Actor, ...], Field(min_length=1)] = Field(description="who is in it")
    ties: tuple[Tie, ...] = Field((), description="dated relations between actors")
    fronts: Annotated[tuple[Front, ...], Field(min_length=1)] = Field(
        description="who does something to whom"
    )
    factors: tuple[Factor, ...] = Field((), description="conditions of the world")
    reasons: tuple[Reason, ...] = Field(
        (), description="what pulls actors up the ladder, and what holds them back"
    )
    threats: tuple[Threat, ...] = Field((), description="what actors say they would do")
    events: tuple[Event, ...] = Field((), description="what happened in the world")
    deals: tuple[Deal, ...] = Field((), description="what could be agreed")
    questions: Annotated[tuple[Question, ...], Field(min_length=1)] = Field(description="what is asked")
    indicators: tuple[Indicator, ...] = Field((), description="what could be observed (indicators.yaml)")
    sources: tuple[Source, ...] = Field((), description="who reports (sources.yaml)")
    levers: tuple[Lever, ...] = Field((), description="what could be done (levers.yaml)")
    reports: tuple[Report, ...] = Field((), description="what was reported (reports.csv or reports.yaml)")
    collectors: tuple[Collector, ...] = Field((), description="what can be pointed (collectors.yaml)")
    outcomes: tuple[Outcome, ...] = Field((), description="how the questions turned out (outcomes.yaml)")
    truth: Truth | None = Field(None, description="what is known now of what was hidden (truth.yaml)")
    variants: tuple[Variant, ...] = Field((), description="the case as others would write it (variants.yaml)")
