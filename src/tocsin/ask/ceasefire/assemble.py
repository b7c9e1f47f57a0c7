"""Islands' means about one deal put together as its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np

from tocsin.ask.ceasefire.answer import (
    BargainingRange,
    Carrier,
    FactorEffect,
    FrontEffect,
    Holding,
    Part,
    QuestionEffect,
    RangeWeek,
    Settlement,
    Side,
    SideChange,
    SignedBy,
    Spoiler,
)
from tocsin.ask.ceasefire.island import HOLDING_DAYS, Asked, IslandAnswer, rungs_watched
from tocsin.ask.ceasefire.pooling import Pooling
from tocsin.ask.ceasefire.value import IN_KIND
from tocsin.ask.estimate import Chance
from tocsin.game import plan as p
from tocsin.game.plan import F64

MOST_CARRIERS = 3
# A change of a consideration by less than this many nats carries nothing.
LEAST_CARRIED = 0.005


def settlement(asked: Asked, islands: Sequence[IslandAnswer], pooling: Pooling) -> Settlement:
    """The answer about one deal."""
    game, deal = asked.game, asked.game.case.deals[asked.deal]

    def stacked(name: str) -> F64:
        return np.stack([np.asarray(getattr(island, name)) for island in islands])

    sides = tuple(_side(asked, islands, pooling, k) for k in range(2))
    # histories of all islands, in the order of the pooled weights: (2, W, N)
    ends = np.concatenate([island.ends for island in islands], axis=-1)
    agreed, signed = stacked("agreed"), stacked("signed")
    missing = [deal.between[k] for k in range(2) if asked.sides[k] is None]
    weeks: tuple[RangeWeek, ...] = ()
    opens, closes = None, None
    if not missing:
        weeks = tuple(
            _week(pooling, ends[:, w], agreed[:, w], game.grid.first_day(t))
            for w, t in enumerate(asked.weeks)
        )
        opens, closes = _turns(pooling, ends)
    days = [min(game.grid.day_after(t) - dt.timedelta(days=1), asked.by) for t in asked.weeks]
    return Settlement(
        id=deal.id,
        name=deal.name,
        text=deal.text,
        between=deal.between,
        cap=deal.cap,
        on_table=bool(game.plan.deal_open[game.now + 1, asked.deal]),
        in_force=pooling.chance(stacked("in_force")),
        rounds_a_week=deal.pace,
        breakdown_a_week=deal.breakdown,
        terms=tuple((party, float(deal.terms.get(party, 0.0))) for party in deal.between),
        sides=sides,
        agreed=pooling.chance(agreed[:, 0]),
        range=_range(pooling, ends[:, 0]) if not missing else None,
        no_range=f"{' and '.join(missing)} has no front toward the other party, and so nothing to give up"
        if missing
        else "",
        weeks=weeks,
        opens=opens,
        closes=closes,
        signed=tuple(SignedBy(day=day, chance=pooling.chance(signed[:, w])) for w, day in enumerate(days)),
        holds=_holds(pooling, stacked("after_talks"), stacked("if_signed"), stacked("quiet")),
        quiet_days=asked.quiet_days,
        questions=_questions(asked, pooling, stacked("questions")),
        fronts=_fronts(asked, islands, pooling),
        factors=_factors(asked, pooling, stacked("factors")),
        spoilers=_spoilers(asked, islands, pooling),
    )


def _side(asked: Asked, islands: Sequence[IslandAnswer], pooling: Pooling, k: int) -> Side:
    game, labels = asked.game, asked.sides[k]
    actor = game.case.deals[asked.deal].between[k]
    found = [island.sides[k] for island in islands]
    means = [side for side in found if side is not None]
    if labels is None or len(means) < len(found):
        nothing, sure = pooling.number([0.0] * len(islands)), pooling.chance([1.0] * len(islands))
        return Side(
            actor=actor, front=None, gain=nothing, spread=0.0, odds=1.0, accepts=sure,
            means_more=pooling.chance([0.0] * len(islands)), families=(), parts=(),
        )  # fmt: skip
    gain = pooling.number([side.gain for side in means])
    square = pooling.number([side.gain_square for side in means]).value
    parts = np.stack([side.parts for side in means])
    squares = np.stack([side.part_squares for side in means])
    told = []
    for j, (family, label, reference) in enumerate(labels.names):
        nats = pooling.number(parts[:, j])
        spread = _deviation(pooling.number(squares[:, j]).value, nats.value)
        told.append(Part(family=family, label=label, reference=reference, nats=nats, spread=spread))
    families = dict.fromkeys(part.family for part in told)
    summed = [
        (family, pooling.number(parts[:, [j for j, part in enumerate(told) if part.family == family]].sum(1)))
        for family in families
    ]
    return Side(
        actor=actor,
        front=game.fronts[int(game.plan.deal_front[asked.deal, k])],
        gain=gain,
        spread=_deviation(square, gain.value),
        odds=float(np.exp(gain.value)),
        accepts=pooling.chance([side.accepts for side in means]),
        means_more=pooling.chance([side.means_more for side in means]),
        families=tuple(sorted(summed, key=lambda pair: -abs(pair[1].value))),
        parts=tuple(sorted(told, key=lambda part: -abs(part.nats.value))),
    )


def _deviation(square: float, mean: float) -> float:
    return float(np.sqrt(max(square - mean**2, 0.0)))


def _marks(pooling: Pooling, marks: np.ndarray) -> F64:
    """Each island's own share of some marks (N,)."""
    m = len(pooling.share)
    weight = pooling.weight.reshape(m, -1)
    total = weight.sum(axis=1)
    sums = (marks.reshape(m, -1) * weight).sum(axis=1)
    return np.asarray(sums / np.where(total > 0.0, total, 1.0))


