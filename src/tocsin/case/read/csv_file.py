"""reports.csv to the same plain tree as reports.yaml, with the place of every cell.

Comma-separated, double quotes, a header line; any line ending. An empty cell is a field left out,
and a row of empty cells is no report. Twenty thousand rows are usual, so positions inside a row are
worked out only for the row that is at fault.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable
from functools import cached_property

from tocsin.case.faults import Fault, Path, shown
from tocsin.case.model import Report
from tocsin.case.read.document import Place, Tree

COLUMNS = tuple(Report.model_fields)
REQUIRED = tuple(name for name, field in Report.model_fields.items() if field.is_required())
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_KEY = "reports"


class CsvFile:
    """A CSV file that was read: reports as a tree, and the line on which each starts."""

    def __init__(
        self, file: str, text: str, columns: tuple[str, ...], tree: list[Tree], lines: list[int]
    ) -> None:
        self.file = file
        self.columns = columns
        self.tree: dict[str, Tree] = {_KEY: tree}
        self._lines_of_text = _Lines(text)
        self._lines = lines

    def locate(self, path: Path, *, key: bool = False) -> Place:  # noqa: ARG002 - a cell has no key
        """(line, column), from 1, of the cell or row at `path`; of the header for the file as a whole."""
        if len(path) < 2 or not isinstance(path[1], int) or path[1] >= len(self._lines):
            return 1, 1
        line = self._lines[path[1]]
        if len(path) > 2 and path[2] in self.columns:
            return self._lines_of_text.cell(line, self.columns.index(str(path[2])))
        return line, 1

    def start(self, row: int) -> int:
        """Offset in the text at which the row of a report starts."""
        return self._lines_of_text.starts[self._lines[row] - 1]

    def raw(self, path: Path) -> str | None:
        """The cell at `path`."""
        if len(path) == 3 and isinstance(path[1], int):
            value = self.tree[_KEY][path[1]].get(path[2])
            return None if value is None else str(value)
        return None


def read_csv(file: str, text: str) -> tuple[CsvFile | None, list[Fault]]:
    """Read reports from CSV.

    Examples
    --------
    >>> document, faults = read_csv("reports.csv", "id,date,source,grade,text\\nr1,2023-10-11,press,2,\\n")
    >>> document.tree
    {'reports': [{'id': 'r1', 'date': '2023-10-11', 'source': 'press', 'grade': 2}]}
    """
    faults: list[Fault] = []

    def fault(line: int, column: int, where: str, found: str, expected: str, mend: str) -> None:
        faults.append(
            Fault(file=file, line=line, column=column, where=where, found=found, expected=expected, mend=mend)
        )

    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    tree: list[Tree] = []
    lines: list[int] = []
    header: tuple[str, ...] | None = None
    width = 0
    line = 0
    try:
        for cells in reader:
            line, first = reader.line_num, line + 1
            if not any(cells):
                continue
            if header is None:
                header, width = tuple(cells), len(cells)
                _check_header(text, first, header, fault)
                if faults:
                    return None, faults
            elif len(cells) != width:
                mend = "quote the cell that holds a comma" if len(cells) > width else "add the missing commas"
                fault(
                    first,
                    1,
                    f"{_KEY}[{len(tree)}]",
                    f"{len(cells)} cells",
                    f"{width}, as in the header",
                    mend,
                )
            else:
                row: dict[str, Tree] = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
                grade = row.get("grade")
                if grade is not None and _WHOLE.fullmatch(grade):
                    row["grade"] = int(grade)
                tree.append(row)
                lines.append(first)
    except csv.Error as error:
        first = line + 1
        if "end of data" in str(error):
            fault(
                first,
                1,
                f"{_KEY}[{len(tree)}]",
                "a quote that is not closed",
                "a closing quote",
                "close the quote",
            )
        elif "expected after" in str(error):
            fault(
                first,
                1,
                f"{_KEY}[{len(tree)}]",
                "text after a closing quote",
                "a comma after a closing quote",
                'write a quote inside a quoted cell twice: ""',
            )
        else:
            fault(
                first,
                1,
                f"{_KEY}[{len(tree)}]",
                f"a row that cannot be read ({error})",
                "a row of CSV",
                "mend the row",
            )
    if header is None:
        if not faults:
            fault(
                1,
                1,
                _KEY,
                "no header",
                f"a first line with {', '.join(REQUIRED)}",
                "add the header, or delete the file",
            )
        return None, faults
    return CsvFile(file, text, header, tree, lines), faults


def _check_header(
    text: str, line: int, header: tuple[str, ...], fault: Callable[[int, int, str, str, str, str], None]
) -> None:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        fault(
            line,
            1,
            "",
            "cells divided by " + ("semicolons" if ";" in header[0] else "tabs"),
            "commas",
            "export the sheet as comma-separated values",
        )
        return
    for position, name in enumerate(header):
        column = _Lines(text).cell(line, position)[1]
        if name not in COLUMNS:
            near = difflib.get_close_matches(name.strip().lower(), COLUMNS, n=1)
            found = f"the column {shown(name)}" if name else "a column without a name"
            fault(
                line,
                column,
                _KEY,
                found,
                f"columns among {', '.join(COLUMNS)}",
                f"rename it to {near[0]}" if near else "remove the column",
            )
        elif name in header[:position]:
            fault(
                line,
                column,
                _KEY,
                f"the column {shown(name)} a second time",
                "it once",
                "remove one of the two",
            )
    for name in REQUIRED:
        if name not in header:
            fault(
                line,
                1,
                _KEY,
                f"no column {name}",
                f"the columns {', '.join(REQUIRED)}",
                f"add the column {name}",
            )


class _Lines:
    """Where each line of a text starts, found out once and only if something is at fault."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each line; the csv module ends a line at any of the three line endings."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def cell(self, line: int, position: int) -> Place:
        """(line, column) of a cell in the row that starts on `line`, by walking the row's own characters."""
        text = self.text
        at = line_start = self.starts[line - 1]
        inside_quotes = False
        while position and at < len(text):
            character = text[at]
            at += 1
            if character == '"':
                inside_quotes = not inside_quotes
            elif character == "," and not inside_quotes:
                position -= 1
            elif line < len(self.starts) and at == self.starts[line]:
                if not inside_quotes:
                    break
                line, line_start = line + 1, at
        return line, at - line_start + 1


_LINE_END = re.compile(r"\r\n|\r|\n")
