"""Reading a case's folder: what it takes, what it refuses, and that nothing leads out of it."""

import datetime as dt
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.case.faults import CheckError, ReadError
from tocsin.case.files import FILES
from tocsin.case.read import folder as folder_module
from tocsin.case.read import load, read
from tocsin.case.read.csv_file import read_csv
from tocsin.case.read.scalars import NotANumberError, core_scalar
from tocsin.case.read.yaml_file import read_yaml

BASE = Path(__file__).parent / "base"


@pytest.fixture
def case(tmp_path):
    """A copy of a case without faults."""
    return Path(shutil.copytree(BASE, tmp_path / "case"))


def tree(text):
    document, faults = read_yaml("case.yaml", text)
    assert document is not None
    assert faults == []
    return document.tree


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# Scalars


@pytest.mark.parametrize("word", ["NO", "no", "yes", "on", "off", "y", "n", "Yes", "ON", "tRUE", "nULL"])
def test_a_word_that_yaml_1_1_takes_for_a_truth_stays_text(word):
    assert tree(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    "text", ["2023-10-11", "1982-05", "12:30", "1_000", "1e", "0b11", "1.2.3", "-", ".", "+", "1e5e", "0o9"]
)
def test_what_only_looks_like_a_number_stays_text(text):
    assert core_scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1982", 1982), ("-7", -7), ("+7", 7), ("007", 7), ("0x1F", 31), ("0o17", 15), ("1.", 1.0),
        (".5", 0.5), ("-1.5e-3", -0.0015), ("1e3", 1000.0), ("true", True), ("False", False),
        ("~", None), ("", None), ("Null", None),
    ],
)  # fmt: skip
def test_scalars_follow_the_core_schema_of_yaml_1_2(text, value):
    read_as = core_scalar(text)
    assert read_as == value
    assert type(read_as) is type(value)


@pytest.mark.parametrize("text", [".inf", "-.Inf", ".nan", "1e999", "9" * 19, "9" * 5000, "0x" + "F" * 17])
def test_a_number_of_no_use_is_refused(text):
    with pytest.raises(NotANumberError):
        core_scalar(text)


@given(st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans())
def test_a_number_written_is_the_number_read(value):
    read_as = core_scalar(json.dumps(value))
    assert read_as == value
    assert type(read_as) is type(value)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_quoted_text_is_read_as_it_was_written(text):
    assert tree(f"a: {json.dumps(text, ensure_ascii=False)}") == {"a": text}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40))
def test_a_single_quoted_scalar_is_always_text(text):
    read_as = tree("a: '{}'".format(text.replace("'", "''")))["a"]
    assert isinstance(read_as, str)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-999, 999) | st.text("abc NOyes:#-", max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_json_is_read_as_json(value):
    assert tree(json.dumps({"a": value})) == {"a": value}


@given(st.text(max_size=200))
def test_no_text_makes_the_yaml_reader_fail(text):
    document, faults = read_yaml("case.yaml", text)
    assert document is not None or faults


@given(st.text(st.sampled_from('idatesource,"\n\r; 2030-1'), max_size=200))
def test_no_text_makes_the_csv_reader_fail(text):
    document, faults = read_csv("reports.csv", text)
    assert document is not None or faults


# Bounds


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    document, faults = read_yaml("case.yaml", "\n".join(lines))
    assert document is not None
    assert faults[0].found == "the alias *a0"
    assert faults[0].line == 2


def test_an_alias_to_itself_is_refused():
    _, faults = read_yaml("case.yaml", "a: &a [*a]")
    assert [fault.found for fault in faults] == ["the alias *a"]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "[{" * 100_000, "? " * 100_000]
)
def test_deep_nesting_is_refused_at_once(text):
    document, faults = read_yaml("case.yaml", text)
    assert document is None
    assert len(faults) == 1


def test_a_file_too_large_is_refused_unread(case, monkeypatch):
    monkeypatch.setattr(folder_module, "LARGEST_FILE_BYTES", 100)
    assert {fault.found for fault in read(case)[1]} == {"more than 16 MiB"}


# The folder


