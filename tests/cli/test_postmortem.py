"""`tocsin postmortem`: what it prints and writes, what it refuses, and how it ends."""

import inspect
import json
import shutil

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.ask.postmortem import postmortem
from tocsin.cli import postmortem as command
from tocsin.cli.main import tocsin

FEW = ("--as-of", "2030-03-10", "--particles", "1000", "--draws", "1", "--days", "0")


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """The starter case, with an outcome."""
    folder = tmp_path_factory.mktemp("cases") / "solved"
    shutil.copytree(PACKAGE / "case" / "starter", folder, ignore=shutil.ignore_patterns("*.py*"))
    (folder / "outcomes.yaml").write_text(
        "outcomes:\n  - {question: beyond-exchange, resolved: 'yes', date: 2030-05-05, source: An agency}\n",
        encoding="utf-8",
    )
    return folder


def run(*arguments):
    return CliRunner().invoke(tocsin, ["postmortem", *map(str, arguments)])


def test_it_prints_and_writes_an_answer(solved, tmp_path):
    done = run(solved, *FEW, "--variant", "worried", "--out", tmp_path / "here")
    assert done.exit_code == 0, done.output
    assert "They sum to the loss" in done.stdout
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == ["postmortem.json", "report.html"]
    data = json.loads((tmp_path / "here" / "postmortem.json").read_text(encoding="utf-8"))
    assert data["head"]["variant"] == "worried"
    (verdict,) = data["verdicts"]
    parts = sum(part["nats"]["value"] for part in verdict["parts"]) + verdict["irreducible"]["value"]
    assert parts == pytest.approx(verdict["loss"]["value"], abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--question", "peace"), "expected one of the case's: beyond-exchange, wider-or-settled"),
        (("--variant", "calm"), "expected one of the case's: worried"),
        (("--reference", "calm"), "expected one of the case's: worried"),
        (("--as-of", "2030-06-01"), "decided on 2030-05-05"),
        (("--conviction", "1"), "range"),
    ],
)
def test_what_cannot_be_asked_is_misuse(solved, arguments, said):
    done = run(solved, *FEW, *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_a_case_without_truth_says_what_is_missing(solved, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(solved, bare, ignore=shutil.ignore_patterns("truth.yaml"))
    done = run(bare, *FEW)
    assert done.exit_code == 2
    assert "found no truth.yaml" in done.output


def test_the_defaults_are_those_of_the_act():
    asked = inspect.signature(postmortem).parameters
    assert {name: asked[name].default for name in ("particles", "draws", "days", "enough", "conviction")} == {
        "particles": command.PARTICLES,
        "draws": command.DRAWS,
        "days": command.DAYS,
        "enough": command.ENOUGH,
        "conviction": command.CONVICTION,
    }
    options = {option.name: option.default for option in command.postmortem.params}
    assert options["particles"] == command.PARTICLES
