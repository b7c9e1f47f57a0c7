"""Forecasts of the windows, scored beside the published ones; nothing after an origin moves any of them."""

from dataclasses import replace

import numpy as np
import pytest

from tests.events.backtest.severity import made_up
from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.severity.challenge import (
    CONFLICTOLOGY,
    FAIR,
    RIVALS,
    SAME_PAST,
    VINTAGES,
    WINDOWS,
    month_number,
    origin_of,
    read_actuals,
    read_draws,
    read_published,
)
from tocsin.events.backtest.severity.history import (
    FIRST_MONTH,
    agreement,
    known_by,
    read_sources,
)
from tocsin.events.backtest.severity.run import OURS, crps_of, forecast, score
from tocsin.events.backtest.severity.summary import Check, Verdict, column_of, row_columns, summarise


@pytest.fixture(scope="module")
def sources(challenge):
    return read_sources(challenge)


@pytest.fixture(scope="module")
def scored(challenge, sources):
    return score(challenge, sources, (2019, 2021), draws=200)


@pytest.fixture(scope="module")
def summary(challenge, scored):
    return summarise(scored, read_published(challenge), vintage="benchmark", draws=200, seed=1)


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("window", [2018, 2020])
def test_files_with_another_future_give_the_same_forecast(challenge, sources, tmp_path, window, vintage):
    """Every death after the origin is made anew in every file; the forecast must not notice."""
    deaths, other = made_up.truth(), made_up.truth(seed=8) + 5
    future = origin_of(window) - FIRST_MONTH + 1
    deaths[:, future:] = other[:, future:]
    scrambled = read_sources(made_up.write(tmp_path, deaths))
    one = forecast(sources, window, vintage=vintage, draws=100)
    assert (one == forecast(scrambled, window, vintage=vintage, draws=100)).all()


def test_files_with_another_past_give_another_forecast(sources, tmp_path):
    """The test above can fail: the last known month moves the forecast."""
    deaths = made_up.truth()
    deaths[:, origin_of(2020) - FIRST_MONTH] += 50
    changed = read_sources(made_up.write(tmp_path, deaths))
    assert (forecast(sources, 2020, draws=100) != forecast(changed, 2020, draws=100)).any()


def test_the_rivals_are_scored_on_their_own_draws(challenge, scored):
    one = scored[0]
    assert list(one.crps) == [OURS, *RIVALS, FAIR]
    draws = read_draws(challenge, CONFLICTOLOGY, one.countries, 2019)
    by_hand = np.abs(draws - one.came[..., None]).mean(2) - 0.5 * np.abs(
        draws[..., :, None] - draws[..., None, :]
    ).mean((2, 3))
    assert one.crps["conflictology-12"] == pytest.approx(by_hand)
    assert (one.crps["exactly zero"] == one.came).all()


def test_the_fair_score_counts_pairs_of_different_draws(challenge, scored):
    one = scored[0]
    draws = read_draws(challenge, CONFLICTOLOGY, one.countries, 2019)
    apart = np.abs(draws[..., :, None] - draws[..., None, :]).sum((2, 3)) / (12 * 11)
    by_hand = np.abs(draws - one.came[..., None]).mean(2) - 0.5 * apart
    assert one.crps[FAIR] == pytest.approx(by_hand, abs=1e-9)


def test_on_its_own_past_the_benchmark_is_not_scored_twice(challenge, sources, scored):
    assert SAME_PAST not in scored[0].crps
    other = score(challenge, sources, (2019,), vintage="2023", draws=50)[0]
    assert (other.crps[SAME_PAST] != other.crps["conflictology-12"]).any()


def test_what_came_is_the_vintage_that_was_scored(challenge, scored):
    deaths = made_up.truth()
    first = month_number(2021, 1) - FIRST_MONTH
    assert (scored[1].came == deaths[:, first : first + 12]).all()
    with pytest.raises(BacktestError, match="2018-2021"):
        read_actuals(challenge, scored[1].countries, 2022)


def test_a_window_that_cannot_be_scored_is_refused(challenge, sources):
    with pytest.raises(BacktestError, match="found 2022"):
        score(challenge, sources, (2021, 2022))


def test_the_same_seed_gives_the_same_scores(challenge, sources, scored):
    again = score(challenge, sources, (2019,), draws=200)[0]
    assert (again.crps[OURS] == scored[0].crps[OURS]).all()
    other = score(challenge, sources, (2019,), draws=200, seed=2)[0]
    assert (other.crps[OURS] != scored[0].crps[OURS]).any()


def test_published_scores_are_met_where_they_are_right(summary):
    assert summary.reproduced
    assert {check.forecaster for check in summary.checks} == set(RIVALS)
    assert all(check.window in (2019, 2021) for check in summary.checks)


def test_a_published_score_that_is_wrong_is_seen():
    right = Check(forecaster="x", window=2018, published="1.25", recomputed=1.2549)
    assert right.agrees
    assert not replace(right, recomputed=1.2551).agrees
    assert not replace(right, published="1.2", recomputed=1.26).agrees


