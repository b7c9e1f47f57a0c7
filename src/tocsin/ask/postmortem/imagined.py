"""Reports that nobody made and that would have been: where nobody looked, and where it was concealed.

Both are drawn with fixed chance that belongs to the draw, the indicator and the step, and to nothing else:
the same sighting is drawn whatever else is repaired.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from tocsin.ask.postmortem.hindsight import Hindsight
from tocsin.ask.watchlist import FALSE_ALARM, GOOD_SOURCE, WEAK_COVERAGE
from tocsin.case import words
from tocsin.case.model import Case, Indicator, Report, Source, Watch
from tocsin.game.plan import F64
from tocsin.infer.evidence import QUIET_AFTER_SIGHTING, owner_of, silences
from tocsin.infer.simulate import chance_said, mean_reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One of some draws of everything imagined.

    Over the draws every single report falls out as often as its chance says, as nearly as their number allows
    (McKay, Beckman and Conover 1979), so that few of them average well.
    """

    seed: int
    number: int = 0
    of: int = 1


# The good source is an Admiralty B, as in the watch list; its items cannot be judged one by one.
GRADE, ITEM_GRADE = "B", 6


def attentive_source(case: Case) -> Source:
    """The source that is imagined to look where nobody did, under an id that the case has not."""
    taken = {source.id for source in case.sources}
    name = "attentive-source"
    while name in taken:
        name += "-x"
    return Source(
        id=name,
        name="An attentive source, imagined",
        grade=GRADE,
        reason="what a good source would have reported where nobody looked",
        base_rate=FALSE_ALARM,
    )


def _uniforms(chance: Draw, kind: int, first: int, second: int, n: int) -> F64:
    """(n,) uniforms of one draw, with the draws spread evenly over each of them (a Latin hypercube)."""
    key = np.random.SeedSequence(entropy=chance.seed, spawn_key=(1_953, kind, first, second))
    rng = np.random.Generator(np.random.Philox(key))
    places = rng.permuted(np.tile(np.arange(chance.of), (n, 1)), axis=1)
    within = rng.random((n, chance.of))
    return np.asarray((places[:, chance.number] + within[:, chance.number]) / chance.of)


def _free(source: Source, indicator: Indicator) -> bool:
    """Whether a source is not in the hands of whom the indicator shows."""
    return source.controlled_by is None or source.controlled_by != owner_of(indicator)


def steps_looked_at(case: Case, hindsight: Hindsight, indicator: Indicator) -> frozenset[int]:
    """Steps in which somebody free of its owner reported an indicator, or watched it well enough."""
    game = hindsight.game
    kind, about = indicator.about.target
    sources = {source.id: source for source in case.sources}
    looked = {
        game.grid.step_of(report.date)
        for report in case.reports
        if report.date <= game.as_of
        and report.source in sources
        and _free(sources[report.source], indicator)
        and (report.indicator == indicator.id or (kind == "posture" and report.front == about))
    }
    for step in range(1, game.now + 1):
        day = game.grid.first_day(step)
        missed = 1.0
        for source in case.sources:
            for watch in source.watches:
                if watch.indicator == indicator.id and _free(source, indicator) and _held(watch, day):
                    missed *= 1.0 - words.likelihood(watch.coverage).median * mean_reliability(source)
        if 1.0 - missed >= WEAK_COVERAGE:
            looked.add(step)
    return frozenset(looked)


def _held(watch: Watch, day: dt.date) -> bool:
    return (watch.since is None or watch.since <= day) and (watch.until is None or watch.until > day)


def _mixed(
    hindsight: Hindsight, indicator: Indicator, step: int, concealed: bool, **how: float
) -> float | None:
    """Chance that an indicator is said to be there at its true level; None where that is not known.

    An actor of whom it is not known whether it deceived counts by its prior chance to.
    """
    level = hindsight.shown(indicator, step)
    if level is None:
        return None
    game, owner = hindsight.game, owner_of(indicator)
    told = hindsight.deceives(owner) if owner else False
    share = (
        float(told)
        if told is not None
        else float(game.statics.deception_prior[game.actors.index(owner or "")])
    )
    if not concealed:
        share = 0.0
    with_it = chance_said(game, indicator, level, deceives=True, **how)
    without = chance_said(game, indicator, level, deceives=False, **how)
    return share * with_it + (1.0 - share) * without


