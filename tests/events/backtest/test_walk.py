"""No forecaster sees what comes after, and the walk notices one that does."""

from dataclasses import replace

import numpy as np
import pytest

from tests.events.backtest.panels import restless
from tocsin.events.backtest.learners import Boosting
from tocsin.events.backtest.rivals import FORECASTERS, forecasters
from tocsin.events.backtest.walk import FLOOR, LookAheadError, cut, floored, origins_of, walk

TRAIN, OTHERWISE, UNTIL = 110, 125, 140


def scrambled(panel, first, seed):
    """The same panel with another course of events from week `first` on."""
    other = restless(seed, D=len(panel.dyads), T=panel.rung.shape[1], stay=0.1)
    return replace(
        panel,
        counts=np.concatenate([panel.counts[:, :first], 3 * other.counts[:, first:]], axis=1),
        rung=np.concatenate([panel.rung[:, :first], other.rung[:, first:]], axis=1),
        volume=np.concatenate([panel.volume[:first], 9 * other.volume[first:]]),
    )


@pytest.fixture(scope="module", params=FORECASTERS)
def walks(request):
    """Forecasts of one forecaster, of the same again, and of a past that goes on otherwise."""
    panel = restless(1, D=2, T=UNTIL)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Boosting, "rounds", 5)
        for one in (panel, panel, scrambled(panel, OTHERWISE, seed=9)):
            made = forecasters(1, [request.param])
            if not made:
                pytest.skip(f"the forecaster {request.param} is not installed")
            found.append(walk(made[0], one, train=TRAIN, until=UNTIL, horizons=(1, 4)))
    return found


def test_a_scrambled_future_changes_no_forecast_made_before_it(walks):
    true, _, other = walks
    known = true.origins < OTHERWISE
    assert known.sum() == OTHERWISE - TRAIN + 1
    assert np.abs(other.chances[:, known] - true.chances[:, known]).max() < 1e-9


def test_what_is_seen_does_change_forecasts(walks):
    """Else the scrambled future would prove nothing."""
    true, _, other = walks
    late = true.origins > OTHERWISE + 4
    assert np.abs(other.chances[:, late] - true.chances[:, late]).max() > 0.01


def test_every_forecast_is_a_set_of_chances_above_the_floor(walks):
    true, *_ = walks
    assert true.chances.shape == (2, UNTIL - TRAIN, 2, 7)
    assert true.chances.sum(-1) == pytest.approx(1.0)
    assert true.chances.min() >= FLOOR / 7 * (1 - 1e-9)


def test_the_same_numbers_come_twice(walks):
    true, again, _ = walks
    assert np.array_equal(true.chances, again.chances)


class Cheat:
    """Knows the last week of whatever it is handed."""

    name = "cheat"

    def fit(self, panel, train):
        self.fitted = panel.rung.shape[1]

    def forecast(self, panel, origins, horizons):
        sure = np.eye(7)[panel.rung[:, -1]]
        return np.broadcast_to(sure[:, None, None], (len(panel.dyads), len(origins), len(horizons), 7)).copy()


def test_a_forecaster_that_looks_ahead_is_caught():
    with pytest.raises(LookAheadError, match="cheat forecasts otherwise from week"):
        walk(Cheat(), restless(4, stay=0.0), train=TRAIN, until=UNTIL, horizons=(1,))


def test_a_forecaster_is_fitted_without_the_test():
    cheat = Cheat()
    with pytest.raises(LookAheadError):
        walk(cheat, restless(4, stay=0.0), train=TRAIN, until=UNTIL, horizons=(1,))
    assert cheat.fitted == TRAIN


def test_no_origin_lies_before_the_end_of_what_was_fitted_and_no_target_after_the_test():
    origins = origins_of(100, 110, (1, 4))
    assert origins.tolist() == list(range(99, 109))


def test_a_cut_panel_ends_where_it_says():
    panel = cut(restless(5), 30)
    assert (panel.rung.shape[1], panel.counts.shape[1], len(panel.weeks), len(panel.volume)) == (
        30,
        30,
        30,
        30,
    )


def test_the_floor_keeps_chances_chances():
    assert floored(np.eye(7)).sum(-1) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "wrong", [np.full((4, 30, 1, 7), 0.2), -np.ones((4, 30, 1, 7)), np.ones((4, 30, 1, 6)) / 6]
)
def test_what_is_no_set_of_chances_is_refused(wrong):
    class Wrong(Cheat):
        name = "wrong"

        def forecast(self, panel, origins, horizons):
            return wrong

    with pytest.raises(AssertionError, match="wrong"):
        walk(Wrong(), restless(4, T=UNTIL), train=TRAIN, until=UNTIL, horizons=(1,))
