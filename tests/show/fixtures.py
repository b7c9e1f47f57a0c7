"""An estimate made by hand: large enough that every part of a view has something to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from tests.show.walk import with_texts
from tocsin.ask.bands import band
from tocsin.ask.estimate import (
    SCHEMA_VERSION,
    ActorEstimate,
    BlindSpot,
    Chance,
    Change,
    Confidence,
    Conflict,
    Diagnostics,
    Estimate,
    EvidenceEstimate,
    Expectation,
    Fan,
    FanStep,
    FrontEstimate,
    Futures,
    IndicatorEstimate,
    Joiner,
    Moment,
    Number,
    QuestionEstimate,
    Sensitivity,
    Since,
    SourceEstimate,
    TermEstimate,
    Variation,
    Weight,
)
from tocsin.score.record import Questions, TrackRecord, track_record

AS_OF = dt.date(2030, 4, 15)
HORIZON = AS_OF + dt.timedelta(weeks=12)
RUNGS = ("calm", "words", "shows", "exchange", "strikes", "offensive", "war")
DISPOSITIONS = ("restrained", "opportunist", "committed")
ACTORS = {"north": "Northland", "south": "The Southern Federation", "westmark": "Westmark"}
FRONTS = ("north -> south", "south -> north", "westmark -> north", "north -> westmark")
QUESTIONS = {
    "north-strikes": ("Will Northland strike the Southern Federation by 1 June 2030?", 0.118, 0.004),
    "north-war": ("Will Northland wage war on the Southern Federation by 1 July 2030?", 0.031, 0.002),
    "south-offensive": ("Will the South begin an offensive against Northland by 1 July 2030?", 0.444, 0.011),
    "westmark-joins": ("Will Westmark be drawn into open war by 1 July 2030?", 0.007, 0.0009),
    "spread": ("Will at least two third parties reach strikes by 1 July 2030?", 0.0, 0.0),
    "cease-fire": ("Will the two be under a cease-fire by 1 July 2030?", 0.82, 0.012),
}
ASKED = {"north-strikes": FRONTS[:1], "north-war": FRONTS[:1], "south-offensive": FRONTS[1:2]}
AWKWARD = (
    "<script>alert('x')</script> \"quoted\" & </style></svg><img src=x onerror=alert(1)> "
    "'single' [bold]tag[/] {{ 7 * 7 }} ${x} Łódź – 東京 – عربي \x1b[31mred\x07 end"
)


def chance(probability: float, mc_error: float = 0.01) -> Chance:
    return Chance(probability=float(probability), mc_error=mc_error)


def number(value: float, mc_error: float = 0.1) -> Number:
    return Number(value=float(value), mc_error=mc_error)


def shares(rng: np.random.Generator, size: int) -> tuple[float, ...]:
    return tuple(float(x) for x in rng.dirichlet(np.ones(size)))


def estimate() -> Estimate:
    """Three actors, four fronts, six questions, thirty pieces of evidence."""
    rng = np.random.default_rng(7)
    return Estimate(
        schema=SCHEMA_VERSION,
        version="0.1.0",
        case="Northland and the South",
        question="Will Northland go beyond fire at the border, and what would keep it from that?",
        case_digest="0123456789abcdef" * 4,
        variant=None,
        as_of=AS_OF,
        seed=1,
        rungs=RUNGS,
        questions=tuple(question(name, *row, rng) for name, row in QUESTIONS.items()),
        actors=tuple(actor(name, rng) for name in ACTORS),
        fronts=tuple(front(ref, rng) for ref in FRONTS),
        evidence=evidence(rng),
        conflicts=(
            Conflict(
                reports=("r03", "r07"),
                about="north -> south",
                text="the wire says exchange, the ministry says offensive",
            ),
            Conflict(reports=("r11",), about="convoys", text="everything else gave it a chance of 1.2%"),
        ),
        sources=(source("wire", 3.0, 1.0), source("ministry", 0.0, 0.0)),
        reasons=tuple(reason(k, rng) for k in range(6)),
        indicators=tuple(indicator(k, rng) for k in range(6)),
        blind_spots=(
            BlindSpot(
                indicator="reserves",
                name="Reserves called up",
                about="preparation of north -> south",
                why="no source watches for it",
                severity="unwatched",
                coverage=0.0,
                worth=0.041,
            ),
            BlindSpot(
                indicator="hospitals",
                name="Hospitals cleared",
                about="preparation of south -> north",
                why="only sources that south controls watch for it",
                severity="controlled",
                coverage=0.0,
                worth=0.012,
            ),
        ),
        futures=futures(rng),
        since=Since(
            day=AS_OF - dt.timedelta(weeks=2),
            new_reports=("r02", "r05"),
            new_events=("border-closed",),
            changes=tuple(
                Change(
                    question=name,
                    before=chance(min(p + 0.05, 1.0)),
                    after=chance(p, error),
                    moved_by=(("r02", -0.03), ("r05", -0.01)),
                    rest=-0.01,
                )
                for name, (_, p, error) in QUESTIONS.items()
            ),
        ),
        record=record(np.random.default_rng(8)),
        hindsight=record(np.random.default_rng(9), 12),
        diagnostics=Diagnostics(
            particles=50_000,
            islands=20,
            log_evidence=number(-214.37, 0.21),
            effective_islands=14.2,
            effective_sample_size=21_340.0,
            surviving_ancestors=1_204,
            resamplings=9.3,
            worst_step=AS_OF - dt.timedelta(weeks=5),
            worst_share=0.11,
            warnings=("one step left few particles: what it reports surprised the model",),
        ),
    )


def source(name: str, right: float, wrong: float) -> SourceEstimate:
    return SourceEstimate(
        id=name,
        name=f"The {name}",
        grade="C",
        own_right=0.0,
        own_wrong=2.0,
        proved_right=right,
        proved_wrong=wrong,
        proved_in=("strait-2029",) if right + wrong else (),
        before=0.583,
        prior=0.625,
        low=0.424,
        high=0.807,
        now=number(0.66, 0.004),
    )


def record(rng: np.random.Generator, questions: int = 60) -> TrackRecord:
    """Forecasts of a fair forecaster, two for each question."""
    question = np.repeat(np.arange(questions), 2)
    truth = rng.beta(0.7, 1.5, size=questions)
    outcome = (rng.random(questions) < truth).astype(float)[question]
    said = np.clip(truth[question] + 0.05 * rng.normal(size=len(question)), 0.01, 0.99)
    standing = Questions(resolved=questions, open=7, decided_early=2, overdue=1, void=3)
    base = np.full(len(question), 0.3)
    return track_record(said, outcome, question, base, day=AS_OF, questions=standing, unscored=4)


def question(name: str, text: str, p: float, error: float, rng: np.random.Generator) -> QuestionEstimate:
    answer = chance(p, error)
    levels = ("low", "moderate", "high")
    return QuestionEstimate(
        id=name,
        text=text,
        fronts=ASKED.get(name, ()),
        by=HORIZON,
        chance=answer,
        band=band(answer),
        confidence=Confidence(
            level=levels[len(text) % 3],
            grounds=(
                "Assumptions: it moves most, by 9 points, if one assumes: north deceives.",
                "Amount: it rests on 24 reports with weight of their own.",
            ),
            variations=tuple(
                Variation(assumption=a, probability=float(np.clip(p + rng.normal(0, 0.05), 0, 1)))
                for a in (
                    "no prior opinion of what north is",
                    "north deceives",
                    "north does not deceive",
                    "without wire",
                )
            ),
        ),
        already=chance(0.0, 0.0),
        inadvertent=number(0.21, 0.03) if p else None,
        by_disposition=tuple(
            ("north", d, share, chance(min(p * (k + 1), 1.0), 0.01))
            for k, (d, share) in enumerate(zip(DISPOSITIONS, (0.5, 0.3, 0.2), strict=True))
        ),
    )


def actor(name: str, rng: np.random.Generator) -> ActorEstimate:
    days = [AS_OF - dt.timedelta(weeks=w) for w in range(12, -1, -1)]
    path = np.linspace((0.5, 0.35, 0.15), (0.38, 0.40, 0.22), len(days))
    return ActorEstimate(
        id=name,
        name=ACTORS[name],
        dispositions=tuple(
            (d, chance(p, 0.012), prior)
            for d, p, prior in zip(DISPOSITIONS, (0.38, 0.40, 0.22), (0.5, 0.35, 0.15), strict=True)
        ),
        dispositions_over_time=tuple(
            Moment(day=day, shares=tuple(float(x) for x in row)) for day, row in zip(days, path, strict=True)
        ),
        deceives=chance(0.63, 0.02),
        deceives_prior=0.5,
        deceives_over_time=tuple(
            Moment(day=day, shares=(float(0.5 + 0.01 * k),)) for k, day in enumerate(days)
        ),
        standing=number(0.61, 0.005),
    )


def front(ref: str, rng: np.random.Generator) -> FrontEstimate:
    initiator, target = ref.split(" -> ")
    days = [AS_OF - dt.timedelta(weeks=w) for w in range(12, -1, -1)]
    terms = (
        ("reason", "an ally that is broken and asks for help", "solidarity", 1.12, "strongly pushes"),
        ("opportunity", "the other looks weak", target, 0.4, "pushes"),
        ("reciprocity", f"answers {target} in kind", target, 0.15, "slightly pushes"),
        ("event", "revenge for the border village", "revenge", 0.02, "hardly matters"),
        ("alliance", "a pact with Westmark", "westmark", -0.08, "hardly matters"),
        ("weariness", "what fighting has cost it", initiator, -0.35, "holds back"),
        ("deterrence", "Westmark's threat", "westmark-threat", -0.9, "holds back"),
        ("inertia", "stays where it is", initiator, -1.62, "strongly holds back"),
    )
    return FrontEstimate(
        ref=ref,
        initiator=initiator,
        target=target,
        posture=tuple(chance(p, 0.01) for p in (0.0, 0.01, 0.05, 0.83, 0.1, 0.01, 0.0)),
        goal=tuple(chance(p, 0.01) for p in (0.0, 0.01, 0.04, 0.68, 0.16, 0.1, 0.01)),
        readiness=tuple(chance(p, 0.01) for p in (0.4, 0.3, 0.2, 0.1)),
        preparing=chance(0.17, 0.01),
        current="exchange",
        against="offensive",
        terms=tuple(
            TermEstimate(kind=k, label=label, reference=r, nats=nats, spread=0.3, words=words)
            for k, label, r, nats, words in terms
        ),
        posture_over_time=tuple(Moment(day=day, shares=shares(rng, len(RUNGS))) for day in days),
    )


def evidence(rng: np.random.Generator) -> tuple[EvidenceEstimate, ...]:
    hypotheses = (
        *QUESTIONS,
        *(f"{a}: {d}" for a in ACTORS for d in (*DISPOSITIONS, "deceives")),
    )
    pieces = []
    for k in range(30):
        silence, stood_for = k in (4, 9), k in (28, 29)
        size = 6.0 / (k + 1)
        weights = (
            ()
            if stood_for
            else tuple(
                Weight(hypothesis=h, decibans=number(rng.normal(0, size), 0.2), without=float(rng.uniform()))
                for h in hypotheses
            )
        )
        pieces.append(
            EvidenceEstimate(
                id=f"silence: observers / indicator-{k}" if silence else f"r{k:02d}",
                kind="silence" if silence else "report",
                source="observers" if silence else ("wire", "ministry", "press")[k % 3],
                grade="A" if silence else f"{'BDC'[k % 3]}{k % 6 + 1}",
                date=None if silence else AS_OF - dt.timedelta(days=k),
                known=None if silence else AS_OF - dt.timedelta(days=k // 2),
                about=("convoys", "north -> south")[k % 2],
                value="not reported" if silence else ("seen", "exchange")[k % 2],
                text=f"Report number {k}: columns of lorries were seen on the road to the border, again",
                origin="embassy" if k % 7 == 0 else None,
                stood_for_by="r00" if stood_for else None,
                chance=float(rng.uniform(0.05, 0.9)),
                weights=weights,
                diagnosticity=max((abs(w.decibans.value) for w in weights[:6]), default=0.0),
                reliable=k != 2,
                carries=("north-strikes",) if k == 0 else (),
            )
        )
    pieces.sort(key=lambda piece: -piece.diagnosticity)
    return tuple(pieces)


def reason(k: int, rng: np.random.Generator) -> Sensitivity:
    shifts = tuple((q, number(rng.normal(0, 0.05 / (k + 1)), 0.004)) for q in QUESTIONS)
    return Sensitivity(
        reference=f"reason-{k}",
        kind="threat" if k == 2 else "reason",
        label=f"A consideration, the {k + 1}th of them, that weighs on the choice",
        shifts=shifts,
        largest=max(abs(n.value) for _, n in shifts),
        effective_share=0.7 if k else 0.03,
    )


def indicator(k: int, rng: np.random.Generator) -> IndicatorEstimate:
    expectations = tuple(
        Expectation(
            question=q, if_seen=min(p * 2.5, 1.0), if_not_seen=p * 0.9, expected_shift=0.03 * p / (k + 1)
        )
        for q, (_, p, _) in QUESTIONS.items()
    )
    return IndicatorEstimate(
        id=f"indicator-{k}",
        name=f"Sign number {k}",
        look_for="Reservists away from work, hospitals and shelters made ready.",
        about="preparation of north -> south",
        by=AS_OF + dt.timedelta(weeks=2),
        chance_seen=0.08 + 0.05 * k,
        expectations=expectations,
        largest=max(e.expected_shift for e in expectations),
        watched_by=("wire", "observers") if k % 2 else (),
    )


def futures(rng: np.random.Generator) -> Futures:
    days = [AS_OF + dt.timedelta(weeks=w) for w in range(13)]
    fans = tuple(
        Fan(
            ref=ref,
            steps=tuple(FanStep(day=day, shares=shares(rng, len(RUNGS))) for day in days),
            reached=tuple(
                (rung, day, chance(p, 0.005))
                for day, p0 in ((days[4], 0.1), (days[12], 0.2))
                for rung, p in zip(RUNGS[1:], (1.0, 0.9, 0.8, p0, p0 / 3, 0.0), strict=True)
            ),
        )
        for ref in FRONTS
    )
    return Futures(
        horizon=days[-1],
        joining_rung="strikes",
        fans=fans,
        joiners=tuple(
            Joiner(
                ref=ref,
                joins=chance(p),
                first=chance(p / 2),
                place=1.5,
                median_day=days[7] if p > 0.5 else None,
            )
            for ref, p in zip(FRONTS, (0.61, 0.2, 0.1, 0.0), strict=True)
        ),
    )


def awkward() -> Estimate:
    """The same with markup, control characters and other scripts in every text field."""
    whole: Estimate = with_texts(estimate(), AWKWARD)
    return whole


def bare() -> Estimate:
    """The least an estimate can hold: one question, one actor, one front, and nothing else."""
    whole = estimate()
    q = whole.questions[0]
    return replace(
        whole,
        question="",
        questions=(
            replace(
                q,
                inadvertent=None,
                by_disposition=(),
                confidence=Confidence(level="low", grounds=(), variations=()),
            ),
        ),
        actors=(replace(whole.actors[0], dispositions_over_time=(), deceives_over_time=()),),
        fronts=(replace(whole.fronts[0], terms=(), posture_over_time=()),),
        evidence=(),
        conflicts=(),
        reasons=(),
        indicators=(),
        blind_spots=(),
        futures=Futures(horizon=AS_OF, joining_rung="strikes", fans=(), joiners=()),
        since=None,
        sources=(),
        record=None,
        hindsight=None,
        diagnostics=replace(whole.diagnostics, warnings=()),
    )
