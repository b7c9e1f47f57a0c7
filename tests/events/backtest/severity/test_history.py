"""What a forecast for a window may know."""

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.events.backtest.severity import made_up
from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.severity.challenge import (
    CONFLICTOLOGY,
    columns,
    month_number,
    origin_of,
    read_countries,
)
from tocsin.events.backtest.severity.history import (
    ALL_KINDS,
    FIRST_MONTH,
    agreement,
    cut,
    known_by,
    read_sources,
    state_based,
)


@pytest.fixture(scope="module")
def sources(challenge):
    return read_sources(challenge)


def test_months_are_numbered_as_in_the_challenge():
    assert month_number(1980, 1) == 1
    assert origin_of(2018) == 454


def test_countries_keep_the_order_of_their_ids(challenge):
    countries = read_countries(challenge)
    assert countries.ids == made_up.IDS
    assert countries.places(np.array([13, 99])).tolist() == [2, -1]


def test_exact_months_are_the_benchmarks_own(sources):
    deaths = made_up.truth()
    known = known_by(sources, origin_of(2020))
    first = month_number(2016, 11) - FIRST_MONTH
    assert known.shape == (len(made_up.IDS), origin_of(2020) - FIRST_MONTH + 1)
    assert (known[:, first:] == deaths[:, first : known.shape[1]]).all()


def test_older_months_are_deaths_of_all_kinds_times_the_state_based_share(sources):
    """A fifth of the made-up deaths is not state-based, and the precise events show it, up to rounding."""
    deaths = made_up.truth()
    large = deaths[7, :300]
    assert state_based(sources)[7, :300] == pytest.approx(large, rel=0.01, abs=1.0)


def test_a_country_that_ucdp_names_otherwise_is_found(sources):
    assert sources.all_kinds[made_up.NAMES.index("Yemen")].sum() > 0


def test_the_vintage_of_2023_replaces_the_months_it_has(sources):
    ours, theirs = (known_by(sources, origin_of(2020), v) for v in ("benchmark", "2023"))
    first = month_number(2017, 11) - FIRST_MONTH
    assert (theirs[:, :first] == ours[:, :first]).all()
    assert (theirs[:, first:] == ours[:, first:] + (ours[:, first:] > 0)).all()


@pytest.mark.parametrize("vintage", ["benchmark", "2023"])
def test_what_comes_after_the_origin_is_not_known(sources, vintage):
    rng = np.random.default_rng(1)
    origin = origin_of(2019)
    future = origin - FIRST_MONTH + 1
    scrambled = {}
    for name in ("all_kinds", "precise", "exact", "exact_2023"):
        values = getattr(sources, name).copy()
        values[..., future:] = rng.integers(0, 9999, values[..., future:].shape)
        scrambled[name] = values
    other = dataclasses.replace(sources, **scrambled)
    assert (known_by(sources, origin, vintage) == known_by(other, origin, vintage)).all()


def test_a_cut_leaves_nothing_after_it(sources):
    for values in dataclasses.asdict(cut(sources, FIRST_MONTH + 9)).values():
        if isinstance(values, np.ndarray):
            assert values.shape[-1] == 10


def test_a_month_beyond_the_sources_is_refused(sources):
    with pytest.raises(BacktestError, match="found no deaths for month 999"):
        known_by(sources, 999)


def test_agreement_is_measured_over_the_months_asked_for(sources):
    found = {a.series: a for a in agreement(sources, month_number(2016, 11), month_number(2018, 10))}
    exact = found["all kinds"].exact_deaths
    assert found["all kinds"].deaths == pytest.approx(1.25 * exact, rel=0.02)
    assert found["precise events, state-based"].deaths == pytest.approx(0.5 * exact, rel=0.02)
    assert found["all kinds times the state-based share"].log_correlation > 0.99


def test_a_missing_file_is_told_with_its_mend(tmp_path):
    with pytest.raises(BacktestError, match="--data"):
        read_sources(tmp_path)


def test_a_file_that_is_no_parquet_is_told(challenge, tmp_path):
    (tmp_path / "views_challenge").mkdir()
    (tmp_path / CONFLICTOLOGY).write_text("country", encoding="utf-8")
    with pytest.raises(BacktestError, match="expected Parquet"):
        columns(tmp_path, CONFLICTOLOGY, ("window",))


def test_a_missing_column_is_named(challenge):
    with pytest.raises(BacktestError, match="'weeks'"):
        columns(challenge, CONFLICTOLOGY, ("window", "weeks"))


def test_a_country_that_nobody_knows_is_told(tmp_path):
    made_up.write(tmp_path, made_up.truth())
    table = pq.read_table(tmp_path / ALL_KINDS)
    names = pa.array(["Atlantis" if n == "Midland" else n for n in table["country"].to_pylist()])
    pq.write_table(
        table.set_column(table.column_names.index("country"), "country", names), tmp_path / ALL_KINDS
    )
    with pytest.raises(BacktestError, match="'Atlantis'"):
        read_sources(tmp_path)
