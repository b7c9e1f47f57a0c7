"""``tocsin stress`` from the command line."""

import json

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.ask.stress import stressed
from tocsin.cli.main import tocsin
from tocsin.cli.stress import stress as command

CASE = str(PACKAGE / "case" / "starter")
SMALL = ["--as-of", "2030-03-10", "--particles", "1000", "--reports", "1", "--budget", "3", "--no-check"]


def run(*args):
    return CliRunner().invoke(tocsin, ["stress", *args])


def test_it_prints_and_writes_a_report(tmp_path):
    out = tmp_path / "out"
    answer = run(CASE, *SMALL, "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert "THE FEWEST REPORTS" in answer.output
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    written = json.loads((out / "stress.json").read_text(encoding="utf-8"))
    assert written["question"] == "beyond-exchange"
    assert written["budget"] == 3.0
    assert written["deceiver"] == "sudria"
    assert written["played"] == []


def test_json_alone_has_the_question_the_deceiver_and_the_prices_asked_for():
    answer = run(
        CASE, *SMALL, "--json", "--question", "wider-or-settled", "--deceiver", "norland", "--price",
        "grade.B=5", "--phia",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert told["question"] == "wider-or-settled"
    assert told["deceiver"] == "norland"
    assert dict(told["prices"]["grade"])["B"] == 5.0
    assert told["band"]["yardstick"] == "PHIA"
    assert told["head"]["particles"] == 1000


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--question", "nobody"], "beyond-exchange"),
        (["--deceiver", "nobody"], "sudria"),
        (["--price", "grade.A"], "grade.A=20"),
        (["--budget", "-1"], "x>=0"),
        (["--reports", "99"], "1<=x<=8"),
        (["--as-of", "2020-01-01"], "outside the case"),
    ],
)
def test_misuse_is_told_and_ends_with_2(args, says):
    answer = run(CASE, *SMALL, *args)
    assert answer.exit_code == 2
    assert says in answer.output


def test_defaults_are_those_of_the_question():
    defaults = {option.name: option.default for option in command.params}
    assert defaults["budget"] == stressed.DEFAULT_BUDGET
    assert defaults["reports"] == stressed.DEFAULT_REPORTS
    assert defaults["window_days"] == stressed.DEFAULT_WINDOW_DAYS
    assert defaults["plausible"] == stressed.DEFAULT_PLAUSIBLE
