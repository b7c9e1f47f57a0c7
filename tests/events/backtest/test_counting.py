"""Rivals that count give the shares that one can count by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.events.backtest.panels import panel_of, restless
from tocsin.events.backtest.counting import STRENGTHS, Climatology, Markov, Trailing, climatology

L = 7


def at(*weeks):
    return np.array(weeks, dtype=np.int64)


def test_climatology_is_the_share_of_weeks_so_far():
    # By hand: the dyad was at 0, 0, 2; its reverse at 0, 0, 0. Theatre: 5 of 6 weeks at 0 and one at 2,
    # with half a week more at each of seven rungs.
    panel = panel_of([[0, 0, 2, 5], [0, 0, 0, 5]])
    theatre = (np.array([5, 0, 1, 0, 0, 0, 0]) + 0.5) / (6 + 3.5)
    chances = climatology(panel, at(2), 2.0)
    assert chances[0, 0] == pytest.approx((np.array([2, 0, 1, 0, 0, 0, 0]) + 2 * theatre) / (3 + 2))
    assert chances[1, 0] == pytest.approx((np.array([3, 0, 0, 0, 0, 0, 0]) + 2 * theatre) / (3 + 2))


def test_trailing_forgets_what_is_more_than_a_year_old():
    rung = np.zeros((2, 60), dtype=int)
    rung[0, 7], rung[1, 8] = 4, 4  # the first just before the 52 weeks up to week 59, the other just within
    chances = Trailing().chances(panel_of(rung), at(59), 1, 0.0)
    assert chances[0, 0, 4] == 0.0
    assert chances[1, 0, 4] == pytest.approx(1 / 52)


def test_a_chain_that_alternates_is_foreseen_at_odd_and_even_horizons():
    rung = np.tile([0, 3], 100)[None].repeat(2, axis=0)
    for horizon, expected in ((1, 3), (2, 0), (5, 3), (12, 0)):
        chances = Markov().chances(panel_of(rung), at(198), horizon, 0.5)
        assert chances[0, 0].argmax() == expected
        assert chances[0, 0, expected] > 0.7


def test_a_chain_of_one_step_counts_moves():
    # By hand: from 0 the dyad went to 0 twice and to 1 once; its reverse never moved from 0, three times.
    panel = panel_of([[0, 0, 0, 1], [0, 0, 0, 0]])
    theatre = (np.array([7, 1, 0, 0, 0, 0, 0]) + 0.5) / (8 + 3.5)
    pooled = (np.array([5, 1, 0, 0, 0, 0, 0]) + 3.5 * theatre) / (6 + 3.5)
    reverse = (np.array([3, 0, 0, 0, 0, 0, 0]) + 2 * pooled) / (3 + 2)
    assert Markov().chances(panel, at(3), 1, 2.0)[1, 0] == pytest.approx(reverse)


def test_the_strength_is_chosen_by_the_last_weeks_fitted_on():
    """Where dyads are alike the theatre says more than a dyad alone; where each has its own rung, nothing."""
    rng = np.random.default_rng(3)
    alike = panel_of(rng.choice(L, p=[0.6, 0.1, 0.1, 0.1, 0.05, 0.03, 0.02], size=(20, 60)))
    apart = panel_of(np.repeat(rng.permutation(np.arange(20) % L), 60).reshape(20, 60))
    chosen = []
    for panel in (alike, apart):
        rival = Climatology()
        rival.fit(panel, 60)
        rival.forecast(panel, at(59), (1,))
        chosen.append(rival.strengths[1])
    assert chosen[0] >= 50
    assert chosen[1] == STRENGTHS[0]


@given(seed=st.integers(0, 10_000), order=st.permutations(range(3)))
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("rival", [Climatology, Trailing, Markov])
def test_the_order_of_dyads_changes_nothing(rival, seed, order):
    panel = restless(seed, D=6, T=70)
    moved = [2 * k + side for k in order for side in (0, 1)]
    relabelled = panel_of(panel.rung[moved])
    answers = []
    for one in (panel, relabelled):
        forecaster = rival()
        forecaster.fit(one, 70)
        answers.append(forecaster.forecast(one, at(60, 69), (1, 4)))
    assert answers[0].sum(-1) == pytest.approx(1.0)
    assert answers[1] == pytest.approx(answers[0][moved])
