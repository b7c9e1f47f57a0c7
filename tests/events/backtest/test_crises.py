"""The backtest of crises: nothing later is seen, the model is what it says, a run can be had again."""

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.integrate import quad

from tests.events import synthetic
from tocsin.cli.backtest_crises import columns
from tocsin.cli.main import tocsin
from tocsin.events.backtest.crises import model
from tocsin.events.backtest.crises.forecast import (
    FORECASTERS,
    OURS,
    RIVALS,
    Forecasts,
    TooLittleHistoryError,
    forecast,
    walk,
)
from tocsin.events.backtest.crises.situations import COLUMNS, REGIONS, Table, region_of
from tocsin.events.backtest.crises.summary import lack_of_auc, summarise
from tocsin.events.backtest.crises.tasks import ICB1, TASKS, read_crises, read_tasks
from tocsin.events.backtest.crises.theory import BELIEFS, prior_means
from tocsin.events.backtest.report import read_provenance
from tocsin.events.history import ask
from tocsin.score.calibration import auc

CUT = 1950


def simulated(n=600, seed=3, beta=None, name="dispute-war", years=(1900, 1983)):
    """Rows whose outcomes follow a known logit."""
    rng = np.random.default_rng(seed)
    K = len(COLUMNS)
    X = rng.integers(0, 2, (n, K)).astype(float)
    beta = np.zeros(K) if beta is None else beta
    first = np.sort(
        rng.integers(dt.date(years[0], 1, 1).toordinal(), dt.date(years[1], 12, 1).toordinal(), n)
    )
    chance = 1.0 / (1.0 + np.exp(1.0 - X @ beta))
    return Table(
        name=name,
        ids=tuple(str(k) for k in range(n)),
        first=first,
        last=first + 30,
        X=X,
        kind=rng.integers(0, 3, n),
        kinds=("a", "b", "c"),
        region=rng.integers(0, len(REGIONS), n),
        y=(rng.random(n) < chance).astype(float),
    )


def late_only(table, years):
    """The same table with everything from a year on made up anew: columns, kinds, outcomes."""
    rng = np.random.default_rng(99)
    late = table.years >= years
    X, y, kind = table.X.copy(), table.y.copy(), table.kind.copy()
    X[late] = rng.normal(size=X[late].shape)
    y[late] = 1.0 - y[late]
    kind[late] = rng.permutation(kind[late])
    return dataclasses.replace(table, X=X, y=y, kind=kind)


def test_every_column_has_a_belief_and_the_other_way_round():
    assert set(BELIEFS) == set(COLUMNS)
    assert prior_means("crisis-entry").shape == (len(COLUMNS),)


@pytest.mark.parametrize(
    ("state", "region"), [(2, 0), (199, 0), (200, 1), (400, 2), (640, 3), (700, 4), (920, 4)]
)
def test_the_region_of_a_state_follows_its_number(state, region):
    assert region_of(state) == region


def test_the_tasks_read_from_a_folder_are_those_that_are_named(made_up):
    tables = read_tasks(made_up)
    assert tuple(table.name for table in tables) == tuple(TASKS)
    for table in tables:
        assert np.isfinite(table.X).all()
        assert (np.diff(table.first) >= 0).all()
        assert (table.last >= table.first).all()
        assert 0.0 < table.y.mean() < 1.0


def test_crises_inside_a_war_are_left_out(made_up):
    settings = ask(made_up, ICB1, ("iwcmb",))
    left_out = sum(value >= 3 for (value,) in settings)
    assert left_out > 0
    assert len(read_crises(made_up)) == 220 - left_out


def test_scrambling_what_comes_after_a_year_leaves_the_forecasts_until_then_alone():
    table = simulated(n=260, years=(1942, 1954))
    before, after = walk(table), walk(late_only(table, CUT))
    early = before.years < CUT
    assert early.sum() > 20
    for who in FORECASTERS:
        np.testing.assert_array_equal(before.chances[who][early], after.chances[who][early])
        assert not np.array_equal(before.chances[who][~early], after.chances[who][~early])