def _range(pooling: Pooling, gains: np.ndarray) -> BargainingRange:
    least, most = -gains[1], gains[0]
    return BargainingRange(
        least=pooling.spread(least),
        most=pooling.spread(most),
        width=pooling.spread(most - least),
        open=pooling.chance(_marks(pooling, most >= least)),
        as_proposed=pooling.chance(_marks(pooling, (least <= 0.0) & (most >= 0.0))),
    )


def _week(pooling: Pooling, gains: np.ndarray, agreed: F64, day: dt.date) -> RangeWeek:
    found = _range(pooling, gains)
    return RangeWeek(
        day=day,
        open=found.open,
        as_proposed=found.as_proposed,
        agreed=pooling.chance(agreed),
        least=found.least,
        most=found.most,
    )


def _turns(pooling: Pooling, ends: np.ndarray) -> tuple[Chance | None, Chance | None]:
    """Chances that a range closed now opens some week, and that one open now closes."""
    is_open = ends[0] + ends[1] >= 0.0  # (W, N)
    now, later = is_open[0], is_open[1:]
    if not len(later):
        return None, None
    ever, always = later.any(axis=0), later.all(axis=0)
    return (
        pooling.given(_marks(pooling, ~now & ever), _marks(pooling, ~now)),
        pooling.given(_marks(pooling, now & ~always), _marks(pooling, now)),
    )


def _holds(pooling: Pooling, after_talks: F64, if_signed: F64, quiet: F64) -> tuple[Holding, ...]:
    told = []
    for h, days in enumerate(HOLDING_DAYS):
        seen = not np.isnan(if_signed[:, h]).any()
        told.append(
            Holding(
                days=days,
                after_talks=pooling.given(after_talks[:, h, 0], after_talks[:, h, 1]),
                from_share=pooling.chance(after_talks[:, h, 1]).probability,
                if_signed_today=pooling.chance(if_signed[:, h]) if seen else None,
                quiet=pooling.chance(quiet[:, h]) if seen else None,
            )
        )
    return tuple(told)


def _questions(asked: Asked, pooling: Pooling, questions: F64) -> tuple[QuestionEffect, ...]:
    return tuple(
        QuestionEffect(
            id=question.id,
            text=question.text,
            without=pooling.chance(questions[:, 0, q]),
            on_table=pooling.chance(questions[:, 1, q]),
            signed=pooling.chance(questions[:, 2, q]),
            signed_change=pooling.number(questions[:, 2, q] - questions[:, 0, q]),
            table_change=pooling.number(questions[:, 1, q] - questions[:, 0, q]),
            cheaper=pooling.number(questions[:, 2, q] - questions[:, 1, q]),
        )
        for q, question in enumerate(asked.game.case.questions)
        if question.by > asked.game.as_of
    )


