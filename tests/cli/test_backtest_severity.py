"""``tocsin backtest severity`` from the outside: its files, its refusals, and the same twice."""

import json

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.events.backtest.severity import made_up
from tocsin.cli import backtest_options, backtest_severity
from tocsin.cli.main import tocsin
from tocsin.events import deaths
from tocsin.events.backtest.report import read_provenance
from tocsin.events.backtest.severity.challenge import VINTAGES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_up.write(tmp_path_factory.mktemp("severity-cli"), made_up.truth())


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    def invoke(*arguments, data=folder):
        out = tmp_path_factory.mktemp("out") / "new"
        command = ["backtest", "severity", "--data", str(data), "--out", str(out), "--draws", "100"]
        return CliRunner().invoke(tocsin, [*command, *arguments]), out

    return invoke


@pytest.fixture(scope="module")
def as_json(run):
    return run("--json")


@pytest.fixture(scope="module")
def as_text(run):
    return run()


def test_it_writes_rows_summary_and_chart(as_json):
    answer, out = as_json
    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in out.iterdir()) == [
        "forecasts.parquet",
        "scores.png",
        "summary.json",
    ]
    assert json.loads(answer.stdout) == json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert read_provenance(out / "forecasts.parquet")["seed"] == "1"
    assert pq.read_metadata(out / "forecasts.parquet").num_rows == 4 * 12 * len(made_up.IDS)


def test_the_same_numbers_twice(as_json, as_text):
    for name in ("forecasts.parquet", "summary.json", "scores.png"):
        assert (as_json[1] / name).read_bytes() == (as_text[1] / name).read_bytes(), name


def test_another_seed_gives_other_numbers(as_json, run):
    answer, _ = run("--json", "--seed", "2", "--windows", "2018")
    one, two = json.loads(as_json[0].stdout), json.loads(answer.stdout)
    assert one["scores"][0]["value"] != two["scores"][0]["value"]
    assert one["data_digest"] == two["data_digest"]


def test_the_text_says_what_was_reproduced_and_beaten(as_text):
    answer, out = as_text
    assert "Published scores reproduced to the digits given: 16 of 16." in answer.stdout
    assert "than 1000000000.000, Bodentien-Rüter negative binomial" in answer.stdout
    assert str(out) in answer.stderr
    assert "2021: forecasting 8 countries" in answer.stderr


def test_a_published_score_that_is_not_met_is_told(folder, tmp_path, run):
    made_up.write(tmp_path, made_up.truth())
    path = tmp_path / "views_challenge/published_scores.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(lines[1].split(",")[5], "0.001")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer, _ = run("--windows", "2018", data=tmp_path)
    assert "3 of 4" in answer.stdout
    assert "published 0.001" in answer.stdout


def test_windows_are_years_and_spans(run):
    answer, _ = run("--json", "--windows", "2018,2020-2021")
    assert json.loads(answer.stdout)["windows"] == [2018, 2020, 2021]


@pytest.mark.parametrize("windows", ["soon", "2021-2018", "18", "2018-"])
def test_windows_that_are_no_years_are_a_misuse(run, windows):
    answer, out = run("--windows", windows)
    assert answer.exit_code == 2
    assert "expected years such as 2018-2021" in answer.stderr
    assert not out.exists()


def test_a_window_without_outcomes_is_refused(run):
    answer, out = run("--windows", "2022")
    assert answer.exit_code == 1
    assert "expected years from 2018 to 2021" in answer.stderr
    assert not out.exists()


def test_the_final_vintage_has_a_window_more_and_no_printed_rival(run):
    answer, _ = run("--json", "--windows", "2021-2022", "--vintage", "final")
    found = json.loads(answer.stdout)
    assert found["windows"] == [2021, 2022]
    assert {verdict["rival"] for verdict in found["beats"]} == {"conflictology-12"}
    assert {check["window"] for check in found["published"]} == {2021}
    assert not found["reproduced"]  # the made-up file gives final scores twice too large


def test_a_folder_without_the_data_is_told_with_its_mend(run, tmp_path):
    answer, out = run(data=tmp_path)
    assert answer.exit_code == 1
    assert "found no such file" in answer.stderr
    assert "--data" in answer.stderr
    assert not out.exists()


def test_defaults_are_those_of_the_distribution():
    assert (backtest_severity.DRAWS, backtest_options.SEED) == (deaths.DRAWS, deaths.SEED)
    assert backtest_severity.VINTAGES == VINTAGES
