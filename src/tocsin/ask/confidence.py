"""Analytic confidence by stated rules, kept apart from likelihood.

Confidence says how far the answer could be trusted to stay where it is if what it rests on were otherwise:

1. **Assumptions.** The answer is taken again with the prior over dispositions of each actor in the question
   made flat, with each such actor assumed to deceive and assumed not to, and with each source left out in
   turn. High needs every one of these to leave the word in place, or to move it by 3 points at the most;
   moderate needs none to move it by more than 15 points. Where too few particles are left to tell, it is not
   known that the answer would hold: moderate at most.
2. **Amount.** Fewer than five reports with weight of their own: low, for it rests on the analyst's priors.
3. **Quality.** If sources graded D to F carry more than half of the weight of evidence, or one source or
   origin carries more than half of it: moderate at most.
4. **Arithmetic.** If the Monte Carlo error exceeds 5 points, or the islands disagree so much that fewer than
   three carry the result: low.

The thresholds are conventions, written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tocsin.ask.bands import band
from tocsin.ask.estimate import Chance, Confidence, Variation
from tocsin.ask.weights import FEWEST, LeftOut, probability_under
from tocsin.case.model import Question, Rule
from tocsin.infer.posterior import Posterior

SMALL_MOVE, LARGE_MOVE = 0.03, 0.15
FEW_REPORTS = 5
WEAK_GRADES = frozenset("DEF")
LARGE_ERROR, FEW_ISLANDS = 0.05, 3.0
LEVELS = ("low", "moderate", "high")
ROUGH = " (rough: few particles)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The evidence as confidence looks at it: a row for each report and watch, as they are left out."""

    source: tuple[str, ...]
    origin: tuple[str, ...]
    grade: tuple[str, ...]
    is_report: tuple[bool, ...]
    log_chance: np.ndarray  # (Y, N)


def actors_of(question: Question) -> tuple[str, ...]:
    """Actors whose fronts the question's rule refers to, initiators first."""
    found: dict[str, None] = {}

    def visit(rule: Rule, part: int) -> None:
        if rule.front is not None:
            found.setdefault(rule.front.split(" -> ")[part])
        for inner in (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ())):
            visit(inner, part)

    visit(question.rule, 0)
    visit(question.rule, 1)
    return tuple(found)


def vary(
    posterior: Posterior, question: Question, truth: np.ndarray, pieces: Pieces
) -> tuple[Variation, ...]:
    """The answer under other assumptions, each by weighing the same particles otherwise."""
    game, statics = posterior.game, posterior.game.statics
    out: list[Variation] = []

    def add(assumption: str, log_factor: np.ndarray) -> None:
        p, effective = probability_under(posterior, truth, log_factor)
        if np.isfinite(p):
            rough = "" if effective >= FEWEST else ROUGH
            out.append(Variation(assumption=assumption + rough, probability=p))

    for actor in actors_of(question):
        i = game.actors.index(actor)
        prior = statics.disposition_prior[i]
        with np.errstate(divide="ignore"):
            flat = np.where(prior > 0.0, -np.log(prior), 0.0)
        add(f"no prior opinion of what {actor} is", flat[posterior.disposition[i]])
        for mark, words in ((1, "deceives"), (0, "does not deceive")):
            with np.errstate(divide="ignore"):
                add(f"{actor} {words}", np.log((posterior.deceives[i] == mark).astype(float)))
    for source in dict.fromkeys(pieces.source):
        rows = [k for k, name in enumerate(pieces.source) if name == source]
        add(f"without {source}", -pieces.log_chance[rows].sum(axis=0))
    return tuple(out)


def _largest_share(keys: Iterable[str], weights: np.ndarray) -> tuple[str, float]:
    total: dict[str, float] = {}
    for key, weight in zip(keys, weights, strict=True):
        total[key] = total.get(key, 0.0) + float(weight)
    whole = sum(total.values())
    if not whole:
        return "", 0.0
    name = max(total, key=lambda key: total[key])
    return name, total[name] / whole


def judge(
    chance: Chance,
    variations: tuple[Variation, ...],
    pieces: Pieces,
    left_out: LeftOut,
    column: int,
    effective_islands: float,
    yardstick: str,
) -> Confidence:
    """Apply the rules; `column` is the question's place among the left-out hypotheses."""
    level, grounds = 2, []

    def cap(at: int, ground: str) -> None:
        nonlocal level
        level = min(level, at)
        grounds.append(ground)

    word = band(chance, yardstick).word
    tried = [v for v in variations if not v.assumption.endswith(ROUGH)]
    moved = [
        (abs(v.probability - chance.probability), v)
        for v in tried
        if band(Chance(probability=v.probability, mc_error=0.0), yardstick).word != word
        or abs(v.probability - chance.probability) > LARGE_MOVE
    ]
    moved = [(size, v) for size, v in moved if size > SMALL_MOVE]
    if moved:
        size, worst = max(moved, key=lambda pair: pair[0])
        cap(
            0 if size > LARGE_MOVE else 1,
            f"Assumptions: it moves most, by {100 * size:.0f} points, if one assumes: {worst.assumption}.",
        )
    else:
        grounds.append(
            "Assumptions: no other prior, deception or missing source that was tried moves the answer to "
            "another word."
        )
    untold = [v.assumption.removesuffix(ROUGH) for v in variations if v.assumption.endswith(ROUGH)]
    if untold:
        cap(
            1, f"Assumptions: too few particles are left to tell what it would be under: {'; '.join(untold)}."
        )
    n_reports = sum(pieces.is_report)
    if n_reports < FEW_REPORTS:
        cap(0, f"Amount: it rests on {n_reports} reports and the priors of the case.")
    else:
        grounds.append(f"Amount: it rests on {n_reports} reports with weight of their own.")
    weights = np.abs(left_out.decibans[:, column])
    if weights.sum() > 0.0:
        weak = float(weights[[grade in WEAK_GRADES for grade in pieces.grade]].sum() / weights.sum())
        source, by_source = _largest_share(pieces.source, weights)
        origin, by_origin = _largest_share(pieces.origin, weights)
        if weak > 0.5:
            cap(1, f"Quality: sources graded D to F carry {100 * weak:.0f} % of the weight of evidence.")
        if max(by_source, by_origin) > 0.5:
            name, share = (source, by_source) if by_source >= by_origin else (origin, by_origin)
            ground = f"one source or origin, {name}, carries {100 * share:.0f} % of the weight of evidence"
            cap(1, f"Quality: {ground}.")
    if chance.mc_error > LARGE_ERROR or effective_islands < FEW_ISLANDS:
        cap(0, f"Arithmetic: the Monte Carlo is rough; the result rests on {effective_islands:.1f} islands.")
    return Confidence(level=LEVELS[level], grounds=tuple(grounds), variations=variations)
