"""Recalibration: the bent is straightened, the straight is left, and no forecast sees its own answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from tocsin.score.inputs import ScoreError
from tocsin.score.proper import log_score_binary
from tocsin.score.recalibrate import (
    RECALIBRATIONS,
    cross_fitted,
    fit_isotonic,
    fit_platt,
    once_each,
)


def bent(n, seed, shift=0.5, stretch=2.0):
    """Forecasts whose log-odds are `stretch` times too large and `shift` too high, and their outcomes."""
    rng = np.random.default_rng(seed)
    truth = rng.beta(1.0, 1.0, size=n)
    return expit(stretch * logit(truth) + shift), (rng.random(n) < truth).astype(int)


# The curvature of the log score at 4,000 forecasts gives standard errors below 0.04.
def test_platt_undoes_what_was_bent():
    found = fit_platt(*bent(4000, seed=1))
    assert found.yes == pytest.approx(0.5, abs=0.08)
    assert found.shift == pytest.approx(-0.25, abs=0.16)


@pytest.mark.parametrize("kind", RECALIBRATIONS)
class TestEveryRecalibration:
    def test_it_helps_an_overconfident_forecaster_on_new_questions(self, kind):
        p, y = bent(2000, seed=2)
        learned = RECALIBRATIONS[kind](p[:1000], y[:1000], None)
        before, after = (log_score_binary(q, y[1000:]).mean() for q in (p[1000:], learned(p[1000:])))
        assert after < before - 0.05

    @given(steps=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20).map(sorted))
    @settings(max_examples=25, deadline=None)
    def test_it_never_turns_an_order_round(self, kind, steps):
        p, y = bent(100, seed=3)
        learned = RECALIBRATIONS[kind](p, y, None)
        told = learned(steps)
        assert (np.diff(told) >= -1e-12).all()
        assert ((told > 0.0) & (told < 1.0)).all()

    def test_a_weight_is_as_good_as_a_copy(self, kind):
        p, y = bent(40, seed=4)
        counts = np.arange(40) % 3 + 1
        copied = RECALIBRATIONS[kind](np.repeat(p, counts), np.repeat(y, counts), None)
        weighted = RECALIBRATIONS[kind](p, y, counts)
        assert weighted(p) == pytest.approx(copied(p), abs=1e-4)

    def test_outcomes_of_one_kind_do_not_make_it_certain(self, kind):
        told = RECALIBRATIONS[kind]([0.1, 0.2, 0.3], [0, 0, 0], None)([0.2])
        assert 0.01 < told[0] < 0.2

    def test_no_forecast_sees_its_own_answer(self, kind):
        """Turning round the answers of one question leaves its own recalibrated forecasts as they were."""
        p, y = bent(120, seed=5)
        question = np.arange(120) // 3
        y = y[question * 3]
        turned = np.where(question == 7, 1 - y, y)
        before, after = (
            cross_fitted(p, answers, question, RECALIBRATIONS[kind], seed=1) for answers in (y, turned)
        )
        assert after[question == 7] == pytest.approx(before[question == 7], abs=1e-12)
        assert not np.allclose(after, before, atol=1e-6)


# Pool-adjacent-violators by hand: 0, 1, 0 become 0, 1/2, 1/2; the lowest is raised to 0.5 / (3 + 1).
def test_isotonic_steps_of_three():
    told = fit_isotonic([0.1, 0.5, 0.9], [0, 1, 0])
    assert told([0.1, 0.5, 0.9]) == pytest.approx([0.125, 0.5, 0.5])


def test_a_right_forecaster_is_left_alone():
    rng = np.random.default_rng(6)
    p = rng.random(3000)
    found = fit_platt(p, (rng.random(3000) < p).astype(int))
    # Four standard errors, which the curvature gives as 0.045 for both.
    assert found.yes == pytest.approx(1.0, abs=0.18)
    assert found.shift == pytest.approx(0.0, abs=0.18)


def test_every_question_counts_once():
    assert once_each(["b", "a", "b", "b"]).tolist() == pytest.approx([1 / 3, 1, 1 / 3, 1 / 3])


@pytest.mark.parametrize(("folds", "told"), [(1, "from 2 to the 3"), (4, "from 2 to the 3")])
def test_folds_that_cannot_be_are_refused(folds, told):
    with pytest.raises(ScoreError, match=told):
        cross_fitted(
            [0.1, 0.2, 0.3], [0, 1, 0], ["a", "b", "c"], RECALIBRATIONS["platt"], seed=1, folds=folds
        )
