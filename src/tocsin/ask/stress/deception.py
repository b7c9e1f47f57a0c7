"""The answer over deception on and off, and what each silence would weigh in either case.

Whether an actor deceives bears on nothing but its indicators, so its mark can be summed out of each particle.
With L(v) the chance of the actor's items on a particle's history if its mark were v, and pi the prior of the
mark, particles of the posterior have the marginal weight ``w (pi L(1) + (1 - pi) L(0))`` whatever mark they
carry, and the posterior given the mark v is the same particles weighted by

    L(v) / (pi L(1) + (1 - pi) L(0)).

That uses every particle for either assumption, where picking those that carry the mark would use a few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.stress.answer import Forced, Silence
from tocsin.ask.stress.weighing import Truth, reweigh
from tocsin.ask.weights import DECIBANS, number
from tocsin.case import words
from tocsin.game.plan import F64
from tocsin.infer.posterior import Posterior
from tocsin.infer.unmade import log_chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Log factors (N,) that take an actor as deceiving, and as not."""

    actor: str
    off: F64
    on: F64


def forced_marks(posterior: Posterior) -> tuple[Marks, ...]:
    """For every actor of whom some item could tell: the log factors of either assumption."""
    game, evidence = posterior.game, posterior.evidence
    out = []
    for i, actor in enumerate(game.actors):
        which = np.flatnonzero(evidence.owner == i).astype(np.int32)
        prior = float(game.statics.deception_prior[i])
        if not len(which):
            continue
        marks = posterior.deceives.copy()
        chance = []
        for mark in (0, 1):
            marks[i] = mark
            chance.append(log_chance(posterior, evidence, which, deceives=marks).astype(np.float64))
        with np.errstate(divide="ignore"):
            whole = np.logaddexp(np.log1p(-prior) + chance[0], np.log(prior) + chance[1])
        out.append(Marks(actor=actor, off=chance[0] - whole, on=chance[1] - whole))
    return tuple(out)


def forced(posterior: Posterior, truth: Truth, marks: tuple[Marks, ...]) -> tuple[Forced, ...]:
    """The answer with each actor taken as deceiving and as not, then all of them."""

    def row(assumption: str, actors: tuple[str, ...], deceive: bool, log_factor: F64) -> Forced:
        told = reweigh(posterior, truth, log_factor)
        return Forced(
            assumption=assumption,
            actors=actors,
            deceive=deceive,
            after=told.after,
            shift=told.shift,
            effective=told.effective,
            rough=told.rough,
        )

    out = []
    for mark in marks:
        out.append(row(f"{mark.actor} deceives", (mark.actor,), True, mark.on))
        out.append(row(f"{mark.actor} does not deceive", (mark.actor,), False, mark.off))
    if len(marks) > 1:
        everybody = tuple(mark.actor for mark in marks)
        out.append(row("all of them deceive", everybody, True, np.sum([m.on for m in marks], axis=0)))
        out.append(row("none of them deceives", everybody, False, np.sum([m.off for m in marks], axis=0)))
    return tuple(out)


def silences(posterior: Posterior, truth: Truth, marks: tuple[Marks, ...]) -> tuple[Silence, ...]:
    """What each watch's silence weighs if the watched actor deceives and if not; weightiest first."""
    game, evidence = posterior.game, posterior.evidence
    indicators = {indicator.id: indicator for indicator in game.case.indicators}
    by_actor = {mark.actor: mark for mark in marks}
    out = []
    for (source, name), items in zip(evidence.watches, evidence.watch_items, strict=True):
        if not len(items) or evidence.owner[items[0]] < 0:
            continue
        i = int(evidence.owner[items[0]])
        actor = game.actors[i]
        taken = posterior.deceives.copy()
        weights = []
        for mark, factor in ((1, by_actor[actor].on), (0, by_actor[actor].off)):
            taken[i] = mark
            silent = log_chance(posterior, evidence, items, deceives=taken).astype(np.float64)
            weights.append(_decibans(posterior, truth, factor, silent))
        out.append(
            Silence(
                source=source,
                indicator=name,
                actor=actor,
                steps=len(items),
                concealable=words.strength(indicators[name].concealable).median,
                deceiving=number(*weights[0]),
                honest=number(*weights[1]),
            )
        )
    return tuple(sorted(out, key=lambda s: -max(abs(s.deceiving.value), abs(s.honest.value))))


def _decibans(posterior: Posterior, truth: Truth, factor: F64, silent: F64) -> tuple[float, float]:
    """By how much the silence changes the odds, under weights times exp(factor), and its jackknife error."""
    m = posterior.islands
    with_it = posterior.weight * np.exp(factor - factor.max())
    less = factor - silent
    without = posterior.weight * np.exp(less - less.max())

    def sums(weight: F64) -> tuple[F64, F64]:
        by_island = weight.reshape(m, -1)
        yes = (by_island * truth.reshape(m, -1)).sum(axis=1)
        return yes, by_island.sum(axis=1) - yes

    parts = (*sums(with_it), *sums(without))

    def weigh(yes: F64, no: F64, yes_without: F64, no_without: F64) -> F64:
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(yes) - np.log(no) - np.log(yes_without) + np.log(no_without)
        return np.asarray(DECIBANS * odds)

    value = float(weigh(*(np.asarray(part.sum()) for part in parts)))
    if m < 2:
        return value, float("nan")
    left = weigh(*(part.sum() - part for part in parts))
    return value, float(np.sqrt((m - 1.0) / m * np.sum((left - left.mean()) ** 2)))


__all__ = ["Marks", "forced", "forced_marks", "silences"]
