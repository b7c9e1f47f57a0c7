"""`tocsin ledger`: every command by hand, from the first forecast to a broken chain."""

import datetime as dt
import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.show import fixtures
from tocsin.ask.precedents import base_rate
from tocsin.case.known import as_known, digest
from tocsin.case.read import load
from tocsin.case.variant import in_variant
from tocsin.cli import ledger_options
from tocsin.cli.main import tocsin
from tocsin.ledger import store
from tocsin.show.json import write_json

BASE = Path(__file__).parents[1] / "case" / "base"
NOW = "2030-04-15"
AFTER = "2031-01-15"
RAIN = ("--question", "Will it rain by June?", "--closes", "2030-06-01", "--rule", "Two stations say so.")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run one command of the group on a ledger of the test's own; None where it took no --now."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOCSIN_LEDGER", raising=False)

    def invoke(command, *arguments, now=NOW, code=0):
        timed = () if command in ("verify", "export", "import") else ("--now", now)
        answer = CliRunner().invoke(tocsin, ["ledger", command, *map(str, arguments), *timed])
        assert answer.exit_code == code, answer.output
        return answer

    return invoke


def add(run, *arguments, probability=0.2, author="Anna", **options):
    return run("add", *RAIN, "--probability", probability, "--author", author, *arguments, **options)


def head_of(answer):
    return next(line.split()[1] for line in answer.stdout.splitlines() if line.startswith("head "))


@pytest.fixture
def case(tmp_path):
    """A case with outcomes, and an estimate of it as `tocsin assess` would leave."""
    folder = shutil.copytree(BASE, tmp_path / "north")
    value = load(folder)
    day = min(q.by for q in value.questions) - dt.timedelta(weeks=1)
    whole = fixtures.estimate()
    answers = tuple(replace(whole.questions[0], id=q.id, text=q.text, by=q.by) for q in value.questions)
    known = digest(as_known(value, day))
    estimate = replace(whole, questions=answers, as_of=day, case_digest=known)
    write_json(estimate, folder / "estimate.json")
    return folder, value, estimate


# Forecasts


def test_a_person_s_forecast_is_frozen(run):
    answer = add(run)
    assert "1 forecast frozen" in answer.stdout
    assert "will-it-rain-by-june: 20 % by Anna, closes 2030-06-01" in answer.stdout
    again = add(run)
    assert "0 forecasts frozen; 1 were there already" in again.stdout
    assert head_of(again) == head_of(answer)


def test_another_answers_the_same_question_by_its_key_or_text(run):
    add(run)
    answer = run("add", "--question", "will-it-rain-by-june", "--probability", 0.6, "--author", "Ben")
    assert "will-it-rain-by-june: 60 % by Ben" in answer.stdout
    answer = run("add", "--question", "Will it rain by June?", "--probability", 0.7, "--author", "Cem")
    assert "will-it-rain-by-june: 70 % by Cem" in answer.stdout


def test_a_question_that_came_to_ask_something_else_is_refused(run):
    add(run)
    answer = add(run, "--closes", "2030-07-01", code=1)
    assert "found closes '2030-07-01'; expected '2030-06-01', as in the ledger" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--question", "Will it rain?", "--probability", "0.2"), "--author"),
        (("--question", "Will it rain?", "--probability", "0.2", "--author", "A"), "--closes"),
        (("--question", "Will it rain?", "--closes", "2030-06-01", "--author", "A"), "one answer"),
        (("--probability", "0.2"), "CASE"),
        (("--question", "x", "--probability", "1.2", "--author", "A"), "1.2"),
        (
            ("--question", "x", "--shares", "a=x", "--closes", "2030-06-01", "--author", "A"),
            "expected a number",
        ),
    ],
)
def test_a_misuse_tells_what_is_missing(run, arguments, told):
    assert told in run("add", *arguments, code=2).stderr


