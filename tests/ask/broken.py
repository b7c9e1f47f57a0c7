"""Simulated histories with honest evidence, of which one thing is then broken: the cause is known.

A truth is drawn from the model, and what two sources say of it step by step. Then the telling reports are
taken away, or turned wrong, or the target hides and plants, or the forecaster's prior is skewed; or nothing is
broken and the outcome was improbable given the state. `tests/ask` looks at a few of these histories,
`benchmarks/blame.py` at 200.
"""

# ruff: noqa: E501 - one kind of thing a line

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.ask.postmortem.answer import CAUSES, CHANCE, COLLECTION, DECEPTION, MINDSET, SOURCES
from tocsin.ask.postmortem.losses import Runs
from tocsin.ask.postmortem.repairs import workshop
from tocsin.ask.resolve import outcomes
from tocsin.case import words
from tocsin.case.known import as_known
from tocsin.case.model import Case, Outcome, Report, TrueLevel, Truth
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import level_chances
from tocsin.infer.particles import Particles
from tocsin.infer.posterior import paths_of
from tocsin.infer.simulate import draw_histories, mean_reliability

MONDAY = dt.date(2024, 1, 1)
NOW, STEPS = 8, 14
AS_OF = MONDAY + dt.timedelta(weeks=NOW) - dt.timedelta(days=1)
# Reports from this step on are broken: the forecaster had begun on sound ground.
FROM = 2
# What the break must cost, beside the loss with nothing broken; and what is improbable given the state.
COST, IMPROBABLE = 0.5, 0.25
# A mind that leans against the truth, and what a deceiver can do.
LEANING, HIDES, PLANTS = 0.02, 0.9, 0.3
ALL = (*CAUSES, CHANCE)


