"""Which numbers of a changed game are those of the game that the particles were made for.

Every uncertain number is a standard normal coordinate of its particle, whatever its prior. So a number keeps
its coordinate under another prior, and is matched by its name; a parameter row keeps its values if it is made
of the same numbers with the same priors. What has no match is made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.game.plan import I32, TABLE, Game

Name = tuple[str, int]  # label, and the how manieth of that label


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A game's numbers and rows by what they are rather than by where they stand."""

    quantities: tuple[Name, ...]  # (Q,)
    priors: tuple[Hashable, ...]  # (Q,) name and prior
    rows: tuple[Hashable, ...]  # (P,) what a row is made of
    coordinates: dict[Name, int]


def named(game: Game) -> Named:
    """The names of a game's numbers."""
    s = game.statics
    seen: Counter[str] = Counter()
    names: list[Name] = []
    for label in s.labels:
        names.append((label, seen[label]))
        seen[label] += 1
    link, location = s.link.tolist(), s.location.tolist()
    priors = tuple(
        (name, kind, s.tables[int(where)].tobytes() if kind == TABLE else where, scale)
        for name, kind, where, scale in zip(names, link, location, s.scale.tolist(), strict=True)
    )
    rows = tuple(
        (sign, multiplier, actor, tuple(priors[q] if q >= 0 else None for q in parts))
        for sign, multiplier, actor, parts in zip(
            s.row_sign.tolist(),
            map(tuple, s.row_multiplier.tolist()),
            s.row_actor.tolist(),
            s.row_quantities.tolist(),
            strict=True,
        )
    )
    coordinates = {name: k for name, k in zip(names, s.coordinate.tolist(), strict=True) if k >= 0}
    return Named(quantities=tuple(names), priors=priors, rows=rows, coordinates=coordinates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where each number of the changed game stands in the base, or -1."""

    coordinates: I32  # (Z',)
    fresh: tuple[tuple[int, Name], ...]  # coordinates that the base has not, and their names
    quantities: I32  # (Q',) with the same prior
    rows: I32  # (P',)
    quantity_ids: I32  # (Q',) a number by name and prior, the same in both games
    base_ids: I32  # (Q,)


def match(base: Named, other: Named) -> Match:
    """Find the numbers of the changed game `other` in the base."""
    fresh = []
    coordinates = np.full(len(other.coordinates), -1, dtype=np.int32)
    for name, k in other.coordinates.items():
        coordinates[k] = base.coordinates.get(name, -1)
        if coordinates[k] < 0:
            fresh.append((k, name))
    ids = {prior: k for k, prior in enumerate(base.priors)}
    of_other = np.array([ids.setdefault(prior, len(ids)) for prior in other.priors], dtype=np.int32)
    return Match(
        coordinates=coordinates,
        fresh=tuple(fresh),
        quantities=np.where(of_other < len(base.priors), of_other, -1).astype(np.int32),
        rows=_found(base.rows, other.rows),
        quantity_ids=of_other,
        base_ids=np.arange(len(base.priors), dtype=np.int32),
    )


def _found(base: Sequence[Hashable], other: Sequence[Hashable]) -> I32:
    at = {what: k for k, what in enumerate(base)}
    return np.array([at.get(what, -1) for what in other], dtype=np.int32)


def pasts_of(game: Game, names: Named) -> tuple[Hashable, ...]:
    """(F,) what the chance of each front's past goals depends on, besides the particles' own histories."""
    plan, past = game.plan, slice(1, game.now + 1)
    revise, ladder = plan.p_revise[past].tobytes(), (plan.need.size, int(plan.contact), int(plan.blow))
    rows = names.rows
    found: list[Hashable] = []
    for f, i in enumerate(plan.front_from.tolist()):
        terms = []
        for j in range(plan.term_start[f], plan.term_start[f + 1]):
            gate, shift = plan.term_gate[past, j], plan.term_shift[past, j]
            if gate.any() or shift.any():
                shifted = rows[plan.term_shift_row[j]] if shift.any() else None
                where = int(plan.term_kind[j]), int(plan.term_from[j]), int(plan.term_ref[j])
                terms.append((where, rows[plan.term_row[j]], shifted, gate.tobytes(), shift.tobytes()))
        deals = [
            (g, int(plan.deal_cap[g]), plan.deal_terms[g].tobytes(), plan.deal_force[past, g].tobytes())
            for g in range(len(plan.deal_cap))
            if f in plan.deal_front[g]
        ]
        found.append(
            (
                ladder,
                revise,
                plan.lean[past, f].tobytes(),
                plan.p_incident[past, f].tobytes(),
                tuple(
                    rows[row[i]]
                    for row in (
                        plan.row_reciprocity,
                        plan.row_inertia,
                        plan.row_bias,
                        plan.row_misperception,
                    )
                ),
                rows[plan.row_inverse_temperature[i]] if deals else None,
                tuple(terms),
                tuple(deals),
            )
        )
    return tuple(found)


__all__ = ["Match", "Named", "match", "named", "pasts_of"]
