"""The base distribution of deaths."""

import json
from dataclasses import asdict, replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.events.deaths import (
    MOST,
    QUIET_MONTHS,
    REMEMBERED,
    DeathsError,
    base_distribution,
    fitted_model,
    months_since,
    onset_chance,
    onset_sizes,
)

WAR = [400, 600, 500, 700, 650, 500, 550, 450, 620, 580, 610, 530]
HISTORIES = st.lists(st.integers(0, 5000), min_size=1, max_size=90)
# Nothing drifts, spreads or breaks out, and a month counts as it was: what is left is the weighted past.
BARE = replace(
    fitted_model(),
    own_month=1.0,
    drift_per_month=0.0,
    drift_by_level=0.0,
    noise=1e-9,
    noise_per_root_month=0.0,
    onset_constant=-50.0,
    onset_by_gap=0.0,
)


@given(history=HISTORIES, horizon=st.integers(1, 24))
def test_draws_are_counts_of_people(history, horizon):
    draws = base_distribution(history, horizon, draws=50)
    assert draws.shape == (50,)
    assert draws.dtype == np.int64
    assert (draws >= 0).all()
    assert (draws <= MOST).all()


@given(history=HISTORIES, seed=st.integers(0, 5))
def test_the_same_seed_gives_the_same_draws(history, seed):
    one, two = (base_distribution(history, [3, 9], draws=40, seed=seed) for _ in range(2))
    assert (one == two).all()


@given(one=HISTORIES, two=HISTORIES)
def test_a_country_is_forecast_alone(one, two):
    """Neighbouring rows of a table of countries change nothing; shorter ones are cut to one length."""
    T = min(len(one), len(two))
    table = base_distribution([one[:T], two[:T]], [3, 14], draws=30)
    assert (table[0] == base_distribution(one[:T], [3, 14], draws=30)).all()
    assert (table[1] == base_distribution(two[:T], [3, 14], draws=30)).all()


def test_another_seed_gives_other_draws():
    assert (base_distribution(WAR, 6, seed=1) != base_distribution(WAR, 6, seed=2)).any()


def test_one_horizon_of_several_is_that_horizon():
    several = base_distribution(WAR, [3, 8, 14])
    assert (several[1] == base_distribution(WAR, 8)).all()


def test_without_noise_it_is_the_weighted_past():
    """Shares of the draws are the months' weights, to the one draw in a thousand that a grid may miss."""
    model = replace(BARE, memory_months=2.0, long_memory_share=0.0)
    draws = base_distribution([1, 2, 3], 5, model=model, draws=1000)
    weights = np.exp([-1.0, -0.5, 0.0])
    weights /= weights.sum()
    shares = [(draws == value).mean() for value in (1, 2, 3)]
    assert shares == pytest.approx(weights.tolist(), abs=2e-3)


def test_equal_weights_of_a_year_are_conflictology():
    """With a very long memory the bare model draws each of twelve months as often as any other."""
    model = replace(BARE, memory_months=1e9, long_memory_months=1e9)
    draws = base_distribution(WAR, 5, model=model, draws=1200)
    assert sorted(set(draws.tolist())) == sorted(set(WAR))
    assert np.unique(draws, return_counts=True)[1].min() >= 99


def test_drift_moves_the_middle_as_it_says():
    model = replace(BARE, drift_per_month=-0.1)
    flat = base_distribution([1000] * 12, 10, model=model)
    assert np.median(flat) == pytest.approx(1000 * np.exp(-1.0), rel=0.01)


def test_noise_spreads_the_log_as_it_says():
    """Standard deviation of the log of 4,000 draws, spread evenly, so that its own error is below 1 %."""
    model = replace(BARE, noise=0.3, noise_per_root_month=0.1, noise_by_level=0.0, tail=1e-6)
    draws = base_distribution([100_000] * 12, 9, model=model, draws=4000)
    assert np.log(draws).std() == pytest.approx(np.hypot(0.3, 0.3), rel=0.01)


def test_uncertainty_grows_with_the_horizon():
    widths = [np.diff(np.quantile(d, [0.05, 0.95]))[0] for d in base_distribution(WAR, [1, 6, 12, 24])]
    ratios = [w / np.median(d) for w, d in zip(widths, base_distribution(WAR, [1, 6, 12, 24]), strict=True)]
    assert ratios == sorted(ratios)


def test_months_too_long_ago_to_be_remembered_do_not_count():
    past = [0] * REMEMBERED
    assert (base_distribution([9000, *past], 6) == base_distribution([1, *past], 6)).all()


def test_chance_of_an_outbreak_is_the_share_of_draws_with_deaths():
    model = fitted_model()
    for quiet in (12, 60, 300):
        draws = base_distribution([0] * quiet, 6, draws=10_000)
        said = float(onset_chance(quiet, model))
        assert (draws > 0).mean() == pytest.approx(said, abs=2e-4)


def test_the_longer_the_quiet_the_smaller_the_chance_of_an_outbreak():
    chances = onset_chance(np.array([12, 24, 60, 120, 400]), fitted_model())
    assert (np.diff(chances) < 0).all()
    assert onset_chance(0, fitted_model()) == onset_chance(QUIET_MONTHS, fitted_model())


@given(u=st.floats(1e-9, 1 - 1e-9))
def test_an_outbreak_kills_at_least_one(u):
    assert onset_sizes(np.array([u]), fitted_model())[0] >= 1


def test_months_since_counts_from_the_last_known_month():
    assert months_since([0, 5, 0, 0, 0]).tolist() == [3.0]


@pytest.mark.parametrize(
    ("history", "horizon", "told"),
    [
        ([], 3, "shape"),
        ([1.0, -2.0], 3, "-2 at"),
        ([1.0, float("nan")], 3, "nan at"),
        ([1.0], 0, "from 1 to 24"),
        ([1.0], [3, 25], "from 1 to 24"),
        ([1.0], [], "from 1 to 24"),
    ],
)
def test_what_cannot_be_forecast_is_refused(history, horizon, told):
    with pytest.raises(DeathsError, match=told):
        base_distribution(history, horizon)
    with pytest.raises(DeathsError, match="at least one"):
        base_distribution([1.0], 3, draws=0)


@pytest.mark.parametrize(
    ("name", "value"), [("memory_months", 0.0), ("tail", float("nan")), ("own_month", 1.5)]
)
def test_a_model_that_cannot_be_is_refused(name, value):
    with pytest.raises(DeathsError, match=name):
        replace(fitted_model(), **{name: value})


def test_the_shipped_numbers_say_where_they_come_from():
    shipped = json.loads(files("tocsin.events").joinpath("data", "deaths.json").read_text(encoding="utf-8"))
    assert shipped["model"] == asdict(fitted_model())
    assert shipped["remade_by"] == "scripts/fit_deaths.py"
    assert all("UCDP" in source for source in shipped["sources"])
    assert max(row["window"] for row in shipped["walk_forward"]) == 2017
