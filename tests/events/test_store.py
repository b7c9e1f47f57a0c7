"""Every format comes into one table; every row is kept or refused; twice, or cut off, makes no difference."""

import datetime as dt
import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.samples import HERE, SAMPLES
from tests.house.source import ROOT
from tocsin.events import feeds, ladder, store
from tocsin.events.formats import FORMATS

GED = next(sample for sample in SAMPLES if sample.format == "ucdp-ged")


def imported(path, *files, replace=False):
    """Import (format, file) pairs into a store; what each came to."""
    with store.opened(path, create=True) as connection:
        return [
            store.import_file(connection, Path(file), FORMATS[form], replace=replace) for form, file in files
        ]


def rows(path, query):
    with store.opened(path) as connection:
        return connection.execute(query).fetchall()


def contents(path):
    """Everything a store holds, in a fixed order."""
    return [rows(path, f"SELECT * FROM {table} ORDER BY ALL") for table in ("files", "events", "refused")]


def digests(path):
    """The same as a hash and a count of each table, for stores too large to compare row by row."""
    return [
        rows(path, f"SELECT count(*), sum(hash(t)) FROM {table} t")
        for table in ("files", "events", "refused")
    ]


def test_every_format_has_a_sample():
    assert {sample.format for sample in SAMPLES} == set(FORMATS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.format)
def test_a_sample_is_kept_and_refused_as_it_says(sample, tmp_path):
    (answer,) = imported(tmp_path / "s.duckdb", (sample.format, sample.path))
    assert (answer.kept, dict(answer.reasons)) == (sample.kept, sample.refused)
    assert answer.rows == sample.rows == answer.kept + answer.refused


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.format)
def test_every_row_of_a_file_stands_in_one_table_under_its_own_number(sample, tmp_path):
    imported(tmp_path / "s.duckdb", (sample.format, sample.path))
    found = rows(tmp_path / "s.duckdb", "SELECT row FROM events UNION ALL SELECT row FROM refused ORDER BY 1")
    assert [row for (row,) in found] == list(range(1, sample.rows + 1))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.format)
def test_every_event_has_what_postures_need(sample, tmp_path):
    imported(tmp_path / "s.duckdb", (sample.format, sample.path))
    lacking = rows(
        tmp_path / "s.duckdb",
        "SELECT * FROM events WHERE event_id IS NULL OR date IS NULL OR code IS NULL OR rung IS NULL "
        "OR directed IS NULL OR (initiator IS NULL AND target IS NULL)",
    )
    assert lacking == []


def test_a_refused_row_says_where_it_stood_and_what_was_found(tmp_path):
    imported(tmp_path / "s.duckdb", ("ucdp-ged", GED.path))
    found = dict(rows(tmp_path / "s.duckdb", "SELECT row, found FROM refused"))
    assert found == {
        4: "2030-02-30 00:00:00.000", 5: "95.5", 6: "many", 7: "7", 8: "event 900001",
        9: "900008,SYN-8,2030,1",
    }  # fmt: skip


def test_the_event_table_has_the_columns_that_are_documented(tmp_path):
    imported(tmp_path / "s.duckdb", ("keds", HERE / "keds.tab"))
    described = rows(tmp_path / "s.duckdb", "DESCRIBE events")
    assert [row[:2] for row in described] == [column[:2] for column in store.COLUMNS]
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert [name for name, _, meaning in store.COLUMNS if f"| `{name}` | {meaning} |" not in page] == []


def test_every_format_is_documented_with_its_licence():
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert [
        name for name, form in FORMATS.items() if f"`{name}`" not in page or form.licence not in page
    ] == []


