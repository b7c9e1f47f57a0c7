"""Plans of a game with levers pulled, composed from the base plan instead of compiled each anew.

Only the arrays of dated effects differ between sets of levers, so a plan costs a copy of them and the sums.
The result is that of `compile_case` with the same levers pulled on the same days, to the last bit.

The step that holds the as-of day is over in particles taken up there. A lever works from the step after it,
or from when its delay has run out if that is later; `pulled_on` gives the day that makes it so, and its
duration counts from then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from tocsin.case.model import Case, Effect, Lever
from tocsin.game.compile import compile_scheduled
from tocsin.game.plan import Game, Plan
from tocsin.game.schedule import Dated, Scheduled, lever_effects


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverPlans:
    """A game whose levers can be pulled. `game.plan` pulls none and has room for all."""

    game: Game
    scheduled: Scheduled  # of events alone

    def pulled_on(self, lever: Lever) -> dt.date:
        """The day on which a lever is pulled so that no effect falls into a step that is over.

        The as-of day itself, unless its effects would begin within its step: then so late that they begin
        with the next. Beyond the last step it is the as-of day again, and nothing follows.
        """
        game = self.game
        follows = game.grid.day_after(game.now)
        return max(game.as_of, follows - dt.timedelta(days=lever.delay_days))

    def effects(self, levers: Iterable[str]) -> list[Dated]:
        """The dated effects of some levers, in the order of the case whatever order they are named in."""
        wanted = set(levers)
        case = self.game.case
        return lever_effects(
            case, [(lever.id, self.pulled_on(lever)) for lever in case.levers if lever.id in wanted]
        )

    def plan(self, levers: Iterable[str], keep: Callable[[Effect], bool] | None = None) -> Plan:
        """The plan with these levers pulled, or with those of their effects that `keep` is true of.

        Examples
        --------
        >>> plans.plan([]) is plans.game.plan  # doctest: +SKIP
        True
        """
        effects = self.effects(levers)
        if keep is not None:
            effects = [dated for dated in effects if keep(dated[0])]
        return self.with_effects(effects)

    def with_effects(self, effects: Iterable[Dated]) -> Plan:
        """The plan with these dated effects on top of the events'."""
        effects = list(effects)
        if not effects:
            return self.game.plan
        scheduled = self.scheduled.copy()
        scheduled.add(effects)
        return self.game.plan._replace(**scheduled.arrays())

    def is_idle(self, effects: Iterable[Dated]) -> bool:
        """Whether effects change no array after the as-of day: none to change, or all too late.

        The case may have no such threat or tie, a shift may be 0, or a standing may be at its limit.
        """
        ahead = slice(self.game.now + 1, None)
        changed = self.with_effects(effects)
        return all(
            np.array_equal(getattr(changed, name)[ahead], getattr(self.game.plan, name)[ahead])
            for name in (
                "lean",
                "standing_base",
                "factor_target",
                "factor_jump",
                "deal_force",
                "deal_open",
                "term_shift",
            )
        )


def lever_plans(case: Case, as_of: dt.date) -> LeverPlans:
    """The game of `case` as it stands on `as_of`, ready to have any of its levers pulled.

    Parameters
    ----------
    case : a checked case that holds only what was known on `as_of`
    """
    game, scheduled = compile_scheduled(case, as_of, ready=[lever.id for lever in case.levers])
    return LeverPlans(game=game, scheduled=scheduled)


__all__ = ["LeverPlans", "lever_plans"]
