"""Rivals that learn use what there is to learn, and see no more than the past in their features."""

import numpy as np
import pytest

from tests.events.backtest.panels import panel_of, restless
from tocsin.events.backtest.counting import Climatology
from tocsin.events.backtest.features import features
from tocsin.events.backtest.learners import Boosting, Logit, one_thread
from tocsin.events.backtest.walk import cut, walk
from tocsin.score.proper import log_score


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    monkeypatch.setattr(Boosting, "rounds", 25)


def score(forecaster, panel, train):
    until = panel.rung.shape[1]
    made = walk(forecaster, panel, train=train, until=until, horizons=(1,))
    rung = panel.rung[:, made.origins + 1].astype(int)
    return float(log_score(made.chances[:, :, 0].reshape(-1, 7), rung.ravel()).mean())


def test_features_of_a_week_do_not_change_with_later_weeks():
    panel = restless(1, T=120)
    assert np.array_equal(features(panel)[:, :80], features(cut(panel, 80)))


def test_features_tell_the_reverse_dyad_s_week():
    rung = np.zeros((2, 20), dtype=int)
    rung[1, 19] = 5
    told = features(panel_of(rung))
    assert (told[0, 19] != told[0, 18]).any()
    assert 5.0 in told[0, 19]


@pytest.mark.parametrize("learner", [Logit, Boosting])
def test_a_learner_learns_that_dyads_stay_where_they_are(learner):
    """Weekly rungs stay with chance 0.8, which climatology does not know: 0.67 and 0.76 nats here."""
    panel = restless(7, D=6, T=320)
    assert score(learner(1), panel, 260) < score(Climatology(), panel, 260) - 0.3


@pytest.mark.parametrize("learner", [Logit, Boosting])
def test_the_order_of_dyads_changes_little(learner):
    """Up to where an optimiser stops, and to ties between equally good splits of a tree."""
    panel = restless(8, D=6, T=200)
    moved = [4, 5, 0, 1, 2, 3]
    answers = [
        walk(learner(1), one, train=170, until=200, horizons=(1,)).chances
        for one in (panel, panel_of(panel.rung[moved]))
    ]
    assert np.abs(answers[1] - answers[0][moved]).mean() < 0.01


@pytest.mark.parametrize("learner", [Logit, Boosting])
def test_a_past_that_knows_one_rung_only_is_expected_to_go_on(learner):
    made = walk(learner(1), panel_of(np.zeros((2, 120))), train=90, until=120, horizons=(1, 4))
    assert made.chances[..., 0].min() > 0.99


def test_the_libraries_below_are_kept_to_one_thread():
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped] # it has no types

    with one_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}
