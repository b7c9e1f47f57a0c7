"""Rows and score lines that every backtest hands over."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from tocsin.events.backtest.report import (
    BacktestError,
    Provenance,
    ScoreLine,
    folder_for,
    read_provenance,
    write_rows,
)
from tocsin.score.skill import Interval

MADE = Provenance(backtest="severity", seed=7, data_digest="ab" * 32, version="0.1.0")
LINE = ScoreLine(forecaster="ours", score="CRPS", over="2018", value=1.5, low=1.0, high=2.0, n=10)


def test_rows_come_back_as_they_were_written(tmp_path):
    columns = {"country": ["a", "b"], "crps": np.array([0.5, np.inf]), "month": (1, 2)}
    write_rows(tmp_path / "rows.parquet", columns, MADE)
    table = pq.read_table(tmp_path / "rows.parquet")
    assert table.to_pydict() == {"country": ["a", "b"], "crps": [0.5, np.inf], "month": [1, 2]}


def test_rows_say_how_to_make_them_again(tmp_path):
    write_rows(tmp_path / "rows.parquet", {"a": [1]}, MADE)
    assert read_provenance(tmp_path / "rows.parquet") == {
        "backtest": "severity",
        "seed": "7",
        "data_digest": "ab" * 32,
        "version": "0.1.0",
    }


def test_the_same_rows_are_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_rows(tmp_path / name, {"a": np.arange(1000) / 7}, MADE)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_columns_of_different_lengths_are_refused(tmp_path):
    with pytest.raises(BacktestError, match="a 1, b 2"):
        write_rows(tmp_path / "rows.parquet", {"a": [1], "b": [1, 2]}, MADE)
    assert not (tmp_path / "rows.parquet").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BacktestError, match="cannot be written"):
        write_rows(tmp_path / "none" / "rows.parquet", {"a": [1]}, MADE)


def test_what_no_backtest_wrote_has_no_provenance(tmp_path):
    import pyarrow as pa

    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(BacktestError, match="no provenance"):
        read_provenance(tmp_path / "other.parquet")
    with pytest.raises(BacktestError, match="cannot be read"):
        read_provenance(tmp_path / "missing.parquet")


def test_a_folder_is_made_where_there_is_none_and_refused_where_a_file_is(tmp_path):
    assert folder_for(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(BacktestError, match="--out"):
        folder_for(tmp_path / "file")


def test_a_line_takes_its_interval_whole():
    line = ScoreLine.of(
        Interval(value=-1.0, low=-2.0, high=-0.5, n=4, blocks=2),
        forecaster="ours", score="CRPS", over="2018", less="theirs",
    )  # fmt: skip
    assert (line.value, line.low, line.high, line.n, line.is_better) == (-1.0, -2.0, -0.5, 4, True)
    assert not replace(line, high=0.1).is_better


def test_a_line_is_json_even_where_a_score_is_infinite():
    line = replace(LINE, value=float("inf"))
    assert json.loads(json.dumps(line.to_json(), allow_nan=False))["value"] is None


def test_half_an_interval_is_refused():
    with pytest.raises(BacktestError, match="two ends"):
        replace(LINE, low=None)
    with pytest.raises(BacktestError, match="0 forecasts"):
        replace(LINE, n=0)
