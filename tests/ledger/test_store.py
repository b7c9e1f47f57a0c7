"""What was confirmed stays, whatever is killed; nothing is changed; and two writers keep one chain."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.ledger.made import NOON, forecast, resolution
from tocsin.ledger import Ledger, StoreError
from tocsin.ledger.migrations import scripts, upgrade
from tocsin.ledger.store import WAIT_SECONDS, location
from tocsin.ledger.tables import ENTRIES, FORMS, METADATA, VERSION_TABLE

ROOT = Path(__file__).parents[2]
CHANGES = {
    "number": "7",
    "kind": "'resolution'",
    "subject": "'drought'",
    "recorded": "'2029-01-01T00:00:00.000000Z'",
    "body": "replace(body, '0.2', '0.9')",
    "previous": f"'{'1' * 64}'",
    "hash": f"'{'1' * 64}'",
}


def writer(place, author, count) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.writer", place, author, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(place, *statements):
    """Past the ledger, straight into its database."""
    engine = sa.create_engine(location(place))
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def unguarded(place, statement):
    """As somebody would who owns the database and takes the triggers off."""
    if "://" in place:
        run(place, "ALTER TABLE ledger_entries DISABLE TRIGGER USER", statement)
    else:
        names = ("no_update", "no_delete", "chained")
        run(place, *(f"DROP TRIGGER ledger_entries_{name}" for name in names), statement)


def filled(place, count=4):
    with Ledger.open(place) as ledger:
        ledger.add([forecast(probability=k / 10) for k in range(1, count + 1)], now=NOON)
        return [entry.hash for entry in ledger.entries()]


# Nothing that was confirmed is lost


def test_a_writer_killed_in_its_work_loses_nothing_it_confirmed(place):
    child = writer(place, "Anna", 100_000)
    assert child.stdout is not None
    try:
        said = [child.stdout.readline().strip() for _ in range(25)]
    finally:
        child.send_signal(signal.SIGKILL)
        rest, complaint = child.communicate()
    assert child.returncode == -signal.SIGKILL, complaint
    said += [line for line in rest.splitlines() if len(line) == 64]
    with Ledger.open(place, create=False) as ledger:
        kept = [entry.hash for entry in ledger.entries()]
        assert ledger.verify(head=said[-1]).sound
        # One more at the most was on disk but not yet said.
        assert kept[: len(said)] == said
        assert len(kept) - len(said) <= 1
        ledger.add([forecast("storm")], now=NOON)
        assert ledger.verify(head=said[-1]).sound


def test_a_server_that_is_cut_off_loses_nothing_it_confirmed(postgresql, server):
    if server is None:
        pytest.skip("needs a server of the tests' own, which may be crashed")
    child = writer(postgresql, "Anna", 100_000)
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(25)]
    server.crash()
    rest, _ = child.communicate(timeout=60)
    server.start()
    said += [line for line in rest.splitlines() if len(line) == 64]
    with Ledger.open(postgresql, create=False) as ledger:
        assert [entry.hash for entry in ledger.entries()][: len(said)] == said
        assert ledger.verify(head=said[-1]).sound


def test_sqlite_confirms_only_what_is_on_disk(tmp_path):
    with Ledger.open(str(tmp_path / "l.sqlite")) as ledger, ledger._store.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        full = 2  # as SQLite's documentation of the pragma has it
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full


def test_postgresql_confirms_only_what_is_on_disk(postgresql):
    with Ledger.open(postgresql):
        pass
    relaxed = postgresql.replace("options=", "options=-csynchronous_commit%3Doff%20")
    with Ledger.open(relaxed) as ledger, ledger._store.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


# One chain, however many write


def test_two_writers_at_once_keep_one_chain(place):
    children = [writer(place, author, 15) for author in ("Anna", "Ben")]
    said = []
    for child in children:
        out, complaint = child.communicate(timeout=60)
        assert child.returncode == 0, complaint
        said.append(out.split())
    with Ledger.open(place, create=False) as ledger:
        kept = [entry.hash for entry in ledger.entries()]
        assert ledger.verify().sound
    assert sorted(kept) == sorted(said[0] + said[1])
    assert [[h for h in kept if h in mine] for mine in said] == said


def test_a_reader_is_not_kept_waiting_by_a_writer(place):
    filled(place)
    with Ledger.open(place) as ledger, Ledger.open(place) as other, ledger._store.writing():
        assert len(other.entries()) == 4


def test_a_writer_that_does_not_finish_is_told_of(place, monkeypatch):
    filled(place)
    monkeypatch.setattr("tocsin.ledger.store.WAIT_SECONDS", 1)
    assert WAIT_SECONDS > 1
    told = pytest.raises(StoreError, match="did not finish")
    with Ledger.open(place) as ledger, Ledger.open(place) as other, ledger._store.writing(), told:
        other.add([forecast("storm")], now=NOON)


# What was written is not changed


@pytest.mark.parametrize("column", CHANGES)
def test_the_database_itself_refuses_a_change(place, column):
    filled(place)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        run(place, f"UPDATE ledger_entries SET {column} = {CHANGES[column]} WHERE number = 2")


def test_the_database_itself_refuses_a_deletion(place):
    filled(place)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        run(place, "DELETE FROM ledger_entries WHERE number = 4")
    if "://" in place:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            run(place, "TRUNCATE ledger_entries")


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE"])
@pytest.mark.parametrize(("number", "previous"), [(2, "SAME"), (5, "0"), (6, "LAST"), (-1, "LAST")])
def test_the_database_itself_refuses_a_row_out_of_the_chain(place, verb, number, previous):
    if "REPLACE" in verb and "://" in place:
        verb = "INSERT"  # PostgreSQL has no such thing
    hashes = filled(place)
    previous = {"SAME": hashes[0], "LAST": hashes[-1], "0": "0" * 64}[previous]
    with pytest.raises(sa.exc.DBAPIError, match=r"must follow|append-only"):
        run(place, f"{verb} INTO ledger_entries VALUES ({number}, 'a', 'b', 'c', '{{}}', '{previous}', 'h')")
    with Ledger.open(place) as ledger:
        assert [entry.hash for entry in ledger.entries()] == hashes


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_past_the_guards_is_found_where_it_was_made(place, column):
    filled(place)
    unguarded(place, f"UPDATE ledger_entries SET {column} = {CHANGES[column]} WHERE number = 2")
    with Ledger.open(place) as ledger:
        breach = ledger.verify().breach
    assert breach is not None
    assert breach.number == 2


def test_a_row_deleted_past_the_guards_is_found(place):
    hashes = filled(place)
    unguarded(place, "DELETE FROM ledger_entries WHERE number = 4")
    with Ledger.open(place) as ledger:
        assert ledger.verify().sound
        assert ledger.verify(head=hashes[2]).sound
        assert not ledger.verify(head=hashes[3]).sound


# What is opened


def test_the_forms_are_the_revisions():
    directory = scripts()
    assert [script.revision for script in directory.walk_revisions()][::-1] == list(FORMS)


def test_the_migrations_make_the_table_that_the_code_uses(place):
    filled(place)
    engine = sa.create_engine(location(place))
    try:
        columns = sa.inspect(engine).get_columns(ENTRIES.name)
        keys = sa.inspect(engine).get_unique_constraints(ENTRIES.name)
    finally:
        engine.dispose()
    made = [(column["name"], column["nullable"]) for column in columns]
    assert made == [(column.name, column.nullable) for column in METADATA.tables[ENTRIES.name].columns]
    assert sorted(key["column_names"] for key in keys) == [["hash"], ["previous"]]


def test_an_older_ledger_is_moved_on_with_every_row(place):
    engine = sa.create_engine(location(place))
    with engine.begin() as connection:
        upgrade(connection, FORMS[0])
    with engine.begin() as connection:
        assert "ledger_forecasts" not in sa.inspect(connection).get_view_names()
    # Rows of the old form, by today's code on the old tables.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tocsin.ledger.store.FORMS", FORMS[:1])
        hashes = filled(place)
    with Ledger.open(place, create=False) as ledger:
        assert ledger.verify(head=hashes[-1]).rows == 4
    with engine.begin() as connection:
        assert "ledger_forecasts" in sa.inspect(connection).get_view_names()
    engine.dispose()


def test_a_newer_ledger_is_refused_and_left_alone(place):
    filled(place)
    run(place, f"UPDATE {VERSION_TABLE} SET version_num = 'form99'")
    with pytest.raises(StoreError, match="newer tocsin"):
        Ledger.open(place)


def test_the_views_show_columns(place):
    with Ledger.open(place) as ledger:
        ledger.add([forecast(probability=0.25, seed=3)], now=NOON)
        ledger.resolve([resolution(on=NOON.date())], now=NOON)
    engine = sa.create_engine(location(place))
    with engine.begin() as connection:
        shown = connection.execute(
            sa.text(
                'SELECT f.question, author, closes, probability, seed, outcome, r."on" '
                "FROM ledger_forecasts f JOIN ledger_resolutions r ON r.question = f.question"
            )
        ).one()
    engine.dispose()
    assert tuple(shown) == ("flood", "Anna", "2030-06-01", 0.25, 3, "yes", "2030-04-15")


def test_a_ledger_that_is_not_there_is_not_made_by_reading(place, tmp_path):
    with pytest.raises(StoreError, match="no ledger"):
        Ledger.open(place, create=False)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_ledger_is_refused(tmp_path):
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("not a database, and long enough to look like one" * 10)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE things (name TEXT)")
    connection.close()
    for path in (text, other, tmp_path):
        with pytest.raises(StoreError, match="a ledger of tocsin's"):
            Ledger.open(str(path))
    assert text.read_text().startswith("not a database")


@pytest.mark.parametrize("place", ["mysql://a@b/c", "ftp://somewhere", "://"])
def test_another_kind_of_place_is_refused(place):
    with pytest.raises(StoreError, match="sqlite:///path"):
        Ledger.open(place)


def test_a_server_that_does_not_answer_is_told_of_without_the_password(tmp_path):
    with pytest.raises(StoreError) as told:
        Ledger.open(f"postgresql://desk:secret@/warnings?host={tmp_path}")
    assert "secret" not in str(told.value)
    assert "check the place" in str(told.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_ledger_that_may_not_be_written_can_be_read(tmp_path):
    path = tmp_path / "l.sqlite"
    filled(str(path))
    path.chmod(0o444)
    with Ledger.open(str(path), create=False) as ledger:
        assert ledger.verify().rows == 4
        with pytest.raises(StoreError, match="readonly"):
            ledger.add([forecast("storm")], now=NOON)
