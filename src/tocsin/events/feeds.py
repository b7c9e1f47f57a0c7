"""Event files as one relation: the same columns whatever the feed, refusals among them.

Everything is DuckDB's work: one SELECT per file, over columns read as text, streamed and never held whole.
A row that cannot be used is not dropped: it comes with a `reason` and with what was `found`, and so do the
lines that are not even rows (too few columns, broken encoding), which DuckDB keeps aside while it reads.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO

import duckdb

from tocsin.errors import TocsinError
from tocsin.events.formats import FORMATS, ISO_DAY, Format

# Ample for a scan with an aggregate over tens of millions of rows, and modest on anybody's machine.
MEMORY_LIMIT = "1GB"
THREADS = 2
# Rows by which a file's way of writing dates is told.
LOOKED_AT = 200
_BROKEN = {
    "CAST": "not a date",
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "a quote in the wrong place",
    "INVALID ENCODING": "text that is not UTF-8",
    "LINE SIZE OVER MAXIMUM": "a line beyond all measure",
}


class FeedError(TocsinError):
    """A file that is not what its format says; nothing of it is taken."""

    def __init__(self, path: Path | str, found: str, expected: str, mend: str) -> None:
        super().__init__(f"{path}\n  found {found}; expected {expected}\n  mend: {mend}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One file, looked at but not yet read."""

    path: Path
    form: Format
    columns: tuple[str, ...]
    delimiter: str | None  # None for Parquet
    header: bool
    date_as: str = ISO_DAY  # how this file writes its dates


def connect(
    path: Path | str = ":memory:", *, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> duckdb.DuckDBPyConnection:
    """DuckDB within stated bounds; what does not fit into memory goes to disk beside the store."""
    connection = duckdb.connect(str(path))
    bound(connection, memory_limit=memory_limit, threads=threads)
    return connection


def bound(
    connection: duckdb.DuckDBPyConnection, *, memory_limit: str = MEMORY_LIMIT, threads: int = THREADS
) -> None:
    """Hold a connection to its memory and threads, and keep it from drawing on standard output."""
    connection.execute(
        f"SET memory_limit = '{memory_limit}'; SET threads = {threads:d}; SET enable_progress_bar = false"
    )


def form_of(name: str) -> Format:
    """The format of that name.

    Raises
    ------
    FeedError if there is none
    """
    if name not in FORMATS:
        raise FeedError(
            "--format", f"{name!r}", f"one of {', '.join(FORMATS)}", "name the feed the files come from"
        )
    return FORMATS[name]


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes: what makes an import of it happen once."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FeedError(
            path, f"a file that cannot be read ({error.strerror})", "a file of events", "check the path"
        ) from None


def look(path: Path, form: Format) -> Feed:
    """Find a file's columns, delimiter and way of writing dates from its first rows, or refuse the file.

    Raises
    ------
    FeedError if the file cannot be read, or its columns are not those of the format
    """
    feed = _look_at_parquet(path, form) if path.suffix == ".parquet" else _look_at_text(path, form)
    return replace(feed, date_as=_writing(feed))


def _writing(feed: Feed) -> str:
    """The way of writing dates that fits most of the first rows; the format's first of equals."""
    ways = feed.form.date_as
    if len(ways) == 1:
        return ways[0]
    dates = _first_dates(feed)
    # The likeliest way is tried without DuckDB, for most files need no more.
    if "{0}" not in ways[0] and dates and all(_is_written(date, ways[0]) for date in dates):
        return ways[0]
    tried = ", ".join(f"count({_as_date(way, 'date')})" for way in ways)
    with connect() as connection:
        fitting = connection.execute(f"SELECT {tried} FROM (SELECT unnest(?) AS date)", [dates]).fetchone()
    assert fitting is not None
    return max(zip(fitting, ways, strict=True), key=lambda pair: int(pair[0]))[1]


