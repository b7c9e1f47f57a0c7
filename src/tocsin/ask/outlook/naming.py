"""A course's name, made from what most of its runs do: by rules, neutral, the same for every case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tocsin.ask.outlook.signature import Conflicts, Signature, thresholds
from tocsin.game.plan import F64, Game

# More than half of a course's runs make a trait; so many conflicts beyond the limit make a war a wider one.
TRAIT = 0.5
WIDE = 3
# A first mover is named if it opened in so many of the runs that opened at all.
OPENS = 0.5
AFTER_INCIDENT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What most runs of a course do."""

    calm: tuple[str, ...]  # conflicts at blows at the most within reach
    beyond: tuple[str, ...]  # conflicts beyond the limit, those under way left out
    attack: tuple[str, ...]  # of these, those that reach an attack
    going_on: tuple[str, ...]  # conflicts under way, where there are no others
    rung: str  # highest rung that most runs reach on a conflict of `beyond`, or on any
    opener: str | None  # actor that is first beyond the limit, where one stands out
    after_incident: bool
    deals: tuple[str, ...]
    leaves: float  # median share of the horizon at which it first goes beyond


def traits_of(
    game: Game,
    conflicts: Conflicts,
    signature: Signature,
    under_way: Sequence[int],
    weight: F64,
    incident: float,
) -> Traits:
    """The traits of the runs that have a weight (N,)."""
    total = float(weight.sum())
    _, beyond_rung, _ = thresholds(game)
    names = [conflicts.name(game, c) for c in range(len(conflicts.pairs))]
    shares = np.stack([(signature.level >= k) @ weight / total for k in (1, 2, 3)])
    fresh = [c for c in range(len(names)) if c not in under_way]
    beyond = [c for c in fresh if shares[1, c] > TRAIT]
    looked_at = beyond or fresh or range(len(names))
    fronts = [f for c in looked_at for f in conflicts.fronts[c]]
    rung = max(
        (r for r in range(len(game.rungs)) if _reach(signature, fronts, r, weight) > TRAIT * total), default=0
    )
    leaves, opener = signature.never, None
    if beyond:
        steps = signature.leaves[beyond]
        first = steps.argmin(axis=0)
        opened = steps.min(axis=0) < signature.never
        openers = np.take_along_axis(signature.opener[beyond], first[None], axis=0)[0]
        by_actor: dict[int, float] = {}
        for f in np.unique(openers[opened]):
            actor = int(game.plan.front_from[f])
            by_actor[actor] = by_actor.get(actor, 0.0) + float(weight[opened & (openers == f)].sum())
        if by_actor:
            who = max(sorted(by_actor), key=lambda a: by_actor[a])
            if by_actor[who] > OPENS * sum(by_actor.values()):
                opener = {a.id: a.name for a in game.case.actors}[game.actors[who]]
        order = np.argsort(steps.min(axis=0), kind="stable")
        leaves = int(steps.min(axis=0)[order][np.searchsorted(np.cumsum(weight[order]), 0.5 * total)])
    titles = {deal.id: deal.name for deal in game.case.deals}
    return Traits(
        calm=tuple(names[c] for c in fresh if shares[0, c] > TRAIT and c not in beyond),
        beyond=tuple(names[c] for c in sorted(beyond, key=lambda c: -shares[1, c])),
        attack=tuple(names[c] for c in beyond if shares[2, c] > TRAIT),
        going_on=() if fresh else tuple(names),
        rung=game.rungs[rung if beyond or not fresh else min(rung, beyond_rung - 1)],
        opener=opener,
        after_incident=incident > AFTER_INCIDENT,
        deals=tuple(
            titles[g] for k, g in enumerate(game.deals) if signature.deal[k] @ weight > TRAIT * total
        ),
        leaves=(leaves - signature.now) / max(signature.never - 1 - signature.now, 1),
    )


def _reach(signature: Signature, fronts: list[int], rung: int, weight: F64) -> float:
    return float(weight @ (signature.highest[fronts].max(axis=0) >= rung))


def name_of(traits: Traits) -> str:
    """The name that a course's traits make.

    Examples
    --------
    >>> calm = Traits(
    ...     calm=("A and B",),
    ...     beyond=(),
    ...     attack=(),
    ...     going_on=(),
    ...     rung="exchange",
    ...     opener=None,
    ...     after_incident=False,
    ...     deals=(),
    ...     leaves=1.0,
    ... )
    >>> name_of(calm)
    'contained exchange: A and B'
    >>> name_of(replace(calm, beyond=("A and B",), rung="offensive", opener="A", after_incident=True))
    'offensive between A and B after an incident, A first'
    """
    incident = " after an incident" if traits.after_incident else ""
    if not traits.beyond:
        name = f"quiet, at most {traits.rung}"
        if traits.going_on:
            name = f"{traits.rung} between {_listed(traits.going_on, '; ')}"
        if traits.calm:
            name = f"contained {traits.rung}: {_listed(traits.calm)}"
    elif len(traits.beyond) < WIDE:
        name = f"{traits.rung} between {_listed(traits.beyond, '; ')}{incident}"
        name += f", {traits.opener} first" if traits.opener else ""
    else:
        name = "regional war" if traits.attack else f"{traits.rung} across the region"
        name += f" by way of {traits.opener}" if traits.opener else ""
        name += f"{incident}: {_listed(traits.beyond, '; ')}"
    return f"{name}, settled by {_listed(traits.deals)}" if traits.deals else name


def names_of(traits: Sequence[Traits]) -> tuple[str, ...]:
    """A name for each course; what would be alike is told apart by what only one of them has."""
    names = [name_of(t) for t in traits]
    for k, own in enumerate(traits):
        alike = [j for j, name in enumerate(names) if name == names[k] and j != k]
        if not alike:
            continue
        others = {c for j in alike for c in (*traits[j].beyond, *traits[j].calm)}
        only = [c for c in (*own.beyond, *own.calm) if c not in others]
        earlier = all(own.leaves < traits[j].leaves for j in alike)
        later = all(own.leaves > traits[j].leaves for j in alike)
        mark = f"with {only[0]}" if only else "early" if earlier else "late" if later else ""
        names[k] = f"{names[k]} ({mark})" if mark else names[k]
    counted: dict[str, int] = {}
    out = []
    for name in names:
        counted[name] = counted.get(name, 0) + 1
        out.append(name if counted[name] == 1 else f"{name} ({counted[name]})")
    return tuple(out)


def _listed(names: Sequence[str], joint: str = ", ", most: int = 3) -> str:
    shown = joint.join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


__all__ = ["Traits", "name_of", "names_of", "replace", "traits_of"]
