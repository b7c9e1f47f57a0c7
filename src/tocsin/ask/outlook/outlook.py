"""Futures: how a case can unfold from the as-of day, and how likely each way is."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence

from tocsin.ask.futures import chances, fan_of, horizon_step
from tocsin.ask.heading import heading
from tocsin.ask.inferred import AskError, Inferred
from tocsin.ask.outlook.answer import Outlook, Rare
from tocsin.ask.outlook.cascade import find_joinings, find_links, find_reaches
from tocsin.ask.outlook.condition import answer_conditions, read_condition
from tocsin.ask.outlook.courses import find_courses
from tocsin.ask.outlook.rare import split_question
from tocsin.ask.outlook.runs import look_ahead_again
from tocsin.ask.outlook.signature import conflicts_of, thresholds
from tocsin.ask.resolve import outcomes
from tocsin.case.rules import fronts_of
from tocsin.infer.work import Progress

DEFAULT_WEEKS = 26
# Below this a question is estimated by splitting too.
RARE_BELOW = 0.01
DEFAULT_EFFORT = 100_000
# When the chance of having reached a rung is given: closer where it moves most, and at the horizon.
REACHED_WEEKS = (1, 2, 4, 8, 12, 18, 26, 39, 52)


def foresee(
    inferred: Inferred,
    *,
    weeks: int = DEFAULT_WEEKS,
    conditions: Sequence[str] = (),
    effort: int = DEFAULT_EFFORT,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Outlook:
    """How a case can unfold.

    Parameters
    ----------
    inferred : the posterior to start from
    weeks : how far courses and cascades look; no farther than the last day that a question asks about
    conditions : what if, each as `tocsin.ask.outlook.condition` reads it
    effort : plain runs that the splitting of each rare question may cost; 0 leaves it out
    threads, progress, cancel : as in `tocsin.assess`; the answer does not depend on the threads

    Raises
    ------
    AskError if there is no time left, or a condition cannot be read; CancelledError

    Examples
    --------
    >>> foresee(infer(case), conditions=["a -> b reaches strikes"]).courses[0].name  # doctest: +SKIP
    'contained exchange: A and B'
    """
    posterior = inferred.posterior
    game = posterior.game
    supposed = tuple(read_condition(text, inferred) for text in conditions)
    until = min(horizon_step(posterior), game.grid.step_of(game.as_of + dt.timedelta(weeks=weeks)))
    if until <= game.now:
        raise AskError(
            f"nothing is left to come after {game.as_of}: the last question ends with that step; "
            "ask as of an earlier day"
        )
    conflicts = conflicts_of(game)
    _, beyond, _ = thresholds(game)
    standing = posterior.paths.posture[game.now] >= beyond
    under_way = tuple(
        c
        for c, fronts in enumerate(conflicts.fronts)
        if float(posterior.weight @ standing[list(fronts)].any(axis=0)) > 0.5
    )
    futures = look_ahead_again(posterior, until, threads=threads, progress=progress, cancel=cancel)
    courses, grouping, _ = find_courses(posterior, conflicts, under_way, futures)
    joinings = find_joinings(posterior, futures)
    answered = answer_conditions(
        inferred, supposed, futures.factor, until, threads=threads, progress=progress, cancel=cancel
    )
    rare = []
    plain = chances(posterior, outcomes(game, posterior.paths, posterior.followed))
    for k, (question, chance) in enumerate(zip(game.case.questions, plain, strict=True)):
        if effort <= 0 or chance.probability >= RARE_BELOW or question.by <= game.as_of:
            continue
        found = split_question(
            posterior, question, effort, stream=k, threads=threads, progress=progress, cancel=cancel
        )
        rare.append(
            Rare(
                question=question.id,
                text=question.text,
                plain=chance,
                chance=found.chance,
                levels=found.levels,
                plain_runs=found.plain_runs,
            )
        )
    asked = dict.fromkeys(front for question in game.case.questions for front in fronts_of(question))
    order = sorted(range(len(game.fronts)), key=lambda f: game.fronts[f] not in asked)
    return Outlook(
        head=heading(inferred),
        horizon=game.grid.first_day(until),
        joining_rung=game.rungs[beyond],
        under_way=tuple(conflicts.name(game, c) for c in under_way),
        asked=tuple(asked),
        fans=tuple(fan_of(posterior, f, until, REACHED_WEEKS) for f in order),
        courses=courses,
        grouping=grouping,
        joinings=joinings,
        links=find_links(posterior, futures, tuple(j.joiner for j in joinings)),
        reaches=find_reaches(posterior, until),
        conditions=answered,
        rare=tuple(rare),
    )


__all__ = ["DEFAULT_EFFORT", "DEFAULT_WEEKS", "foresee"]