def test_an_event_of_each_kind_reads_as_it_should(tmp_path):
    """One event a format, worked out by hand from the sample."""
    for sample in SAMPLES:
        imported(tmp_path / "s.duckdb", (sample.format, sample.path))
    query = (
        "SELECT source, initiator, target, code, plover, weight, rung, deaths_low, deaths_best, deaths_high, "
        "directed, date::VARCHAR, known::VARCHAR FROM events WHERE row = 2 ORDER BY source"
    )
    assert rows(tmp_path / "s.duckdb", query) == [
        ("acled", "Military Forces of Sudria", "Red Band", "Explosions/Remote violence/Air/drone strike",
         "ASSAULT", None, 4, None, 11, None, False, "2030-01-09", None),
        ("gdelt", "ISRMIL", "LBNREBHEZ", "195", "ASSAULT", -10.0, 4, None, None, None, True,
         "2030-01-07", "2030-01-07"),
        ("icews", "A Minister (Israel)", "Hezbollah (Lebanon)", "111", "ACCUSE", -2.0, 1, None, None, None,
         True, "2030-01-07", None),
        ("keds", "LBNREBHEZ", "ISR", "193", "ASSAULT", -10.0, 3, None, None, None, True, "2030-01-07", None),
        ("keds-weis", "KUW", "IRQ", "095", "REQUEST", 1.2, 0, None, None, None, True, "1990-01-08", None),
        ("polecat", "France", "Israel", "CONSULT:visit", "CONSULT", -5.0, 0, None, None, None, True,
         "2030-01-08", "2030-01-09"),
        ("ucdp-ged", "Government of Sudria", "Red Band", "1", "ASSAULT", None, 4, 30, 40, 55, False,
         "2030-01-09", None),
    ]  # fmt: skip


def test_one_sided_violence_alone_has_a_direction_in_ged(tmp_path):
    imported(tmp_path / "s.duckdb", ("ucdp-ged", GED.path))
    assert rows(tmp_path / "s.duckdb", "SELECT code, directed FROM events ORDER BY row") == [
        ("1", False), ("1", False), ("3", True), ("1", False),
    ]  # fmt: skip


def test_importing_twice_changes_nothing(tmp_path):
    path = tmp_path / "s.duckdb"
    (first,) = imported(path, ("ucdp-ged", GED.path))
    before = contents(path)
    (second,) = imported(path, ("ucdp-ged", GED.path))
    assert contents(path) == before
    assert second.already
    assert (second.kept, second.refused) == (first.kept, first.refused)


def test_the_same_file_under_another_name_is_the_same_file(tmp_path):
    copy = shutil.copy(GED.path, tmp_path / "copy.csv")
    first, second = imported(tmp_path / "s.duckdb", ("ucdp-ged", GED.path), ("ucdp-ged", copy))
    assert (first.already, second.already) == (False, True)


def test_an_event_that_is_there_already_is_refused_with_its_place(tmp_path):
    revised = tmp_path / "revised.csv"
    revised.write_text(GED.path.read_text(encoding="utf-8").replace(",3,4,3\n", ",8,9,7\n"), encoding="utf-8")
    path = tmp_path / "s.duckdb"
    _, second = imported(path, ("ucdp-ged", GED.path), ("ucdp-ged", revised))
    assert second.kept == 0
    assert dict(second.reasons)["an event that is in the store"] == GED.kept
    ((found,),) = rows(path, f"SELECT found FROM refused WHERE file = '{second.digest}' AND row = 1")
    assert found.startswith("event 900001, row 1 of ")


def test_a_revision_takes_the_place_of_what_it_revises_when_asked_to(tmp_path):
    revised = tmp_path / "revised.csv"
    revised.write_text(GED.path.read_text(encoding="utf-8").replace(",3,4,3\n", ",8,9,7\n"), encoding="utf-8")
    path = tmp_path / "s.duckdb"
    (first,) = imported(path, ("ucdp-ged", GED.path))
    (second,) = imported(path, ("ucdp-ged", revised), replace=True)
    assert second.replaced == first.kept == second.kept
    assert rows(path, "SELECT deaths_best, count(*) FROM events WHERE event_id = '900001' GROUP BY 1") == [
        (8, 1)
    ]
    assert rows(path, "SELECT sum(rows), sum(kept), sum(refused) FROM files") == [
        (2 * GED.rows, GED.kept, 2 * GED.rows - GED.kept)
    ]
    assert rows(path, "SELECT count(*) FROM refused WHERE reason = 'replaced by a later file'") == [
        (first.kept,)
    ]