def test_only_case_yaml_is_needed(case):
    for name in FILES[1:]:
        (case / name).unlink(missing_ok=True)
    assert load(case).reports == ()


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(ReadError, match="no such folder"):
        load(tmp_path / "none")


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (FileNotFoundError(2, "No such file or directory"), "no such folder"),
        (PermissionError(13, "Permission denied"), "a folder that cannot be opened (Permission denied)"),
    ],
)
def test_a_folder_that_goes_or_closes_just_then_is_told_and_not_raised(case, monkeypatch, error, found):
    """As when a branch is switched while the folder is read."""

    def fail(folder):
        raise error

    monkeypatch.setattr("os.scandir", fail)
    assert [fault.found for fault in read(case)[1]] == [found]


def test_a_file_in_place_of_the_folder_is_told(case):
    assert read(case / "case.yaml")[1][0].mend == "give the folder that holds case.yaml"


def test_a_folder_without_case_yaml_is_told(tmp_path):
    assert [str(fault).split("\n")[0] for fault in read(tmp_path)[1]] == ["case.yaml"]


def test_a_link_is_not_followed(case, tmp_path):
    (tmp_path / "elsewhere.yaml").write_text("levers: []")
    (case / "levers.yaml").unlink()
    (case / "levers.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert [fault.found for fault in read(case)[1]] == ["a link"]


def test_a_folder_in_place_of_a_file_is_told(case):
    (case / "levers.yaml").unlink()
    (case / "levers.yaml").mkdir()
    assert [fault.found for fault in read(case)[1]] == ["a folder"]


def test_what_is_not_a_file_is_not_waited_for(case):
    (case / "levers.yaml").unlink()
    os.mkfifo(case / "levers.yaml")
    assert [fault.found for fault in read(case)[1]] == ["something that is not a file"]


def test_text_in_another_encoding_is_told_where(case):
    with (case / "case.yaml").open("ab") as stream:
        stream.write("# Zürich".encode("latin-1"))
    (fault,) = read(case)[1]
    assert (fault.found, fault.column) == ("the byte 0xfc", 4)


def test_a_byte_order_mark_is_no_fault(case):
    for name in ("case.yaml", "reports.csv"):
        (case / name).write_bytes(b"\xef\xbb\xbf" + (case / name).read_bytes())
    assert read(case)[1] == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [("report.csv", "reports.csv"), ("Case.yaml", "case.yaml"), ("levers.yml", "levers.yaml")],
)
def test_a_file_that_was_surely_meant_is_told(case, name, meant):
    (case / name).write_text("x: 1")
    assert [fault.mend for fault in read(case)[1]] == [f"rename it to {meant}"]


def test_other_files_are_left_alone(case):
    (case / "notes.yaml").write_text("][")
    (case / "photographs.csv").write_text('"')
    assert read(case)[1] == ()


def test_reports_have_one_home(case):
    (case / "reports.yaml").write_text("reports: []")
    assert [fault.found for fault in read(case)[1]] == ["reports.csv beside it"]


def test_reports_come_as_yaml_as_well(case):
    as_csv = load(case).reports
    (case / "reports.csv").unlink()
    rows = [report.model_dump(mode="json", exclude_none=True) for report in as_csv]
    (case / "reports.yaml").write_text(json.dumps({"reports": rows}))
    assert load(case).reports == as_csv


# Every fault at once, in reading order


def test_faults_of_form_and_of_sense_come_together(case):
    rewrite(case / "case.yaml", "kind: rivalry", "kind: rival")
    rewrite(case / "case.yaml", "posture: words", "posture: word")
    rewrite(case / "sources.yaml", "grade: C", "grade: Z")
    rewrite(case / "reports.csv", "2030-01-24", "2030-01-14")
    with pytest.raises(ReadError) as caught:
        load(case)
    assert [(fault.file, fault.where) for fault in caught.value.faults] == [
        ("case.yaml", "ties[1].kind"),
        ("case.yaml", "fronts[0].posture"),
        ("sources.yaml", "sources[0].grade"),
        ("reports.csv", "reports[1].known"),
    ]


def test_faults_of_sense_alone_are_another_error(case):
    rewrite(case / "case.yaml", "posture: words", "posture: word")
    with pytest.raises(CheckError):
        load(case)


def test_an_item_set_aside_makes_no_fault_of_what_refers_to_it(case):
    rewrite(case / "case.yaml", "    name: Norland\n", "    name: [Norland]\n")
    assert [fault.where for fault in read(case)[1]] == ["actors[1].name"]


