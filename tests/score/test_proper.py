"""Scores against known values, and the laws that make a score proper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.score.inputs import ScoreError
from tocsin.score.proper import brier, crps_draws, log_score, log_score_binary, rps

P = st.floats(0.01, 0.99)


@st.composite
def distributions(draw, least=2, most=7):
    """Class probabilities, none of them tiny."""
    size = draw(st.integers(least, most))
    raw = np.array(draw(st.lists(st.floats(0.05, 1.0), min_size=size, max_size=size)))
    return raw / raw.sum()


@st.composite
def pairs_of_distributions(draw):
    one = draw(distributions())
    other = draw(distributions(least=len(one), most=len(one)))
    return one, other


# Wilks, Statistical Methods in the Atmospheric Sciences (2011), 8.4.2: the score of a probability is its
# squared distance from the outcome.
def test_brier_of_known_forecasts():
    assert brier([0.7, 0.7, 0.0, 1.0], [1, 0, 0, 0]) == pytest.approx([0.09, 0.49, 0.0, 1.0])


def test_log_score_of_known_forecasts():
    assert log_score_binary([0.5, 0.25], [1, 0]) == pytest.approx([np.log(2.0), np.log(4.0 / 3.0)])
    assert log_score([[0.5, 0.25, 0.25]], [2]) == pytest.approx([np.log(4.0)])


def test_certain_and_wrong_costs_infinity_without_a_warning():
    assert np.isposinf(log_score_binary([1.0, 0.0], [0, 1])).all()
    assert np.isposinf(log_score([[1.0, 0.0]], [1])).all()


# The documented example of scoringrules' rps_score, class 3 of 4 counted from 1.
def test_rps_of_a_known_forecast():
    assert rps([[0.1, 0.2, 0.3, 0.4]], [2]) == pytest.approx([0.26])


def test_rps_of_two_classes_is_the_brier_score():
    chance, outcome = np.array([0.1, 0.6, 0.9]), np.array([0, 1, 0])
    assert rps(np.stack([1 - chance, chance], axis=1), outcome) == pytest.approx(brier(chance, outcome))


def test_crps_of_one_draw_is_the_absolute_error():
    assert crps_draws([3.0, -1.0], [[5.0], [1.0]]) == pytest.approx([2.0, 2.0])


# E|X - y| - E|X - X'| / 2 by hand, X equally likely 0, 1, 4 and y = 2: 5/3 - 16/18.
def test_crps_of_three_draws():
    assert crps_draws([2.0], [[4.0, 0.0, 1.0]]) == pytest.approx([5.0 / 3.0 - 8.0 / 9.0])


# Gneiting et al. (2005), Monthly Weather Review 133, 1098-1118, eq. 5: for a standard normal forecast and the
# outcome 0 the CRPS is 2 phi(0) - 1 / sqrt(pi). 4 standard errors at 40,000 draws: the score's own scatter
# is below sd(|X|) / sqrt(40,000) = 0.6 / 200.
def test_crps_of_many_normal_draws_is_the_normal_one():
    draws = np.random.default_rng(3).normal(size=(1, 40_000))
    assert crps_draws([0.0], draws)[0] == pytest.approx(
        2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi), abs=0.012
    )


@given(truth=P, said=P)
@settings(deadline=None)
def test_the_truth_minimises_the_expected_score_of_yes_and_no(truth, said):
    weight = np.array([truth, 1.0 - truth])
    for score in (brier, log_score_binary):
        honest, other = (float(weight @ score([p, p], [1, 0])) for p in (truth, said))
        assert honest <= other + 1e-12


@given(pair=pairs_of_distributions())
@settings(deadline=None)
def test_the_truth_minimises_the_expected_score_of_classes(pair):
    truth, said = pair
    came = np.arange(len(truth))
    for score in (log_score, rps):
        honest, other = (float(truth @ score(np.tile(p, (len(p), 1)), came)) for p in (truth, said))
        assert honest <= other + 1e-9


@given(
    draws=st.lists(st.integers(-5, 5), min_size=1, max_size=6), said=st.lists(st.integers(-5, 5), min_size=1)
)
@settings(max_examples=50, deadline=None)
def test_the_truth_minimises_the_expected_score_of_draws(draws, said):
    outcomes = np.array(draws, dtype=float)
    honest = crps_draws(outcomes, np.tile(outcomes, (len(outcomes), 1))).mean()
    other = crps_draws(outcomes, np.tile(np.array(said, dtype=float), (len(outcomes), 1))).mean()
    assert honest <= other + 1e-9


@given(chances=distributions(least=3))
@settings(deadline=None)
def test_a_miss_by_more_rungs_costs_more(chances):
    # All the chance on the lowest class: the farther the outcome, the worse.
    sure = np.zeros_like(chances)
    sure[0] = 1.0
    scores = rps(np.tile(sure, (len(sure), 1)), np.arange(len(sure)))
    assert scores == pytest.approx(np.arange(len(sure)))


BINARY = {"brier": brier, "log": log_score_binary}
CLASSES = {"log of classes": log_score, "rps": rps}


@pytest.mark.parametrize("score", BINARY.values(), ids=BINARY)
class TestEveryBinaryScore:
    def test_there_is_one_number_for_each_forecast(self, score):
        assert score([0.2, 0.3, 0.4], [0, 1, 0]).shape == (3,)

    def test_certain_and_right_is_nought(self, score):
        assert score([1.0, 0.0], [1, 0]) == pytest.approx([0.0, 0.0])

    def test_yes_and_no_are_treated_alike(self, score):
        assert score([0.3], [1]) == pytest.approx(score([0.7], [0]))

    @pytest.mark.parametrize(
        ("p", "y", "told"),
        [
            ([1.2], [1], "p: found 1.2 at [0]; expected probabilities"),
            ([0.1, np.nan], [1, 0], "p: found nan at [1]"),
            ([0.1], [2], "y: found 2.0 at [0]; expected 0 or 1"),
            ([0.1], [np.nan], "y: found nan"),
            ([0.1, 0.2], [1], "found 2 and 1 rows"),
            ([[0.1]], [1], "p: found 2 dimensions; expected 1"),
            ([], [], "found no forecast"),
        ],
    )
    def test_what_is_no_forecast_is_refused(self, score, p, y, told):
        with pytest.raises(ScoreError) as refusal:
            score(p, y)
        assert told in str(refusal.value)


@pytest.mark.parametrize("score", CLASSES.values(), ids=CLASSES)
class TestEveryScoreOfClasses:
    def test_certain_and_right_is_nought(self, score):
        assert score(np.eye(3), [0, 1, 2]) == pytest.approx([0.0, 0.0, 0.0])

    @pytest.mark.parametrize(
        ("P", "k", "told"),
        [
            ([[0.5, 0.4]], [0], "found a row sum of 0.9 at [0]"),
            ([[0.5, 0.5]], [2], "found class 2 at [0]; expected 0 to 1"),
            ([[0.5, 0.5]], [-1], "found class -1"),
            ([[0.5, 0.5]], [0.0], "expected one dimension of whole numbers"),
            ([0.5, 0.5], [0], "P: found 1 dimensions; expected 2"),
            ([[0.5, 0.5]], [0, 1], "found 1 and 2 rows"),
        ],
    )
    def test_what_is_no_forecast_is_refused(self, score, P, k, told):
        with pytest.raises(ScoreError) as refusal:
            score(P, k)
        assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("y", "draws", "told"),
    [
        ([np.nan], [[1.0]], "y: found nan"),
        ([1.0], [[np.inf]], "draws: found inf at [0, 0]"),
        ([1.0], np.empty((1, 0)), "draws: found none"),
        ([1.0, 2.0], [[1.0]], "found 2 and 1 rows"),
    ],
)
def test_draws_that_cannot_be_scored_are_refused(y, draws, told):
    with pytest.raises(ScoreError) as refusal:
        crps_draws(y, draws)
    assert told in str(refusal.value)
