"""Skill spreads along ties, never falls, and never passes the best teacher."""

import datetime as dt

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.game.worlds import actors, between, case_of
from tocsin.game.skill import TEACHING_PER_YEAR, deception_skill

START = dt.date(2024, 1, 1)


def taught(ties, **own):
    """A case whose actors have these skills of their own."""
    people = [actor | {"deception": own[actor["id"]]} for actor in actors(*own)]
    first, second = list(own)[:2]
    return case_of(actors=people, fronts=between(first + second), ties=ties, start=START)


def tie(pair, kind="training", strength=0.8, since="2014-01-01", **more):
    return {"from": pair[0], "to": pair[1], "kind": kind, "strength": strength, "since": since} | more


def test_a_pupil_closes_the_gap_exponentially():
    skill = deception_skill(taught([tie("ab")], a=0.9, b=0.1), START)
    years = (START - dt.date(2014, 1, 1)).days / 365.25
    # the one tie's equation is linear, and Heun's error over steps of 1/24 year is below 1e-5 here
    assert abs(skill[1] - (0.9 - 0.8 * np.exp(-TEACHING_PER_YEAR["training"] * 0.8 * years))) < 1e-5
    assert abs(skill[0] - 0.9) < 1e-12


def test_it_agrees_with_an_outside_integrator():
    ties = [tie("ab"), tie("bc", "joint command", 0.5), tie("ad", "patron", 1.0), tie("dc", "hosting", 0.8)]
    own = {"a": 0.9, "b": 0.2, "c": 0.5, "d": 0.1}
    rates = np.zeros((4, 4))
    for t in ties:
        x, y = "abcd".index(t["from"]), "abcd".index(t["to"])
        rates[x, y] += TEACHING_PER_YEAR[t["kind"]] * t["strength"]
        if t["kind"] == "joint command":
            rates[y, x] += TEACHING_PER_YEAR[t["kind"]] * t["strength"]

    def slope(_, s):
        return (rates * np.maximum(s[:, None] - s[None, :], 0.0)).sum(axis=0)

    years = (START - dt.date(2014, 1, 1)).days / 365.25
    outside = solve_ivp(slope, (0, years), list(own.values()), rtol=1e-10, atol=1e-12, max_step=0.05).y[:, -1]
    # one kink, where a pupil overtakes another teacher, costs Heun's method some of its order
    np.testing.assert_allclose(deception_skill(taught(ties, **own), START), outside, atol=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_skill_never_falls_and_never_passes_the_best_connected(seed):
    rng = np.random.default_rng(seed)
    own = dict(zip("abcde", rng.random(5).round(2), strict=True))
    kinds = list(TEACHING_PER_YEAR)
    pairs = [x + y for x in "abcd" for y in "abcd" if x != y]
    ties = [
        tie(pairs[rng.integers(12)], kinds[rng.integers(5)], 1.0, f"{2000 + rng.integers(20)}-06-01")
        for _ in range(6)
    ]
    case = taught(ties, **own)
    before = np.array(list(own.values()))
    for year in range(2000, 2030, 3):
        now = deception_skill(case, dt.date(year, 1, 1))
        assert (now >= before - 1e-12).all()
        assert now[:4].max() <= max(list(own.values())[:4]) + 1e-12
        before = now
    # nobody taught the fifth
    assert abs(before[4] - own["e"]) < 1e-12


def test_a_tie_that_ended_taught_until_then_and_no_longer():
    case = taught([tie("ab", until="2016-01-01")], a=0.9, b=0.1)
    assert np.array_equal(deception_skill(case, dt.date(2016, 1, 1)), deception_skill(case, START))
    assert deception_skill(case, dt.date(2015, 1, 1))[1] < deception_skill(case, START)[1]
