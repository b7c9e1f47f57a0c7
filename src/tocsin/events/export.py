"""Write what a query answers: CSV or Parquet by the file's name, CSV where there is no file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO

import duckdb

from tocsin.errors import TocsinError
from tocsin.events.feeds import quoted

AT_ONCE = 10_000


class ExportError(TocsinError):
    """A file that cannot be written."""


def write_query(connection: duckdb.DuckDBPyConnection, query: str, out: Path | None, stream: IO[str]) -> None:
    """Write a query's rows.

    Parameters
    ----------
    out : a file ending in .csv or .parquet; None writes CSV to `stream`

    Raises
    ------
    ExportError for another ending, or a place that cannot be written
    """
    if out is None:
        answer = connection.execute(query)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column[0] for column in answer.description])
        while rows := answer.fetchmany(AT_ONCE):
            writer.writerows(rows)
        return
    kinds = {".csv": "FORMAT csv, HEADER", ".parquet": "FORMAT parquet, COMPRESSION zstd"}
    if out.suffix not in kinds:
        raise ExportError(
            f"{out}\n  found the ending {out.suffix or 'of nothing'!r}; expected .csv or .parquet\n"
            "  mend: give the file one of these endings"
        )
    try:
        connection.execute(f"COPY ({query}) TO {quoted(str(out))} ({kinds[out.suffix]})")
    except duckdb.Error as error:
        raise ExportError(
            f"{out}\n  found a place that cannot be written ({str(error).splitlines()[0]}); expected a file\n"
            "  mend: make the folder, or name another file"
        ) from None
