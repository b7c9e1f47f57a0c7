"""``tocsin events``: from files to a store, to postures, to the reports of a case."""

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.events.samples import HERE, SAMPLES
from tocsin.cli.events import EVENTS
from tocsin.cli.events_store import FORMATS
from tocsin.cli.main import tocsin
from tocsin.events import formats

CASE = """\
tocsin: 1
title: Two neighbours
question: Will it come to blows?
start: 2030-01-07
end: 2030-02-24
actors:
  - {id: hezbollah, name: Hezbollah, kind: armed group}
  - {id: israel, name: Israel}
fronts:
  - {from: israel, to: hezbollah}
  - {from: hezbollah, to: israel}
questions:
  - {id: q, text: Will it?, by: 2030-02-24, rule: {front: israel -> hezbollah, reaches: offensive}}
"""
SOURCES = """\
sources:
  - {id: gdelt, name: GDELT, grade: C, reason: made up, store: {feed: gdelt%s}}
"""


def run(*args):
    return CliRunner().invoke(tocsin, ["events", *map(str, args)])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A store with every sample in it, made once."""
    path = tmp_path_factory.mktemp("events") / "s.duckdb"
    for sample in SAMPLES:
        assert run("import", "--format", sample.format, sample.path, "--into", path).exit_code == 0
    return path


@pytest.fixture
def stored(tmp_path, built):
    """A copy of it, to change at will."""
    return Path(shutil.copy(built, tmp_path / "s.duckdb"))


@pytest.fixture
def case(tmp_path, stored):
    """A case with a source that has the store beside it."""
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES % ", path: ../s.duckdb", encoding="utf-8")
    return folder


def test_the_formats_offered_are_those_there_are():
    assert tuple(formats.FORMATS) == FORMATS


@pytest.mark.parametrize("command", EVENTS)
def test_every_command_explains_itself(command):
    answer = run(command, "--help")
    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_an_import_tells_what_it_refused_and_why(tmp_path):
    answer = run("import", "--format", "acled", HERE / "acled.csv", "--into", tmp_path / "s.duckdb")
    assert "4 of 7 rows kept, 3 refused" in answer.output
    assert "1 refused: not a date" in answer.output


def test_an_import_answers_in_json(tmp_path):
    answer = run("import", "--format", "acled", HERE / "acled.csv", "--into", tmp_path / "s.duckdb", "--json")
    (file,) = json.loads(answer.output)["files"]
    assert (file["rows"], file["kept"], file["refused"], file["already"]) == (7, 4, 3, False)
    assert file["reasons"]["not a date"] == 1


def test_a_wrong_name_among_the_files_is_told_before_anything_is_made(tmp_path):
    store = tmp_path / "s.duckdb"
    answer = run("import", "--format", "keds", HERE / "keds.tab", tmp_path / "none.tab", "--into", store)
    assert answer.exit_code == 1
    assert "none.tab" in answer.output
    assert not store.exists()


def test_a_second_import_says_that_it_did_nothing(stored):
    answer = run("import", "--format", "acled", HERE / "acled.csv", "--into", stored)
    assert "in the store already" in answer.output


def test_a_file_of_another_format_is_refused_with_the_mend(tmp_path):
    answer = run("import", "--format", "gdelt", HERE / "acled.csv", "--into", tmp_path / "s.duckdb")
    assert answer.exit_code == 1
    assert "mend: check that --format gdelt is right" in answer.output


def test_the_summary_counts_every_feed_and_every_refusal(stored):
    shown, plain = run("summary", stored), json.loads(run("summary", stored, "--json").output)
    assert [source["source"] for source in plain["sources"]] == sorted(formats.FORMATS)
    assert sum(n for _, _, n in plain["refused"]) == sum(s.rows - s.kept for s in SAMPLES)
    for source in plain["sources"]:
        assert f"{source['source'].upper()} ({source['scheme']})" in shown.output
        assert sum(source["rungs"]) == source["events"] == sum(n for _, n in source["years"])


def test_every_refused_row_is_written(stored, tmp_path):
    listed = list(csv.DictReader(io.StringIO(run("refused", stored).output)))
    assert len(listed) == sum(sample.rows - sample.kept for sample in SAMPLES)
    assert {"file": "acled.csv", "row": "5", "reason": "not a date", "found": "3/4/2030"}.items() <= next(
        row for row in listed if row["file"] == "acled.csv"
    ).items()
    assert run("refused", stored, "--out", tmp_path / "r.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "r.parquet").num_rows == len(listed)


def test_postures_are_read_from_a_store(stored):
    answer = run(
        "postures", stored, "--front", "israel:hezbollah", "--since", "2030-01-07", "--until", "2030-01-14"
    )
    rows = {row["source"]: row for row in csv.DictReader(io.StringIO(answer.output))}
    assert rows["gdelt"]["rung"] == rows["keds"]["rung"] == "4"
    assert rows["gdelt"]["n_strikes"] == "1"


def test_postures_are_read_from_files_and_tell_what_they_could_not_use():
    answer = run("postures", HERE / "keds.tab", "--format", "keds", "--front", "israel:hezbollah", "--json")
    plain = json.loads(answer.stdout)
    assert plain["readings"][0]["rung"] == 4
    assert plain["refused"] == {
        "no actor at all": 1, "no code": 1, "not a date": 1, "too few columns": 1,
    }  # fmt: skip
    assert "1 rows refused: no code" in answer.stderr


@pytest.mark.parametrize("front", ["israel", ":israel", "israel:"])
def test_a_front_that_is_none_is_a_misuse(stored, front):
    answer = run("postures", stored, "--front", front)
    assert answer.exit_code == 2
    assert "expected initiator:target" in answer.output


def test_counts_are_written(stored, tmp_path):
    out = tmp_path / "c.parquet"
    assert run("counts", stored, "--name", "ISR*", "--out", out).exit_code == 0
    table = pq.read_table(out)
    assert set(table.column("source").to_pylist()) == {"gdelt", "keds"}


def test_a_file_with_another_ending_is_refused(stored, tmp_path):
    for command in (["counts", stored], ["refused", stored], ["postures", stored, "--front", "israel:syria"]):
        answer = run(*command, "--out", tmp_path / "c.xlsx")
        assert answer.exit_code == 1
        assert "found the ending '.xlsx'" in answer.output


def test_a_case_is_told_the_reports_of_its_store(case):
    answer = run("reports", case)
    rows = list(csv.DictReader(io.StringIO(answer.output)))
    assert [(row["front"], row["date"], row["known"], row["value"]) for row in rows] == [
        ("israel -> hezbollah", "2030-01-13", "2030-01-20", "strikes"),
        ("hezbollah -> israel", "2030-01-13", "2030-01-20", "exchange"),
    ]


def test_a_day_cuts_off_what_was_not_yet_known(case):
    assert json.loads(run("reports", case, "--until", "2030-01-19", "--json").output)["reports"] == []


def test_reports_written_out_are_part_of_a_case_without_faults(case):
    assert run("reports", case, "--out", case / "reports.csv").exit_code == 0
    checked = json.loads(CliRunner().invoke(tocsin, ["check", str(case), "--json"]).output)
    assert (checked["ok"], checked["counts"]["reports"], checked["faults"]) == (True, 2, [])


def test_a_store_inside_the_case_does_not_trouble_the_check(case, stored):
    (case / "events.duckdb").write_bytes(stored.read_bytes())
    (case / "actors.csv").write_text("actor,pattern\nisrael,ISR*\n", encoding="utf-8")
    answer = CliRunner().invoke(tocsin, ["check", str(case)])
    assert answer.exit_code == 0
    assert "no faults" in answer.output


def test_a_store_may_be_given_instead_and_is_asked_for_where_none_is(case, stored):
    (case / "sources.yaml").write_text(SOURCES % "", encoding="utf-8")
    without = run("reports", case)
    assert without.exit_code == 1
    assert "mend: add `path:`, or give it with --store" in without.output
    assert run("reports", case, "--store", stored).exit_code == 0


def test_a_feed_that_the_store_does_not_hold_is_told(case, tmp_path):
    other = tmp_path / "other.duckdb"
    assert run("import", "--format", "keds", HERE / "keds.tab", "--into", other).exit_code == 0
    answer = run("reports", case, "--store", other, "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["reports"] == []
    assert "holds no event of gdelt, but keds" in answer.stderr


def test_a_case_without_a_store_is_refused_with_the_mend(case):
    (case / "sources.yaml").unlink()
    answer = run("reports", case)
    assert answer.exit_code == 1
    assert "found no source with a store" in answer.output


def test_an_assessment_hears_the_store_and_only_what_was_known(case):
    evidence = []
    for day in ("2030-01-19", "2030-01-20"):
        answer = CliRunner().invoke(
            tocsin, ["assess", str(case), "--as-of", day, "--particles", "1000", "--json"]
        )
        assert answer.exit_code == 0, answer.output
        evidence.append(sorted(item["id"] for item in json.loads(answer.stdout)["evidence"]))
    assert evidence == [[], ["gdelt-20300107-1", "gdelt-20300107-2"]]


def test_the_ledger_freezes_what_the_store_says_too(case, tmp_path):
    day = ["--as-of", "2030-01-20", "--particles", "1000"]
    kept = ["--ledger", str(tmp_path / "ledger.sqlite"), "--now", "2030-01-21T12:00+00:00", "--json"]
    answers = []
    for command in (
        ["assess", str(case), *day, "--json"],
        ["ledger", "add", str(case), *day, *kept],
        ["ledger", "list", *kept],
    ):
        answer = CliRunner().invoke(tocsin, command)
        assert answer.exit_code == 0, answer.output
        answers.append(answer.stdout)
    assert json.loads(answers[0])["case_digest"] in answers[1] + answers[2]
