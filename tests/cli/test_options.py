"""``tocsin options`` from the command line."""

import json

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.ask.options import DEFAULT_HISTORIES, DEFAULT_MOST
from tocsin.cli import options as command
from tocsin.cli.main import tocsin

CASE = str(PACKAGE / "case" / "starter")
SMALL = ["--as-of", "2030-03-10", "--particles", "1000", "--histories", "1000"]


def run(*args):
    return CliRunner().invoke(tocsin, ["options", *args])


def test_it_prints_and_writes_a_report(tmp_path):
    out = tmp_path / "out"
    answer = run(CASE, *SMALL, "--budget", "10", "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert "return-brigades" in answer.output
    assert "WHAT TO PICK" in answer.output
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    written = json.loads((out / "options.json").read_text(encoding="utf-8"))
    assert written["budget"] == 10.0
    assert {p["levers"][0] if p["levers"] else None for p in written["portfolios"]} == {
        None,
        "return-brigades",
    }


def test_json_alone_is_the_same_at_any_number_of_threads():
    one, other = (run(CASE, *SMALL, "--json", "--threads", k) for k in ("1", "2"))
    assert one.exit_code == other.exit_code == 0
    assert one.stdout == other.stdout
    answer = json.loads(one.stdout)
    assert answer["head"]["particles"] == 1000
    assert answer["histories"] == 1000


def test_questions_are_weighed_and_actors_chosen():
    answer = run(
        CASE, *SMALL, "--json", "--question", "beyond-exchange=3", "--question", "wider-or-settled",
        "--by", "westmark", "--at-most", "0.2", "--budget", "0",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert [w for _, _, w in told["risk"]] == [0.75, 0.25]
    assert told["by"] == ["westmark"]
    assert told["choice"]["at_most"] == 0.2
    assert [p["levers"] for p in told["portfolios"]] == [[]]  # a budget of 0 buys nothing


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--question", "nobody"], "beyond-exchange"),
        (["--question", "beyond-exchange=much"], "ID=WEIGHT"),
        (["--by", "sudria"], "which has no lever"),
        (["--budget", "-1"], "0 or more"),
        (["--histories", "30"], "at least 1000"),
        (["--as-of", "2020-01-01"], "outside the case"),
    ],
)
def test_misuse_is_told_and_ends_with_2(args, says):
    answer = run(CASE, *SMALL, *args)
    assert answer.exit_code == 2
    assert says in answer.output


def test_defaults_are_those_of_the_question():
    assert (command.HISTORIES, command.MOST) == (DEFAULT_HISTORIES, DEFAULT_MOST)
