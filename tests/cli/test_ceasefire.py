"""`tocsin ceasefire`: what it prints and writes, what it refuses, and how it ends."""

import inspect
import json

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.ask.ceasefire import DEFAULT_PUSH
from tocsin.cli.ceasefire import PUSH
from tocsin.cli.main import tocsin

CASE = PACKAGE / "case" / "starter"
FEW = ("--as-of", "2030-03-10", "--particles", "1000", "--by", "2030-04-15")


def run(*arguments):
    return CliRunner().invoke(tocsin, ["ceasefire", *map(str, arguments)])


def test_it_prints_and_writes_an_answer(tmp_path):
    done = run(CASE, *FEW, "--out", tmp_path / "here")
    assert done.exit_code == 0, done.output
    assert "If talks are held now, both accept" in done.stdout
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == ["ceasefire.json", "report.html"]
    data = json.loads((tmp_path / "here" / "ceasefire.json").read_text(encoding="utf-8"))
    assert data["by"] == "2030-04-15"
    assert [deal["id"] for deal in data["deals"]] == ["valley-talks"]


def test_json_alone_is_the_same_for_the_same_seed():
    one, other = (run(CASE, *FEW, "--json", "--deal", "valley-talks", "--threads", n) for n in (1, 2))
    assert one.exit_code == 0, one.output
    assert one.stdout == other.stdout
    assert json.loads(one.stdout)["push_nats"] == PUSH


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--deal", "peace"), "the case has valley-talks"),
        (("--by", "2030-01-01"), "expected a day from 2030-03-11"),
        (("--push", "-1"), "found a push of -1 nats"),
        (("--as-of", "2031-01-01"), "lies outside the case"),
    ],
)
def test_what_cannot_be_asked_is_misuse(arguments, said):
    done = run(CASE, "--as-of", "2030-03-10", "--particles", "1000", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_the_default_is_that_of_the_question():
    from tocsin.ask.ceasefire import ceasefire

    assert PUSH == DEFAULT_PUSH == inspect.signature(ceasefire).parameters["push"].default
