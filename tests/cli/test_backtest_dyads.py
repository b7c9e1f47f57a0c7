"""``tocsin backtest dyads``, run on made-up events by the rivals that count."""

import json

import pytest
from click.testing import CliRunner

from tests.events.backtest.panels import events_file
from tocsin.cli import main as cli
from tocsin.events.backtest.report import read_provenance

COUNTING = ["--only", "climatology", "--only", "trailing", "--only", "markov"]
FILES = ("forecasts.parquet", "summary.json", "scores.png")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder laid out as the historical data, with two theatres in two formats."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "keds").mkdir()
    events_file(folder / "keds", "north.csv", seed=1)
    events_file(folder / "keds", "south.tab", seed=2, delimiter="\t")
    return folder


@pytest.fixture
def run(folder, tmp_path):
    def invoke(*arguments, out="out"):
        return CliRunner().invoke(
            cli.tocsin,
            ["backtest", "dyads", "--data", str(folder), "--out", str(tmp_path / out), *map(str, arguments)],
        )

    return invoke


def test_json_is_all_there_is_on_standard_output_and_holds_every_score(run, tmp_path):
    answer = run(*COUNTING, "--json", "--horizons", "1,4", "--dyads", 4)
    assert answer.exit_code == 0, answer.output
    summary = json.loads(answer.stdout)
    assert [one["theatre"] for one in summary["theatres"]] == ["north", "south"]
    assert summary["beats_all"] is None
    assert [one["theatre"] for one in summary["verdicts"]] == ["north", "south", "all theatres"]
    for verdict in summary["verdicts"]:
        assert verdict["missing"] == ["tocsin", "logit", "boosting"]
        assert len(verdict["scores"]) == 2 * 2 * 3
        assert all(line["low"] <= line["value"] <= line["high"] for line in verdict["scores"])
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8")) == summary
    assert "reading events" in answer.stderr


def test_the_same_run_writes_the_same_bytes(run, tmp_path):
    for out in ("one", "two"):
        answer = run(*COUNTING, "--seed", 5, out=out)
        assert answer.exit_code == 0, answer.output
    assert {path.name for path in (tmp_path / "one").iterdir()} == set(FILES)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_provenance(tmp_path / "one" / FILES[0])["seed"] == "5"


def test_years_choose_what_is_fitted_and_what_is_tested(run):
    answer = run("--only", "climatology", "--train-to", 1993, "--until", 1994, "--theatre", "north", "--json")
    (span,) = json.loads(answer.stdout)["theatres"]
    assert span["fitted_to"].startswith("1993-12")
    assert span["tested_from"].startswith("1994-01")
    assert span["tested_to"].startswith("1994-12")


def test_the_terminal_is_told_what_was_tested_and_who_is_missing(run):
    answer = run(*COUNTING, "--theatre", "south")
    assert "south (cameo): " in answer.stdout
    assert "log, lower is better" in answer.stdout
    assert "ours beats all: not told; without tocsin, logit, boosting" in answer.stdout
    assert "ALL THEATRES" not in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--only", "oracle"], "found no forecaster 'oracle'; expected some of tocsin", 1),
        (["--theatre", "west", *COUNTING], "no theatre 'west'", 1),
        (["--horizons", "0"], "expected weeks between 1 and 104", 2),
        (["--train-to", "1993", "--until", "1993", *COUNTING], "weeks to test on; expected at least 38", 1),
        (["--train-to", "2050", *COUNTING], "leaves too little on one side", 1),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_mend(run, arguments, said, code):
    answer = run(*arguments)
    assert answer.exit_code == code
    assert said in " ".join(answer.stderr.split())


def test_a_folder_without_events_is_refused(tmp_path):
    answer = CliRunner().invoke(cli.tocsin, ["backtest", "dyads", "--data", str(tmp_path)])
    assert answer.exit_code == 1
    assert "no event file found" in answer.stderr
