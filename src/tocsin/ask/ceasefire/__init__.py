"""Cease-fires: what a deal is worth to each side, whether it comes and holds, what it changes, who spoils it.

For each deal of the case the posterior's particles are run on without it, with it on the table and with it
signed, all with the same chance (`tocsin.infer.onward`). What signing is worth at any step is what the game
itself weighs there (docs/model.md, section 7), taken apart; the bargaining range is Fearon's (1995).
"""

from __future__ import annotations

import datetime as dt
import threading

import numpy as np

from tocsin.ask.ceasefire.answer import CeaseFire, Settlement
from tocsin.ask.ceasefire.assemble import settlement
from tocsin.ask.ceasefire.island import Asked, ask_island, pushes
from tocsin.ask.ceasefire.pooling import Pooling
from tocsin.ask.ceasefire.spoilers import candidates
from tocsin.ask.ceasefire.value import labels
from tocsin.ask.ceasefire.worlds import worlds
from tocsin.ask.heading import heading
from tocsin.ask.inferred import AskError, Inferred, read_day
from tocsin.infer.onward import each_island
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress

DEFAULT_WEEKS, DEFAULT_PUSH, QUIET_DAYS = 26, 3.0, 90
# Steps at which considerations are compared between two runs.
SAMPLES = 4
# Nats beyond which nothing is left of an actor's own weighing.
MOST_PUSH = 20.0


class CeaseFireError(AskError):
    """A deal or a date about which nothing can be asked."""


def ceasefire(
    inferred: Inferred,
    *,
    deal: str | None = None,
    by: dt.date | str | None = None,
    push: float = DEFAULT_PUSH,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> CeaseFire:
    """What each deal of a case is worth to its parties, whether it comes and holds, and what it changes.

    Parameters
    ----------
    inferred : from `tocsin.ask.inferred.infer`; deals are put on the table, or signed, in the step after its
        as-of day
    deal : id of one deal; all of them if left out
    by : how far ahead to look; 26 weeks, or to the case's end, if left out
    push : nats at the top rung by which a possible spoiler's fronts are pulled up; 3, a *decisive* reason,
        if left out
    threads, progress, cancel : as in `tocsin.assess`

    Raises
    ------
    CeaseFireError if the case has no such deal, or nothing lies ahead; CancelledError

    Examples
    --------
    >>> ceasefire(infer(case), deal="northern-ceasefire").deals[0].agreed  # doctest: +SKIP
    Chance(probability=0.08, mc_error=0.004)
    """
    posterior, case = inferred.posterior, inferred.known
    chosen = _chosen([entry.id for entry in case.deals], deal)
    if not 0.0 < push <= MOST_PUSH:
        raise CeaseFireError(f"found a push of {push:g} nats; expected one above 0, at most {MOST_PUSH:g}")
    last_day = _last_day(inferred, by)
    pooling = Pooling.of(posterior)
    answers: list[Settlement] = []
    for g in chosen:
        asked = _asked(posterior, g, last_day, push)
        islands = each_island(
            posterior,
            lambda particles, asked=asked: ask_island(asked, particles),  # type: ignore[misc]
            threads=threads,
            progress=progress,
            cancel=cancel,
            what=f"islands asked about {case.deals[g].id}",
        )
        answers.append(settlement(asked, islands, pooling))
    return CeaseFire(head=heading(inferred), by=last_day, push_nats=push, deals=tuple(answers))


def _chosen(ids: list[str], deal: str | None) -> list[int]:
    if not ids:
        raise CeaseFireError("the case has no deals; write what could be agreed under `deals` in case.yaml")
    if deal is None:
        return list(range(len(ids)))
    if deal not in ids:
        raise CeaseFireError(f"found the deal {deal!r}; the case has {', '.join(ids)}")
    return [ids.index(deal)]


def _last_day(inferred: Inferred, by: dt.date | str | None) -> dt.date:
    """The day to look to, which must lie in a step after the as-of day's."""
    grid, now, end = inferred.posterior.game.grid, inferred.posterior.game.now, inferred.known.end
    follows = grid.day_after(now)
    if follows >= grid.end:
        raise CeaseFireError(f"the case ends on {end}, so that nothing lies ahead of {inferred.as_of}")
    if by is None:
        return max(follows, min(inferred.as_of + dt.timedelta(weeks=DEFAULT_WEEKS), end))
    day = read_day(by)
    if not follows <= day <= end:
        raise CeaseFireError(
            f"found {day} to look to; expected a day from {follows}, the first step ahead, to {end}, the "
            "end of the case"
        )
    return day


def _asked(posterior: Posterior, deal: int, by: dt.date, push: float) -> Asked:
    game = posterior.game
    until = game.grid.step_of(by)
    own = worlds(game, game.plan, deal)
    spoilers = candidates(game, deal)
    begins = game.grid.first_day(game.now + 1)
    ends = game.grid.day_after(until) - dt.timedelta(days=1)
    sampled = np.unique(np.linspace(game.now + 1, until, SAMPLES + 1).round().astype(int)[1:])
    return Asked(
        game=game,
        followed=posterior.followed,
        deal=deal,
        worlds=own,
        weeks=_weeks(posterior, until),
        samples=tuple(int(t) for t in sampled),
        by=by,
        until=until,
        quiet_days=max(1, min(QUIET_DAYS, (ends - begins).days)),
        sides=(labels(game, deal, 0), labels(game, deal, 1)),
        spoilers=spoilers,
        push=pushes(game, own, spoilers, push),
    )


def _weeks(posterior: Posterior, until: int) -> tuple[int, ...]:
    """The next step, then one a week or more apart, and the last."""
    game = posterior.game
    steps = [game.now + 1]
    for t in range(game.now + 2, until + 1):
        if (game.grid.first_day(t) - game.grid.first_day(steps[-1])).days >= 7:
            steps.append(t)
    if steps[-1] != until:
        steps.append(until)
    return tuple(steps)


__all__ = ["DEFAULT_PUSH", "DEFAULT_WEEKS", "CeaseFire", "CeaseFireError", "ceasefire"]