def test_each_mean_is_that_of_its_rows(scored, summary):
    rows = row_columns(scored)
    assert {len(values) for values in rows.values()} == {2 * len(made_up.IDS) * 12}
    for line in summary.lines:
        here = np.isin(rows["window"], (2019, 2021) if line.over == "all" else int(line.over))
        name = column_of(line.forecaster)
        less = 0.0
        if line.less is not None:
            less = rows[column_of(line.less)][here].mean()
        assert line.value == pytest.approx(rows[name][here].mean() - less)
        assert line.low is not None
        assert line.low <= line.value <= line.high


def test_months_and_countries_of_the_rows_belong_together(scored):
    rows = row_columns(scored)
    deaths = made_up.truth()
    country = np.searchsorted(np.array(made_up.IDS), rows["country_id"])
    assert (rows["actual"] == deaths[country, rows["month_id"] - FIRST_MONTH]).all()
    assert (np.array(made_up.NAMES)[country] == rows["country"]).all()


def test_the_verdict_needs_every_window(summary):
    lost = Verdict(rival="conflictology-12", window=2019, ours=2.0, theirs=1.0)
    won = replace(lost, ours=0.5)
    assert replace(summary, verdicts=(won, won)).beats_all
    assert not replace(summary, verdicts=(won, lost)).beats_all
    assert not replace(summary, verdicts=()).beats_all
    assert not replace(lost, ours=1.0).beats


def test_calibration_counts_every_month_once(scored, summary):
    assert sum(part.n for part in summary.calibration) == sum(one.came.size for one in scored)
    assert all(part.within_half <= part.within_nine_tenths for part in summary.calibration)


def test_crps_of_a_sure_forecast_is_its_error():
    came = np.array([[3.0, 0.0]])
    assert crps_of(came, np.full((1, 2, 7), 5)).tolist() == [[2.0, 5.0]]


# The real challenge, where its data are at hand.


@pytest.fixture(scope="module")
def real(data):
    sources = read_sources(data)
    return sources, score(data, sources)


@pytest.fixture(scope="module")
def real_summary(data, real):
    return summarise(real[1], read_published(data), vintage="benchmark", draws=1000, seed=1)


def test_the_published_scores_of_the_challenge_are_reproduced(real_summary):
    """As in the table of a participant and in the data's own recomputation."""
    assert len(real_summary.checks) >= 24
    assert real_summary.reproduced


def test_the_estimator_of_the_challenge_takes_the_draws_as_the_whole_forecast(real):
    """The published score of conflictology in 2018 is 14.46; the fair estimator gives 13.24."""
    one = real[1][0]
    assert round(float(one.crps["conflictology-12"].mean()), 2) == 14.46
    assert round(float(one.crps[FAIR].mean()), 2) == 13.24


def test_the_scores_stand_as_they_are_written_down(real_summary):
    """docs/validation/severity.md; a change of the shipped numbers or of the draws must change that page."""
    found = {
        line.over: line.value for line in real_summary.lines if line.forecaster == OURS and line.less is None
    }
    written = {"2018": 12.124, "2019": 7.445, "2020": 11.161, "2021": 25.261, "all": 13.998}
    assert found == pytest.approx(written, abs=0.002)
    assert real_summary.beats_all


def test_final_deaths_too_are_foreseen_better_than_by_conflictology(data, real):
    """All of one revision, with 2022 as a window more; docs/validation/severity.md."""
    sources, _ = real
    scored = score(data, sources, (*WINDOWS, 2022), vintage="final")
    ours = [float(one.crps[OURS].mean()) for one in scored]
    assert ours == pytest.approx([12.165, 7.363, 20.812, 75.755, 121.084], abs=0.002)
    summary = summarise(scored, read_published(data, "final"), vintage="final", draws=1000, seed=1)
    # The draws of the other two, as they are published, are not those behind their final scores.
    sure = [c for c in summary.checks if c.forecaster in ("conflictology-12", "exactly zero")]
    assert len(sure) == 10
    assert all(check.agrees for check in sure)
    assert summary.beats_all


def test_scrambling_the_real_future_changes_no_forecast(real):
    sources, _ = real
    rng = np.random.default_rng(3)
    for window in WINDOWS:
        future = origin_of(window) - FIRST_MONTH + 1
        scrambled = {}
        for name in ("all_kinds", "precise", "exact", "exact_2023"):
            values = getattr(sources, name).copy()
            values[..., future:] = rng.permutation(values[..., future:].ravel()).reshape(
                values[..., future:].shape
            )
            scrambled[name] = values
        other = replace(sources, **scrambled)
        assert (forecast(sources, window, draws=200) == forecast(other, window, draws=200)).all()


def test_the_reconstructed_past_agrees_with_the_exact_one(real):
    sources, _ = real
    found = agreement(sources, month_number(2016, 11), month_number(2018, 10))[-1]
    assert found.log_correlation == pytest.approx(0.965, abs=0.001)
    assert found.deaths / found.exact_deaths == pytest.approx(0.795, abs=0.001)


def test_the_benchmarks_past_is_what_came(real):
    """Conflictology's draws are the months before each window: checked against the actuals of 2018."""
    sources, scored = real
    first = month_number(2018, 1) - FIRST_MONTH
    known = known_by(sources, origin_of(2019))[:, first:]
    apart = np.abs(known - scored[0].came[:, :10]).sum()
    assert apart / scored[0].came.sum() < 0.01  # 161 deaths of two vintages
