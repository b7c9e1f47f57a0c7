"""The answer of `assess` as one frozen value; every view and file renders this and nothing else.

Conventions: probabilities in [0, 1]; `mc_error` is one Monte Carlo standard error of the number beside it;
weights of evidence in decibans (10 log10 of the factor by which the odds change); reasons in nats. Likelihood
and analytic confidence are kept in separate fields, for they never belong in one sentence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin.score.calibration import CurveBin
from tocsin.score.decomposition import BrierParts
from tocsin.score.record import Questions, TrackRecord
from tocsin.score.skill import Interval

# Values of the track record stand in an estimate as they are.
__all__ = ["BrierParts", "CurveBin", "Interval", "Questions", "TrackRecord"]

SCHEMA_VERSION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A probability and its Monte Carlo standard error."""

    probability: float
    mc_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Any other number and its Monte Carlo standard error."""

    value: float
    mc_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A word of estimative probability and the range it stands for."""

    word: str
    low: float
    high: float
    yardstick: str  # "ICD 203" or "PHIA"
    edge: bool  # the neighbouring word is within two Monte Carlo errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """What the answer would be under another assumption."""

    assumption: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """Analytic confidence by stated rules, apart from likelihood."""

    level: str  # "low", "moderate", "high"
    grounds: tuple[str, ...]  # sentences, each a rule and what it found
    variations: tuple[Variation, ...]  # under other priors, deception assumed or excluded, without a source


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEstimate:
    """The answer to one question."""

    id: str
    text: str
    fronts: tuple[str, ...]  # that its rule refers to
    by: dt.date
    chance: Chance
    band: Band
    confidence: Confidence
    already: Chance  # chance that it has come true by the as-of day
    # Share of the chance that is gone when, from now on, nobody misreads and no incident happens; None at 0.
    inadvertent: Number | None
    # Actor, disposition, its probability, chance of the question given it.
    by_disposition: tuple[tuple[str, str, float, Chance], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A set of shares at a day, e.g. of dispositions."""

    day: dt.date
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEstimate:
    """What an actor is, and whether it deceives."""

    id: str
    name: str
    dispositions: tuple[tuple[str, Chance, float], ...]  # disposition, posterior, prior
    dispositions_over_time: tuple[Moment, ...]  # in the order of `dispositions`
    deceives: Chance
    deceives_prior: float
    deceives_over_time: tuple[Moment, ...]  # one share
    standing: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class TermEstimate:
    """One consideration in one decision: nats that it adds to going up, posterior mean."""

    # reciprocity, inertia, reason, disposition, alliance, deterrence, opportunity, weariness, event
    kind: str
    label: str
    reference: str
    nats: float
    spread: float  # posterior standard deviation
    words: str  # e.g. "strongly holds back"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEstimate:
    """What happens on a front now, and why: the decision of its initiator taken apart."""

    ref: str
    initiator: str
    target: str
    posture: tuple[Chance, ...]  # by rung, now
    goal: tuple[Chance, ...]  # by rung: what it means to do
    readiness: tuple[Chance, ...]  # levels 0-3
    preparing: Chance  # means more than it is ready for
    current: str  # likeliest rung now
    against: str  # rung that the terms weigh against a mere exchange of blows (the ladder's `blow`)
    terms: tuple[TermEstimate, ...]  # sorted from the strongest push to the strongest hold
    posture_over_time: tuple[Moment, ...]  # steps up to now


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Weight of a piece of evidence for a hypothesis, leaving it out and putting it back."""

    hypothesis: str  # question id, or "actor: disposition", or "actor: deceives"
    decibans: Number
    without: float  # probability of the hypothesis without it


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEstimate:
    """One report, or one watch's silences taken together, and what it says."""

    id: str  # report id, or "silence: source / indicator"
    kind: str  # "report" or "silence"
    source: str
    grade: str  # e.g. "B2"; the source's letter alone for a silence
    date: dt.date | None
    known: dt.date | None
    about: str  # indicator id or front
    value: str
    text: str
    origin: str | None
    stood_for_by: str | None  # the report that counts in its place, if it carries no weight of its own
    chance: float  # predicted chance of it given everything else
    weights: tuple[Weight, ...]
    diagnosticity: float  # decibans: largest absolute weight over open questions less two of its errors, or 0
    reliable: bool  # False where so few particles do without it that the numbers are rough
    carries: tuple[str, ...]  # questions whose band would be another without it


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEstimate:
    """How often a source is right: by its letter and record, and after what this case heard from it."""

    id: str
    name: str
    grade: str  # the Admiralty letter
    own_right: float  # its record as the case states it
    own_wrong: float
    proved_right: float  # resolved reports from the ledger, clear by the as-of day
    proved_wrong: float
    proved_in: tuple[str, ...]  # the cases that those stand in
    before: float  # mean by letter and own record alone
    prior: float  # mean with the resolved reports
    low: float  # its central 90 % interval
    high: float
    now: Number  # posterior mean, after this case's evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Reports that cannot well be true together, or one that everything else speaks against."""

    reports: tuple[str, ...]
    about: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How far answers would move if a reason were no reason at all."""

    reference: str
    kind: str  # "reason" or "threat"
    label: str
    shifts: tuple[tuple[str, Number], ...]  # question, change of probability
    largest: float
    effective_share: float  # of the particles behind it, after reweighting the past


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an indicator would do to an answer."""

    question: str
    if_seen: float
    if_not_seen: float
    expected_shift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorEstimate:
    """An indicator worth looking for: what it is, how likely it is to be seen, and what it would change."""

    id: str
    name: str
    look_for: str
    about: str
    by: dt.date  # looked for up to this day
    chance_seen: float
    expectations: tuple[Expectation, ...]
    largest: float  # expected shift, over questions
    watched_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """An indicator that nobody watches, or only weakly, or only sources that its owner controls."""

    indicator: str
    name: str
    about: str
    why: str  # "nobody watches it", ...
    severity: str  # "unwatched", "weak", "controlled"
    coverage: float  # chance a week that a sighting reaches the analyst
    worth: float  # its largest expected shift, so that the blindness that matters comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class FanStep:
    """Shares of the rungs at one step of the future."""

    day: dt.date
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """How a front may go: rungs over the horizon, and the chance of having reached each by its end."""

    ref: str
    steps: tuple[FanStep, ...]
    reached: tuple[tuple[str, dt.date, Chance], ...]  # rung, by, chance of reaching it after the as-of day


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiner:
    """A front that is below the joining rung now, and when it may join."""

    ref: str
    joins: Chance  # reaches the joining rung within the horizon
    first: Chance  # joins, and no other one joins earlier
    place: float  # mean place in the order among those that join
    median_day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """First cut of what may come, from the as-of day to the horizon."""

    horizon: dt.date
    joining_rung: str
    fans: tuple[Fan, ...]
    joiners: tuple[Joiner, ...]  # likeliest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How an answer moved since an earlier day, and which reports moved it."""

    question: str
    before: Chance
    after: Chance
    moved_by: tuple[tuple[str, float], ...]  # report, change of probability if it alone is left out
    rest: float  # what is left to time and to the interplay of reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed since an earlier as-of day."""

    day: dt.date
    new_reports: tuple[str, ...]
    new_events: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """How far the Monte Carlo can be trusted."""

    particles: int
    islands: int
    log_evidence: Number
    effective_islands: float  # islands that the pooled weights are worth
    effective_sample_size: float  # of the final weights, over all islands
    surviving_ancestors: int  # particles of the start that still have descendants, over all islands
    resamplings: float  # mean per island
    worst_step: dt.date  # first day of the step that cost most particles
    worst_share: float  # effective share after it, mean over islands
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The posterior at an as-of day, and everything an analyst may ask of it."""

    schema: int
    version: str  # of tocsin
    case: str  # title
    question: str
    case_digest: str  # of the case as known on the as-of day
    variant: str | None  # whose view of the case it is, if not the case's own
    as_of: dt.date
    seed: int
    rungs: tuple[str, ...]
    questions: tuple[QuestionEstimate, ...]
    actors: tuple[ActorEstimate, ...]
    fronts: tuple[FrontEstimate, ...]
    evidence: tuple[EvidenceEstimate, ...]  # most diagnostic first
    sources: tuple[SourceEstimate, ...]  # in the order of the case
    conflicts: tuple[Conflict, ...]
    reasons: tuple[Sensitivity, ...]  # largest first
    indicators: tuple[IndicatorEstimate, ...]  # largest expected shift first
    blind_spots: tuple[BlindSpot, ...]
    futures: Futures
    since: Since | None
    record: TrackRecord | None  # of the ledger that was named, if one was
    hindsight: TrackRecord | None  # of its forecasts that were recorded after their close
    diagnostics: Diagnostics