def test_scrambling_the_files_after_a_year_leaves_earlier_rows_alone(tmp_path, made_up):
    """Of the whole path from the files: columns of rows that begin by the cut know nothing later."""
    other = synthetic.everything(tmp_path, after=CUT, scramble=5)
    once = synthetic.everything(tmp_path / "again", after=CUT, scramble=6)
    for one, two in zip(read_tasks(other), read_tasks(once), strict=True):
        k = int((one.years <= CUT).sum())
        assert k == int((two.years <= CUT).sum()) > 50
        assert one.ids[:k] == two.ids[:k]
        np.testing.assert_array_equal(one.X[:k], two.X[:k])
        assert not np.array_equal(one.X[k:], two.X[k:])


def test_a_crisis_under_way_teaches_nothing_yet():
    table = simulated(n=260, years=(1942, 1954))
    last = table.last.copy()
    under_way = (table.years == 1945) & (table.y == 1.0)
    last[under_way] = dt.date(1951, 6, 1).toordinal()
    y = np.where(under_way, 0.0, table.y)
    long = dataclasses.replace(table, last=last)
    before, after = walk(long), walk(dataclasses.replace(long, y=y))
    until = before.years <= 1951
    for who in FORECASTERS:
        np.testing.assert_array_equal(before.chances[who][until], after.chances[who][until])
    assert not np.array_equal(before.chances[OURS][~until], after.chances[OURS][~until])


def test_climatology_is_the_share_of_the_past_with_jeffreys_half():
    table = simulated(n=260, years=(1942, 1954))
    made = walk(table)
    year = int(made.years[-1])
    past = table.last < dt.date(year, 1, 1).toordinal()
    assert made.chances["climatology"][-1] == pytest.approx((table.y[past].sum() + 0.5) / (past.sum() + 1))
    assert made.trained_on[-1] == past.sum()


def test_too_little_history_is_refused_with_what_was_found():
    with pytest.raises(TooLittleHistoryError, match="found 60 crises"):
        walk(simulated(n=60))


