"""What to look for next, and where nobody looks.

An indicator's worth is how far it would move an answer in expectation: it is looked for over the coming
fortnight by a good source, and the answer is taken given that it was reported and given that it was not.
"""

from __future__ import annotations

import numpy as np

from tocsin.ask.estimate import BlindSpot, Expectation, IndicatorEstimate
from tocsin.case import words
from tocsin.case.model import Indicator, Source, Watch
from tocsin.game.plan import F64
from tocsin.infer.evidence import ON_DISPOSITION, ON_FACTOR, ON_POSTURE, level_chances, owner_of
from tocsin.infer.posterior import Posterior

# The source that is imagined to look: an Admiralty B, which says so wrongly as seldom as a remote chance.
GOOD_SOURCE = words.RELIABILITY["B"][0] / sum(words.RELIABILITY["B"])
FALSE_ALARM = words.LIKELIHOODS["remote"]
# A watch below this chance a week of passing on a sighting is weak.
WEAK_COVERAGE = 0.3


def chance_of_sighting(posterior: Posterior, indicator: Indicator) -> F64:
    """Chance for each particle that a good source reports the indicator in the coming fortnight: (N,)."""
    game = posterior.game
    kind, chances = level_chances(game, indicator)
    _, reference = indicator.about.target
    if kind == ON_FACTOR:
        x = posterior.soon_factor[game.factors.index(reference)].astype(np.float64)
        p = np.interp(x, np.linspace(0.0, 1.0, len(chances)), chances)
    elif kind == ON_DISPOSITION:
        p = chances[posterior.disposition[game.actors.index(reference)]]
    elif kind == ON_POSTURE:
        f = game.fronts.index(reference)
        ahead = posterior.paths.posture[game.now + 1 : posterior.soon_step + 1, f]
        level = ahead.max(axis=0) if len(ahead) else posterior.paths.posture[game.now, f]
        p = chances[level]
    else:
        p = chances[posterior.soon_readiness[game.fronts.index(reference)]]
    owner = owner_of(indicator)
    if owner:
        marks = posterior.deceives[game.actors.index(owner)]
        p = p * (1.0 - words.strength(indicator.concealable).median * marks)
        p = p + (1.0 - p) * words.strength(indicator.plantable).median * marks
    return np.asarray(GOOD_SOURCE * p + (1.0 - GOOD_SOURCE) * FALSE_ALARM)


def watchlist(posterior: Posterior, truths: np.ndarray) -> tuple[IndicatorEstimate, ...]:
    """Every indicator, the most telling first; `truths` (Q, N) are the questions' outcomes."""
    game = posterior.game
    watchers = _watchers(posterior)
    true_by_question = truths.astype(np.float64)
    answers = true_by_question @ posterior.weight
    out = []
    for indicator in game.case.indicators:
        seen = posterior.weight * chance_of_sighting(posterior, indicator)
        p_seen = float(seen.sum())
        joint = true_by_question @ seen
        expectations = []
        for question, now, both in zip(game.case.questions, answers.tolist(), joint.tolist(), strict=True):
            if_seen = both / max(p_seen, 1e-300)
            if_not = (now - both) / max(1.0 - p_seen, 1e-300)
            shift = p_seen * abs(if_seen - now) + (1.0 - p_seen) * abs(if_not - now)
            expectations.append(
                Expectation(question=question.id, if_seen=if_seen, if_not_seen=if_not, expected_shift=shift)
            )
        kind, reference = indicator.about.target
        out.append(
            IndicatorEstimate(
                id=indicator.id,
                name=indicator.name,
                look_for=indicator.look_for or indicator.name,
                about=f"{kind} of {reference}",
                by=game.grid.first_day(posterior.soon_step),
                chance_seen=p_seen,
                expectations=tuple(expectations),
                largest=max((e.expected_shift for e in expectations), default=0.0),
                watched_by=tuple(source.id for source, _ in watchers.get(indicator.id, ())),
            )
        )
    return tuple(sorted(out, key=lambda i: -i.largest))


def _watchers(posterior: Posterior) -> dict[str, list[tuple[Source, Watch]]]:
    """Who watches each indicator on the as-of day."""
    as_of = posterior.game.as_of
    found: dict[str, list[tuple[Source, Watch]]] = {}
    for source in posterior.game.case.sources:
        for watch in source.watches:
            if (watch.since is None or watch.since <= as_of) and (watch.until is None or watch.until > as_of):
                found.setdefault(watch.indicator, []).append((source, watch))
    return found


def blind_spots(posterior: Posterior, listed: tuple[IndicatorEstimate, ...]) -> tuple[BlindSpot, ...]:
    """Indicators that nobody watches, or only weakly, or only sources that the watched actor controls."""
    game = posterior.game
    watchers = _watchers(posterior)
    worth = {indicator.id: indicator.largest for indicator in listed}
    means = posterior.values[game.statics.reliability] @ posterior.weight
    reliability = {source.id: float(mean) for source, mean in zip(game.case.sources, means, strict=True)}
    out = []
    for indicator in game.case.indicators:
        watching = watchers.get(indicator.id, [])
        owner = owner_of(indicator)
        free = [(s, w) for s, w in watching if s.controlled_by is None or s.controlled_by != owner]

        def coverage(pairs: list[tuple[Source, Watch]]) -> float:
            missed = 1.0
            for source, watch in pairs:
                missed *= 1.0 - words.likelihood(watch.coverage).median * reliability[source.id]
            return 1.0 - missed

        if not watching:
            why, severity = "no source watches for it", "unwatched"
        elif not free:
            why, severity = f"only sources that {owner} controls watch for it", "controlled"
        elif coverage(free) < WEAK_COVERAGE:
            why, severity = "those who watch for it would often miss it or be wrong", "weak"
        else:
            continue
        kind, reference = indicator.about.target
        out.append(
            BlindSpot(
                indicator=indicator.id,
                name=indicator.name,
                about=f"{kind} of {reference}",
                why=why,
                severity=severity,
                coverage=coverage(free),
                worth=worth.get(indicator.id, 0.0),
            )
        )
    return tuple(sorted(out, key=lambda spot: -spot.worth))
