"""`tocsin futures`: what it prints, what it writes, what it refuses."""

import json

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.cli.main import tocsin

CASE = PACKAGE / "case" / "starter"
FEW = ("--particles", 1_000, "--effort", 0, "--as-of", "2030-03-10")


def run(*arguments):
    return CliRunner().invoke(tocsin, ["futures", *map(str, arguments)])


def test_it_prints_courses_and_writes_its_folder(tmp_path):
    done = run(CASE, *FEW, "--if", "passes-open > 0.5", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "COURSES" in done.stdout
    assert "IF PASSES-OPEN > 0.5" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["futures.json", "report.html"]


def test_its_json_stands_alone():
    done = run(CASE, *FEW, "--seed", 3, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["head"]["seed"] == 3
    assert sum(course["chance"]["probability"] for course in data["courses"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((CASE, *FEW, "--if", "it rains"), 2, "expected one of"),
        ((CASE, *FEW, "--if", "lever:none"), 2, "found the lever 'none'"),
        ((CASE, *FEW, "--weeks", 0), 2, "is not in the range"),
        ((CASE, "--as-of", "2031-03-10"), 2, "lies outside the case"),
        (("nowhere",), 1, "nowhere"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, code, said):
    done = run(*arguments)
    assert done.exit_code == code
    assert said in " ".join(done.output.split())
