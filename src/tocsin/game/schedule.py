"""Dated effects of events and of levers, as arrays by step.

Effects add up, so the arrays of a game with any set of levers pulled are those of its events with the levers'
shifts on top. They are kept in float64, and unclipped, until all are in: `Scheduled` is what `compile_case`
makes a plan from, and what `tocsin.game.levers` goes on adding to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.case.model import Case, Effect, Lever
from tocsin.game.grid import Grid
from tocsin.game.plan import F32, F64, I32

# An effect, the first day on which it holds, and the first on which it no longer does.
Dated = tuple[Effect, dt.date, dt.date | None]


def steps_between(grid: Grid, since: dt.date, until: dt.date | None) -> slice:
    """The steps in which something holds that began on `since` and ended before `until`."""
    first = max(1, grid.step_of(since))
    if until is None:
        return slice(first, grid.n_steps + 1)
    # A step is taken whole if the state held on its first day or began in it, so that what begins and
    # ends inside one step is not lost.
    return slice(first, max(grid.step_of(until - dt.timedelta(days=1)) + 1, 1))


def event_effects(case: Case) -> list[Dated]:
    """What the case's events do, each as long as it holds.

    One that pulled a lever holds for as long as the lever does, unless it has an end of its own.
    """
    levers = {lever.id: lever for lever in case.levers}
    listed: list[Dated] = []
    for event in case.events:
        lever = levers[event.lever] if event.lever else None
        until = event.until or (_end_of(lever, event.date) if lever else None)
        effects = event.effects or (lever.effects if lever else ())
        listed += [(effect, event.date, until) for effect in effects]
    return listed


def _end_of(lever: Lever, since: dt.date) -> dt.date | None:
    return since + dt.timedelta(days=lever.duration_days) if lever.duration_days else None


def lever_effects(case: Case, pulled: Iterable[tuple[str, dt.date]]) -> list[Dated]:
    """What levers do that are pulled on the days named."""
    levers = {lever.id: lever for lever in case.levers}
    listed: list[Dated] = []
    for lever_id, day in pulled:
        lever = levers[lever_id]
        since = day + dt.timedelta(days=lever.delay_days)
        listed += [(effect, since, _end_of(lever, since)) for effect in lever.effects]
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where in the arrays each thing stands that an effect can change; a tie's shift counts on one term."""

    factor: Mapping[str, int]
    standing: Mapping[str, int]
    front: Mapping[str, int]
    deal: Mapping[str, int]
    threat: Mapping[str, tuple[int, ...]]  # "by -> against": its terms
    tie: Mapping[str, tuple[int, ...]]  # "from -> to": its terms
    pull: Mapping[str, int]  # front: its term of events


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """Arrays that dated effects shift; rows are steps 0 to T."""

    grid: Grid
    targets: Targets
    lean: F32  # (T+1, F)
    standing_base: F64  # (T+1, A)
    factor_target: F64  # (T+1, K)
    factor_jump: F64  # (T+1, K)
    deal_force: np.ndarray  # (T+1, G) int8
    deal_table: I32  # (T+1, G) day since which it is on the table, minus that since which it is off, or 0
    term_shift: F32  # (T+1, J)

    def copy(self) -> Scheduled:
        """The same, to be shifted on its own."""
        return Scheduled(
            grid=self.grid,
            targets=self.targets,
            lean=self.lean.copy(),
            standing_base=self.standing_base.copy(),
            factor_target=self.factor_target.copy(),
            factor_jump=self.factor_jump.copy(),
            deal_force=self.deal_force.copy(),
            deal_table=self.deal_table.copy(),
            term_shift=self.term_shift.copy(),
        )

    def add(self, effects: Iterable[Dated]) -> None:
        """Shift the arrays by these effects, in place; what lies beyond the horizon changes nothing."""
        at = self.targets
        for effect, since, until in effects:
            held = steps_between(self.grid, since, until)
            if held.start > self.grid.n_steps:
                continue
            kind, reference = effect.target
            if kind == "factor":
                if effect.at_once:
                    self.factor_jump[held.start, at.factor[reference]] += effect.shift
                else:
                    self.factor_target[held, at.factor[reference]] += effect.shift
            elif kind == "standing":
                self.standing_base[held, at.standing[reference]] += effect.shift
            elif kind == "provokes":
                self.lean[held, at.front[reference]] += effect.shift
            elif kind == "pull":
                self.term_shift[held, at.pull[reference]] += effect.shift
            elif kind == "deal":
                self.deal_force[held.start, at.deal[reference]] = 1 if effect.shift > 0 else -1
            elif kind == "table":
                # what began last holds, in whatever order effects are added; of one day, what is added last
                since_when = self.deal_table[held, at.deal[reference]]
                day = since.toordinal()
                since_when[np.abs(since_when) <= day] = day if effect.shift > 0 else -day
            else:
                for j in (at.threat if kind == "threat" else at.tie).get(reference, ()):
                    self.term_shift[held, j] += effect.shift

    def arrays(self) -> dict[str, Any]:
        """The fields of a `Plan` that depend on dated effects."""
        return {
            "lean": self.lean,
            "standing_base": self.standing_base.clip(0.0, 1.0).astype(np.float32),
            "factor_target": self.factor_target.astype(np.float32),
            "factor_jump": self.factor_jump.astype(np.float32),
            "deal_force": self.deal_force,
            "deal_open": (self.deal_table > 0).astype(np.uint8),
            "term_shift": self.term_shift,
        }


__all__ = ["Dated", "Scheduled", "Targets", "event_effects", "lever_effects", "steps_between"]
