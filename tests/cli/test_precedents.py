"""`tocsin precedents`: what it prints, what it needs, and how it ends."""

import json
import shutil

import pytest
from click.testing import CliRunner

from tests.events import synthetic
from tests.house.source import ROOT
from tocsin.cli.main import tocsin

CASE = ROOT / "cases" / "lebanon-2023"
ONE = ("--question", "iran-strikes-2023")


def run(*arguments):
    return CliRunner().invoke(tocsin, ["precedents", *map(str, arguments)])


def test_the_base_rates_need_neither_data_nor_an_estimate():
    done = run(CASE, "--no-estimate", *ONE)
    assert done.exit_code == 0, done.output
    assert "Base rate: " in done.stdout
    assert "Another class: " in done.stdout
    assert "Estimate" not in done.stdout
    assert "--data DIR" in " ".join(done.stdout.split())


def test_the_estimate_stands_beside_with_its_error():
    done = run(CASE, "--particles", 1000, "--seed", 3, *ONE, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    (question,) = data["questions"]
    assert data["seed"] == 3
    assert 0.0 <= question["estimate"] <= 1.0
    assert question["estimate_error"] > 0.0


def test_with_data_the_nearest_cases_are_named(tmp_path):
    data = synthetic.everything(tmp_path)
    done = run(CASE, "--no-estimate", "--data", data, *ONE)
    assert done.exit_code == 0, done.output
    assert "Nearest cases:" in done.stdout
    assert "alike: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((CASE, "--no-estimate", "--question", "x"), 1, "found no question 'x'; expected one of"),
        ((CASE, "--no-estimate", "--as-of", "2020-01-01"), 2, "expected a day of the case"),
        ((CASE, "--no-estimate", "--data", "nowhere"), 1, "found no such file"),
        (("nowhere", "--no-estimate"), 1, "tocsin check nowhere tells them all"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_mend(arguments, code, said):
    done = run(*arguments)
    assert done.exit_code == code
    assert said in " ".join(done.output.split())


def test_a_case_with_faults_is_refused(tmp_path):
    folder = tmp_path / "case"
    shutil.copytree(CASE, folder)
    (folder / "case.yaml").write_text("tocsin: 1\n", encoding="utf-8")
    done = run(folder, "--no-estimate")
    assert done.exit_code == 1
    assert "fault" in done.output
