"""The event store: one DuckDB file with one table of events, and all that was refused.

A file is imported in one transaction, or not at all: power cut or kill leaves the store as it was after the
last whole file, and the same import run again goes on from there. A file is known by its digest, so that
importing it twice changes nothing. Where a feed's ids name events, an event that is already in the store is
refused with the place of the first; `replace` lets the newer file's row stand instead, for feeds that revise.

Every row read ends in exactly one of two tables, `events` or `refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb

from tocsin.errors import TocsinError
from tocsin.events import codes, feeds, ladder
from tocsin.events.formats import Format

SCHEMA_VERSION: Final = 1

# The event table, column by column: name, type, meaning and unit. The documents are held to it by a test.
COLUMNS: Final = (
    ("event_id", "VARCHAR", "the feed's own id, or the file's first digits and the row where it has none"),
    ("date", "DATE", "day of the event, or its first day"),
    ("date_end", "DATE", "its last day, where the feed gives one"),
    ("known", "DATE", "day on which the feed says that it became known"),
    ("initiator", "VARCHAR", "who acted, as the feed names it; either side where `directed` is false"),
    ("target", "VARCHAR", "to whom it was done, as the feed names it"),
    ("code", "VARCHAR", "what was done, in the feed's own scheme"),
    ("scheme", "VARCHAR", "the scheme: cameo, weis, plover, ged or acled"),
    ("plover", "VARCHAR", "PLOVER type of the code"),
    ("weight", "DOUBLE", "Goldstein weight from -10, hostile, to 10; the file's own where it gives one"),
    ("rung", "TINYINT", "rung of the usual ladder that the code reads as, 0 to 6"),
    ("deaths_low", "INTEGER", "low estimate of deaths"),
    ("deaths_best", "INTEGER", "best estimate of deaths"),
    ("deaths_high", "INTEGER", "high estimate of deaths"),
    ("place", "VARCHAR", "where, in the feed's words"),
    ("latitude", "DOUBLE", "degrees north"),
    ("longitude", "DOUBLE", "degrees east"),
    ("source", "VARCHAR", "the feed"),
    ("directed", "BOOLEAN", "whether the feed says who did it to whom"),
    ("file", "VARCHAR", "SHA-256 of the file it was read from"),
    ("row", "BIGINT", "its row there, the first row of data being 1"),
)
_TABLES: Final = f"""
CREATE TABLE about (version INTEGER);
INSERT INTO about VALUES ({SCHEMA_VERSION});
CREATE TABLE files (
    digest VARCHAR PRIMARY KEY, name VARCHAR, format VARCHAR, source VARCHAR, bytes BIGINT,
    rows BIGINT, kept BIGINT, refused BIGINT
);
CREATE TABLE events ({", ".join(f"{name} {kind}" for name, kind, _ in COLUMNS)});
CREATE TABLE refused (file VARCHAR, row BIGINT, reason VARCHAR, found VARCHAR);
"""
Progress = Callable[[str], None]
Values = Sequence[object] | dict[str, object]


class EventStoreError(TocsinError):
    """A store that cannot be used."""

    def __init__(self, path: Path | str, found: str, expected: str, mend: str) -> None:
        super().__init__(f"{path}\n  found {found}; expected {expected}\n  mend: {mend}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one file: `rows` is always `kept` and `refused` together."""

    file: str
    digest: str
    format: str
    already: bool  # its digest was in the store; the counts are those of its first import
    rows: int
    kept: int
    refused: int
    replaced: int  # rows of earlier files that gave way to this one's
    reasons: tuple[tuple[str, int], ...]  # commonest first

    def to_json(self) -> dict[str, object]:
        """The one JSON shape of an import."""
        return {**asdict(self), "reasons": dict(self.reasons)}


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A store's connection within stated bounds of memory and threads; closed at the end.

    Parameters
    ----------
    path : the store's file
    create : make it if there is none; without, it is opened for reading only

    Raises
    ------
    EventStoreError if it is not there, is no store, or another program is writing to it
    """
    if not create and not path.exists():
        raise EventStoreError(
            path, "no such file", "a store of events", "make one with `tocsin events import --into`"
        )
    if create and not path.parent.is_dir():
        raise EventStoreError(
            path, f"no folder {path.parent}", "a folder that exists", "make the folder first"
        )
    try:
        connection = duckdb.connect(str(path), read_only=not create)
    except duckdb.Error as error:
        in_use = "lock" in str(error).lower()
        if in_use:
            found, mend = "a store that another program is writing to", "wait until it is done"
        elif path.is_dir():
            found, mend = "a folder", "name a file in it"
        elif not path.exists():
            found, mend = "a place where no file can be made", "name another"
        else:
            found = "a file that is no store of events"
            mend = (
                "give a file made by `tocsin events import`, or name a feed's own files with their --format"
            )
        raise EventStoreError(path, found, "a store of events", mend) from None
    try:
        feeds.bound(connection)
        _prepare(connection, path, create=create)
        yield connection
    finally:
        connection.close()


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path, *, create: bool) -> None:
    tables = {str(row[0]) for row in connection.execute("SHOW TABLES").fetchall()}
    if not tables and create:
        # One transaction: a kill in the middle leaves no half of a schema.
        connection.execute(f"BEGIN; {_TABLES} COMMIT;")
        return
    if not {"about", "files", "events", "refused"} <= tables:
        raise EventStoreError(
            path,
            "a DuckDB file without tocsin's tables",
            "a store of events",
            "give a file made by `tocsin events import`, or a new name",
        )
    (version,) = _one(connection, "SELECT max(version) FROM about")
    if version != SCHEMA_VERSION:
        raise EventStoreError(
            path,
            f"a store of version {version}",
            f"version {SCHEMA_VERSION}",
            "import the files into a new store",
        )


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: Values = ()) -> tuple[object, ...]:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return tuple(row)


def _count(connection: duckdb.DuckDBPyConnection, query: str, values: Values = ()) -> int:
    (value,) = _one(connection, query, values)
    assert isinstance(value, int)
    return value


def import_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    form: Format,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Read one file into a store, in one transaction.

    Parameters
    ----------
    connection : of a store opened with `create`
    path : a CSV, tab-separated (also gzipped) or Parquet file
    form : its format
    replace : where an event is in the store already, this file's row takes its place

    Returns
    -------
    what was kept and refused; `already` if the file was imported before, and then nothing is done

    Raises
    ------
    FeedError if the file is not of the format; the store is as before
    """
    say = progress or (lambda _: None)
    say(f"{path.name}: digest")
    digest = feeds.digest_of(path)
    earlier = connection.execute(
        "SELECT rows, kept, refused FROM files WHERE digest = ?", [digest]
    ).fetchone()
    if earlier is not None:
        return _imported(connection, path, form, digest, already=True, replaced=0)
    feed = feeds.look(path, form)
    _drop_scratch(connection)
    connection.execute("BEGIN")
    try:
        say(f"{path.name}: reading")
        _stage(connection, feed)
        say(f"{path.name}: looking up codes")
        _look_up(connection, form)
        say(f"{path.name}: looking for events met before")
        replaced = _meet_again(connection, form, digest, replace=replace) if form.unique else 0
        say(f"{path.name}: storing")
        _keep(connection, form, digest)
        connection.execute(
            "INSERT INTO files SELECT $digest, $name, $format, $source, $bytes, "
            "kept + refused, kept, refused FROM "
            "(SELECT (SELECT count(*) FROM events WHERE file = $digest) AS kept, "
            "(SELECT count(*) FROM refused WHERE file = $digest) AS refused)",
            {
                "digest": digest,
                "name": path.name,
                "format": form.name,
                "source": form.source,
                "bytes": path.stat().st_size,
            },
        )
        answer = _imported(connection, path, form, digest, already=False, replaced=replaced)
        connection.execute("COMMIT")
    except RuntimeError as error:
        connection.execute("ROLLBACK")
        # DuckDB takes the signal of an interrupt for itself while a query runs, and raises this instead.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise
    except duckdb.Error as error:
        connection.execute("ROLLBACK")
        raise feeds.FeedError(
            path,
            f"something that DuckDB cannot read ({str(error).splitlines()[0]})",
            form.title,
            f"check that --format {form.name} is right",
        ) from error
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        _drop_scratch(connection)
    return answer