def test_an_item_after_one_set_aside_keeps_its_number(case):
    rewrite(case / "case.yaml", "valleys, front", "Valleys, front")
    rewrite(case / "case.yaml", "{from: westmark, to: norland, kind: g", "{from: westmark, to: 7, kind: g")
    rewrite(case / "case.yaml", "to: sudria, kind: rivalry", "to: sudra, kind: rivalry")
    assert [fault.where for fault in read(case)[1]] == ["ties[0].to", "ties[1].to", "reasons[0].id"]


@pytest.mark.parametrize("name", FILES[1:5] + FILES[6:])
def test_a_file_that_cannot_be_read_makes_no_fault_of_what_refers_to_it(case, name):
    (case / name).write_text('"')
    assert {fault.file for fault in read(case)[1]} == {name}


@pytest.mark.parametrize(("key", "other"), [("factors", "factrs"), ("deals", "deels")])
def test_a_key_misspelt_makes_no_fault_of_what_refers_to_it(case, key, other):
    rewrite(case / "case.yaml", f"{key}:\n", f"{other}:\n")
    assert [(fault.where, fault.mend) for fault in read(case)[1]] == [(other, f"did you mean {key}?")]


# Values


def test_dates_may_leave_out_month_and_day(case):
    ties = load(case).ties
    assert (ties[0].since, ties[0].until) == (dt.date(2019, 6, 1), dt.date(2031, 1, 1))


def test_norway_stays_a_country(case):
    rewrite(case / "case.yaml", "name: Norland", "name: NO")
    assert load(case).actors[1].name == "NO"


def test_a_cell_may_hold_several_lines_and_its_row_is_found(case):
    rewrite(case / "reports.csv", '"Trucks, says a shopkeeper"', '"Trucks,\nsays a ""shopkeeper"""')
    rewrite(case / "reports.csv", "2030-01-24", "2030-01-14")
    (fault,) = read(case)[1]
    assert (fault.line, fault.column) == (4, 15)


def test_a_cell_after_one_of_several_lines_is_found():
    text = 'id,date,text,source\nr1,2030-01-01,"a\nb, c",press\n'
    document, faults = read_csv("reports.csv", text)
    assert faults == []
    assert document is not None
    assert document.locate(("reports", 0, "source")) == (3, 7)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_ending_will_do(case, end):
    expected = load(case)
    for path in case.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", end.encode()))
    assert load(case) == expected


def test_rows_of_empty_cells_are_no_reports(case):
    rewrite(case / "reports.csv", "r3,", ",,,,,,,,,\n\nr3,")
    assert len(load(case).reports) == 3


# Whatever is written


def places(node, path=()):
    """Every path in a tree."""
    yield path
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield from places(node[key], (*path, key))


BASE_TREE = {
    key: value
    for name in ("case.yaml", "indicators.yaml", "sources.yaml", "levers.yaml")
    for key, value in tree((BASE / name).read_text(encoding="utf-8")).items()
}
PLACES = [path for path in places(BASE_TREE) if path]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 3000), st.floats(-10, 10), st.text("ab->:, 2030-", max_size=12),
    st.sampled_from(["sudria", "sudria -> norland", "strong", "calm", "passes-open", "2030-05-01", "seen"]),
    st.lists(st.integers(0, 1), max_size=5), st.dictionaries(st.text("ab [key]"), st.just(0.5), max_size=3),
)  # fmt: skip


def put(node, path, value):
    """Put a value at a path, if it still leads somewhere after what was put before."""
    for position, step in enumerate(path):
        there = (
            step in node if isinstance(node, dict) else isinstance(node, list) and step in range(len(node))
        )
        if not there:
            return
        if position == len(path) - 1:
            node[step] = value
        else:
            node = node[step]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_nothing_in_place_of_anything_makes_reading_fail(changes):
    changed = json.loads(json.dumps(BASE_TREE))
    for path, value in changes:
        put(changed, path, value)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("indicators", "sources", "levers"):
            (folder / f"{name}.yaml").write_text(json.dumps({name: changed.pop(name)}))
        (folder / "case.yaml").write_text(json.dumps(changed))
        case, faults = read(folder)
    assert (case is None) == any(fault.severity == "fault" for fault in faults)
    assert all(fault.found and fault.expected and fault.mend for fault in faults)
    assert not any("something else" in fault.expected for fault in faults)
