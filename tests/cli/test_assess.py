"""`tocsin assess`: what it prints, what it writes, all of it or none, and how it ends."""

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.show import fixtures
from tocsin.ask.assess import Assessment
from tocsin.ask.inferred import DEFAULT_PARTICLES, DEFAULT_SEED
from tocsin.case.read import load
from tocsin.cli import asking
from tocsin.cli import assess as command
from tocsin.cli.main import tocsin
from tocsin.show.json import read_estimate, to_json

FILES = {"report.html", "estimate.json", "estimate.nc", "tables"}
SMALL = ("--particles", "1000")


def run(*arguments, color=False):
    return CliRunner().invoke(tocsin, ["assess", *map(str, arguments)], color=color)


def report_alone(answer, folder):
    """Instead of every file."""
    (folder / "report.html").touch()


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """The starter case in a folder of its own."""
    folder = tmp_path_factory.mktemp("cases") / "mine"
    folder.mkdir()
    for template in resources.files("tocsin.case").joinpath("starter").iterdir():
        if template.is_file() and not template.name.endswith(".py"):
            (folder / template.name).write_bytes(template.read_bytes())
    return folder


@pytest.fixture(scope="module")
def assessed(starter, tmp_path_factory):
    """One real run: what it printed and where it wrote."""
    out = tmp_path_factory.mktemp("out") / "answer"
    return run(starter, *SMALL, "--out", out), out


@pytest.fixture
def quick(monkeypatch, assessed):
    """The command with the inference left out: it answers with the synthetic estimate."""
    import tocsin.ask.assess

    class Draws:
        log_evidence = island_weight = None

    asked: dict = {}

    def answer(case, as_of=None, **options):
        asked.update(options, as_of=as_of)
        return Assessment(estimate=fixtures.estimate(), posterior=Draws())  # type: ignore[arg-type]

    monkeypatch.setattr(tocsin.ask.assess, "assess", answer)
    return asked


def test_it_prints_the_answer_and_where_the_report_is(assessed):
    answer, out = assessed
    assert answer.exit_code == 0, answer.output
    assert "LIKELIHOOD\n" in answer.stdout
    assert answer.stdout.endswith(f"report: {out / 'report.html'}\n")


def test_it_writes_every_file_and_leaves_no_other(assessed):
    _, out = assessed
    assert {path.name for path in out.iterdir()} == FILES
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert {path.suffix for path in (out / "tables").iterdir()} == {".parquet"}


def test_the_written_estimate_is_the_one_that_was_printed(assessed, starter):
    _, out = assessed
    estimate = read_estimate(out / "estimate.json")
    assert estimate.seed == asking.SEED
    assert estimate.diagnostics.particles == 1000
    assert estimate.case == load(starter).title


def test_the_posterior_opens_in_arviz(assessed):
    import arviz as az

    _, out = assessed
    posterior = az.from_netcdf(str(out / "estimate.nc")).posterior
    assert posterior.sizes["chain"] == 20
    assert {"disposition", "deceives", "posture"} <= set(posterior)


def test_the_same_seed_gives_the_same_estimate(assessed, starter):
    _, out = assessed
    again = run(starter, *SMALL, "--json", "--threads", 1)
    assert again.stdout == (out / "estimate.json").read_text(encoding="utf-8")