def _drop_scratch(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("staged", "meanings", "broken_of", "broken"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _stage(connection: duckdb.DuckDBPyConnection, feed: feeds.Feed) -> None:
    """The file's rows as they are, and its broken lines, with each row under its number in the file."""
    connection.execute(f"CREATE TEMP TABLE staged AS {feeds.select(feed, rejects='broken')}")
    # DuckDB keeps broken lines aside only where it reads text.
    if feed.delimiter is None or not _count(connection, "SELECT count(*) FROM broken"):
        return
    # Rows were numbered without the broken lines; a row moves down by the broken lines that stand above it,
    # and `after` is how many whole rows stand above the broken one.
    connection.execute(
        "CREATE TEMP TABLE gaps AS SELECT row, reason, found, row_number() OVER (ORDER BY row) AS place, "
        f"row - place AS after FROM ({feeds.broken_lines('broken', header=feed.header)})"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE staged AS "
        "SELECT s.* REPLACE (s.row + coalesce(shift, 0) AS row) FROM staged s ASOF LEFT JOIN "
        "(SELECT after, max(place) AS shift FROM gaps GROUP BY after) g ON s.row > g.after"
    )
    connection.execute("INSERT INTO staged BY NAME SELECT row, reason, found FROM gaps")
    connection.execute("DROP TABLE gaps")


def key(scheme: str = "scheme", code: str = "code", deaths: str = "deaths_best") -> str:
    """SQL for a code as `ladder` reads it: GED's with the deaths."""
    return f"CASE WHEN {scheme} = 'ged' THEN {code} || ':' || coalesce({deaths}, 0) ELSE {code} END"


def _look_up(connection: duckdb.DuckDBPyConnection, form: Format) -> None:
    """Each distinct code once: its rung, type and weight; a code that its scheme does not know is refused."""
    own_key = key(feeds.quoted(form.scheme))
    found = connection.execute(f"SELECT DISTINCT {own_key} FROM staged WHERE reason IS NULL").fetchall()
    connection.execute(
        "CREATE TEMP TABLE meanings (key VARCHAR, rung TINYINT, plover VARCHAR, weight DOUBLE)"
    )
    known = [
        (code, rung, meaning.plover, meaning.weight)
        for (code,) in found
        if (rung := ladder.rung(form.scheme, code)) is not None
        for meaning in [codes.meaning(form.scheme, code)]
    ]
    if known:
        connection.executemany("INSERT INTO meanings VALUES (?, ?, ?, ?)", known)
    connection.execute(
        f"UPDATE staged SET reason = 'a code that {form.scheme} does not have', found = code "
        f"WHERE reason IS NULL AND {own_key} NOT IN (SELECT key FROM meanings)"
    )


def _meet_again(connection: duckdb.DuckDBPyConnection, form: Format, digest: str, *, replace: bool) -> int:
    """Refuse events that stand in the file twice or in the store already; the number that gave way."""
    connection.execute(
        "UPDATE staged SET reason = 'an event that stands above', found = 'event ' || event_id "
        "FROM (SELECT event_id AS id, min(row) AS first FROM staged WHERE reason IS NULL "
        "GROUP BY event_id HAVING count(*) > 1) twice "
        "WHERE reason IS NULL AND event_id = id AND row > first"
    )
    connection.execute(
        "UPDATE staged SET reason = 'no id', found = NULL WHERE reason IS NULL AND event_id IS NULL"
    )
    if not replace:
        connection.execute(
            "UPDATE staged SET reason = 'an event that is in the store', "
            "found = 'event ' || staged.event_id || ', row ' || events.row || ' of ' "
            "|| left(events.file, 12) FROM events WHERE staged.reason IS NULL AND events.source = ? "
            "AND events.event_id = staged.event_id",
            [form.source],
        )
        return 0
    old = "events WHERE source = $source AND event_id IN (SELECT event_id FROM staged WHERE reason IS NULL)"
    replaced = _count(connection, f"SELECT count(*) FROM {old}", {"source": form.source})
    if replaced:
        connection.execute(
            f"CREATE TEMP TABLE given AS SELECT file, count(*) AS n FROM {old} GROUP BY file",
            {"source": form.source},
        )
        connection.execute(
            "INSERT INTO refused SELECT file, row, 'replaced by a later file', "
            f"'event ' || event_id || ', now from ' || left($digest, 12) FROM {old}",
            {"source": form.source, "digest": digest},
        )
        connection.execute(f"DELETE FROM {old}", {"source": form.source})
        connection.execute(
            "UPDATE files SET kept = kept - n, refused = refused + n FROM given WHERE digest = given.file"
        )
        connection.execute("DROP TABLE given")
    return replaced


def _keep(connection: duckdb.DuckDBPyConnection, form: Format, digest: str) -> None:
    values = {
        "event_id": "coalesce(s.event_id, left($digest, 12) || ':' || s.row)",
        "scheme": "$scheme",
        "plover": "m.plover",
        "weight": "coalesce(s.own_weight, m.weight)",
        "rung": "m.rung",
        "source": "$source",
        "file": "$digest",
    }
    listed = ", ".join(f"{values.get(name, f's.{name}')} AS {name}" for name, _, _ in COLUMNS)
    connection.execute(
        f"INSERT INTO events BY NAME SELECT {listed} FROM staged s "
        f"JOIN meanings m ON m.key = {key('$scheme', 's.code', 's.deaths_best')} WHERE s.reason IS NULL",
        {"digest": digest, "scheme": form.scheme, "source": form.source},
    )
    connection.execute(
        "INSERT INTO refused SELECT ?, row, reason, left(found, 500) FROM staged WHERE reason IS NOT NULL",
        [digest],
    )


def _imported(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    form: Format,
    digest: str,
    *,
    already: bool,
    replaced: int,
) -> Imported:
    rows, kept, refused = _one(connection, "SELECT rows, kept, refused FROM files WHERE digest = ?", [digest])
    reasons = connection.execute(
        "SELECT reason, count(*) FROM refused WHERE file = ? GROUP BY reason ORDER BY count(*) DESC, reason",
        [digest],
    ).fetchall()
    assert isinstance(rows, int)
    assert isinstance(kept, int)
    assert isinstance(refused, int)
    return Imported(
        file=str(path),
        digest=digest,
        format=form.name,
        already=already,
        rows=rows,
        kept=kept,
        refused=refused,
        replaced=replaced,
        reasons=tuple((str(reason), int(count)) for reason, count in reasons),
    )
