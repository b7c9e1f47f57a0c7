"""Skill at deception spreads along ties of training and joint command.

For every actor, ``d skill_i / dt = sum_l rate(tie_li) * strength_li * max(skill_l - skill_i, 0)``: what a
teacher knows and a pupil does not, at a rate per year while the tie holds. Nothing is forgotten and nobody
is taught beyond the teacher, so skills never fall and never pass the best of those connected.
"""

from __future__ import annotations

import datetime as dt
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


def deception_skill(case: Case, at: dt.date) -> NDArray[np.float64]:
    """Skill at denial and deception of each actor on the day `at`.

    Parameters
    ----------
    case : the case, whose actors give their own skill and whose ties teach
    at : the day; ties count up to it

    Returns
    -------
    (A,) shares in [0, 1], in the case's order of actors
    """
    index = {actor.id: k for k, actor in enumerate(case.actors)}
    skill = np.array([words.strength(actor.deception).median for actor in case.actors], dtype=np.float64)
    teaching = [
        (
            index[a],
            index[b],
            TEACHING_PER_YEAR[tie.kind] * words.strength(tie.strength).median,
            tie.since,
            tie.until,
        )
        for tie in case.ties
        if tie.kind in TEACHING_PER_YEAR
        for a, b in [(tie.from_, tie.to)] + ([(tie.to, tie.from_)] if tie.kind in MUTUAL else [])
        if a in index and b in index
    ]
    edges = sorted({d for *_, since, until in teaching for d in (since, until) if d and d < at} | {at})
    for begin, finish in pairwise(edges):
        rates = np.zeros((len(skill), len(skill)))
        for teacher, pupil, rate, since, until in teaching:
            if since <= begin and (until is None or until >= finish):
                rates[teacher, pupil] += rate
        years = (finish - begin).days / 365.25
        n = max(1, int(np.ceil(years / _STEP_YEARS)))
        for _ in range(n):
            # Heun's step: the right-hand side is piecewise linear, and the steps are short beside its rates.
            slope = (rates * np.maximum(skill[:, None] - skill[None, :], 0.0)).sum(axis=0)
            ahead = skill + slope * (years / n)
            slope_ahead = (rates * np.maximum(ahead[:, None] - ahead[None, :], 0.0)).sum(axis=0)
            skill = skill + 0.5 * (slope + slope_ahead) * (years / n)
    return np.clip(skill, 0.0, 1.0)
