"""The plans that a deal is asked under: never, on the table, signed today, and somebody pushing.

All are run from the same particles with the same chance, so that what differs, differs because of the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.game import plan as p
from tocsin.game.plan import Game, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """Plans that differ in one deal from the as-of day on."""

    without: Plan  # off the table, and ended where it was in force
    on_table: Plan
    signed: Plan  # in the next step; on the table again if it breaks


def worlds(game: Game, base: Plan, deal: int) -> Worlds:
    """The plans of one deal, on top of `base`."""
    ahead = slice(game.now + 1, None)

    def changed(open_: int, force: int) -> Plan:
        deal_open, deal_force = base.deal_open.copy(), base.deal_force.copy()
        deal_open[ahead, deal] = open_
        deal_force[ahead, deal] = 0
        deal_force[game.now + 1 : game.now + 2, deal] = force
        return base._replace(deal_open=deal_open, deal_force=deal_force)

    return Worlds(without=changed(0, -1), on_table=changed(1, 0), signed=changed(1, 1))


def pushed(game: Game, base: Plan, fronts: Sequence[int], nats: float) -> Plan:
    """The plan with these fronts pulled from the next step on by `nats` at the top rung.

    The pull counts from the rung from which an act is a blow, like that of an event, and is over the actor's
    temperature like every other term.
    """
    plan = base
    for f in fronts:
        where = int(plan.term_start[f + 1])
        row = int(plan.row_inverse_temperature[plan.front_from[f]])
        shift = np.zeros(len(plan.term_shift), dtype=np.float32)
        shift[game.now + 1 :] = nats
        start = plan.term_start.copy()
        start[f + 1 :] += 1
        plan = plan._replace(
            term_start=start,
            term_gate=np.insert(plan.term_gate, where, 0.0, axis=1),
            term_shift=np.insert(plan.term_shift, where, shift, axis=1),
            term_kind=_with(plan.term_kind, where, p.CONSTANT),
            term_from=_with(plan.term_from, where, int(plan.blow)),
            term_row=_with(plan.term_row, where, row),
            term_shift_row=_with(plan.term_shift_row, where, row),
            term_ref=_with(plan.term_ref, where, 0),
        )
    return plan


def _with(column: p.I32, where: int, value: int) -> p.I32:
    return np.insert(column, where, value).astype(np.int32)


__all__ = ["Worlds", "pushed", "worlds"]
