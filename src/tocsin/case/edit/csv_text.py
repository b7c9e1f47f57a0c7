"""Reports in CSV made to say other reports: only the cells and rows that differ are written anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tocsin.case.edit.patch import EditError, Patch, line_end_of, patched
from tocsin.case.edit.yaml_text import aligned, same
from tocsin.case.faults import shown
from tocsin.case.read.csv_file import CsvFile, read_csv

Tree = Any
Span = tuple[int, int]


def rewrite_csv(file: str, text: str, tree: dict[str, Tree]) -> str:
    """The text with what differs from `tree` changed.

    Raises
    ------
    EditError if a report has a field for which the file has no column

    Examples
    --------
    >>> rewrite_csv(
    ...     "reports.csv",
    ...     "id,date,source,grade\\nr1,2023,press,2\\n",
    ...     {"reports": [{"id": "r1", "date": "2023", "source": "press", "grade": 4}]},
    ... )
    'id,date,source,grade\\nr1,2023,press,4\\n'
    """
    document, faults = read_csv(file, text)
    if document is None or faults:
        raise EditError(found="a file with faults", expected="one without", mend="mend it first", where=file)
    old, new = document.tree["reports"], tree.get("reports", [])
    written = patched(text, _patches(document, text, old, new))
    again, faults = read_csv(file, written)
    if again is None or faults or not same(again.tree["reports"], new):
        raise EditError(
            found="a cell that would not read back the same",
            expected="text that CSV can say",
            mend="make this change in an editor",
            where=file,
        )
    return written


def _patches(document: CsvFile, text: str, old: list[Tree], new: list[Tree]) -> Iterator[Patch]:
    end_of_row = line_end_of(text)
    quoted = _Quoted(document, text, len(old))
    at = document.start(0) if old else len(text)
    for i, j in aligned("reports", old, new):
        if i is not None:
            start = document.start(i)
            cells, at = _row(text, start)
            if j is None:
                yield Patch(start=start, end=at, text="")
            elif not same(old[i], new[j]):
                for k, column in enumerate(_columns(document, new[j])):
                    value = new[j].get(column)
                    if not same(old[i].get(column), value):
                        yield Patch(start=cells[k][0], end=cells[k][1], text=_cell(value, quoted.is_so(k)))
        elif j is not None:
            columns = _columns(document, new[j])
            row = ",".join(_cell(new[j].get(column), quoted.is_so(k)) for k, column in enumerate(columns))
            is_ended = text[:at].endswith(("\n", "\r"))
            yield Patch(start=at, end=at, text=row + end_of_row if is_ended else end_of_row + row)


class _Quoted:
    """Which columns are written in quotes that they do not need: somebody wants them there."""

    def __init__(self, document: CsvFile, text: str, rows: int) -> None:
        self._document, self._text, self._rows = document, text, rows
        self._found: dict[int, bool] = {}

    def is_so(self, column: int) -> bool:
        """Whether any cell of a column is quoted without need."""
        if column not in self._found:
            self._found[column] = any(self._is_wanted(row, column) for row in range(self._rows))
        return self._found[column]

    def _is_wanted(self, row: int, column: int) -> bool:
        start, end = _row(self._text, self._document.start(row))[0][column]
        return self._text[start : start + 1] == '"' and not _needs_quotes(self._text[start + 1 : end - 1])


def _columns(document: CsvFile, report: Tree) -> tuple[str, ...]:
    """The columns of the file, which must have one for each field of a report."""
    for field, value in report.items():
        if field not in document.columns and value is not None:
            raise EditError(
                found=f"{field} of the report {shown(report.get('id'))}",
                expected=f"one of the file's columns, {', '.join(document.columns)}",
                mend=f"add the column {field} to the file first",
                where=document.file,
            )
    return document.columns


def _cell(value: Tree, is_quoted: bool = False) -> str:
    """A value as a cell; nothing is an empty one."""
    if value is None:
        return ""
    written = str(value)
    if is_quoted or _needs_quotes(written):
        return '"' + written.replace('"', '""') + '"'
    return written


def _needs_quotes(text: str) -> bool:
    return any(character in text for character in ',"\r\n')


def _row(text: str, at: int) -> tuple[list[Span], int]:
    """Where each cell of the row at `at` stands, and where the next row starts."""
    cells: list[Span] = []
    start = at
    inside_quotes = False
    while at < len(text):
        character = text[at]
        if character == '"':
            inside_quotes = not inside_quotes
        elif inside_quotes:
            pass
        elif character == ",":
            cells.append((start, at))
            start = at + 1
        elif character in "\r\n":
            cells.append((start, at))
            return cells, at + (2 if text[at : at + 2] == "\r\n" else 1)
        at += 1
    return [*cells, (start, at)], at