def crisis() -> Case:
    """Three actors; whether the first one is committed, and how ready it is, decides the question."""
    return Case.model_validate(
        {
            "tocsin": 1, "title": "t", "question": "q", "start": MONDAY,
            "end": MONDAY + dt.timedelta(weeks=STEPS) - dt.timedelta(days=1), "pace": {"revision": 1.0, "preparation": 0.5},
            "dispositions": [
                {"id": "restrained", "appetite": {"median": -3.0, "spread": 0.5}, "opportunity": 0.3, "fear": 1.2},
                {"id": "committed", "appetite": {"median": 9.0, "spread": 0.5}, "from": "strikes", "fear": 0.6},
            ],
            "actors": [
                {"id": "a", "name": "A", "deception": 0.1, "dispositions": {"restrained": 0.5, "committed": 0.5},
                 "style": {"temperature": 0.7, "inertia": 0.3, "reciprocity": 0.2}},
                {"id": "b", "name": "B", "deception": 0.0, "dispositions": {"restrained": 1.0}},
                {"id": "c", "name": "C", "deception": 0.0, "dispositions": {"restrained": 1.0}},
            ],
            "ties": [{"from": "c", "to": "b", "kind": "alliance", "strength": "moderate", "since": "2001"}],
            "fronts": [
                {"from": "a", "to": "b", "posture": "words", "preparation": [0.7, 0.2, 0.1, 0.0]},
                {"from": "b", "to": "a"},
                {"from": "c", "to": "a"},
            ],
            "reasons": [
                {"id": "claim", "front": "a -> b", "direction": "pull", "weight": "strong", "from": "strikes", "text": "t"},
            ],
            "indicators": [
                {"id": "massing", "name": "n", "about": {"preparation": "a -> b"}, "concealable": HIDES, "plantable": PLANTS,
                 "likelihood": {"0": "very unlikely", "1": "unlikely", "2": "likely", "3": "very likely"}},
                {"id": "hardline", "name": "n", "about": {"disposition": "a"}, "concealable": HIDES, "plantable": PLANTS,
                 "likelihood": {"restrained": "unlikely", "committed": "likely"}},
            ],
            "sources": [
                {"id": "spotters", "name": "n", "grade": "B", "reason": "r"},
                {"id": "envoys", "name": "n", "grade": "C", "reason": "r"},
            ],
            "questions": [
                {"id": "q", "text": "t", "since": AS_OF + dt.timedelta(days=1), "by": MONDAY + dt.timedelta(weeks=STEPS - 1),
                 "rule": {"front": "a -> b", "reaches": "strikes"}}
            ],
        }
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Told:
    """A report of a simulated history, and whether it is right, wrong or planted."""

    report: Report
    verdict: str


def tell(case: Case, history: Particles, rng: np.random.Generator, *, deceives: bool) -> tuple[Told, ...]:
    """What the sources say, step by step; the same uniforms decide it whether or not the target deceives."""
    game, out = history.game, []
    for step in range(1, NOW + 1):
        for indicator in case.indicators:
            kind, about = indicator.about.target
            _, chances = level_chances(game, indicator)
            level = (
                history.disposition[game.actors.index(about), 0]
                if kind == "disposition"
                else history.readiness[step, game.fronts.index(about), 0]
            )
            for source in case.sources:
                there, hidden, planted, faithful, anyway = rng.random(5)
                is_so = there < chances[level]
                shown = bool(is_so and not (deceives and hidden < HIDES))
                faked = bool(deceives and not shown and planted < PLANTS)
                honest = faithful < mean_reliability(source)
                said = shown or faked if honest else anyway < words.likelihood(source.base_rate).median
                # Who says what it was shown has not erred, though more was hidden from it.
                verdict = "planted" if honest and faked else "right" if said == shown else "wrong"
                out.append(
                    Told(
                        report=Report(
                            id=f"{source.id}-{indicator.id}-{step}",
                            date=game.grid.first_day(step),
                            source=source.id,
                            indicator=indicator.id,
                            value="seen" if said else "not seen",
                        ),
                        verdict=verdict,
                    )
                )
    return tuple(out)


def truth_of(history: Particles, told: tuple[Told, ...], *, deceives: bool) -> Truth:
    """Everything hidden, as it was, up to the as-of day."""
    game, levels = history.game, []
    for f, front in enumerate(game.fronts):
        for step in range(1, NOW + 1):
            since = game.grid.first_day(step)
            levels += [
                TrueLevel(posture=front, value=game.rungs[history.posture[step, f, 0]], since=since),
                TrueLevel(goal=front, value=game.rungs[history.goal[step, f, 0]], since=since),
                TrueLevel(preparation=front, value=float(history.readiness[step, f, 0]), since=since),
            ]
    return Truth.model_validate(
        {
            "dispositions": {
                actor: game.dispositions[history.disposition[i, 0]] for i, actor in enumerate(game.actors)
            },
            "deceives": {"a": deceives, "b": False, "c": False},
            "levels": [level.model_dump() for level in levels],
            "reports": {t.report.id: t.verdict for t in told},
        }
    )


def broken(case: Case, history: Particles, seed: int, cause: str) -> tuple[Case, Case]:
    """The case with nothing broken, and with one thing broken."""
    honest = tell(case, history, np.random.default_rng([1953, seed]), deceives=False)
    yes = bool(outcomes(history.game, paths_of(history, ()), ())[0, 0])
    outcome = Outcome(question="q", resolved="yes" if yes else "no", date=case.end)
    whole = case.model_copy(
        update={
            "reports": tuple(t.report for t in honest),
            "truth": truth_of(history, honest, deceives=False),
            "outcomes": (outcome,),
        }
    )
    after = history.game.grid.first_day(FROM)
    if cause == COLLECTION:
        late = [
            t.report.model_copy(update={"known": case.end}) if t.report.date >= after else t.report
            for t in honest
        ]
        # Of every second history the reports came too late, of the others nobody made them.
        kept = late if seed % 2 else [report for report in late if report.known is None]
        return whole, whole.model_copy(update={"reports": tuple(kept)})
    if cause == SOURCES:
        turned = tuple(_turned(t) if t.report.date >= after else t for t in honest)
        return whole, _with(whole, history, turned, deceives=False)
    if cause == DECEPTION:
        fooled = tell(case, history, np.random.default_rng([1953, seed]), deceives=True)
        begun = tuple(b if b.report.date >= after else a for a, b in zip(honest, fooled, strict=True))
        return whole, _with(whole, history, begun, deceives=True)
    if cause == MINDSET:
        true = history.game.dispositions[history.disposition[0, 0]]
        other = "committed" if true == "restrained" else "restrained"
        skewed = case.actors[0].model_copy(update={"dispositions": {true: LEANING, other: 1.0 - LEANING}})
        return whole, whole.model_copy(update={"actors": (skewed, *case.actors[1:])})
    return whole, whole


def _turned(told: Told) -> Told:
    """A report that says the opposite of what was so."""
    said = told.report.value == "seen"
    so = said if told.verdict == "right" else not said
    return Told(
        report=told.report.model_copy(update={"value": "not seen" if so else "seen"}), verdict="wrong"
    )


def _with(case: Case, history: Particles, told: tuple[Told, ...], *, deceives: bool) -> Case:
    return case.model_copy(
        update={
            "reports": tuple(t.report for t in told),
            "truth": truth_of(history, told, deceives=deceives),
        }
    )


def loss(case: Case, *, particles: int, islands: int) -> float:
    """The forecaster's log loss with what is in hand."""
    runs = Runs(workshop=workshop(case, variant=None, seed=1), particles=particles, islands=islands, seed=1)
    yes = np.array([case.outcomes[0].resolved == "yes"])
    return float(-np.log(runs.forecast((), AS_OF).given(yes)[0]))


def loss_knowing(case: Case, *, particles: int, islands: int) -> float:
    """The log loss of who knows the state of the day."""
    runs = Runs(workshop=workshop(case, variant=None, seed=1), particles=particles, islands=islands, seed=1)
    yes = np.array([case.outcomes[0].resolved == "yes"])
    return float(-np.log(runs.knowing((), AS_OF, 0).given(yes)[0]))


def histories(cause: str, *, particles: int, islands: int, first: int = 0) -> Iterator[tuple[int, Case]]:
    """Histories with one thing broken that really cost something, without end.

    Kept is a history whose break costs at least half a nat and more than the loss with nothing broken; of
    unbroken ones, one whose outcome had at most one chance in four given the state. Shapley's value is not
    looked at.
    """
    case = crisis()
    game = compile_case(as_known(case, AS_OF), AS_OF)
    seed = first
    while True:
        seed += 1
        history = draw_histories(game, 1, seed=seed)
        yes = bool(outcomes(game, paths_of(history, ()), ())[0, 0])
        if cause == CHANCE and yes == (game.dispositions[history.disposition[0, 0]] == "committed"):
            continue  # what such an actor usually does is hardly improbable: it need not be looked at
        whole, changed = broken(case, history, seed, cause)
        before = loss(whole, particles=particles, islands=islands)
        if cause == CHANCE:
            if before < -np.log(IMPROBABLE):
                continue
            keeps = loss_knowing(whole, particles=particles, islands=islands) >= -np.log(IMPROBABLE)
        else:
            cost = loss(changed, particles=particles, islands=islands) - before
            keeps = cost >= COST and cost > before
        if keeps:
            yield seed, changed


__all__ = ["ALL", "AS_OF", "broken", "crisis", "histories"]
