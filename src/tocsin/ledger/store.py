"""Where a ledger lives: SQLite by default, PostgreSQL by URL; one writer at a time, and confirmed is on disk.

SQLite runs with a write-ahead log and ``synchronous=FULL``, so a commit returns when the log is on disk; a
writer takes the database's one write lock before it reads the end of the chain. On PostgreSQL the same is
done by an advisory lock held to the end of the transaction and by ``synchronous_commit``.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from tocsin.ledger.chain import Entry
from tocsin.ledger.errors import StoreError
from tocsin.ledger.tables import ENTRIES, FORMS, VERSION_TABLE

DEFAULT = "ledger.sqlite"
WAIT_SECONDS = 30.0
PAUSE_SECONDS = 0.05
# A name for the lock that no other program on the same database is likely to use: "tocsin" in ASCII.
ADVISORY_LOCK = int.from_bytes(b"tocsin", "big")
ROWS_AT_ONCE = 1000
_COLUMNS = tuple(ENTRIES.c)
_WRITING = "tocsin_writing"


def location(place: str) -> URL:
    """The URL of a ledger: a plain path is a file of SQLite's.

    Raises
    ------
    StoreError if it names another kind of database

    Examples
    --------
    >>> str(location("team/ledger.sqlite"))
    'sqlite:///team/ledger.sqlite'
    >>> location("postgresql://desk@db/warnings").drivername
    'postgresql+psycopg'
    """
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except ArgumentError:
        raise _unknown(place) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise _unknown(url.render_as_string())
    return url


def _unknown(place: str) -> StoreError:
    return StoreError(
        "ledger",
        found=place,
        expected="a path, sqlite:///path or postgresql://user@host/database",
        mend="give one of these to --ledger",
    )


class Store:
    """An open store; every access runs in a transaction of its own.

    Parameters
    ----------
    url : from `location`
    create : make the ledger if there is none; else its absence is refused
    """

    def __init__(self, url: URL, *, create: bool) -> None:
        self._is_sqlite = url.drivername == "sqlite"
        self._in_memory = self._is_sqlite and url.database in (None, "", ":memory:")
        is_file = self._is_sqlite and not self._in_memory
        self.name = str(url.database) if is_file else url.render_as_string()
        if self._is_sqlite and not self._in_memory:
            _must_be_openable(Path(url.database or ""), create=create, name=self.name)
        self._engine = self._made(url)
        try:
            self._prepare(create=create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _made(self, url: URL) -> sa.Engine:
        try:
            if not self._is_sqlite:
                engine = sa.create_engine(url, connect_args={"connect_timeout": int(WAIT_SECONDS)})
            elif self._in_memory:
                engine = sa.create_engine(
                    url, poolclass=StaticPool, connect_args={"check_same_thread": False}
                )
            else:
                engine = sa.create_engine(url, connect_args={"timeout": WAIT_SECONDS})
        except (ImportError, NoSuchModuleError):
            raise StoreError(
                self.name,
                found="no driver for PostgreSQL",
                expected="psycopg",
                mend="install tocsin[postgresql]",
            ) from None
        if self._is_sqlite:
            sa.event.listen(engine, "connect", _plain_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the ledger and changes nothing."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer runs beside; committed when the block ends well, else undone."""
        with self._told(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITING: True})
            with connection.begin():
                if not self._is_sqlite:
                    connection.execute(
                        sa.select(sa.func.set_config("lock_timeout", f"{int(WAIT_SECONDS)}s", True))
                    )
                    # A server may be set to confirm before the disk has it; a ledger must not.
                    connection.execute(
                        sa.text(
                            "SELECT set_config('synchronous_commit', 'on', true) "
                            "WHERE current_setting('synchronous_commit') = 'off'"
                        )
                    )
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
                yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the database complains of, in words a user can act on."""
        try:
            yield
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())
            if "locked" in said or "lock timeout" in said:
                raise StoreError(
                    self.name,
                    found="another writer that did not finish",
                    expected=f"the ledger to be free within {WAIT_SECONDS:g} seconds",
                    mend="try again; nothing was written",
                ) from error
            if "not a database" in said:
                raise _not_ours(self.name, "a file that is no SQLite database") from error
            raise StoreError(
                self.name,
                found=f"the database to say: {said}",
                expected="a ledger that can be read and added to",
                mend="check the place, its rights and the disk",
            ) from error
        except SQLAlchemyError as error:
            raise StoreError(
                self.name,
                found=str(error),
                expected="a ledger that can be read and added to",
                mend="check the place",
            ) from error

    def _prepare(self, *, create: bool) -> None:
        """Make the tables or move them to the present form, once, whoever else opens the ledger meanwhile."""
        with self.reading() as connection:
            form = self._form(connection)
        if form == FORMS[-1]:
            return
        if form is None and not create:
            raise _absent(self.name)
        if self._is_sqlite and not self._in_memory:
            # Stays with the file; cannot be set inside a transaction.
            with self._told(), self._engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.rollback()
                _write_ahead(raw)
        with self.writing() as connection:
            if self._form(connection) != FORMS[-1]:
                # Takes a moment to import, and is needed once in a ledger's life.
                from tocsin.ledger.migrations import upgrade

                upgrade(connection)

    def _form(self, connection: sa.Connection) -> str | None:
        """The form of the ledger that is there, or None if there is none yet."""
        tables = set(sa.inspect(connection).get_table_names())
        if VERSION_TABLE not in tables:
            # A database of PostgreSQL's may hold other things beside; a file of SQLite's is one thing.
            strange = sorted(tables) if self._is_sqlite else sorted(tables & {ENTRIES.name})
            if strange:
                raise _not_ours(self.name, f"a database with the table {strange[0]}")
            return None
        form = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        if form is not None and form not in FORMS:
            raise StoreError(
                self.name,
                found=f"a ledger of form {form!r}, which a newer tocsin wrote",
                expected=f"at most {FORMS[-1]!r}",
                mend="upgrade tocsin; nothing was changed",
            )
        return form


def _plain_sqlite(connection: Any, _: object) -> None:
    # Python's driver would begin transactions as it likes; here they begin when asked, and with which lock.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA recursive_triggers=ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _must_be_openable(path: Path, *, create: bool, name: str) -> None:
    if path.is_dir():
        raise _not_ours(name, "a folder")
    if not path.exists():
        if not create:
            raise _absent(name)
        if not path.absolute().parent.is_dir():
            raise StoreError(
                name, found="no such folder", expected="a folder that exists", mend="make it first"
            )


def _absent(name: str) -> StoreError:
    return StoreError(
        name,
        found="no ledger",
        expected="one to read",
        mend="name it with --ledger, or begin one with tocsin ledger add",
    )


def _not_ours(name: str, found: str) -> StoreError:
    return StoreError(name, found=found, expected="a ledger of tocsin's", mend="name another place")


def append(connection: sa.Connection, entries: list[Entry]) -> None:
    """Write rows at the end; the caller holds the write lock and has chained them to the last."""
    if entries:
        names = [column.name for column in _COLUMNS]
        connection.execute(
            sa.insert(ENTRIES), [{name: getattr(entry, name) for name in names} for entry in entries]
        )


def last(connection: sa.Connection) -> Entry | None:
    """The row at the end of the chain."""
    row = connection.execute(sa.select(*_COLUMNS).order_by(ENTRIES.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else Entry(**row._mapping)


def rows(
    connection: sa.Connection,
    *,
    kind: str | None = None,
    subject: str | None = None,
    until: str | None = None,
    stream: bool = False,
) -> Generator[Entry, None, None]:
    """Rows in the order of the chain.

    Parameters
    ----------
    kind, subject : only these
    until : only what was recorded before this moment, as text
    stream : fetch them as they are asked for; whoever stops early closes the iterator
    """
    query = sa.select(*_COLUMNS).order_by(ENTRIES.c.number)
    if kind is not None:
        query = query.where(ENTRIES.c.kind == kind)
    if subject is not None:
        query = query.where(ENTRIES.c.subject == subject)
    if until is not None:
        query = query.where(ENTRIES.c.recorded < until)
    if not stream:
        # Fetched at once, so that a row that cannot be read leaves nothing open behind it.
        yield from [Entry(**row._mapping) for row in connection.execute(query)]
        return
    with connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)) as result:
        for row in result:
            yield Entry(**row._mapping)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on write-ahead logging; where somebody else is turning it on at this moment, wait for them.

    SQLite waits for locks of transactions, as its timeout says, but not for this one.
    """
    for _ in range(int(WAIT_SECONDS / PAUSE_SECONDS)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(PAUSE_SECONDS)
        else:
            return
    connection.execute("PRAGMA journal_mode=WAL")