def _fronts(asked: Asked, islands: Sequence[IslandAnswer], pooling: Pooling) -> tuple[FrontEffect, ...]:
    game = asked.game
    reached = np.stack([island.reached for island in islands])  # (M, B, 2, F)
    terms = np.stack([island.term_change for island in islands])
    in_kind = np.stack([island.in_kind_change for island in islands])
    pair = {int(f) for f in game.plan.deal_front[asked.deal]}
    told = []
    for f, ref in enumerate(game.fronts):
        for k, rung in enumerate(dict.fromkeys(rungs_watched(game))):
            without, on_table, signed = (reached[:, b, k, f] for b in range(3))
            told.append(
                FrontEffect(
                    ref=ref,
                    party=f in pair,
                    rung=game.rungs[rung],
                    without=pooling.chance(without),
                    on_table=pooling.chance(on_table),
                    signed=pooling.chance(signed),
                    signed_change=pooling.number(signed - without),
                    table_change=pooling.number(on_table - without),
                    carriers=_carriers(asked, pooling, f, terms, in_kind),
                )
            )
    return tuple(sorted(told, key=lambda front: (front.party, -abs(front.signed_change.value))))


def _carriers(asked: Asked, pooling: Pooling, f: int, terms: F64, in_kind: F64) -> tuple[Carrier, ...]:
    """What changes most of what weighs on a front."""
    game = asked.game
    actor = game.actors[int(game.plan.front_from[f])]
    first, stop = int(game.plan.term_start[f]), int(game.plan.term_start[f + 1])
    named: dict[tuple[str, str, str], F64] = {}
    for j in range(first, stop):
        term = game.terms[j]
        if term.name != "disposition":
            key = (term.name, term.label, term.reference)
            named[key] = named.get(key, np.zeros(len(terms))) + terms[:, j]
    back = int(game.plan.reverse[f])
    if back >= 0:
        named[(IN_KIND, "what the other does", game.fronts[back])] = in_kind[:, f]
    return _largest(
        Carrier(actor=actor, family=family, label=label, reference=reference, nats=pooling.number(change))
        for (family, label, reference), change in named.items()
    )


def _largest(carriers: Iterable[Carrier]) -> tuple[Carrier, ...]:
    found = [c for c in carriers if abs(c.nats.value) >= max(LEAST_CARRIED, 2.0 * c.nats.mc_error)]
    return tuple(sorted(found, key=lambda c: -abs(c.nats.value))[:MOST_CARRIERS])


def _factors(asked: Asked, pooling: Pooling, factors: F64) -> tuple[FactorEffect, ...]:
    game = asked.game
    scaled: dict[int, list[str]] = {}
    for j, term in enumerate(game.terms):
        if game.plan.term_kind[j] == p.FACTOR:
            scaled.setdefault(int(game.plan.term_ref[j]), []).append(term.reference)
    told = [
        FactorEffect(
            id=factor.id,
            name=factor.name,
            without=pooling.number(factors[:, 0, k]),
            change=pooling.number(factors[:, 1, k] - factors[:, 0, k]),
            reasons=tuple(dict.fromkeys(scaled.get(k, ()))),
        )
        for k, factor in enumerate(game.case.factors)
    ]
    return tuple(sorted(told, key=lambda factor: -abs(factor.change.value)))


def _spoilers(asked: Asked, islands: Sequence[IslandAnswer], pooling: Pooling) -> tuple[Spoiler, ...]:
    game, parties = asked.game, asked.game.case.deals[asked.deal].between
    told = []
    for s, candidate in enumerate(asked.spoilers):
        changes = np.stack([island.spoilers[s] for island in islands])
        sides, carriers = [], []
        for k, labels in enumerate(asked.sides):
            if labels is None:
                continue
            parts = np.stack([island.spoiled_parts[s][k] for island in islands])
            sides.append(SideChange(actor=parties[k], gain=pooling.number(parts.sum(axis=1))))
            carriers += [
                Carrier(
                    actor=parties[k],
                    family=family,
                    label=label,
                    reference=reference,
                    nats=pooling.number(parts[:, j]),
                )
                for j, (family, label, reference) in enumerate(labels.names)
            ]
        told.append(
            Spoiler(
                actor=game.actors[candidate.actor],
                fronts=tuple(game.fronts[f] for f in candidate.fronts),
                why=candidate.why,
                signed=pooling.number(changes[:, 0]),
                quiet=pooling.number(changes[:, 1]),
                rises=pooling.number(changes[:, 2]),
                sides=tuple(sides),
                carriers=tuple(sorted(_largest(carriers), key=lambda c: c.nats.value)),
            )
        )
    return tuple(sorted(told, key=_harm))


def _harm(spoiler: Spoiler) -> tuple[float, float]:
    """What a spoiler does for certain, the worst lowest; of equals what it does to the gains."""
    sure = sum(min(0.0, n.value + 2.0 * n.mc_error) for n in (spoiler.signed, spoiler.quiet))
    return sure, sum(side.gain.value for side in spoiler.sides)


__all__ = ["settlement"]