def test_classes_and_numbers_are_forecast_resolved_and_scored(run):
    closes = ("--closes", "2030-06-01", "--author", "Anna", "--rule", "As reported.")
    run("add", "--question", "Which rung?", "--shares", "calm=0.5,war=0.5", *closes)
    run("add", "--question", "Which rung?", "--shares", "war=0.4,calm=0.6", "--author", "Ben")
    run("add", "--question", "How many?", "--quantiles", "0.1=3,0.5=10,0.9=40", *closes)
    run("resolve", "which-rung", "--outcome", "calm", "--source", "wire", now=AFTER)
    run("resolve", "how-many", "--outcome", "12", "--source", "wire", now=AFTER)
    scores = json.loads(run("score", "--json", now=AFTER).stdout)["live"]["others"]
    # Minus log 0.5 and minus log 0.6; twice the mean pinball loss of 0.1 x 9, 0.5 x 2 and 0.1 x 28.
    assert [(s["author"], s["score"], round(s["mean"], 3)) for s in scores] == [
        ("Anna", "log", 0.693), ("Anna", "RPS", 0.25), ("Anna", "CRPS", 3.133),
        ("Ben", "log", 0.511), ("Ben", "RPS", 0.16),
    ]  # fmt: skip


def test_a_case_s_estimate_is_frozen_whole(run, case):
    folder, value, estimate = case
    rate = f"{value.questions[0].id}=0.04"
    answer = run("add", folder, "--from", folder, "--base-rate", rate, "--json", now=AFTER)
    added = json.loads(answer.stdout)["added"]
    assert [row["value"]["question"]["key"] for row in added] == [f"north:{q.id}" for q in value.questions]
    first = added[0]["value"]
    assert (first["case_digest"], first["seed"], first["as_of"], first["base_rate"]) == (
        estimate.case_digest, estimate.seed, estimate.as_of.isoformat(), 0.04,
    )  # fmt: skip


def test_a_case_s_base_rates_are_those_of_its_reference_classes(run, case):
    folder, value, estimate = case
    added = json.loads(run("add", folder, "--from", folder, "--json", now=AFTER).stdout)["added"]
    for row, question in zip(added, value.questions, strict=True):
        known = base_rate(value, question, estimate.as_of)
        assert row["value"]["base_rate"] == (None if known is None else known.rate)
        assert row["value"]["note"] == ("" if known is None else f"Base rate: {known.words}")
    assert any(row["value"]["base_rate"] is not None for row in added)


def test_an_estimate_of_another_state_of_the_case_is_refused(run, case):
    folder, *_ = case
    text = (folder / "case.yaml").read_text()
    (folder / "case.yaml").write_text(text.replace("title: ", "title: Another ", 1))
    assert "mend: assess the case as it is now" in run("add", folder, "--from", folder, code=1).stderr


def test_an_estimate_in_a_view_is_of_that_view_and_frozen_under_its_name(run, case):
    folder, value, estimate = case
    worried = digest(as_known(in_variant(value, "worried"), estimate.as_of))
    write_json(replace(estimate, variant="worried", case_digest=worried), folder / "estimate.json")
    added = json.loads(run("add", folder, "--from", folder, "--json", now=AFTER).stdout)["added"]
    assert {row["value"]["author"] for row in added} == {"tocsin as worried"}
    write_json(replace(estimate, variant="trained", case_digest=worried), folder / "estimate.json")
    assert "mend: assess the case as it is now" in run("add", folder, "--from", folder, code=1).stderr


def test_a_person_may_answer_a_question_of_a_case(run, case):
    folder, value, _ = case
    own = value.questions[0].id
    run("add", folder, "--question", own, "--probability", 0.3, "--author", "Anna", "--as-of", value.start)
    run("add", folder, "--from", folder, now=AFTER)  # the same question, so it is not refused as another
    answer = run("add", folder, "--question", "nonsense", "--probability", 0.3, "--author", "Anna", code=2)
    assert own in answer.stderr


def test_a_case_is_assessed_where_no_estimate_is_given(run, case):
    folder, value, _ = case
    answer = run("add", folder, "--particles", 1000, "--json", now=AFTER)
    added = json.loads(answer.stdout)["added"]
    assert len(added) == len(value.questions)
    assert {row["value"]["author"] for row in added} == {"tocsin"}


# Resolutions and scores


def test_a_question_is_resolved_corrected_and_scored(run):
    add(run)
    add(run, author="Ben", probability=0.9)
    run("resolve", "will-it-rain-by-june", "--outcome", "no", "--source", "wire", now=AFTER)
    other = ("--outcome", "yes", "--on", "2030-05-01", "--source", "wire")
    assert "--because" in run("resolve", "will-it-rain-by-june", *other, now=AFTER, code=1).stderr
    run("resolve", 1, *other, "--because", "misread", now=AFTER)
    found = json.loads(run("score", "--json", now=AFTER).stdout)
    briers = {g["author"]: g["record"]["brier"]["value"] for g in found["live"]["by_author"]}
    assert briers == {"Anna": pytest.approx(0.64), "Ben": pytest.approx(0.01)}
    assert found["corrections"] == 1
    shown = run("score", "--full", now=AFTER).stdout
    assert "linear pool" in shown
    assert "CALIBRATION OF BEN" in shown


