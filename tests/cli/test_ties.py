"""`tocsin ties`: what it prints, what it writes, and how it ends."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.cli.main import tocsin

STARTER = PACKAGE / "case" / "starter"


def run(*arguments):
    return CliRunner().invoke(tocsin, ["ties", *map(str, arguments)])


def test_it_prints_the_answer_and_writes_page_and_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(STARTER, "--at", "2030-03-10")
    assert done.exit_code == 0, done.output
    folder = Path("tocsin-out/starter-2030-03-10-ties")
    assert done.stdout.endswith(f"report: {folder / 'report.html'}\n")
    assert {path.name for path in folder.iterdir()} == {"report.html", "ties.json"}
    data = json.loads((folder / "ties.json").read_text(encoding="utf-8"))
    assert data["head"]["as_of"] == "2030-03-10"
    assert "seed" not in data["head"]


def test_json_goes_to_standard_output_alone_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(STARTER, "--json")
    assert [turn["what"] for turn in json.loads(done.stdout)["turns"]] == ["formed", "formed"]
    assert list(tmp_path.iterdir()) == []


def test_a_view_with_another_tie_is_another_network(tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "mine")
    (folder / "variants.yaml").write_text(
        "variants:\n  - id: taught\n    name: x\n    change:\n"
        "      ties.sudria -> norland: {kind: training, strength: strong, since: 2010}\n",
        encoding="utf-8",
    )
    plain, view = (json.loads(run(folder, "--json", *more).stdout) for more in ((), ("--variant", "taught")))
    assert (plain["head"]["variant"], view["head"]["variant"]) == (None, "taught")
    assert plain["learners"][1]["lessons"] == []
    assert [lesson["teacher"] for lesson in view["learners"][1]["lessons"]] == ["sudria"]
    assert plain["head"]["case_digest"] != view["head"]["case_digest"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--at", "2031-06-01"), "up to the case's end, 2030-12-30"),
        (("--at", "spring"), "expected a date such as"),
        (("--variant", "calm"), "expected one of the case's: worried"),
    ],
)
def test_a_misuse_is_told_and_exits_with_2(arguments, told):
    done = run(STARTER, *arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    done = run(STARTER, "--out", tmp_path)
    assert done.exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_case_with_faults_is_told_and_exits_with_1(tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "mine")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("kind: guarantee", "kind: garantee"), encoding="utf-8")
    done = run(folder)
    assert done.exit_code == 1
    assert "did you mean guarantee?" in done.stderr
