"""The search for the best set of tricks: against every set there is, and by its laws."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ask.stress.made import problem
from tocsin.ask.stress.search import Problem, best_plan

# Rounding in 32 bits, in nats.
NEAR = 1e-4
seeds = st.integers(0, 10_000)
budgets = st.floats(0.0, 14.0)


def by_hand(p: Problem, budget: float, up: bool) -> float:
    """The best log odds over every set that can be played and paid for."""
    sign = 1.0 if up else -1.0
    return sign * max(
        sign * p.log_odds(plan)
        for size in range(len(p.cost) + 1)
        for plan in combinations(range(len(p.cost)), size)
        if p.possible(plan) and p.price(plan) <= budget + 1e-9
    )


@settings(max_examples=40, deadline=None)
@given(seed=seeds, budget=budgets, up=st.booleans())
def test_the_best_plan_is_the_best_of_every_set(seed, budget, up):
    p = problem(np.random.default_rng(seed))
    found = best_plan(p, budget, up=up, nodes=10_000)
    assert found.exact
    assert found.log_odds == pytest.approx(by_hand(p, budget, up), abs=NEAR)
    assert found.bound == pytest.approx(found.log_odds, abs=NEAR)
    assert p.possible(found.plan)
    assert p.price(found.plan) <= budget + 1e-9


@settings(max_examples=40, deadline=None)
@given(seed=seeds, budget=budgets, up=st.booleans(), nodes=st.integers(0, 3))
def test_a_search_cut_short_still_bounds_every_set(seed, budget, up, nodes):
    p = problem(np.random.default_rng(seed))
    found = best_plan(p, budget, up=up, nodes=nodes, width=1)
    best = by_hand(p, budget, up)
    sign = 1.0 if up else -1.0
    assert sign * found.bound >= sign * best - NEAR
    assert sign * best >= sign * found.log_odds - NEAR


@settings(max_examples=20, deadline=None)
@given(seed=seeds, up=st.booleans())
def test_a_richer_deceiver_never_achieves_less(seed, up):
    p = problem(np.random.default_rng(seed))
    sign = 1.0 if up else -1.0
    odds = [sign * best_plan(p, budget, up=up, nodes=10_000).log_odds for budget in (0, 2, 4, 6, 9, 12)]
    assert np.all(np.diff(odds) >= -NEAR)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, up=st.booleans())
def test_who_has_more_tricks_is_at_least_as_strong(seed, up):
    p = problem(np.random.default_rng(seed))
    sign = 1.0 if up else -1.0
    some = best_plan(p.among(np.arange(4)), 8.0, up=up, nodes=10_000)
    everything = best_plan(p, 8.0, up=up, nodes=10_000)
    assert sign * everything.log_odds >= sign * some.log_odds - NEAR


@pytest.mark.parametrize("up", [True, False])
def test_no_budget_moves_nothing(up):
    p = problem(np.random.default_rng(3))
    found = best_plan(p, 0.0, up=up)
    assert found.plan == ()
    assert found.log_odds == p.log_odds(())


def test_a_start_is_never_lost():
    p = problem(np.random.default_rng(5))
    best = best_plan(p, 9.0, up=True, nodes=10_000)
    again = best_plan(p, 9.0, up=True, start=best.plan, nodes=0, width=1)
    assert again.log_odds >= best.log_odds - 1e-12


def test_a_knapsack_with_a_known_answer():
    """Martello and Toth, Knapsack Problems (1990), section 2: worth 107 with the first and the fourth thing.

    With one particle of each side, tricks add up exactly, and the search is that knapsack.
    """
    worth = np.array([70, 20, 39, 37, 7, 5, 10], dtype=np.float32) / 20
    p = Problem(
        log_factor=np.stack([worth, np.zeros(7, dtype=np.float32)], axis=1),
        weight=np.array([0.5, 0.5]),
        truth=np.array([1.0, 0.0]),
        cost=np.array([31, 10, 20, 19, 4, 3, 6], dtype=float),
        needs=((),) * 7,
        control=np.zeros(0),
        clash=np.zeros((7, 7), dtype=bool),
        group=np.arange(7),
    )
    found = best_plan(p, 50.0, up=True, nodes=1_000)
    assert found.plan == (0, 3)
    assert found.log_odds == pytest.approx(107 / 20, abs=NEAR)
    assert found.exact


def test_a_plan_that_rests_on_too_few_particles_is_not_proposed():
    """One trick leaves one particle of yes; the other does less, on all of them."""
    log_factor = np.zeros((2, 20), dtype=np.float32)
    log_factor[0, 0], log_factor[1, :10] = 8.0, 1.0
    p = replace(
        problem(np.random.default_rng(1), n_tricks=2, n=20),
        log_factor=log_factor,
        weight=np.full(20, 0.05),
        truth=np.repeat([1.0, 0.0], 10),
        cost=np.ones(2),
        needs=((), ()),
        clash=np.zeros((2, 2), dtype=bool),
        group=np.arange(2),
    )
    assert best_plan(p, 1.0, up=True).plan == (0,)
    assert best_plan(replace(p, least_effective=(5.0, 5.0)), 1.0, up=True).plan == (1,)