def test_a_gzipped_file_and_a_parquet_file_give_the_same_events(tmp_path):
    text = HERE / "keds.tab"
    (tmp_path / "k.tab.gz").write_bytes(gzip.compress(text.read_bytes()))
    sound = [line.split("\t") for line in text.read_text(encoding="utf-8").splitlines()[:4]]
    days, sources, targets, codes = (list(column) for column in list(zip(*sound, strict=True))[:4])
    dates = [dt.datetime.strptime(f"20{day}", "%Y%m%d").date() for day in days]  # noqa: DTZ007 - a calendar day
    table = pa.table({"date": dates, "source": sources, "target": targets, "code": codes})
    pq.write_table(table, tmp_path / "k.parquet")
    query = "SELECT date, initiator, target, code, weight, rung, row FROM events ORDER BY row"
    answers = []
    for place, file in enumerate((text, tmp_path / "k.tab.gz", tmp_path / "k.parquet")):
        imported(tmp_path / f"{place}.duckdb", ("keds", file))
        answers.append(rows(tmp_path / f"{place}.duckdb", query))
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) == 4


def test_a_files_name_is_no_pattern(tmp_path):
    """DuckDB would read `[1]` as a set of letters and take another file."""
    odd = tmp_path / "events [1]*.tab"
    shutil.copy(HERE / "keds.tab", odd)
    shutil.copy(HERE / "keds_weis.tab", tmp_path / "events 1x.tab")
    (answer,) = imported(tmp_path / "s.duckdb", ("keds", odd))
    assert answer.kept == 4


def test_broken_lines_far_down_leave_every_row_its_number(tmp_path):
    """1,000 rows of which every seventh is broken: row k must still be row k."""
    lines = [
        f"20300107\tISR\tUSA\t{'042' if k % 2 else '190'}\t{k}\tmade up" if k % 7 else "20300107\tISR"
        for k in range(1, 1001)
    ]
    file = tmp_path / "k.tab"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    imported(tmp_path / "s.duckdb", ("keds", file))
    assert rows(tmp_path / "s.duckdb", "SELECT row FROM refused ORDER BY row") == [
        (k,) for k in range(7, 1001, 7)
    ]
    wrong = "SELECT row FROM events WHERE (row % 2 = 1) != (code = '042') OR row % 7 = 0"
    assert rows(tmp_path / "s.duckdb", wrong) == []


