"""Skill at deception spreads along ties of training and joint command.

For every actor, ``d skill_i / dt = sum_l rate(tie_li) * strength_li * max(skill_l - skill_i, 0)``: what a
teacher knows and a pupil does not, at a rate per year while the tie holds. Nothing is forgotten and nobody
is taught beyond the teacher, so skills never fall and never pass the best of those connected.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tocsin.case import words
from tocsin.case.model import Case, TieKind

# Share of the gap closed in a year over a full-strength tie; judgement: a joint staff hands on half of
# what it knows in five years, training in ten; decades of money and shelter teach little by themselves.
TEACHING_PER_YEAR: dict[TieKind, float] = {
    "joint command": 0.14,
    "training": 0.07,
    "patron": 0.01,
    "alliance": 0.01,
    "hosting": 0.01,
}
MUTUAL: frozenset[TieKind] = frozenset({"joint command", "alliance"})
_STEP_YEARS = 1.0 / 24.0
_YEAR_DAYS = 365.25

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One direction in which one of the case's ties teaches."""

    tie: int  # in the case's order of ties
    teacher: int  # in the case's order of actors
    pupil: int
    rate: float  # share of the gap closed in a year
    since: dt.date
    until: dt.date | None  # first day on which it no longer holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How skill came about, up to a day; M moments, A actors, E lessons.

    ``skill[m, i] == skill[0, i] + gained[m, lessons to i].sum()``, and ``origin[i].sum() == skill[-1, i]``,
    to rounding.
    """

    lessons: tuple[Lesson, ...]
    days: F64  # (M,) moments as ordinals of days with fractions, the first before anything was taught
    skill: F64  # (M, A)
    gained: F64  # (M, E) skill that each lesson has handed on so far
    origin: F64  # (A, A) of each actor's skill on the last day, how much began as whose own


def lessons_of(case: Case) -> tuple[Lesson, ...]:
    """Every direction in which a tie teaches, in the order of the case's ties."""
    index = {actor.id: k for k, actor in enumerate(case.actors)}
    return tuple(
        Lesson(
            tie=k,
            teacher=index[teacher],
            pupil=index[pupil],
            rate=TEACHING_PER_YEAR[tie.kind] * words.strength(tie.strength).median,
            since=tie.since,
            until=tie.until,
        )
        for k, tie in enumerate(case.ties)
        if tie.kind in TEACHING_PER_YEAR
        for teacher, pupil in [(tie.from_, tie.to)] + ([(tie.to, tie.from_)] if tie.kind in MUTUAL else [])
        if teacher in index and pupil in index
    )


def own_skill(case: Case) -> F64:
    """(A,) skill of each actor before any tie taught it something."""
    return np.array([words.strength(actor.deception).median for actor in case.actors], dtype=np.float64)


def deception_skill(case: Case, at: dt.date, *, without: Collection[int] = ()) -> F64:
    """Skill at denial and deception of each actor on the day `at`.

    Parameters
    ----------
    case : the case, whose actors give their own skill and whose ties teach
    at : the day; ties count up to it
    without : positions of ties, in the case's order, to be taken as never having been

    Returns
    -------
    (A,) shares in [0, 1], in the case's order of actors
    """
    return np.array(_learned(tuple(own_skill(case).tolist()), _taught(case, without), at), dtype=np.float64)


# A case is compiled many times over with the same ties, and forty years of them take most of the time.
@lru_cache(maxsize=64)
def _learned(own: tuple[float, ...], lessons: tuple[Lesson, ...], at: dt.date) -> tuple[float, ...]:
    skill = np.array(own, dtype=np.float64)
    for step in _steps(skill, lessons, at):
        skill = step.skill
    return tuple(np.clip(skill, 0.0, 1.0).tolist())


def spread(case: Case, at: dt.date, *, without: Collection[int] = ()) -> Spread:
    """The skills of all actors from the first tie that teaches up to a day, and who taught what.

    What a lesson hands on in a moment is its term of the equation, so that its gain is that term summed
    over time. A gain is laid to origins in the proportions in which the teacher's own skill is made of
    them at that moment: what is taught is a fair sample of what the teacher knows.

    Parameters
    ----------
    case, at, without : as in `deception_skill`
    """
    taught = _taught(case, without)
    skill = own_skill(case)
    teacher, pupil = _ends(taught)
    origin, gained = np.diag(skill), np.zeros(len(taught))
    days = [float(min([at, *(lesson.since for lesson in taught)]).toordinal())]
    skills, gains = [skill], [gained]

    def with_origins(flow: F64, made_of: F64) -> F64:
        of_teacher = made_of[teacher]
        total = of_teacher.sum(axis=1, keepdims=True)
        shares: F64 = np.divide(of_teacher, total, out=np.zeros_like(of_teacher), where=total > 0.0)
        return flow[:, None] * shares

    for step in _steps(skill, taught, at):
        # The same Heun's step for what skill is made of, so that its parts add up to it.
        first = with_origins(step.first, origin)
        ahead = origin.copy()
        np.add.at(ahead, pupil, step.years * first)
        second = with_origins(step.second, ahead)
        origin = origin.copy()
        np.add.at(origin, pupil, 0.5 * step.years * (first + second))
        gained = gained + 0.5 * step.years * (step.first + step.second)
        days.append(step.day)
        skills.append(step.skill)
        gains.append(gained)
    return Spread(
        lessons=taught,
        days=np.array(days),
        skill=np.array(skills),
        gained=np.array(gains).reshape(len(days), len(taught)),
        origin=origin,
    )


def _taught(case: Case, without: Collection[int]) -> tuple[Lesson, ...]:
    return tuple(lesson for lesson in lessons_of(case) if lesson.tie not in without)


def _ends(lessons: tuple[Lesson, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(E,) teachers and pupils."""
    pairs = np.array([(lesson.teacher, lesson.pupil) for lesson in lessons], dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the equation: skill at its end, and each lesson's flow a year at its two stages."""

    day: float  # at its end, an ordinal
    years: float  # its length
    first: F64  # (E,)
    second: F64  # (E,)
    skill: F64  # (A,)


def _steps(skill: F64, lessons: tuple[Lesson, ...], at: dt.date) -> Iterator[_Step]:
    """Heun's steps from the first lesson up to a day, none longer than half a month."""
    teacher, pupil = _ends(lessons)
    rate = np.array([lesson.rate for lesson in lessons])
    edges = sorted(
        {d for lesson in lessons for d in (lesson.since, lesson.until) if d is not None and d < at} | {at}
    )

    def into(flow: F64) -> F64:
        return np.asarray(np.bincount(pupil, weights=flow, minlength=len(skill)), dtype=np.float64)

    for begin, finish in pairwise(edges):
        holds = [lesson.since <= begin and not (lesson.until and lesson.until < finish) for lesson in lessons]
        rates = rate * holds
        years = (finish - begin).days / _YEAR_DAYS
        count = max(1, int(np.ceil(years / _STEP_YEARS)))
        h = years / count
        for k in range(count):
            # The right-hand side is piecewise linear, and the steps are short beside its rates.
            first = rates * np.maximum(skill[teacher] - skill[pupil], 0.0)
            ahead = skill + h * into(first)
            second = rates * np.maximum(ahead[teacher] - ahead[pupil], 0.0)
            skill = skill + 0.5 * h * into(first + second)
            day = begin.toordinal() + (k + 1) * (finish - begin).days / count
            yield _Step(day, h, first, second, skill)
