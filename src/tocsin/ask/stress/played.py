"""A deceiver plays its plan: the case as the analyst would have had it, inferred anew with other chance.

The plan was found and foreseen by weighing particles anew, and a search that takes the best of many takes
some luck with it. Inferring the whole case again, with another seed, takes that luck away: what is found is
what the analyst would have answered.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable

import numpy as np

from tocsin.ask.bands import band
from tocsin.ask.estimate import Chance, Number
from tocsin.ask.futures import chances
from tocsin.ask.inferred import Inferred, infer_known
from tocsin.ask.stress.answer import FlagMove, Played
from tocsin.ask.stress.futures import likely
from tocsin.ask.stress.tricks import Move, reports_after
from tocsin.ask.stress.weighing import Truth, Weigher, reweigh
from tocsin.ask.weights import number
from tocsin.infer.evidence import owner_of
from tocsin.infer.filter import DegenerateWeightsError
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress

# Foreseen and found agree if they differ by at most so many errors of their difference.
ERRORS = 2.0


def play(
    inferred: Inferred,
    weigher: Weigher,
    truth: Truth,
    question: int,
    label: str,
    moves: tuple[Move, ...],
    *,
    deceiver: str | None,
    yardstick: str,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Played:
    """Play a plan and compare what is found with what was foreseen.

    Parameters
    ----------
    inferred : the case and its posterior, with its past kept
    question : its place in the case
    label : the plan in a few words
    moves : the plan
    """
    posterior = inferred.posterior
    factor = weigher.together(moves)
    foreseen = reweigh(posterior, truth, factor).after
    known = inferred.known.model_copy(update={"reports": reports_after(inferred.known, moves)})
    flagged = _flagged(posterior, moves, deceiver)
    try:
        again = infer_known(
            known, inferred.as_of, posterior.weight.size, posterior.islands, inferred.seed + 1, threads,
            progress, cancel,
        )  # fmt: skip
    except DegenerateWeightsError as error:
        return Played(
            label=label, foreseen=foreseen, found=None, difference=None, agrees=None, moved=None, word="",
            note=str(error).splitlines()[0], flags=(),
        )  # fmt: skip
    asked = again.game.case.questions[question]
    found = chances(again, likely(again, asked, threads=threads, cancel=cancel)[None, :])[0]
    before = chances(posterior, truth[None, :])[0]
    difference = _less(found, foreseen)
    return Played(
        label=label,
        foreseen=foreseen,
        found=found,
        difference=difference,
        agrees=abs(difference.value) <= ERRORS * difference.mc_error,
        moved=_less(found, before),
        word=band(found, yardstick).word,
        note="",
        flags=tuple(_flag(posterior, again, actor, factor) for actor in flagged),
    )


def _less(one: Chance, other: Chance) -> Number:
    return number(one.probability - other.probability, math.hypot(one.mc_error, other.mc_error))


def _flagged(posterior: Posterior, moves: Iterable[Move], deceiver: str | None) -> tuple[str, ...]:
    """The deceiver, and whoever else's deception the plan's reports could tell of."""
    indicators = {indicator.id: indicator for indicator in posterior.game.case.indicators}
    found = [deceiver] if deceiver is not None else []
    for move in moves:
        for thing in sorted(move.things):
            owner = owner_of(indicators[thing]) if thing in indicators else None
            if owner is not None:
                found.append(owner)
    return tuple(dict.fromkeys(found))


def _flag(before: Posterior, after: Posterior, actor: str, factor: np.ndarray) -> FlagMove:
    i = before.game.actors.index(actor)
    marks = before.deceives[i].astype(np.float64)
    was = chances(before, marks[None, :])[0]
    found = chances(after, (after.deceives[i] == 1)[None, :])[0]
    moved = _less(found, was)
    sure = abs(moved.value) > 2.0 * moved.mc_error
    return FlagMove(
        actor=actor,
        before=was,
        foreseen=reweigh(before, marks, factor).after,
        found=found,
        rises=("rises" if moved.value > 0.0 else "falls") if sure else "stays",
    )


__all__ = ["play"]