def test_an_early_yes_is_listed_and_not_scored_before_the_close(run):
    add(run)
    run("resolve", "will-it-rain-by-june", "--outcome", "yes", "--source", "wire")
    assert "decided early: yes on 2030-04-15" in run("list").stdout
    assert json.loads(run("score", "--json", now="2030-06-01").stdout)["live"]["forecasts"] == 0
    # And after it: issued on the very day of the outcome, it knew.
    after = json.loads(run("score", "--json", now="2030-06-02").stdout)["live"]
    assert (after["forecasts"], after["knew"]) == (0, 1)


def test_a_voided_question_is_counted(run):
    add(run)
    run("void", "will-it-rain-by-june", "--why", "Both stations were closed.", now=AFTER)
    found = json.loads(run("score", "--json", now=AFTER).stdout)
    assert (found["questions"]["void"], found["live"]["forecasts"]) == (1, 0)
    assert "void" in run("list", "--status", "void", now=AFTER).stdout


def test_the_ledger_is_scored_as_it_stood(run):
    add(run)
    run("resolve", "will-it-rain-by-june", "--outcome", "no", "--source", "wire", now=AFTER)
    then = json.loads(run("score", "--as-of", "2030-12-31", "--json", now=AFTER).stdout)
    assert (then["questions"]["overdue"], then["live"]["forecasts"]) == (1, 0)


def test_a_case_is_resolved_from_its_outcomes(run, case):
    folder, value, _ = case
    first, second = value.questions[0], value.questions[-1]
    (folder / "outcomes.yaml").write_text(
        f'outcomes:\n  - {{question: {first.id}, resolved: "no", date: {first.by}, source: wire}}\n'
        f'  - {{question: {second.id}, resolved: "void", date: {second.by}, source: wire}}\n'
    )
    add(run)
    assert "never forecast" in run("resolve", folder, now="2040-01-01").stdout
    run("add", folder, "--from", folder, now="2040-01-01")
    early = run("resolve", folder, now=value.start.isoformat())
    assert "known only on" in early.stdout
    done = json.loads(run("resolve", folder, "--json", now="2040-01-01").stdout)["resolved"]
    assert [row["value"]["outcome"] for row in done] == ["no", "void"]
    found = json.loads(run("score", "--json", now="2040-01-02").stdout)
    assert found["hindsight"]["forecasts"] == 1
    assert found["live"]["forecasts"] == 0


def test_a_report_is_resolved_with_the_source_of_its_case(run, case):
    folder, value, _ = case
    report = value.reports[0]
    run("resolve", "--report", f"{folder}:{report.id}", "--right", "--why", "seen since")
    answer = run("resolve", "--report", f"{folder}:{report.id}", "--wrong", "--why", "staged", code=1)
    assert "found 'wrong'" in answer.stderr
    away = ("resolve", "--report", "elsewhere:r1", "--wrong", "--why", "staged")
    assert "--reported-by" in run(*away, code=2).stderr
    done = json.loads(run(*away, "--reported-by", "wire", "--json").stdout)["resolved"][0]["value"]
    said = (done["case"], done["source"], done["right"], done["resolved_on"])
    assert said == ("elsewhere", "wire", False, NOW)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name a question"),
        (("will-it-rain-by-june",), "--outcome"),
        (("will-it-rain-by-june", "--outcome", "no"), "--source"),
        (("will-it-rain-by-june", "--outcome", "yes", "--source", "wire"), "--on"),
        (("--report", "x", "--right", "--why", "y"), "CASE:REPORT"),
        (("--report", "a:b", "--why", "y"), "--right or --wrong"),
        (("--report", "a:b", "--right"), "--why"),
    ],
)
def test_a_resolution_tells_what_is_missing(run, arguments, told):
    add(run)
    assert told in run("resolve", *arguments, now=AFTER, code=2).stderr


# The chain


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_export_is_verified_and_imported_elsewhere(run, form):
    head = head_of(add(run))
    run("export", f"l.{form}")
    assert head in run("verify", f"l.{form}").stdout
    assert "1 of 1 rows were new" in run("import", f"l.{form}", "--ledger", "other.sqlite").stdout
    assert head in run("verify", "--ledger", "other.sqlite", "--head", head).stdout