def _is_written(date: str, pattern: str) -> bool:
    try:
        dt.datetime.strptime(date, pattern)  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return False
    return True


def _first_dates(feed: Feed) -> list[str]:
    """The texts of the date in a file's first rows."""
    name = feed.form.date.strip("{}").lower()
    place = [column.lower() for column in feed.columns].index(name)
    if feed.delimiter is None:
        column = expression(feed, feed.form.date)
        with connect() as connection:
            rows = connection.execute(f"SELECT {column} FROM {scan(feed)} LIMIT {LOOKED_AT}").fetchall()
        return [str(row[0]) for row in rows if row[0]]
    with _readable(feed.path) as stream:
        lines = stream.read(1 << 20).decode("utf-8-sig", "replace").splitlines()
    cells = [line.split(feed.delimiter) for line in lines[:LOOKED_AT]]
    if feed.form.quoted:
        # A field beyond all measure ends the look; what plain splitting finds then serves as well.
        with suppress(csv.Error):
            cells = list(islice(csv.reader(lines, delimiter=feed.delimiter), LOOKED_AT))
    return [row[place] for row in cells[int(feed.header) :] if len(row) > place and row[place]]


def _look_at_text(path: Path, form: Format) -> Feed:
    if path.suffix == ".zip":
        raise FeedError(
            path, "a zip archive", "the file inside it", "unpack it first; .gz can be read as it is"
        )
    first = _first_line(path)
    if form.header is not None:
        (delimiter,) = form.delimiters
        found = first.split(delimiter)
        named_in_file = set(form.needed) <= {name.strip().lower() for name in found}
        columns = tuple(found) if named_in_file else _unnamed(path, form, len(found))
        return Feed(path=path, form=form, columns=columns, delimiter=delimiter, header=named_in_file)
    tried = [(delimiter, _named(first, delimiter)) for delimiter in form.delimiters]
    # The delimiter under which most of the needed columns appear; the first of equals.
    delimiter, columns = max(tried, key=lambda pair: len(_lower(pair[1]) & _lower(form.needed)))
    _must_have(path, form, columns)
    return Feed(path=path, form=form, columns=columns, delimiter=delimiter, header=True)


def _named(line: str, delimiter: str) -> tuple[str, ...]:
    """The columns that a first line names; none where it is no line of text."""
    try:
        return tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return ()


def _look_at_parquet(path: Path, form: Format) -> Feed:
    try:
        with connect() as connection:
            rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_name(path)})").fetchall()
    except duckdb.Error as error:
        raise FeedError(
            path,
            f"a file that is not Parquet ({str(error).splitlines()[0]})",
            "a Parquet file",
            "check the file",
        ) from None
    columns = tuple(str(row[0]) for row in rows)
    _must_have(path, form, columns)
    return Feed(path=path, form=form, columns=columns, delimiter=None, header=False)


def _lower(names: tuple[str, ...]) -> set[str]:
    return {name.lower() for name in names}


def _must_have(path: Path, form: Format, columns: tuple[str, ...]) -> None:
    missing = [name for name in form.needed if name.lower() not in _lower(columns)]
    if missing:
        raise FeedError(
            path,
            f"no column {', '.join(missing)}",
            f"the columns of {form.title}",
            f"check that --format {form.name} is right, and that the first line names the columns",
        )


def _unnamed(path: Path, form: Format, n_columns: int) -> tuple[str, ...]:
    """Names for a file without a header; a surplus of columns is refused, a shortage of optional ones not."""
    assert form.header is not None
    if not len(form.needed) <= n_columns <= len(form.header):
        least, most = len(form.needed), len(form.header)
        raise FeedError(
            path,
            f"{n_columns} columns",
            f"{most} columns" if least == most else f"{least} to {most} columns",
            f"check that --format {form.name} is right, and that columns are parted by tabs",
        )
    return form.header[:n_columns]