@pytest.mark.parametrize(
    ("form", "name", "text", "told"),
    [
        ("acled", "a.csv", "id,when\n1,2\n", "no column event_id_cnty"),
        ("gdelt", "g.tsv", "1\t20300107\tA\n", "3 columns; expected 61 columns"),
        ("keds", "k.tab", "", "an empty first line"),
        ("gdelt", "g.zip", "PK", "a zip archive"),
        ("keds", "k.parquet", "PAR0", "not Parquet"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(form, name, text, told, tmp_path):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(feeds.FeedError, match=told):
        imported(tmp_path / "s.duckdb", (form, file))
    assert rows(tmp_path / "s.duckdb", "SELECT * FROM files") == []


@pytest.mark.parametrize("form", ["acled", "ucdp-ged", "icews", "gdelt"])
def test_a_binary_file_is_refused(form, tmp_path):
    (tmp_path / "b.csv").write_bytes(b"\x7fELF\x02\x01\r\x00\x03\rabc\x00" * 99)
    with pytest.raises(feeds.FeedError, match="mend: check that --format"):
        imported(tmp_path / "s.duckdb", (form, tmp_path / "b.csv"))


def test_an_interrupt_in_the_middle_of_a_query_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    imported(tmp_path / "s.duckdb", ("keds", HERE / "keds.tab"))
    before = digests(tmp_path / "s.duckdb")

    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(store, "_keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        imported(tmp_path / "s.duckdb", ("gdelt", HERE / "gdelt.tsv"))
    assert digests(tmp_path / "s.duckdb") == before


@pytest.mark.parametrize("left", [50, 4000, -20])
def test_a_gzipped_file_that_is_cut_off_is_refused_whole(left, tmp_path):
    lines = "".join(
        f"2030-01-{day:02}\tA{n * 7919 % 9973}\tB{n * 104729 % 9967}\t190\n"
        for n in range(2000)
        for day in (1, 2)
    )
    (tmp_path / "k.tab.gz").write_bytes(gzip.compress(lines.encode())[:left])
    with pytest.raises(feeds.FeedError, match="mend: check"):
        imported(tmp_path / "s.duckdb", ("keds", tmp_path / "k.tab.gz"))
    assert rows(tmp_path / "s.duckdb", "SELECT * FROM files") == []


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(feeds.FeedError, match="check the path"):
        imported(tmp_path / "s.duckdb", ("keds", tmp_path / "none.tab"))


def test_a_store_that_is_none_is_refused(tmp_path):
    (tmp_path / "text.duckdb").write_text("hello" * 2000, encoding="utf-8")
    (tmp_path / "folder.duckdb").mkdir()
    duckdb.connect(str(tmp_path / "other.duckdb")).execute("CREATE TABLE t (x INTEGER)")
    for name, told in (
        ("text", "no store of events"), ("other", "without tocsin's tables"), ("none", "no such file"),
        ("folder", "found a folder"),
    ):  # fmt: skip
        with pytest.raises(store.EventStoreError, match=told), store.opened(tmp_path / f"{name}.duckdb"):
            pass


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.lists(st.text(alphabet="0123456789AISRU\"',; é", max_size=9), min_size=1, max_size=7), max_size=12
    )
)
def test_whatever_a_file_says_every_line_is_kept_or_refused(lines, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    first = "300107\tISR\tUSA\t042\tlabel\ttext"
    written = ["\t".join(cells) for cells in lines]
    # A line of nothing at all is no row to DuckDB.
    written = [line for line in written if line]
    (folder / "k.tab").write_text("\n".join([first, *written]) + "\n", encoding="utf-8")
    (answer,) = imported(folder / "s.duckdb", ("keds", folder / "k.tab"))
    assert answer.rows == 1 + len(written)
    assert answer.kept >= 1


def big_file(path, n=100_000):
    """A made-up KEDS file that takes a moment to import."""
    codes = ["042", "112", "138", "190", "195"]
    with path.open("w", encoding="utf-8") as stream:
        for k in range(n):
            stream.write(
                f"{20300101 + k % 28}\tISR{k % 97:03d}\tLBN{k % 89:03d}\t{codes[k % 5]}\tx\tmade up\n"
            )


@pytest.mark.parametrize("after_seconds", [0.05, 0.3])
def test_a_kill_in_the_middle_and_the_same_import_again_give_the_same_store(after_seconds, tmp_path):
    big_file(tmp_path / "big.tab")
    cut = tmp_path / "cut.duckdb"
    files = ["--format", "keds", str(HERE / "keds.tab"), str(tmp_path / "big.tab")]
    program = [sys.executable, "-c", "from tocsin.cli.main import main; main()", "events", "import", *files]
    killed = subprocess.Popen(
        [*program, "--into", str(cut)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not cut.exists() and killed.poll() is None:
        time.sleep(0.01)
    time.sleep(after_seconds)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL, "it was done before it could be killed: the file is too small"
    again = subprocess.run([*program, "--into", str(cut)], check=True, capture_output=True, text=True)
    assert "100,000 of 100,000 rows kept, 0 refused\n" in again.stdout
    imported(tmp_path / "whole.duckdb", ("keds", HERE / "keds.tab"), ("keds", tmp_path / "big.tab"))
    assert digests(cut) == digests(tmp_path / "whole.duckdb")


def test_the_historical_files_come_in_whole(data, tmp_path):
    """Counts of the data's own README; every row is kept."""
    answers = imported(
        tmp_path / "s.duckdb",
        ("ucdp-ged", data / "ucdp_ged" / "ged211_precise_events_1989_2018.parquet"),
        ("keds", data / "keds" / "levant_cameo_1979_2007.parquet"),
        ("keds-weis", data / "keds" / "gulf_weis_1979_1999.parquet"),
        ("keds-weis", data / "keds" / "balkans_weis_1989_2003.parquet"),
    )
    assert [(answer.kept, answer.refused) for answer in answers] == [
        (153_943, 0), (139_371, 0), (54_466, 0), (72_953, 0),
    ]  # fmt: skip
    highest = rows(tmp_path / "s.duckdb", "SELECT source, max(rung) FROM events GROUP BY 1 ORDER BY 1")
    assert highest == [("keds", 6), ("keds-weis", 4), ("ucdp-ged", 6)]
    assert len(ladder.RUNGS) == 7