def test_json_goes_to_standard_output_alone_and_writes_nothing(quick, starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run(starter, "--json")
    assert answer.stdout == to_json(fixtures.estimate())
    assert json.loads(answer.stdout)["schema"] == 4
    assert list(tmp_path.iterdir()) == []


def test_the_default_folder_is_named_by_case_and_day(quick, starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_fill", report_alone)
    answer = run(starter)
    assert answer.stdout.endswith("report: tocsin-out/mine-2030-04-15/report.html\n")
    assert (tmp_path / "tocsin-out" / "mine-2030-04-15" / "report.html").exists()


def test_an_earlier_answer_is_replaced_whole(quick, starter, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "estimate.json").write_text("old")
    monkeypatch.setattr(command, "_fill", report_alone)
    assert run(starter, "--out", out).exit_code == 0
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_other_things_is_left_alone(quick, starter, tmp_path):
    (tmp_path / "thesis.doc").write_text("precious")
    answer = run(starter, "--out", tmp_path)
    assert answer.exit_code == 2
    assert "holds other things, such as thesis.doc" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_failure_half_way_leaves_the_earlier_answer(quick, starter, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "estimate.json").write_text("old")

    def fail(answer, folder):
        (folder / "report.html").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(command, "_fill", fail)
    answer = run(starter, "--out", out)
    assert answer.exit_code == 2
    assert "No space left on device" in answer.stderr
    assert (out / "estimate.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("where", ["tocsin.ask.assess.assess", "tocsin.cli.assess._fill"])
def test_an_interruption_is_one_line_and_leaves_nothing(quick, starter, tmp_path, monkeypatch, where):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupt)
    answer = run(starter, "--out", tmp_path / "out")
    assert answer.exit_code == 130
    assert answer.stderr == "interrupted; nothing was written\n"
    assert list(tmp_path.iterdir()) == []


def test_faults_are_told_as_check_tells_them(starter, tmp_path):
    folder = shutil.copytree(starter, tmp_path / "case")
    (folder / "case.yaml").write_text((folder / "case.yaml").read_text().replace("start:", "strat:", 1))
    answer = run(folder)
    assert answer.exit_code == 1
    checked = CliRunner().invoke(tocsin, ["check", str(folder)])
    assert answer.stderr.splitlines()[:-1] == checked.stderr.splitlines()[:-1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--as-of", "tomorrow"], "expected a date such as 2023-10-11"),
        (["--as-of", "1999-01-01"], "lies outside the case"),
        (["--since", "2999-01-01"], "since 2999-01-01"),
        (["--particles", "10"], "expected at least 1000"),
        (["--particles", "0"], "--particles"),
        (["--seed", "-1"], "--seed"),
        (["--threads", "0"], "--threads"),
    ],
)
def test_a_misuse_is_told_and_exits_with_2(starter, tmp_path, monkeypatch, options, told):
    monkeypatch.chdir(tmp_path)
    answer = run(starter, *options)
    assert answer.exit_code == 2
    assert told in " ".join(answer.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_options_reach_the_assessment(quick, starter):
    run(
        starter, "--json", "--phia", "--seed", 7, "--particles", 2000, "--threads", 2, "--since", "2030-01-08"
    )
    assert (quick["yardstick"], quick["seed"], quick["particles"], quick["threads"]) == ("PHIA", 7, 2000, 2)
    assert quick["since"].isoformat() == "2030-01-08"


def test_the_defaults_are_those_of_the_assessment():
    assert (asking.PARTICLES, asking.SEED) == (DEFAULT_PARTICLES, DEFAULT_SEED)


def test_the_full_view_says_more(quick, starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_fill", report_alone)
    assert len(run(starter, "--full").stdout) > 2 * len(run(starter).stdout)


@pytest.mark.parametrize("compiled", [True, False])
def test_the_first_run_says_that_it_compiles(quick, starter, monkeypatch, compiled):
    monkeypatch.setattr(asking, "are_compiled", lambda: compiled)
    assert (asking.COMPILING in run(starter, "--json").stderr) is not compiled


def test_the_kernels_are_known_to_be_compiled_once_they_are(assessed):
    assert asking.are_compiled()


def test_a_ledger_teaches_of_sources_and_shows_its_record(starter, tmp_path):
    """From the outside: a report is resolved, and the next estimate believes its source otherwise."""
    place = tmp_path / "ledger.sqlite"
    plain = json.loads(run(starter, *SMALL, "--json").stdout)
    day = plain["as_of"]

    def ledger(*arguments):
        answer = CliRunner().invoke(tocsin, ["ledger", *map(str, arguments), "--ledger", str(place)])
        assert answer.exit_code == 0, answer.output
        return answer

    ledger("add", "--question", "Rain?", "--closes", "2030-01-01", "--probability", "0.3", "--author", "Anna",
           "--as-of", "2029-12-01", "--now", "2029-12-01T12:00+00:00")  # fmt: skip
    report = next(e for e in plain["evidence"] if e["kind"] == "report")
    ledger("resolve", "--report", f"{starter}:{report['id']}", "--wrong", "--why", "A test.", "--on", day,
           "--now", f"{day}T12:00+00:00")  # fmt: skip
    answer = run(starter, *SMALL, "--json", "--ledger", place)
    assert answer.exit_code == 0, answer.output
    taught = json.loads(answer.stdout)
    assert plain["record"] is None
    assert taught["record"]["questions"]["open"] + taught["record"]["questions"]["overdue"] == 1
    before, after = (
        next(s for s in found["sources"] if s["id"] == report["source"]) for found in (plain, taught)
    )
    assert after["proved_wrong"] == 1.0
    assert after["proved_in"] == [starter.name]
    assert after["prior"] < before["prior"] == after["before"]
    # The forecasts of such an estimate can be frozen: its digest is that of the case with the records raised.
    out = tmp_path / "answer"
    assert run(starter, *SMALL, "--ledger", place, "--out", out).exit_code == 0
    assert '"record": {' in (out / "report.html").read_text()
    ledger("add", starter, "--from", out, "--now", f"{day}T13:00+00:00")


def test_a_ledger_that_is_not_there_is_refused(starter, tmp_path):
    answer = run(starter, *SMALL, "--ledger", tmp_path / "none.sqlite")
    assert answer.exit_code == 1
    assert "none.sqlite" in answer.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_a_half_life_needs_a_ledger(starter):
    answer = run(starter, *SMALL, "--half-life", "365")
    assert answer.exit_code == 2
    assert "name one with --ledger" in answer.stderr


def test_a_view_is_assessed_and_has_a_folder_of_its_own(quick, starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_fill", report_alone)
    answer = run(starter, "--variant", "worried")
    assert answer.exit_code == 0, answer.output
    assert quick["variant"] == "worried"
    (folder,) = Path("tocsin-out").iterdir()
    assert folder.name == f"{starter.name}-{fixtures.estimate().as_of}-worried"


def test_a_view_that_the_case_has_not_is_misuse(starter):
    answer = run(starter, "--variant", "calm")
    assert answer.exit_code == 2
    assert "expected one of the case's: worried" in answer.stderr
