"""`tocsin collect`: what it prints, what it writes, and how it is misused."""

import json
import shutil

import pytest
from click.testing import CliRunner

from tests.house.source import PACKAGE
from tocsin.ask.collect.collect import HORIZON_WEEKS, SPARED, UNIT, WITHIN_WEEKS
from tocsin.cli.collect import collect
from tocsin.cli.main import tocsin

SMALL = ("--particles", "1000", "--as-of", "2030-03-10")


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """The starter case in a folder of its own, with the collectors that it ships."""
    folder = tmp_path_factory.mktemp("cases") / "mine"
    shutil.copytree(
        PACKAGE / "case" / "starter", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    return folder


def run(*arguments):
    return CliRunner().invoke(tocsin, ["collect", *map(str, arguments)])


def test_it_answers_and_writes_a_page_and_its_json(starter, tmp_path):
    out = tmp_path / "out"
    done = run(starter, *SMALL, "--out", out, "--move", "westmark-satellite:sudria=0")
    assert done.exit_code == 0, done.output
    assert "WOULD WE BE WARNED?" in done.stdout
    assert "Under the allocation named" in done.stdout
    assert {path.name for path in out.iterdir()} == {"report.html", "collect.json"}
    data = json.loads((out / "collect.json").read_text(encoding="utf-8"))
    assert data["head"]["particles"] == 1000
    assert data["neglect"][0]["actor"] is None


def test_json_alone_is_one_object_and_no_file(starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(starter, *SMALL, "--json", "--side", "norland")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["side"] == "norland"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--move", "satellite=0.5"), "expected an actor|expected one of|found"),
        (("--move", "westmark-satellite:sudria=much"), "expected one like signals:hamas=0.4"),
        (("--weight", "sudria"), "expected one like 'a -> b=2'"),
        (("--side", "nobody"), "expected an actor"),
        (("--unit", "2"), "unit"),
    ],
)
def test_misuse_is_told_and_ends_with_2(starter, arguments, told):
    done = run(starter, *SMALL, *arguments)
    assert done.exit_code == 2
    assert any(part in " ".join(done.output.split()) for part in told.split("|"))


def test_the_options_are_those_of_the_question():
    """They are written again where NumPy is not imported."""
    given = {parameter.name: parameter.default for parameter in collect.params}
    assert (given["within"], given["horizon"], given["unit"], given["spared"]) == (
        WITHIN_WEEKS,
        HORIZON_WEEKS,
        UNIT,
        SPARED,
    )