def test_an_export_goes_to_the_screen(run):
    head = head_of(add(run))
    assert json.loads(run("export", "-").stdout)["hash"] == head


def test_a_forged_row_is_shown_and_what_it_was(run):
    head = head_of(add(run))
    add(run, author="Ben")
    run("export", "then.jsonl")
    with sqlite3.connect("ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER ledger_entries_no_update")
        connection.execute("UPDATE ledger_entries SET body = replace(body, '0.2', '0.9') WHERE number = 2")
    connection.close()
    answer = run("verify", "--head", head, "--against", "then.jsonl", code=1)
    assert "broken after 1 sound rows\nrow 2: its content is not what was written" in answer.stderr
    assert "found body.probability 0.9; expected body.probability 0.2" in answer.stderr
    assert "not what was written (row 2)" in run("score", now=AFTER, code=1).stderr
    told = json.loads(run("verify", "--json", code=1).stdout)
    assert (told["sound"], told["rows"], told["breach"]["number"]) == (False, 1, 2)


def forge(change):
    with sqlite3.connect("ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER ledger_entries_no_update")
        connection.execute(f"UPDATE ledger_entries SET {change} WHERE number = 1")
    connection.close()


def test_a_forged_ledger_is_listed_with_a_word_of_it_and_gives_no_assessment_a_record(run, case):
    add(run)
    forge("body = replace(body, '0.2', '0.9')")
    answer = run("list")
    assert "90 %" in answer.stdout
    assert "the chain is broken at row 1" in answer.stderr
    told = CliRunner().invoke(tocsin, ["assess", str(case[0]), "--ledger", "ledger.sqlite"])
    assert told.exit_code == 1
    assert "not what was written (row 1)" in told.stderr
    assert "not what was written (row 1)" in run("add", case[0], code=1).stderr
    assert "broken" not in run("export", "-").stderr


def test_a_row_that_cannot_be_read_is_refused_and_leaves_nothing_open(run, caplog):
    add(run)
    add(run, author="Ben")
    forge("body = 'not json'")
    assert "found a forecast that cannot be read" in run("list", code=1).stderr
    assert not caplog.records


@pytest.mark.parametrize("head", ["abc", "0b05cafe45fc", "G" * 64])
def test_half_a_hash_is_a_misuse_and_no_broken_chain(run, head):
    add(run)
    assert "expected a whole hash" in run("verify", "--head", head, code=2).stderr


def test_a_tail_cut_off_is_shown_to_whoever_noted_the_head(run):
    first = head_of(add(run))
    last = head_of(add(run, author="Ben"))
    with sqlite3.connect("ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER ledger_entries_no_delete")
        connection.execute("DELETE FROM ledger_entries WHERE number = 2")
    connection.close()
    run("verify", "--head", first)
    assert "cut off" in run("verify", "--head", last, code=1).stderr


@pytest.mark.parametrize(
    "command", ["list", "score", "verify", ("export", "x.csv"), ("resolve", "x", "--outcome", "no")]
)
def test_a_ledger_that_is_not_there_is_named_and_not_made(run, command, tmp_path):
    parts = (command,) if isinstance(command, str) else command
    assert "found no ledger" in run(*parts, code=1).stderr
    assert not (tmp_path / "ledger.sqlite").exists()


def test_the_ledger_is_named_by_the_environment(run, monkeypatch, tmp_path):
    monkeypatch.setenv("TOCSIN_LEDGER", str(tmp_path / "team.sqlite"))
    add(run)
    assert (tmp_path / "team.sqlite").exists()


def test_the_default_place_is_the_store_s():
    assert ledger_options.DEFAULT == store.DEFAULT


def test_the_list_shows_each_s_last_word_or_every_forecast(run):
    add(run)
    run(
        "add",
        "--question",
        "will-it-rain-by-june",
        "--probability",
        0.4,
        "--author",
        "Anna",
        now="2030-04-20",
    )
    assert "20 %" not in run("list").stdout
    assert "20 %" in run("list", "--each").stdout
    assert "0 questions" in run("list", "--author", "Ben").stdout
    [question] = json.loads(run("list", "--json").stdout)["questions"]
    assert (question["status"], len(question["forecasts"])) == ("open", 2)
