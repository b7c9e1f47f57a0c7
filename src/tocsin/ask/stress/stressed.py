"""Stress: how little deception would it take to fool us on one question?"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterable

import numpy as np

from tocsin.ask.bands import YARDSTICKS, band
from tocsin.ask.confidence import actors_of
from tocsin.ask.estimate import Chance
from tocsin.ask.futures import chances
from tocsin.ask.heading import heading
from tocsin.ask.inferred import AskError, Inferred
from tocsin.ask.stress.answer import Considered, Played, Prices, Stress, Trick
from tocsin.ask.stress.checklists import checklists
from tocsin.ask.stress.deception import forced, forced_marks, silences
from tocsin.ask.stress.futures import likely
from tocsin.ask.stress.planning import Planner
from tocsin.ask.stress.played import play
from tocsin.ask.stress.prices import USUAL, priced, source_prices
from tocsin.ask.stress.tricks import MOST_DAYS, Move, days_of, moves_of
from tocsin.ask.stress.weighing import Weigher
from tocsin.case.model import Case, Question
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress

DEFAULT_BUDGET = 12.0
DEFAULT_REPORTS = 4
DEFAULT_WINDOW_DAYS = 28
# What the rest of the evidence gives less than one chance in a hundred would be taken for a mistake.
DEFAULT_PLAUSIBLE = 0.01
MOST_REPORTS = 8
# Tricks told by what they do alone, each way.
STRONGEST = 8
MEANS = ("plant", "hide", "both")


def asked(case: Case, question: str | None) -> int:
    """The place of a question in its case; the first if none is named.

    Raises
    ------
    AskError if the case has no such question
    """
    ids = [q.id for q in case.questions]
    if question is None:
        return 0
    if question not in ids:
        raise AskError(f"found the question {question!r}; expected one of the case's: {', '.join(ids)}")
    return ids.index(question)


def deceiver_of(case: Case, question: Question, deceiver: str | None) -> str | None:
    """Who is taken to deceive: whoever is named, or else the actor whose posture the question asks about.

    Raises
    ------
    AskError if the case has no such actor
    """
    ids = [actor.id for actor in case.actors]
    if deceiver is not None:
        if deceiver not in ids:
            raise AskError(
                f"found the deceiver {deceiver!r}; expected one of the case's actors: {', '.join(ids)}"
            )
        return deceiver
    return next(iter(actors_of(question)), None)


def must_be_asked(budget: float, reports: int, window_days: int, plausible: float, yardstick: str) -> None:
    """Refuse what cannot be answered.

    Raises
    ------
    AskError
    """
    if not 0.0 <= budget < 1e6:
        raise AskError(f"found the budget {budget:g}; expected a number from 0")
    if not 1 <= reports <= MOST_REPORTS:
        raise AskError(f"found {reports} reports; expected 1 to {MOST_REPORTS}")
    if window_days < 0:
        raise AskError(f"found a window of {window_days} days; expected 0 or more")
    if not 0.0 <= plausible < 1.0:
        raise AskError(f"found the least chance {plausible:g} of a report; expected 0 up to 1")
    if yardstick not in YARDSTICKS:
        raise AskError(f"found the yardstick {yardstick!r}; expected {' or '.join(YARDSTICKS)}")


def settled(
    case: Case, question: str | None, deceiver: str | None, prices: Iterable[str]
) -> tuple[int, str | None, Prices]:
    """The place of the question, who deceives, and the table of prices.

    Raises
    ------
    AskError if one of them is none
    """
    column = asked(case, question)
    return column, deceiver_of(case, case.questions[column], deceiver), priced(prices, case)


def stress(
    inferred: Inferred,
    question: str | None = None,
    *,
    budget: float = DEFAULT_BUDGET,
    deceiver: str | None = None,
    prices: Iterable[str] = (),
    reports: int = DEFAULT_REPORTS,
    window_days: int = DEFAULT_WINDOW_DAYS,
    plausible: float = DEFAULT_PLAUSIBLE,
    yardstick: str = "ICD 203",
    check: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Stress:
    """How little deception it would take to move the answer to one question.

    Parameters
    ----------
    inferred : the case and its posterior, inferred with ``keep_past=True``
    question : its id; the case's first if left out
    budget : what the deceiver can spend, in the units of the table of prices
    deceiver : the actor who would deceive, whose own sources cost it nothing; if left out, the one whose
        posture the question asks about
    prices : overrides of the table, such as "grade.A=20" or "source.unifil=30"
    reports : at most so many planted, hidden or changed, where reports are counted and not paid for
    window_days : how far back reports could be planted
    plausible : the least chance that the rest of the evidence must give to what is said
    yardstick : words of likelihood, "ICD 203" or "PHIA"
    check : play the plans, inferring the case again for each
    threads : at most so many at once; all cores if left out. The answer does not depend on it
    progress : called with (done, total, what)
    cancel : set it from another thread to stop

    Returns
    -------
    Stress, plain data

    Raises
    ------
    AskError if the question, the deceiver, a price or another setting is none; CancelledError

    Examples
    --------
    >>> import tocsin
    >>> from tocsin.ask.inferred import infer
    >>> inferred = infer(tocsin.load("cases/lebanon-2023"), keep_past=True)  # doctest: +SKIP
    >>> stress(inferred, budget=6).fewest[0].direction  # doctest: +SKIP
    'up'
    """
    posterior, case = inferred.posterior, inferred.known
    must_be_asked(budget, reports, window_days, plausible, yardstick)
    column, who, table = settled(case, question, deceiver, prices)
    controls = source_prices(case, table, who)
    truth = likely(posterior, case.questions[column], threads=threads, progress=progress, cancel=cancel)
    weigher = Weigher(posterior)
    days = days_of(posterior.game, window_days)
    moves = moves_of(posterior.game, days)
    alone = weigher.alone(moves, truth, threads=threads, progress=progress, cancel=cancel)
    planner = Planner(
        weigher,
        truth,
        moves,
        alone,
        prices=table,
        source_prices=controls,
        deceiver=who,
        yardstick=yardstick,
        plausible=plausible,
        cancel=cancel,
    )
    plays: dict[tuple[int, ...], str] = {}
    fewest = []
    for n, (up, means) in enumerate((up, means) for up in (True, False) for means in MEANS):
        if progress:
            progress(n, 6, "fewest reports sought")
        least, plan = planner.fewest(up, means, reports)
        fewest.append(least)
        if plan and means != "hide":
            plays.setdefault(plan, f"fewest reports {least.direction}, by {_by(means)}")
    plans, bought = planner.budgets(budget, progress)
    for spent, plan in zip(plans, bought, strict=True):
        if plan and spent.budget == budget:
            plays.setdefault(plan, f"budget {budget:g}, {spent.direction}")
    reach = planner.reach(reports, progress)
    marks = forced_marks(posterior)
    played: list[Played] = []
    if check:
        for plan, label in plays.items():
            planner.check()
            played.append(
                play(
                    inferred, weigher, truth, column, label, planner.moves_of(plan), deceiver=who,
                    yardstick=yardstick, threads=threads, progress=progress, cancel=cancel,
                )
            )  # fmt: skip
    asked_about = case.questions[column]
    return Stress(
        head=heading(inferred),
        question=asked_about.id,
        text=asked_about.text,
        by=asked_about.by,
        chance=planner.now,
        band=band(planner.now, yardstick),
        deceiver=who,
        deceives=_flag(posterior, who),
        effective=float(1.0 / np.sum(posterior.weight**2)),
        considered=_considered(moves, days, alone.idle, planner, plausible, window_days),
        strongest=_strongest(planner),
        fewest=tuple(fewest),
        budget=budget,
        prices=table,
        source_prices=controls,
        plans=tuple(plans),
        most_reports=reports,
        reach=tuple(reach),
        deception=forced(posterior, truth, marks),
        silences=silences(posterior, truth, marks),
        checklists=checklists(posterior, truth, _suspects(case, asked_about, who)),
        played=tuple(played),
        warnings=_warnings(truth, planner, played),
    )


def _by(means: str) -> str:
    return {"plant": "planting", "hide": "hiding", "both": "planting, hiding and changing"}[means]


def _flag(posterior: Posterior, actor: str | None) -> Chance | None:
    if actor is None:
        return None
    marks = posterior.deceives[posterior.game.actors.index(actor)] == 1
    return chances(posterior, marks[None, :])[0]


def _suspects(case: Case, question: Question, deceiver: str | None) -> tuple[str, ...]:
    """Whose motive, means and past are asked about: the deceiver first, then who else is in the question."""
    ids = {actor.id for actor in case.actors}
    named = ([deceiver] if deceiver else []) + list(actors_of(question)[:2])
    return tuple(dict.fromkeys(name for name in named if name in ids))


def _strongest(planner: Planner) -> tuple[Trick, ...]:
    tricks = [planner.trick(k) for k in range(len(planner.moves))]
    up = sorted((t for t in tricks if t.alone.value > 0.0), key=lambda t: -t.alone.value)
    down = sorted((t for t in tricks if t.alone.value < 0.0), key=lambda t: t.alone.value)
    return tuple(up[:STRONGEST] + down[:STRONGEST])


def _considered(
    moves: tuple[Move, ...],
    days: tuple[dt.date, ...],
    idle: np.ndarray,
    planner: Planner,
    plausible: float,
    window_days: int,
) -> Considered:
    count = Counter(move.kind for move, nothing in zip(moves, idle, strict=True) if not nothing)
    left_out = [
        f"reports planted more than {window_days} days before the day",
        "planted reports of another item grade than the source's usual one",
        "two sightings of what one source promised to watch; a run of them can be hidden as one",
        "tricks whose effect alone cannot be told from nothing, and the weaker ones of a source with many",
        "staging what others then see of themselves: a report is planted with a source, not in the world",
    ]
    if len(days) == MOST_DAYS:
        left_out.insert(1, f"days other than {MOST_DAYS} spread over the window")
    return Considered(
        days=days,
        plants=count["plant"],
        hides=count["hide"],
        changes=count["change"],
        implausible=planner.implausible,
        plausible=plausible,
        untold=planner.untold,
        kept=len(planner.moves),
        weakest=planner.weakest,
        searched_particles=planner.searched,
        left_out=tuple(left_out),
    )


def _warnings(truth: np.ndarray, planner: Planner, played: list[Played]) -> tuple[str, ...]:
    out = []
    if not 0.0 < truth.mean() < 1.0:
        out.append(
            "every particle answers the question alike, and no weighing can move that; raise the particles"
        )
    if not planner.moves:
        out.append(
            "no trick moves the answer by as much as can be told from nothing; more particles would tell more"
        )
    wrong = [p.label for p in played if p.agrees is False]
    if wrong:
        out.append(
            f"played, {len(wrong)} of {len(played)} plans did not move the answer as foreseen "
            f"({'; '.join(wrong)}): trust what was found, not what was foreseen"
        )
    return tuple(out)


__all__ = ["DEFAULT_BUDGET", "USUAL", "stress"]
