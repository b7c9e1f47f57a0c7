"""What all readers of the historical data share: where a file lies, how it is asked, what a vague date is.

The folder is laid out by source (``mid/``, ``icb/``, ``state_context/``, ``ucdp_ged/``); each reader names
the columns it needs, and a file that lacks one is refused before anything is counted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tocsin.errors import TocsinError

Rows = list[tuple[Any, ...]]

# ICB writes 66, 77 and 88 where it knows only the part of the month (early, middle, late).
PART_OF_MONTH = {66: 5, 77: 15, 88: 25}
MIDDLE = 15


class HistoryError(TocsinError):
    """A file of the historical data is missing, or is not what it is taken for."""


def ask(folder: Path, file: str, columns: Sequence[str], where: str = "true", order: str = "all") -> Rows:
    """Rows of one file, in a fixed order.

    Parameters
    ----------
    folder : the historical data
    file : path within it, Parquet or CSV
    columns : names of the columns
    where : SQL condition on the rows
    order : SQL order; by every column if left out, so that the same file gives the same rows

    Raises
    ------
    HistoryError if the file is missing, cannot be read or lacks a column
    """
    import duckdb

    path = Path(folder) / file
    if not path.is_file():
        raise HistoryError(
            f"{path}: found no such file; expected the historical data, laid out by source\n"
            "  mend: name its folder with --data"
        )
    names = ", ".join(f'"{name}"' for name in columns)
    try:
        with duckdb.connect() as connection:
            connection.execute("set threads to 1")
            quoted = str(path).replace("'", "''")
            return connection.execute(
                f"select {names} from '{quoted}' where {where} order by {order}"
            ).fetchall()
    except duckdb.Error as error:
        raise HistoryError(
            f"{path}: found a file that cannot be asked for {', '.join(columns)} "
            f"({str(error).splitlines()[0]}); expected the columns of the source named in docs/precedents.md"
        ) from None


def day_number(year: int, month: int | None, day: int | None) -> int:
    """The ordinal of a day; one that is not known is put on the middle of its month, a month on June.

    Examples
    --------
    >>> import datetime
    >>> datetime.date.fromordinal(day_number(1914, 7, -9)).isoformat()
    '1914-07-15'
    """
    if not month or not 1 <= month <= 12:
        month, day = 6, MIDDLE
    number = PART_OF_MONTH.get(day or 0, day or 0)
    if number < 1:
        number = MIDDLE
    try:
        return dt.date(year, month, min(number, 31)).toordinal()
    except ValueError:  # 31 June and its like: the month's last day
        first = dt.date(year + month // 12, month % 12 + 1, 1)
        return first.toordinal() - 1


def year_of(day: int) -> int:
    """The calendar year of an ordinal day."""
    return dt.date.fromordinal(day).year


def digest(folder: Path, files: Iterable[str]) -> str:
    """SHA-256 over the files that were read, in the order given: which data a result rests on."""
    total = hashlib.sha256()
    for file in files:
        path = Path(folder) / file
        if not path.is_file():
            raise HistoryError(f"{path}: found no such file; expected the historical data")
        total.update(file.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