def reports_never_made(
    case: Case,
    hindsight: Hindsight,
    source: Source,
    *,
    looked_at: dict[str, frozenset[int]],
    honest: frozenset[str],
    draw: Draw,
) -> tuple[Report, ...]:
    """What a good source would have said, step by step, of indicators that nobody looked at.

    Parameters
    ----------
    looked_at : by indicator, steps in which somebody did
    honest : indicators whose owner's concealment is undone
    """
    game, out = hindsight.game, []
    for k, indicator in enumerate(case.indicators):
        u = _uniforms(draw, 0, k, 0, game.grid.n_steps + 1)
        for step in range(1, game.now + 1):
            if step in looked_at.get(indicator.id, frozenset()):
                continue
            chance = _mixed(
                hindsight,
                indicator,
                step,
                indicator.id not in honest,
                reliability=GOOD_SOURCE,
                base=FALSE_ALARM,
            )
            if chance is not None:
                out.append(
                    Report(
                        id=f"{source.id}-{indicator.id}-{step}",
                        date=game.grid.first_day(step),
                        source=source.id,
                        indicator=indicator.id,
                        value="seen" if u[step] < chance else "not seen",
                        grade=ITEM_GRADE,
                    )
                )
    return tuple(out)


def sightings_concealed(
    case: Case, hindsight: Hindsight, reports: tuple[Report, ...], *, draw: Draw
) -> tuple[tuple[Report, ...], frozenset[str]]:
    """What those who watched would have seen had nobody hidden it: new sightings, and denials that turn.

    A source that said nothing under concealment would have spoken without it with chance
    ``(open - hidden) / (1 - hidden)``, for one uniform number decides both; what is not concealable stays.

    Returns
    -------
    sightings out of silence, and the ids of reports that turn from not seen to seen
    """
    game = hindsight.game
    shown: list[Report] = []
    turned: set[str] = set()
    indicators = {indicator.id: (k, indicator) for k, indicator in enumerate(case.indicators)}
    in_hand = [r for r in reports if case.start <= r.date <= game.as_of and r.known_on <= game.as_of]
    for s, source in enumerate(case.sources):
        how = {"reliability": mean_reliability(source), "base": words.likelihood(source.base_rate).median}
        for watch in source.watches:
            k, indicator = indicators[watch.indicator]
            if not _hidden(hindsight, indicator) or not _free(source, indicator):
                continue
            kind, about = indicator.about.target
            spoken = [
                r
                for r in in_hand
                if r.source == source.id
                and (r.indicator == indicator.id or (kind == "posture" and r.front == about))
            ]
            u = _uniforms(draw, 1, s, k, game.grid.n_steps + 1)
            quiet_until = dt.date.min
            for step, weeks, known in silences(game, watch, spoken):
                begin = max(game.grid.first_day(step), watch.since or dt.date.min)
                covered = 1.0 - (1.0 - words.likelihood(watch.coverage).median) ** weeks
                if begin < quiet_until or not _shows(hindsight, indicator, step, covered, u[step], how):
                    continue
                quiet_until = begin + QUIET_AFTER_SIGHTING
                shown.append(
                    Report(
                        id=f"shown-{source.id}-{indicator.id}-{step}",
                        date=begin,
                        known=max(begin, min(game.grid.first_day(known), game.as_of)),
                        source=source.id,
                        indicator=indicator.id,
                        value="seen",
                        grade=ITEM_GRADE,
                    )
                )
    position = {source.id: s for s, source in enumerate(case.sources)}
    for report in in_hand:
        if report.indicator not in indicators or report.value != "not seen" or report.source not in position:
            continue
        k, indicator = indicators[report.indicator]
        source = case.sources[position[report.source]]
        if not _hidden(hindsight, indicator) or not _free(source, indicator):
            continue
        step = game.grid.step_of(report.date)
        trust = words.ITEM_FACTOR[report.grade]
        how = {
            "reliability": mean_reliability(source) * trust,
            "base": words.likelihood(source.base_rate).median,
        }
        u = _uniforms(draw, 2, position[report.source], k, game.grid.n_steps + 1)
        if _shows(hindsight, indicator, step, 1.0, u[step], how):
            turned.add(report.id)
    return tuple(shown), frozenset(turned)


def _hidden(hindsight: Hindsight, indicator: Indicator) -> bool:
    owner = owner_of(indicator)
    return (
        owner is not None
        and hindsight.deceives(owner) is True
        and words.strength(indicator.concealable).median > 0.0
    )


def _shows(
    hindsight: Hindsight, indicator: Indicator, step: int, covered: float, u: float, how: dict[str, float]
) -> bool:
    hidden, plain = (_mixed(hindsight, indicator, step, concealed, **how) for concealed in (True, False))
    if hidden is None or plain is None:
        return False
    low, high = covered * hidden, covered * plain
    return high > low and u < (high - low) / (1.0 - low)


__all__ = [
    "Draw",
    "attentive_source",
    "reports_never_made",
    "sightings_concealed",
    "steps_looked_at",
]
