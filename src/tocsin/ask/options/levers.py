"""One lever at a time: what it does, for whom, by which of its effects, if believed, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.ask.options.answer import (
    EffectOutcome,
    FrontOutcome,
    GroupOutcome,
    LeverAnswer,
    MomentOutcome,
    Outcome,
    StandingOutcome,
)
from tocsin.ask.options.groups import Group
from tocsin.ask.options.paired import Counts
from tocsin.ask.options.trial import Trial
from tocsin.ask.resolve import resolve
from tocsin.case.model import Effect, Lever, Question
from tocsin.case.rules import deals_of, fronts_of
from tocsin.game.plan import F64, Plan
from tocsin.game.schedule import Dated
from tocsin.infer.particles import Particles
from tocsin.infer.posterior import Paths

LOW_STANDING, HIGH_STANDING = 0.1, 0.9
MOST_MOMENTS = 8
# Errors beyond which a change is called one.
TELLING = 2.0
# A part of the histories that is worth fewer than this is not spoken of.
FEWEST_IN_GROUP = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """A run of a lever other than the whole of it, as it is."""

    lever: int
    effects: tuple[Dated, ...]
    standing: float | None = None


class _Sums:
    """Island means of one lever or variant: questions then the risk, without, with, only, less; by group."""

    __slots__ = ("by_front", "by_group", "over_time", "whole")

    def __init__(self, whole: F64, by_group: F64, by_front: F64, over_time: F64) -> None:
        self.whole, self.by_group, self.by_front, self.over_time = whole, by_group, by_front, over_time


def try_levers(trial: Trial, levers: Sequence[Lever], groups: Sequence[Group]) -> tuple[LeverAnswer, ...]:
    """Pull every lever by itself, each of its effects by itself, all but each, and at other standings."""
    game, plans = trial.game, trial.plans
    effects = [tuple(plans.effects([lever.id])) for lever in levers]
    variants = _variants(levers, effects)
    by_front_rung = min(int(game.plan.reach) + 1, len(game.rungs) - 1)
    days = _days(trial)
    ahead = slice(game.now + 1, trial.until + 1)

    def work(particles: Particles) -> tuple[list[_Sums], F64, F64]:
        masks = np.stack([np.ones(particles.n), *(group.mask(game, particles) for group in groups)])

        def look(paths: Paths) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            truth = trial.truth(paths)
            risk = trial.risk.of(truth)
            highest = np.any(paths.posture[ahead] >= by_front_rung, axis=0)
            return np.vstack([truth, risk]), np.asarray(highest), _by_day(trial, paths, days)

        def compare(one: np.ndarray, other: np.ndarray, among: F64) -> F64:
            """(4, rows, groups): without, with, larger with, smaller with."""
            parts = np.stack([one, other, other > one, other < one]).astype(np.float64)
            return np.asarray(parts @ among.T / particles.n)

        base, base_front, base_time = look(trial.run(particles, game.plan))
        found = []
        for entry in effects:
            truth, front, time = look(trial.run(particles, plans.with_effects(entry)))
            by_group = compare(base, truth, masks)
            found.append(
                _Sums(
                    by_group[..., 0],
                    by_group[:, -1, 1:],
                    compare(base_front, front, masks[:1])[..., 0],
                    np.stack([base_time.mean(axis=1), time.mean(axis=1)]),
                )
            )
        by_variant = np.empty((len(variants), 4))
        bases: dict[tuple[tuple[int, ...], float], np.ndarray] = {}
        for k, variant in enumerate(variants):
            plan = plans.with_effects(variant.effects)
            before = base[-1:]
            if variant.standing is None:
                after = _risk(trial, particles, plan)
            else:
                rows = tuple(game.actors.index(a) for a in threateners(levers[variant.lever]))
                key = (rows, variant.standing)
                if key not in bases:
                    bases[key] = _at_standing(trial, particles, game.plan, rows, variant.standing)
                before = bases[key]
                after = _at_standing(trial, particles, plan, rows, variant.standing)
            by_variant[k] = compare(before, after, masks[:1])[:, 0, 0]
        return found, by_variant, masks[1:].mean(axis=1)

    islands = trial.each(work, "islands, every lever by itself")
    shares = np.stack([share for _, _, share in islands])
    by_variant = np.stack([values for _, values, _ in islands])
    answers = []
    for k, lever in enumerate(levers):
        whole = np.stack([found[k].whole for found, _, _ in islands])
        own = [(v, by_variant[:, j]) for j, v in enumerate(variants) if v.lever == k]
        answers.append(
            _answer(
                trial,
                lever,
                effects[k],
                whole,
                np.stack([found[k].by_group for found, _, _ in islands]),
                np.stack([found[k].by_front for found, _, _ in islands]),
                np.stack([found[k].over_time for found, _, _ in islands]),
                own,
                groups,
                shares,
                days,
            )
        )
    return tuple(answers)


def _variants(levers: Sequence[Lever], effects: Sequence[tuple[Dated, ...]]) -> list[_Variant]:
    found: list[_Variant] = []
    for k, (lever, entry) in enumerate(zip(levers, effects, strict=True)):
        if len(entry) > 1:
            found += [_Variant(lever=k, effects=(dated,)) for dated in entry]
            found += [_Variant(lever=k, effects=entry[:e] + entry[e + 1 :]) for e in range(len(entry))]
        if threateners(lever):
            found += [_Variant(lever=k, effects=entry, standing=s) for s in (LOW_STANDING, HIGH_STANDING)]
    return found


def threateners(lever: Lever) -> tuple[str, ...]:
    """The actors whose threats a lever raises or lowers."""
    return tuple(
        dict.fromkeys(effect.threat.split(" -> ")[0] for effect in lever.effects if effect.threat is not None)
    )


def _risk(trial: Trial, particles: Particles, plan: Plan) -> np.ndarray:
    return trial.risk.of(trial.run_truth(particles, plan))[None, :]


def _at_standing(
    trial: Trial, particles: Particles, plan: Plan, actors: tuple[int, ...], standing: float
) -> np.ndarray:
    """The risk if some actors stood so from the as-of day on, whatever the plan then adds to that."""
    game = trial.game
    now, rows = game.now, list(actors)
    base = plan.standing_base.copy()
    shift = plan.standing_base[now + 1 :, rows] - game.plan.standing_base[now + 1 :, rows]
    base[now + 1 :, rows] = np.clip(np.float32(standing) + shift, 0.0, 1.0)
    kept = particles.standing[now, rows].copy()
    particles.standing[now, rows] = standing
    try:
        return _risk(trial, particles, plan._replace(standing_base=base))
    finally:
        particles.standing[now, rows] = kept


def _days(trial: Trial) -> tuple[dt.date, ...]:
    """Days up to which the risk is counted: the as-of day, then evenly to the last that it asks about."""
    game = trial.game
    last = max(trial.questions[q].by for q in trial.risk.columns)
    span = (last - game.as_of).days
    count = min(MOST_MOMENTS, max(span // 7, 1))
    return tuple(game.as_of + dt.timedelta(days=round(span * k / count)) for k in range(count + 1))


def _by_day(trial: Trial, paths: Paths, days: tuple[dt.date, ...]) -> np.ndarray:
    """(D, N) the risk as of each day."""
    asked = [trial.questions[q] for q in trial.risk.columns]
    return np.stack(
        [
            trial.risk.among(
                np.stack([resolve(trial.game, q, paths, trial.posterior.followed, by=day) for q in asked])
            )
            for day in days
        ]
    )


def _counts(of: F64) -> Counts:
    """Counts from island means (M, 4)."""
    return Counts(without=of[:, 0], with_it=of[:, 1], only=of[:, 2], less=of[:, 3])


def _answer(
    trial: Trial,
    lever: Lever,
    effects: tuple[Dated, ...],
    whole: F64,
    by_group: F64,
    by_front: F64,
    over_time: F64,
    variants: list[tuple[_Variant, F64]],
    groups: Sequence[Group],
    shares: F64,
    days: tuple[dt.date, ...],
) -> LeverAnswer:
    game, islands = trial.game, trial.islands
    idle = trial.plans.is_idle(effects)
    risk = islands.outcome("risk", _counts(whole[:, :, -1]), exact=idle)
    since = min((dated[1] for dated in effects), default=trial.plans.pulled_on(lever))
    return LeverAnswer(
        id=lever.id,
        name=lever.name,
        actor=lever.actor,
        cost=lever.cost,
        note=" ".join(part for part in (lever.text, lever.note) if part),
        works_from=since,
        works_until=next((until for _, _, until in effects if until is not None), None),
        done=tuple(event.id for event in game.case.events if event.lever == lever.id),
        word=_word(trial, lever, risk, idle),
        risk=risk,
        questions=tuple(
            islands.outcome(question.id, _counts(whole[:, :, q]), exact=idle)
            for q, question in enumerate(trial.questions)
        ),
        fronts=tuple(
            FrontOutcome(
                front=front,
                rung=game.rungs[min(int(game.plan.reach) + 1, len(game.rungs) - 1)],
                outcome=islands.outcome(front, _counts(by_front[:, :, f]), exact=idle),
            )
            for f, front in enumerate(game.fronts)
        ),
        groups=tuple(
            GroupOutcome(
                kind=group.kind,
                actor=group.actor,
                label=group.label,
                share=islands.chance(shares[:, g]),
                outcome=islands.outcome("risk", _counts(by_group[:, :, g]), shares[:, g], exact=idle),
            )
            for g, group in enumerate(groups)
            if islands.worth(shares[:, g]) >= FEWEST_IN_GROUP
        ),
        effects=_by_effect(trial, lever, effects, whole[:, :, -1], risk, variants),
        standing=_by_standing(trial, lever, risk, variants),
        over_time=_over_time(trial, over_time, days, idle),
    )


def _by_effect(
    trial: Trial,
    lever: Lever,
    effects: tuple[Dated, ...],
    whole: F64,
    risk: Outcome,
    variants: list[tuple[_Variant, F64]],
) -> tuple[EffectOutcome, ...]:
    islands, plans = trial.islands, trial.plans
    runs = [means for variant, means in variants if variant.standing is None]
    answers = []
    for e, dated in enumerate(effects):
        idle = plans.is_idle([dated])
        if len(effects) > 1:
            alone, rest = runs[e], runs[len(effects) + e]
            outcome = islands.outcome("risk", _counts(alone), exact=idle)
            adds = islands.paired(whole[:, 1] - rest[:, 1], exact=idle)
        else:
            outcome, adds = risk, risk.change
        kind, reference = dated[0].target
        answers.append(
            EffectOutcome(
                kind=kind,
                reference=reference,
                shift=lever.effects[e].shift,
                at_once=lever.effects[e].at_once,
                idle=idle,
                alone=outcome,
                adds=adds,
            )
        )
    return tuple(answers)


def _by_standing(
    trial: Trial, lever: Lever, risk: Outcome, variants: list[tuple[_Variant, F64]]
) -> tuple[StandingOutcome, ...]:
    who = threateners(lever)
    if not who:
        return ()
    low, high = (
        StandingOutcome(
            standing=variant.standing, actors=who, outcome=trial.islands.outcome("risk", _counts(means))
        )
        for variant, means in variants
        if variant.standing is not None
    )
    return low, StandingOutcome(standing=None, actors=who, outcome=risk), high


def _over_time(trial: Trial, means: F64, days: tuple[dt.date, ...], idle: bool) -> tuple[MomentOutcome, ...]:
    islands = trial.islands
    moments = []
    # What has come by the as-of day is the same with and without.
    already = islands.chance(means[:, 0, 0]).probability
    before, day_before = (already, already), days[0]
    for d, day in enumerate(days[1:], 1):
        without, with_it = islands.chance(means[:, 0, d]), islands.chance(means[:, 1, d])
        weeks = max((day - day_before).days / 7.0, 1e-9)
        rates = [
            _hazard(was, is_now.probability, weeks)
            for was, is_now in zip(before, (without, with_it), strict=True)
        ]
        moments.append(
            MomentOutcome(
                day=day,
                without=without,
                with_it=with_it,
                change=islands.paired(means[:, 1, d] - means[:, 0, d], exact=idle),
                hazard_without=rates[0],
                hazard_with=rates[1],
            )
        )
        before, day_before = (without.probability, with_it.probability), day
    return tuple(moments)


def _hazard(before: float, after: float, weeks: float) -> float:
    """Rate a week at which what has not come yet comes, if it is even within the stretch.

    Examples
    --------
    >>> round(_hazard(0.0, 0.1, 1.0), 4)
    0.1054
    """
    left_before, left_after = max(1.0 - before, 1e-12), max(1.0 - after, 1e-12)
    return float(max(np.log(left_before / left_after) / weeks, 0.0))


def _bears_directly(trial: Trial, effect: Effect, question: Question) -> bool:
    """Whether an effect enters the decisions that a question is about without any front between."""
    case = trial.game.case
    fronts = set(fronts_of(question))
    initiators = {front.split(" -> ")[0] for front in fronts}
    targets = {front.split(" -> ")[1] for front in fronts}
    kind, reference = effect.target
    by_threat = {
        f"{t.by} -> {t.against}" for t in case.threats if f"{t.against} -> {t.protects or t.by}" in fronts
    }
    if kind in ("provokes", "pull"):
        return reference in fronts
    if kind == "threat":
        return reference in by_threat
    if kind == "tie":
        return reference.split(" -> ")[0] in initiators
    if kind == "standing":
        return reference in targets or any(pair.split(" -> ")[0] == reference for pair in by_threat)
    if kind == "factor":
        return any(r.factor == reference and r.front in fronts for r in case.reasons)
    deal = next(d for d in case.deals if d.id == reference)
    a, b = deal.between
    return bool({f"{a} -> {b}", f"{b} -> {a}"} & fronts) or reference in deals_of(question)


def _word(trial: Trial, lever: Lever, risk: Outcome, idle: bool) -> str:
    """What a lever does to the risk, in a sentence."""
    if idle:
        return "Does nothing here: the case has nothing that its effects could change in time."
    asked = [trial.questions[q] for q in trial.risk.columns]
    direct = [e.target[0] for e in lever.effects if any(_bears_directly(trial, e, q) for q in asked)]
    how = ""
    if not direct:
        how = " None of its effects bears on what is asked directly; what it does comes by way of others."
    elif not {"threat", "provokes"} & set(direct) and {"threat", "provokes"} & {
        e.target[0] for e in lever.effects
    }:
        how = " Its threat and its provocation do nothing on the fronts that are asked about."
    moved = risk.backfires.probability + risk.prevents.probability
    if moved == 0.0:
        return f"Does nothing here: no history of {trial.histories:,} ends otherwise.{how}"
    change = risk.change
    if abs(change.value) <= TELLING * change.mc_error:
        told = "No change that can be told from none"
        if min(risk.backfires.probability, risk.prevents.probability) > 0.0:
            told += ", though it prevents in some histories and brings about in others"
        return f"{told}.{how}"
    word = "Lowers the risk" if change.value < 0 else "Raises the risk"
    small = min(risk.backfires.probability, risk.prevents.probability)
    if small >= 0.25 * max(risk.backfires.probability, risk.prevents.probability):
        word += ", and cuts both ways"
    return f"{word}.{how}"


__all__ = ["threateners", "try_levers"]