def test_the_same_run_gives_the_same_chances():
    table = simulated(n=250, years=(1940, 1960))
    rows = np.arange(200)
    one, two = (forecast(table, rows, np.arange(200, 250), seed=1) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert ((one > 0.0) & (one < 1.0)).all()
    assert one.shape == (1 + len(RIVALS), 50)


def test_the_evidence_is_laplace_and_near_the_integral():
    """One coefficient, 40 outcomes: the integral by quadrature against Laplace's, within one part in fifty.

    Laplace's relative error is of order 1/n (Tierney and Kadane 1986).
    """
    rng = np.random.default_rng(5)
    Z = rng.normal(size=(40, 1))
    y = (rng.random(40) < 0.4).astype(float)
    center, precision = np.array([0.2]), np.array([[4.0]])

    def integrand(b):
        eta = Z[:, 0] * b
        log = y @ eta - np.logaddexp(0.0, eta).sum() - 2.0 * (b - 0.2) ** 2
        return np.exp(log) * np.sqrt(4.0 / (2.0 * np.pi))

    exact = np.log(quad(integrand, -8.0, 8.0)[0])
    mean, covariance, evidence = model._mode(Z, y, center, precision, center)
    assert evidence == pytest.approx(exact, abs=0.02)
    gradient = Z.T @ (y - 1.0 / (1.0 + np.exp(-Z @ mean))) - precision @ (mean - center)
    assert np.abs(gradient).max() < 1e-4
    assert covariance[0, 0] < 1.0 / precision[0, 0]


def test_theory_is_heard_where_it_is_right_and_not_where_it_is_the_wrong_way_round():
    right = simulated(n=900, beta=prior_means("dispute-war"))
    wrong = simulated(n=900, beta=-prior_means("dispute-war"))

    def trust(table):
        posterior = model.fit(table, np.arange(900), horizon_year=1983)
        return sum(
            w for w, mode in zip(posterior.weights, posterior.modes, strict=True) if mode.scales[3] == 1.0
        )

    assert trust(right) > 0.95
    assert trust(wrong) < 0.05


def test_known_coefficients_lie_in_their_intervals():
    """Of 29 intervals of 90 %, fewer than 21 hit once in 500 times by chance (binomial)."""
    beta = np.random.default_rng(8).normal(0.0, 0.4, len(COLUMNS))
    table = simulated(n=3000, beta=beta)
    told = model.fit(table, np.arange(3000), horizon_year=1983).summary()
    means = {name: (mean, spread) for name, mean, spread in told}
    hits = sum(
        abs(means[name][0] - b) < 1.645 * means[name][1] for name, b in zip(COLUMNS, beta, strict=True)
    )
    assert hits >= 21


def test_a_forecast_beyond_the_data_leans_to_the_middle():
    """Without rows the chance is that of the prior, averaged over all that is not known."""
    table = simulated(n=200)
    few = model.fit(table, np.arange(5), horizon_year=1983).predict(table, np.arange(200))
    assert few.std() < 0.3
    assert 0.05 < few.mean() < 0.95


def test_our_auc_is_that_of_the_field():
    rng = np.random.default_rng(2)
    p, y = np.round(rng.random(300), 1), (rng.random(300) < 0.3).astype(float)
    assert 1.0 - lack_of_auc(p, y) == pytest.approx(auc(p, y))


def made(chances, y, years):
    return Forecasts(
        task="dispute-war",
        ids=tuple(map(str, range(len(y)))),
        years=np.asarray(years),
        y=np.asarray(y, dtype=float),
        chances=chances,
        trained_on=np.full(len(y), 100),
    )


def test_whoever_is_right_beats_all_and_whoever_is_not_does_not():
    rng = np.random.default_rng(4)
    y = (rng.random(200) < 0.3).astype(float)
    years = 1900 + np.arange(200) // 4
    good, poor = np.where(y == 1.0, 0.8, 0.1), np.full(200, 0.3) + rng.normal(0, 0.01, 200)
    told = summarise(made({OURS: good, **dict.fromkeys(RIVALS, poor)}, y, years), seed=1)
    assert all(beats for _, beats in told.beats_all)
    assert all(beats for _, beats in told.beats_all_surely)
    reverse = summarise(made({OURS: poor, **dict.fromkeys(RIVALS, good)}, y, years), seed=1)
    assert not any(beats for _, beats in reverse.beats_all)
    assert sum(decade.n for decade in told.decades) == 200
    assert sum(decade.came for decade in told.decades) == int(y.sum())


def test_where_all_came_out_alike_there_is_no_auc_to_win():
    p, years = np.full(20, 0.2), 1900 + np.arange(20) // 2
    told = summarise(made(dict.fromkeys(FORECASTERS, p), np.zeros(20), years), seed=1)
    assert [score for score, _ in told.beats_all] == ["Brier", "log"]


def test_the_rows_hold_every_forecast_once():
    y, years = [1.0, 0.0], [1900, 1901]
    rows = columns((made({who: np.array([0.1, 0.2]) for who in FORECASTERS}, y, years),))
    assert {len(values) for values in rows.values()} == {2 * len(FORECASTERS)}
    assert len(set(zip(rows["id"], rows["forecaster"], strict=True))) == 2 * len(FORECASTERS)


@pytest.mark.slow
def test_the_command_writes_rows_a_summary_and_a_chart_twice_alike(tmp_path):
    made_up = synthetic.everything(tmp_path / "data")
    # Few years left to forecast: the run is looked at, not its scores.
    synthetic.disputes(made_up, n=114)
    synthetic.crises(made_up, n=112)
    outs = [tmp_path / "one", tmp_path / "two"]
    for out in outs:
        done = CliRunner().invoke(
            tocsin, ["backtest", "crises", "--data", str(made_up), "--out", str(out), "--json"]
        )
        assert done.exit_code == 0, done.output
        summary = json.loads(done.stdout)
        assert {task["task"] for task in summary["tasks"]} == set(TASKS)
        assert isinstance(summary["beats_all"], bool)
    for name in ("forecasts.parquet", "summary.json", "scores.png"):
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    assert read_provenance(outs[0] / "forecasts.parquet")["seed"] == "1"


def test_the_command_refuses_a_folder_without_the_data(tmp_path):
    done = CliRunner().invoke(
        tocsin, ["backtest", "crises", "--data", str(tmp_path), "--out", str(tmp_path / "o")]
    )
    assert done.exit_code == 1
    assert "found no such file" in done.output
    assert not (tmp_path / "o").exists()
