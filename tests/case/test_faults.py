"""What `tocsin check` says of each slip, word for word."""

import shutil
from pathlib import Path

import pytest

from tests.case.fault_table import EDITS, Edit
from tocsin.case.check.evidence import FEEDS
from tocsin.case.faults import CaseError, Fault, dotted, shown
from tocsin.case.read import load, read
from tocsin.events.confusion import _shipped

HERE = Path(__file__).parent
BASE = HERE / "base"
GOLDENS = HERE / "goldens" / "faults"


def edited(edit: Edit, folder: Path) -> Path:
    """A copy of the base case with one slip in it."""
    shutil.copytree(BASE, folder)
    path = folder / edit.file
    text = path.read_text(encoding="utf-8")
    if edit.old is None:
        text = edit.new
    else:
        assert edit.old in text, f"{edit.name}: nothing to replace"
        text = text.replace(edit.old, edit.new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_base_case_has_no_faults():
    assert read(BASE)[1] == ()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_a_slip_is_told_as_its_golden_has_it(edit, tmp_path, golden):
    case, faults = read(edited(edit, tmp_path / "case"))
    assert faults
    assert (case is None) == any(fault.severity == "fault" for fault in faults)
    golden(GOLDENS / f"{edit.name}.txt", "".join(f"{fault}\n" for fault in faults))


def test_the_feeds_that_a_check_knows_are_those_with_a_matrix():
    assert set(FEEDS) == set(_shipped())


def test_every_slip_has_its_own_golden_and_every_golden_its_slip():
    names = [edit.name for edit in EDITS]
    assert len(names) == len(set(names))
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(names)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_a_fault_points_into_its_file(edit, tmp_path):
    folder = edited(edit, tmp_path / "case")
    for fault in read(folder)[1]:
        if fault.line is not None and fault.column is not None:
            lines = (folder / fault.file).read_text(encoding="utf-8").split("\n")
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


def test_an_error_carries_every_fault_and_renders_them_all(tmp_path):
    folder = edited(Edit("", "case.yaml", "posture: words", "posture: word"), tmp_path / "case")
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text().replace("grade: C", "grade: G"), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load(folder)
    assert [fault.where for fault in caught.value.faults] == ["fronts[0].posture", "sources[0].grade"]
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))


def test_json_has_one_shape():
    fault = Fault(
        file="a", line=1, column=2, where="b", found="c", expected="d", mend="e", severity="warning"
    )
    assert fault.as_json() == {
        "file": "a", "line": 1, "column": 2, "where": "b", "found": "c", "expected": "d", "mend": "e",
        "severity": "warning",
    }  # fmt: skip


def test_nothing_that_a_terminal_obeys_is_shown():
    assert shown("\x1b[2J") == "'\\x1b[2J'"
    assert dotted(("a", "\x1b[2J")) == "a.\\x1b[2J"
    assert len(shown("x" * 1000)) < 100