def _first_line(path: Path) -> str:
    with _readable(path) as stream:
        # A line longer than this is no header, and a binary file has perhaps no line at all.
        line = stream.readline(1 << 20)
    if not line.strip():
        raise FeedError(path, "an empty first line", "events", "check the file")
    return line.decode("utf-8-sig", "replace").rstrip("\r\n")


@contextmanager
def _readable(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """A file's bytes, unpacked; one that is not there, or whose packing is cut off or broken, is refused."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield stream
    except (OSError, EOFError, zlib.error) as error:
        told = getattr(error, "strerror", None) or error
        raise FeedError(
            path, f"a file that cannot be read ({told})", "a file of events", "check the path and the file"
        ) from None


def _name(path: Path) -> str:
    """A file's name as a literal that DuckDB does not read as a pattern."""
    return quoted("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)))


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _typed(feed: Feed) -> bool:
    """Whether the reader itself turns the date into one, which spares a pass over its text."""
    return feed.delimiter is not None and "{0}" not in feed.date_as


def _as_date(way: str, column: str) -> str:
    """SQL that reads a text as a date; null where it is none."""
    if "{0}" in way:
        return way.replace("{0}", column)
    return f"try_cast(try_strptime({column}, {quoted(way)}) AS DATE)"


def scan(feed: Feed, *, rejects: str | None = None, typed: bool = False) -> str:
    """FROM clause that reads a file's columns as text; broken lines go to the table `rejects`.

    With `typed` the date is read as one, and a line with another text there is broken.
    """
    if feed.delimiter is None:
        return f"read_parquet({_name(feed.path)}, file_row_number = true)"
    dates = {feed.form.date.strip("{}").lower()} if typed else set()
    kinds = {name: "DATE" if name.lower() in dates else "VARCHAR" for name in _distinct(feed.columns)}
    columns = ", ".join(f"{quoted(name)}: '{kind}'" for name, kind in kinds.items())
    options = [
        "auto_detect = false",
        f"columns = {{{columns}}}",
        f"header = {str(feed.header).lower()}",
        f"delim = {quoted(feed.delimiter)}",
        "quote = '\"', escape = '\"'" if feed.form.quoted else "quote = '', escape = ''",
        "nullstr = ''",
    ]
    if typed:
        options.append(f"dateformat = {quoted(feed.date_as)}")
    if rejects:
        options.append(f"store_rejects = true, rejects_table = {quoted(rejects)}")
        options.append(f"rejects_scan = {quoted(f'{rejects}_of')}")
    return f"read_csv({_name(feed.path)}, {', '.join(options)})"


def _distinct(columns: tuple[str, ...]) -> list[str]:
    """Column names, made distinct as DuckDB needs them: some exports end their lines with spare tabs."""
    seen: set[str] = set()
    names = []
    for position, name in enumerate(columns):
        fresh = name if name and name.lower() not in seen else f"column {position}"
        seen.add(fresh.lower())
        names.append(fresh)
    return names


def expression(feed: Feed, text: str) -> str:
    """A format's expression over this file's columns; a column it does not have is null."""
    own = {name.lower(): name for name in feed.columns}
    for name in (*feed.form.needed, *feed.form.optional):
        column = own.get(name.lower())
        as_text = "NULL" if column is None else _identifier(column)
        if column is not None and feed.delimiter is None:
            as_text = f"CAST({as_text} AS VARCHAR)"
        text = text.replace("{" + name + "}", as_text)
    return text


def row_number(feed: Feed) -> str:
    """Expression for a row's number in its file, the first row of data being 1."""
    return "file_row_number + 1" if feed.delimiter is None else "row_number() OVER ()"


def date(feed: Feed) -> str:
    """Expression for the day of an event; null where it is no date."""
    column = expression(feed, feed.form.date)
    return column if _typed(feed) else _as_date(feed.date_as, column)


def select(feed: Feed, *, rejects: str | None = None) -> str:
    """The one SELECT that reads a file: the event table's columns, before codes are looked up.

    Besides those of the event table: `row`, and `reason` and `found` of a row that cannot be used.
    """
    form = feed.form

    def of(text: str) -> str:
        return expression(feed, text)

    numbers = {"deaths_low": form.low, "deaths_best": form.best, "deaths_high": form.high}
    places = {"latitude": form.latitude, "longitude": form.longitude}
    texts = {name: of(text) for name, text in {**numbers, **places, "weight": form.weight}.items()}
    day, day_text, typed = date(feed), of(form.date), _typed(feed)
    low, best, high = (f"try_cast({texts[name]} AS INTEGER)" for name in numbers)
    latitude, longitude = (f"try_cast({texts[name]} AS DOUBLE)" for name in places)
    weight = f"try_cast({texts['weight']} AS DOUBLE)"
    faults = [
        (f"{day_text} IS NULL", "no date", "NULL"),
        *([] if typed else [(f"{day} IS NULL", "not a date", day_text)]),
        (f"{of(form.initiator)} IS NULL AND {of(form.target)} IS NULL", "no actor at all", "NULL"),
        (f"({of(form.code)}) IS NULL", "no code", "NULL"),
    ]
    for name, value in zip(numbers, (low, best, high), strict=True):
        if texts[name] != "NULL":
            faults.append(
                (
                    f"{texts[name]} IS NOT NULL AND ({value} IS NULL OR {value} < 0)",
                    f"{name} is no count",
                    texts[name],
                )
            )
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if texts[name] != "NULL":
            faults.append(
                (
                    f"{texts[name]} IS NOT NULL AND ({value} IS NULL OR abs({value}) > {most})",
                    f"{name} is off the globe",
                    texts[name],
                )
            )
    reasons = " ".join(f"WHEN {test} THEN {quoted(reason)}" for test, reason, _ in faults)
    founds = " ".join(f"WHEN {test} THEN {found}" for test, _, found in faults)
    # Nearly every row is sound, so one test of all comes before the search for what is wrong.
    unsound = " OR ".join(f"({test})" for test, reason, _ in faults if typed or reason != "no date")
    columns = {
        "row": row_number(feed),
        "event_id": of(form.event_id) if form.event_id else "NULL",
        "date": day,
        "date_end": of(form.date_end),
        "known": of(form.known),
        "initiator": of(form.initiator),
        "target": of(form.target),
        "code": of(form.code),
        "own_weight": weight,
        "deaths_low": low,
        "deaths_best": best,
        "deaths_high": high,
        "place": f"nullif({of(form.place)}, '')",
        "latitude": latitude,
        "longitude": longitude,
        "directed": of(form.directed),
        "reason": f"CASE WHEN {unsound} THEN CASE {reasons} END END",
        "found": f"CAST(CASE WHEN {unsound} THEN CASE {founds} END END AS VARCHAR)",
    }
    listed = ",\n  ".join(f"{text} AS {name}" for name, text in columns.items())
    return f"SELECT\n  {listed}\nFROM {scan(feed, rejects=rejects, typed=typed)}"


def broken_lines(rejects: str, *, header: bool) -> str:
    """SELECT of the lines that were no rows: `row`, `reason`, `found`, once for each line."""
    reasons = " ".join(f"WHEN {quoted(kind)} THEN {quoted(reason)}" for kind, reason in _BROKEN.items())
    # A line may be broken in two ways; what is wrong with its form comes before what is wrong with its date,
    # and CAST before every other in the alphabet.
    return (
        f"SELECT line - {int(header)} AS row, "
        f"CASE max(error_type::VARCHAR) {reasons} ELSE 'a line that is no row' END AS reason, "
        "CASE max(error_type::VARCHAR) WHEN 'CAST' THEN "
        """regexp_extract(any_value(error_message), 'string "(.*)" to', 1) """
        f"ELSE left(trim(any_value(csv_line), E'\\n\\r'), 500) END AS found FROM {rejects} GROUP BY line"
    )
