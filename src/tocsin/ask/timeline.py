"""Timeline: how each answer moved as news came in, each day by what was known on it and nothing else.

Every point is a forecast of its own, inferred anew from the case as it could have been known on that day with
the same seed, so that what became known later leaves the points before it alone, to the last digit.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tocsin.ask.bands import YARDSTICKS, band
from tocsin.ask.estimate import Band, Chance
from tocsin.ask.futures import chances
from tocsin.ask.heading import Heading, heading
from tocsin.ask.inferred import (
    DEFAULT_ISLANDS,
    DEFAULT_SEED,
    AskError,
    Inferred,
    as_of_day,
    infer_known,
    must_suffice,
)
from tocsin.ask.resolve import outcomes
from tocsin.case.known import as_known
from tocsin.case.model import Case
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, stop_if

TIMELINE_PARTICLES = 5_000
MOST_DAYS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A question whose answer is followed."""

    id: str
    text: str
    by: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerThen:
    """The answer to one question as it stood on a day."""

    question: str
    chance: Chance
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontThen:
    """Where a front likeliest stood, as far as was known on a day."""

    front: str
    posture: str  # the likeliest rung
    chance: Chance  # that it stood there


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was known and what followed from it on one day."""

    day: dt.date
    reports: tuple[str, ...]  # that became known since the point before
    events: tuple[str, ...]
    answers: tuple[AnswerThen, ...]  # in the order of the questions
    fronts: tuple[FrontThen, ...]  # in the case's order


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Each answer as it stood on each day on which something became known."""

    head: Heading
    questions: tuple[Followed, ...]
    points: tuple[Point, ...]  # in order of days
    days: int  # on which something became known
    thinned: bool  # whether some of those days are told with the next


def timeline(
    case: Case,
    until: dt.date | str | None = None,
    *,
    particles: int = TIMELINE_PARTICLES,
    islands: int = DEFAULT_ISLANDS,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
    most: int = MOST_DAYS,
    yardstick: str = "ICD 203",
    variant: str | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Timeline:
    """How each answer moved as news came in.

    Parameters
    ----------
    case : a checked case
    until : the last day; the case's as-of day if left out
    particles : of each point; fewer than for one answer, since there are many
    islands, seed, threads : as in `tocsin.assess`
    most : points at the most. Where news came on more days, some days' news is told with the next point's
    yardstick : words of likelihood, "ICD 203" or "PHIA"
    variant : name of the view that `case` was taken in, to be told with the answer
    progress : called with (done, total, what), once a point
    cancel : set it from another thread to stop

    Raises
    ------
    AskError if the day lies outside the case, the particles are too few or no point is allowed;
    DegenerateWeightsError if the model cannot explain what was reported; CancelledError

    Examples
    --------
    >>> import tocsin
    >>> found = timeline(tocsin.load("cases/lebanon-2023"), "2023-10-11")  # doctest: +SKIP
    >>> [point.day.day for point in found.points]  # doctest: +SKIP
    [1, 7, 8, 9, 10, 11]
    """
    must_suffice(particles, islands, threads)

    def infer_at(known: Case, day: dt.date) -> Posterior:
        return infer_known(known, day, particles, islands, seed, threads, cancel=cancel)

    return timeline_by(
        infer_at,
        case,
        until,
        seed=seed,
        most=most,
        yardstick=yardstick,
        variant=variant,
        progress=progress,
        cancel=cancel,
    )


def timeline_by(
    infer_at: Callable[[Case, dt.date], Posterior],
    case: Case,
    until: dt.date | str | None = None,
    *,
    seed: int = DEFAULT_SEED,
    most: int = MOST_DAYS,
    yardstick: str = "ICD 203",
    variant: str | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Timeline:
    """How each answer moved, by posteriors that somebody keeps; all else is as in `timeline`.

    Parameters
    ----------
    infer_at : the posterior, by `seed`, of a case that holds nothing learned after a day
    """
    last = as_of_day(case, until)
    if most < 1:
        raise AskError(f"found {most} points; expected at least 1")
    if yardstick not in YARDSTICKS:
        raise AskError(f"found the yardstick {yardstick!r}; expected {' or '.join(YARDSTICKS)}")
    news = news_days(case, last)
    days = thinned(news, most)
    points = []
    before = dt.date.min
    for done, day in enumerate(days):
        stop_if(cancel)
        if progress:
            progress(done, len(days), "days")
        known = as_known(case, day)
        posterior = infer_at(known, day)
        points.append(_point(posterior, known, day, before, yardstick))
        before = day
    if progress:
        progress(len(days), len(days), "days")
    return Timeline(
        head=heading(
            Inferred(written=case, known=known, as_of=last, seed=seed, posterior=posterior, variant=variant)
        ),
        questions=tuple(Followed(id=q.id, text=q.text, by=q.by) for q in case.questions),
        points=tuple(points),
        days=len(news),
        thinned=len(days) < len(news),
    )


def news_days(case: Case, until: dt.date) -> tuple[dt.date, ...]:
    """The first day of a case, each on which something became known after it, and the last; in order.

    What was known before the case's first day counts on that day.
    """
    known = [*(r.known_on for r in case.reports), *(e.known_on for e in case.events)]
    return tuple(sorted({case.start, until, *(day for day in known if case.start < day <= until)}))


def thinned(days: tuple[dt.date, ...], most: int) -> tuple[dt.date, ...]:
    """At most so many of the days, evenly among them, the last always one.

    Examples
    --------
    >>> [day.day for day in thinned(tuple(dt.date(2030, 1, k) for k in range(1, 11)), 4)]
    [1, 4, 7, 10]
    """
    if len(days) <= most:
        return days
    kept = np.round(np.linspace(len(days) - 1, 0, most)).astype(int)
    return tuple(days[k] for k in sorted({int(k) for k in kept}))


def _point(posterior: Posterior, known: Case, day: dt.date, before: dt.date, yardstick: str) -> Point:
    answers = chances(posterior, outcomes(posterior.game, posterior.paths, posterior.followed))
    return Point(
        day=day,
        reports=tuple(r.id for r in known.reports if before < r.known_on),
        events=tuple(e.id for e in known.events if before < e.known_on),
        answers=tuple(
            AnswerThen(question=question.id, chance=chance, band=band(chance, yardstick))
            for question, chance in zip(known.questions, answers, strict=True)
        ),
        fronts=tuple(_front(posterior, f) for f in range(len(posterior.game.fronts))),
    )


def _front(posterior: Posterior, f: int) -> FrontThen:
    game = posterior.game
    now = posterior.paths.posture[game.now, f]
    shares = np.bincount(now, weights=posterior.weight, minlength=len(game.rungs))
    likeliest = int(np.argmax(shares))
    (chance,) = chances(posterior, (now == likeliest)[None])
    return FrontThen(front=game.fronts[f], posture=game.rungs[likeliest], chance=chance)


__all__ = [
    "MOST_DAYS",
    "TIMELINE_PARTICLES",
    "AnswerThen",
    "Followed",
    "FrontThen",
    "Point",
    "Timeline",
    "news_days",
    "thinned",
    "timeline",
    "timeline_by",
]
