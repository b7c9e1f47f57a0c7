"""Pools of forecasters: known values, laws, and what fitting gains on questions it has not seen."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from tocsin.score.coherent import Nearness, coherentise, worlds
from tocsin.score.inputs import ScoreError
from tocsin.score.pool import CAP, POOLS, best_single, fit_extremised, fit_weighted, linear_pool, log_pool
from tocsin.score.proper import brier, log_score_binary

INSIDE = st.floats(0.01, 0.99)


def matrix(rows, columns):
    return st.lists(st.lists(INSIDE, min_size=columns, max_size=columns), min_size=rows, max_size=rows).map(
        np.array
    )


# Genest and Zidek (1986): odds of the logarithmic pool are the geometric mean of the odds; 1/4 and 4 give 1.
def test_the_logarithmic_pool_of_opposite_forecasts_is_even():
    assert log_pool(2)([[0.2, 0.8]]) == pytest.approx([0.5])
    assert linear_pool(2)([[0.2, 0.8]]) == pytest.approx([0.5])


# Baron et al. (2014): p^a / (p^a + (1 - p)^a).
def test_extremising_raises_the_odds_to_a_power():
    p, a = 0.7, 2.5
    assert log_pool(1, a)([[p]]) == pytest.approx([p**a / (p**a + (1 - p) ** a)])


@pytest.mark.parametrize("kind", POOLS)
class TestEveryPool:
    @given(P=matrix(12, 3))
    @settings(max_examples=20, deadline=None)
    def test_it_gives_probabilities(self, kind, P):
        pooled = POOLS[kind](P, np.arange(12) % 2)(P)
        assert pooled.shape == (12,)
        assert ((pooled >= 0.0) & (pooled <= 1.0)).all()

    @given(P=matrix(12, 3))
    @settings(max_examples=20, deadline=None)
    def test_the_order_of_forecasters_does_not_matter(self, kind, P):
        y = np.arange(12) % 2
        turned = P[:, [2, 0, 1]]
        assert POOLS[kind](P, y)(P) == pytest.approx(POOLS[kind](turned, y)(turned), abs=1e-4)

    def test_yes_and_no_are_treated_alike(self, kind):
        P = np.random.default_rng(1).random((30, 3))
        y = np.arange(30) % 2
        turned = POOLS[kind](1 - P, 1 - y)(1 - P)
        assert POOLS[kind](P, y)(P) == pytest.approx(1 - turned, abs=1e-4)

    def test_who_gave_no_answer_is_left_out(self, kind):
        pool = POOLS[kind](np.full((4, 2), 0.5), [0, 1, 0, 1])
        assert pool([[0.3, np.nan]]) == pytest.approx(pool([[0.3, 0.3]]))

    def test_certainty_does_not_silence_the_rest(self, kind):
        pool = POOLS[kind](np.full((4, 2), 0.5), [0, 1, 0, 1])
        assert 0.0 < pool([[1.0, 0.1]])[0] < 1.0

    @pytest.mark.parametrize(
        ("P", "told"),
        [
            ([[0.1, 1.2]], "outside 0 to 1"),
            ([[np.nan, np.nan]], "no answer at all in row 0"),
            ([[0.1, 0.2, 0.3]], "found 3 forecasters; expected the 2"),
            ([0.1, 0.2], "expected one row a question"),
        ],
    )
    def test_what_cannot_be_pooled_is_refused(self, kind, P, told):
        pool = POOLS[kind](np.full((4, 2), 0.5), [0, 1, 0, 1])
        with pytest.raises(ScoreError) as refusal:
            pool(P)
        assert told in str(refusal.value)


def private_signals(n, forecasters, seed):
    """Forecasters who each know another part of what decides a question, and say what they know exactly.

    A question's log-odds are the sum of independent parts, and each forecaster sees one: the pool that knows
    all is the sum, an exponent of M on the mean of log-odds (Satopaa et al. 2014, section 2).
    """
    rng = np.random.default_rng(seed)
    outcome = rng.integers(2, size=n)
    # Normal signals of distance d have log-odds d x, and independent ones add up.
    signal = (2 * outcome[:, None] - 1) * 0.5 + rng.normal(size=(n, forecasters))
    return expit(signal), outcome


# The exponent's standard error at 4,000 questions is below 0.1, by the curvature of the log score.
def test_the_exponent_of_independent_knowledge_is_recovered():
    P, y = private_signals(4000, 5, seed=2)
    assert sum(fit_extremised(P, y).coefficients) == pytest.approx(5.0, abs=0.4)


def test_repeated_knowledge_is_not_extremised():
    P, y = private_signals(4000, 1, seed=3)
    assert sum(fit_extremised(np.repeat(P, 5, axis=1), y).coefficients) == pytest.approx(1.0, abs=0.2)


def test_a_useless_forecaster_loses_its_weight():
    P, y = private_signals(2000, 2, seed=4)
    noise = np.random.default_rng(5).random((2000, 1))
    told = fit_weighted(np.hstack([P, noise]), y).coefficients
    assert told[2] < 0.1 * min(told[:2])


def test_fitted_pools_beat_the_best_single_forecaster_on_new_questions():
    P, y = private_signals(600, 5, seed=6)
    seen, new = slice(0, 300), slice(300, 600)
    single = brier(P[new, best_single(P[seen], y[seen])], y[new]).mean()
    for kind in ("extremised", "weighted"):
        assert brier(POOLS[kind](P[seen], y[seen])(P[new]), y[new]).mean() < single


def test_a_few_lucky_questions_do_not_make_it_certain():
    pool = fit_extremised([[0.7, 0.8], [0.2, 0.1]], [1, 0])
    assert sum(pool.coefficients) < 5.0


def test_the_best_single_forecaster_may_have_answered_little():
    assert best_single([[0.4, np.nan], [0.4, 0.1]], [0, 0]) == 1


# Two nested events said the wrong way round move to their mean under squares.
def test_nested_events_meet_in_the_middle():
    nested = worlds(2, implies=[(0, 1)])
    assert coherentise([0.6, 0.4], nested, "squares") == pytest.approx([0.5, 0.5], abs=1e-6)


# Squares on a partition: subtract the excess evenly. 0.5 + 0.4 + 0.3 = 1.2, so 1/15 from each.
def test_a_partition_sums_to_one():
    told = coherentise([0.5, 0.4, 0.3], worlds(3, partitions=[(0, 1, 2)]), "squares")
    assert told == pytest.approx(np.array([0.5, 0.4, 0.3]) - 0.2 / 3, abs=1e-6)


# Kullback-Leibler on two events of which one implies the other: both take the mean of log-odds.
def test_nested_events_meet_at_the_mean_log_odds():
    told = coherentise([0.6, 0.2], worlds(2, implies=[(0, 1)]), "kl")
    middle = expit(logit([0.6, 0.2]).mean())
    assert told == pytest.approx([middle, middle], abs=1e-5)


RELATIONS = [
    {"implies": [(0, 1), (1, 2)]},
    {"partitions": [(0, 1, 2)]},
    {"excludes": [(0, 1)], "implies": [(0, 2), (1, 2)]},
]


@given(p=st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3), relations=st.sampled_from(RELATIONS))
@settings(max_examples=60, deadline=None)
def test_coherence_never_costs_whatever_comes_true(p, relations):
    """Predd et al. (2009), theorem 1, in every world that can be."""
    allowed = worlds(3, **relations)
    scores: tuple[tuple[Nearness, Any], ...] = (("squares", brier), ("kl", log_score_binary))
    for nearness, score in scores:
        told = np.clip(coherentise(p, allowed, nearness), 1e-9, 1 - 1e-9)
        for world in allowed:
            assert score(told, world).sum() <= score(p, world).sum() + 1e-4


@given(p=st.lists(st.floats(CAP, 1 - CAP), min_size=3, max_size=3), relations=st.sampled_from(RELATIONS))
@settings(max_examples=40, deadline=None)
def test_what_is_coherent_stays(p, relations):
    allowed = worlds(3, **relations)
    mixture = np.resize(np.array(p), len(allowed))
    fits = mixture @ allowed / mixture.sum()
    fits = np.clip(fits, CAP, 1 - CAP)
    if all(0.01 < x < 0.99 for x in fits):
        assert coherentise(fits, allowed) == pytest.approx(fits, abs=2e-3)
        assert coherentise(fits, allowed, "squares") == pytest.approx(fits, abs=2e-3)


def test_worlds_are_counted_out():
    assert len(worlds(3)) == 8
    assert {tuple(world) for world in worlds(2, partitions=[(0, 1)])} == {(0.0, 1.0), (1.0, 0.0)}
    assert all(list(world) == sorted(world) for world in worlds(5, implies=itertools.pairwise(range(5))))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"events": 13}, "expected 1 to 12"),
        ({"events": 9}, "found 512 ways"),
        ({"events": 2, "implies": [(0, 2)]}, "found a relation with event 2"),
        ({"events": 2, "partitions": [(0,), (1,)], "excludes": [(0, 1)]}, "contradict each other"),
    ],
)
def test_relations_that_cannot_be_are_refused(asked, told):
    with pytest.raises(ScoreError) as refusal:
        worlds(asked.pop("events"), **asked)
    assert told in str(refusal.value)
