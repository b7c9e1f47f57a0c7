"""``tocsin backtest crowd`` from the outside: its files, its figures, and the same twice."""

import functools
import json

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.events.backtest.test_crowd import synthetic, written
from tocsin.cli.main import tocsin
from tocsin.events.backtest import pools
from tocsin.events.backtest.report import read_provenance


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The command on made-up rows, with few repetitions of the pools."""
    folder = tmp_path_factory.mktemp("crowd")
    data = written(folder / "data", synthetic(questions=300))
    few = functools.partial(pools.compare_pools, repetitions=2, settings=pools.SETTINGS[:1])

    def invoke(*arguments, out):
        place = ["--data", str(data), "--out", str(folder / out)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pools, "compare_pools", few)
            return CliRunner().invoke(tocsin, ["backtest", "crowd", *place, *arguments]), folder / out

    return invoke


@pytest.fixture(scope="module")
def as_json(run):
    """One run that printed JSON."""
    return run("--json", out="one")


@pytest.fixture(scope="module")
def as_text(run):
    """The same run again, printed for a person."""
    return run(out="two")


def test_it_writes_rows_summary_and_chart(as_json):
    answer, folder = as_json
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in folder.iterdir()) == [
        "forecasts.parquet",
        "scores.png",
        "summary.json",
    ]
    assert json.loads(answer.stdout) == json.loads((folder / "summary.json").read_text())
    rows = pq.read_table(folder / "forecasts.parquet").to_pylist()
    assert {row["forecaster"] for row in rows} == {"base rate", "crowd", "platt", "beta", "isotonic"}
    assert read_provenance(folder / "forecasts.parquet")["backtest"] == "crowd"


def test_the_figures_follow_from_the_rows(as_json):
    """Each mean Brier score is recomputed from the file of forecasts."""
    answer, folder = as_json
    summary = json.loads(answer.stdout)
    rows = [row for row in pq.read_table(folder / "forecasts.parquet").to_pylist() if row["scored"]]
    for line in summary["scores"]:
        if (line["score"], line["over"], line["less"]) == ("Brier", "walked forward", None):
            mine = [row for row in rows if row["forecaster"] == line["forecaster"]]
            mean = sum((row["probability"] - row["came"]) ** 2 for row in mine) / len(mine)
            assert line["value"] == pytest.approx(mean)
            assert line["n"] == len(mine) == summary["scored"]
            assert line["low"] < line["value"] < line["high"]
    left_out = summary["left_out"]
    assert summary["rows"] == summary["scored"] + left_out["too_early"] + left_out["still_open"]


def test_the_same_seed_gives_the_same_bytes(as_json, as_text):
    (_, one), (_, two) = as_json, as_text
    for name in ("forecasts.parquet", "summary.json", "scores.png"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_terminal_says_what_was_left_out_and_what_is_simulated(as_text):
    answer, _ = as_text
    assert "Left out: " in answer.stdout
    assert "simulated forecasters" in answer.stdout
    assert "platt less crowd" in answer.stdout


def test_a_folder_without_the_data_is_refused(tmp_path):
    answer = CliRunner().invoke(tocsin, ["backtest", "crowd", "--data", str(tmp_path)])
    assert answer.exit_code == 1
    assert "mend: name the folder that holds them with --data" in answer.stderr
