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
    at = document.start(0) if old else len(text)
    for i, j in aligned("reports", old, new):
        if i is not None:
            start = document.start(i)
            cells, at = _row(text, start)
            if j is None:
                yield Patch(start=start, end=at, text="")
            elif not same(old[i], new[j]):
                yield from _cells(document, text, cells, old[i], new[j])
        elif j is not None:
            row = ",".join(_cell(new[j].get(column)) for column in _columns(document, new[j]))
            is_ended = text[:at].endswith(("\n", "\r"))
            yield Patch(start=at, end=at, text=row + end_of_row if is_ended else end_of_row + row)


def _cells(document: CsvFile, text: str, cells: list[Span], old: Tree, new: Tree) -> Iterator[Patch]:
    for column, (start, end) in zip(_columns(document, new), cells, strict=True):
        if not same(old.get(column), new.get(column)):
            # Quotes that were not needed are there because somebody wants them.
            is_wanted = text[start : start + 1] == '"' and not _needs_quotes(text[start + 1 : end - 1])
            yield Patch(start=start, end=end, text=_cell(new.get(column), is_wanted))


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
