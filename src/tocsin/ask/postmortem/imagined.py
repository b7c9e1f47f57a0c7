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


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What is otherwise where nobody hides and plants."""

    shown: tuple[Report, ...]  # sightings out of silence
    turned: dict[str, str]  # reports that say something else, and what
    gone: frozenset[str]  # planted reports that nobody would have made


def deception_undone(case: Case, hindsight: Hindsight, reports: tuple[Report, ...], *, draw: Draw) -> Undone:
    """What those who watched would have said had nobody hidden or planted anything.

    With p the chance that the indicator is there at its true level, c and f what is concealed and planted, a
    the source's reliability and q' the chance that it says so under deception, a "not seen" hides a sighting
    with chance ``a p c (1 - f) / (1 - q')``, a silence of coverage v with ``v a p c (1 - f) / (1 - v q')``,
    and behind a planted sighting there was a true one that was hidden with ``p c / (1 - p (1 - c))``. A
    planted report else says "not seen" if its source is one that says such things, or falls away.
    """
    game = hindsight.game
    in_hand = [r for r in reports if case.start <= r.date <= game.as_of and r.known_on <= game.as_of]
    by_id = {indicator.id: (k, indicator) for k, indicator in enumerate(case.indicators)}
    shown: list[Report] = []
    turned: dict[str, str] = {}
    gone: set[str] = set()
    for s, source in enumerate(case.sources):
        for watch in source.watches:
            k, indicator = by_id[watch.indicator]
            if _hidden(hindsight, indicator) and _free(source, indicator):
                u = _uniforms(draw, 1, s, k, game.grid.n_steps + 1)
                shown += _out_of_silence(hindsight, source, watch, indicator, in_hand, u)
    places = {source.id: s for s, source in enumerate(case.sources)}
    denies = {(r.source, r.indicator) for r in in_hand if r.value == "not seen"}
    for report in in_hand:
        planted = hindsight.verdict(report) == "planted"
        if report.indicator not in by_id or report.source not in places:
            gone |= {report.id} if planted else set()
            continue
        k, indicator = by_id[report.indicator]
        s = places[report.source]
        step = game.grid.step_of(report.date)
        u_step = float(_uniforms(draw, 2, s, k, game.grid.n_steps + 1)[step])
        if planted:
            behind = _Signs.at(hindsight, indicator, step)
            if behind is not None and u_step < behind.true_behind_planted:
                turned[report.id] = "seen"
            elif (report.source, report.indicator) in denies:
                turned[report.id] = "not seen"
            else:
                gone.add(report.id)
        elif report.value == "not seen" and _hidden(hindsight, indicator):
            source = case.sources[s]
            signs = _Signs.at(hindsight, indicator, step)
            if _free(source, indicator) and signs is not None:
                trust = mean_reliability(source) * words.ITEM_FACTOR[report.grade]
                if u_step < signs.hidden_behind_silence(source, trust, 1.0):
                    turned[report.id] = "seen"
    return Undone(shown=tuple(shown), turned=turned, gone=frozenset(gone))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """How an indicator shows at its true level, and how its owner bends that."""

    there: float  # p
    concealed: float  # c
    planted: float  # f

    @classmethod
    def at(cls, hindsight: Hindsight, indicator: Indicator, step: int) -> _Signs | None:
        level = hindsight.shown(indicator, step)
        if level is None:
            return None
        p = chance_said(hindsight.game, indicator, level, reliability=1.0, base=0.0, deceives=False)
        return cls(
            there=p,
            concealed=words.strength(indicator.concealable).median,
            planted=words.strength(indicator.plantable).median,
        )

    @property
    def true_behind_planted(self) -> float:
        hidden = self.there * self.concealed
        return hidden / max(1.0 - self.there + hidden, 1e-12)

    def hidden_behind_silence(self, source: Source, trust: float, covered: float) -> float:
        shown = self.there * (1.0 - self.concealed)
        shown += (1.0 - shown) * self.planted
        said = trust * shown + (1.0 - trust) * words.likelihood(source.base_rate).median
        hidden = trust * self.there * self.concealed * (1.0 - self.planted)
        return covered * hidden / (1.0 - covered * said)


def _out_of_silence(
    hindsight: Hindsight,
    source: Source,
    watch: Watch,
    indicator: Indicator,
    in_hand: list[Report],
    u: F64,
) -> list[Report]:
    """Sightings that a watch would have made of what was hidden from it."""
    game, out = hindsight.game, []
    kind, about = indicator.about.target
    spoken = [
        r
        for r in in_hand
        if r.source == source.id and (r.indicator == indicator.id or (kind == "posture" and r.front == about))
    ]
    quiet_until = dt.date.min
    for step, weeks, known in silences(game, watch, spoken):
        begin = max(game.grid.first_day(step), watch.since or dt.date.min)
        covered = 1.0 - (1.0 - words.likelihood(watch.coverage).median) ** weeks
        signs = _Signs.at(hindsight, indicator, step)
        if begin < quiet_until or signs is None:
            continue
        if u[step] < signs.hidden_behind_silence(source, mean_reliability(source), covered):
            quiet_until = begin + QUIET_AFTER_SIGHTING
            out.append(
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
    return out


def _hidden(hindsight: Hindsight, indicator: Indicator) -> bool:
    owner = owner_of(indicator)
    return (
        owner is not None
        and hindsight.deceives(owner) is True
        and words.strength(indicator.concealable).median > 0.0
    )


__all__ = [
    "Draw",
    "Undone",
    "attentive_source",
    "deception_undone",
    "reports_never_made",
    "steps_looked_at",
]
