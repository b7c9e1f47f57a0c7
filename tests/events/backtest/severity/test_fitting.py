"""The fit of the base distribution sees windows before the challenge only, and finds what is there."""

from dataclasses import replace

import numpy as np
import pytest

from tests.events.backtest.severity import made_up
from tocsin.events.backtest.severity.challenge import month_number
from tocsin.events.backtest.severity.fitting import (
    HORIZONS,
    START,
    Window,
    _from_vector,
    _to_vector,
    fit,
    fit_outbreaks,
    mean_crps,
    ratios,
    training_windows,
)
from tocsin.events.backtest.severity.history import FIRST_MONTH, read_sources
from tocsin.events.deaths import FloatArray, base_distribution, fitted_model, onset_chance, onset_sizes


@pytest.fixture(scope="module")
def windows(challenge):
    return training_windows(read_sources(challenge), (2010, 2014, 2017))


def test_the_windows_of_the_challenge_are_refused(challenge):
    with pytest.raises(AssertionError, match="no window to fit to"):
        training_windows(read_sources(challenge), (2017, 2018))


def test_nothing_from_2018_on_reaches_the_fit(challenge, windows, tmp_path):
    deaths, other = made_up.truth(), made_up.truth(seed=8) + 5
    first = month_number(2018, 1) - FIRST_MONTH
    deaths[:, first:] = other[:, first:]
    scrambled = training_windows(read_sources(made_up.write(tmp_path, deaths)), (2010, 2014, 2017))
    for one, two in zip(windows, scrambled, strict=True):
        assert (one.past == two.past).all()
        assert (one.came == two.came).all()


def test_a_window_is_forecast_from_october(windows):
    one = next(w for w in windows if w.year == 2014)
    assert one.past.shape[1] == month_number(2013, 10) - FIRST_MONTH + 1
    assert HORIZONS[0] == 3


def test_sharing_the_forecast_of_quiet_countries_changes_nothing(windows):
    """The shortcut of the fit against the plain computation on every country."""
    model = fitted_model()
    for window in windows[:2]:
        draws = base_distribution(window.past, HORIZONS, draws=100, seed=1, model=model)
        plain = mean_crps(window.came, draws) / window.conflictology
        assert ratios(model, [window])[0] == pytest.approx(plain, rel=1e-9)


def test_the_search_space_holds_every_model():
    again = _from_vector(_to_vector(START), START)
    assert again.memory_months == pytest.approx(START.memory_months)
    assert again.long_memory_share == pytest.approx(START.long_memory_share)
    assert again.drift_by_level == pytest.approx(START.drift_by_level)
    assert again.tail == pytest.approx(START.tail)


def test_the_fit_does_no_worse_than_where_it_began(windows):
    begun = fit_outbreaks(windows)
    found = fit(windows, evaluations=30)
    assert np.log(ratios(found, windows)).mean() <= np.log(ratios(begun, windows)).mean()


def drawn_outbreaks(seed: int) -> tuple[Window, ...]:
    """Quiet countries whose outbreaks follow the model that is to be found again."""
    rng = np.random.default_rng(seed)
    truth = replace(
        START, onset_constant=0.8, onset_by_gap=-1.1, onset_size_location=2.5, onset_size_scale=1.5
    )
    answer = []
    for year in range(2000, 2010):
        gaps = rng.integers(12, 300, 400)
        past: FloatArray = np.zeros((400, 301))
        past[np.arange(400), 300 - gaps] = 5.0
        breaks_out = rng.uniform(size=(400, 12)) < onset_chance(gaps, truth)[:, None]
        came = breaks_out * onset_sizes(rng.uniform(size=(400, 12)), truth)
        answer.append(Window(series="state-based", year=year, past=past, came=came, conflictology=1.0))
    return tuple(answer)


def test_known_outbreaks_are_found_again():
    """48,000 months with about 1,000 outbreaks: within four standard errors, 0.25 for the slope as measured
    over 20 seeds, 4 × 1.5 / sqrt(1000) = 0.19 for the size, which the cut at one death widens a little."""
    found = fit_outbreaks(drawn_outbreaks(4))
    assert found.onset_by_gap == pytest.approx(-1.1, abs=0.25)
    assert found.onset_size_location == pytest.approx(2.5, abs=0.25)
    assert found.onset_size_scale == pytest.approx(1.5, abs=0.2)
