"""`tocsin check`: every fault on standard error, as text or as data, and how it exits."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.case.read import read
from tocsin.cli.faults import MOST_SHOWN
from tocsin.cli.main import tocsin

BASE = Path(__file__).parents[1] / "case" / "base"


def run(*arguments):
    return CliRunner().invoke(tocsin, ["check", *map(str, arguments)])


@pytest.fixture
def faulty(tmp_path):
    """A case with a fault in each of two files."""
    folder = shutil.copytree(BASE, tmp_path / "case")
    for name, old, new in (
        ("case.yaml", "posture: words", "posture: word"),
        ("levers.yaml", "westmark", "x"),
    ):
        path = folder / name
        path.write_text(path.read_text().replace(old, new, 1))
    return folder


def test_a_case_without_faults_is_counted():
    answer = run(BASE)
    assert answer.exit_code == 0
    assert "no faults; digest " in answer.stdout
    assert "3 actors, 3 fronts, 2 ties, 1 factor, " in answer.stdout
    assert answer.stderr == ""


def test_faults_go_to_standard_error_and_exit_with_1(faulty):
    answer = run(faulty)
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr == "".join(f"{fault}\n" for fault in read(faulty)[1]) + f"{faulty}: 2 faults\n"


def test_a_warning_does_not_keep_a_case_from_use(tmp_path):
    folder = shutil.copytree(BASE, tmp_path / "case")
    (folder / "case.yaml").write_text(
        (folder / "case.yaml").read_text().replace("start: 2030-01-07", "start: 2028-01-03")
    )
    answer = run(folder)
    assert answer.exit_code == 0
    assert "  warning  sources[1].watches[0]\n" in answer.stderr
    assert ": 1 warning; digest " in answer.stdout


def test_json_has_the_same_faults(faulty):
    answer = run(faulty, "--json")
    assert answer.exit_code == 1
    assert answer.stderr == ""
    data = json.loads(answer.stdout)
    assert data["faults"] == [fault.as_json() for fault in read(faulty)[1]]
    assert (data["ok"], data["digest"], data["counts"]) == (False, None, {})


def test_json_of_a_case_without_faults_counts_it():
    data = json.loads(run(BASE, "--json").stdout)
    assert data["ok"]
    assert data["counts"]["reports"] == 3
    assert len(data["digest"]) == 64


def test_a_folder_that_is_not_there_is_a_fault_like_any_other(tmp_path):
    answer = run(tmp_path / "none")
    assert answer.exit_code == 1
    assert "found no such folder" in answer.stderr


def test_more_faults_than_a_terminal_can_hold_are_counted(tmp_path):
    folder = shutil.copytree(BASE, tmp_path / "case")
    with (folder / "reports.csv").open("a") as stream:
        stream.writelines(f"x{i},2030-03-01,,nobody,,convoys,,seen,3,\n" for i in range(MOST_SHOWN + 5))
    answer = run(folder)
    assert "and 5 more; --json lists them all\n" in answer.stderr
    assert f"{MOST_SHOWN + 5} faults" in answer.stderr


def test_colours_are_for_terminals(faulty):
    assert "\x1b" not in run(faulty).stderr
    assert "\x1b[" in CliRunner().invoke(tocsin, ["check", str(faulty)], color=True).stderr
