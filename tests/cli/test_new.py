"""`tocsin new`: a case that works, written whole or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.case.files import FILES
from tocsin.case.read import read
from tocsin.cli.main import tocsin


def run(folder):
    return CliRunner().invoke(tocsin, ["new", str(folder)])


def test_the_starter_has_every_file_and_no_faults(tmp_path):
    answer = run(tmp_path / "mine")
    assert answer.exit_code == 0
    names = {path.name for path in (tmp_path / "mine").iterdir()}
    assert names == {*FILES, "README.md"} - {"reports.yaml"}
    case, faults = read(tmp_path / "mine")
    assert faults == ()
    assert case is not None
    assert all(getattr(case, part) for part in ("ties", "threats", "events", "deals", "levers", "reports"))


def test_folders_above_are_made(tmp_path):
    assert run(tmp_path / "a" / "b").exit_code == 0
    assert (tmp_path / "a" / "b" / "case.yaml").is_file()


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "mine").mkdir()
    assert run(tmp_path / "mine").exit_code == 0


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("x")
    answer = run(tmp_path / "mine")
    assert answer.exit_code == 2
    assert "is not empty" in answer.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes"]


@pytest.mark.parametrize("make", [lambda p: p.write_text("x"), lambda p: p.symlink_to(p.parent)])
def test_what_is_not_a_folder_is_left_alone(tmp_path, make):
    make(tmp_path / "mine")
    assert run(tmp_path / "mine").exit_code == 2


def test_a_failure_half_way_leaves_nothing(tmp_path, monkeypatch):
    written: list[Path] = []

    def fail(path, data):
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)

    monkeypatch.setattr(Path, "write_bytes", fail)
    answer = run(tmp_path / "mine")
    assert answer.exit_code == 2
    assert "No space left on device" in answer.stderr
    assert list(tmp_path.iterdir()) == []
