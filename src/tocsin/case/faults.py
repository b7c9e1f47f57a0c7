"""Faults of a case: where, what was found, what was expected, and the mend.

A fault is a value, rendered alike by the command line, the pages and JSON. A warning has the same
shape; it marks what is possible but seldom meant, and does not keep a case from running.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from tocsin.errors import TocsinError

Severity = Literal["fault", "warning"]
Path = tuple[str | int, ...]

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a case.

    Parameters
    ----------
    file : name within the case's folder, or the folder itself
    line, column : counted from 1; None where the fault has no place in a text (a missing file)
    where : dotted path such as ``actors[1].dispositions``; empty for a whole file
    found, expected, mend : short phrases without a full stop
    severity : a warning does not keep a case from running

    Examples
    --------
    >>> print(
    ...     Fault(
    ...         file="case.yaml",
    ...         line=41,
    ...         column=15,
    ...         where="ties[0].strength",
    ...         found="'hgih'",
    ...         expected="a strength",
    ...         mend="write 'high'",
    ...     )
    ... )
    case.yaml:41:15  ties[0].strength
      found 'hgih'; expected a strength
      mend: write 'high'
    """

    file: str
    line: int | None
    column: int | None
    where: str
    found: str
    expected: str
    mend: str
    severity: Severity = "fault"

    @property
    def place(self) -> str:
        """``file:line:column``, as far as they are known; editors and terminals make it a link."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        mark = "warning" if self.severity == "warning" else ""
        head = "  ".join(part for part in (self.place, mark, self.where) if part)
        return f"{head}\n  found {self.found}; expected {self.expected}\n  mend: {self.mend}"

    def as_json(self) -> dict[str, str | int | None]:
        """The one JSON shape of a fault."""
        return asdict(self)


def dotted(path: Path) -> str:
    """Write a path the way faults name it.

    Examples
    --------
    >>> dotted(("actors", 1, "dispositions", "committed"))
    'actors[1].dispositions.committed'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{_printable(step)}" if text else _printable(step)
    return text


def shown(value: object) -> str:
    """Show a value found in a case: text in quotes, long things cut, nothing that a terminal obeys.

    Examples
    --------
    >>> shown("high"), shown(None), shown(True), shown([1, 2]), shown({})
    ("'high'", 'nothing', 'true', 'a list of 2', 'an empty mapping')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 3] + "...")
        case float():
            return f"{value:.12g}"
        case list() | tuple():
            return f"a list of {len(value)}" if value else "an empty list"
        case dict():
            return (
                f"a mapping with {', '.join(map(_printable, list(value)[:4]))}"
                if value
                else "an empty mapping"
            )
        case _:
            return str(value)


def _printable(text: object) -> str:
    short = str(text)
    short = short if len(short) <= _LONGEST_SHOWN else short[: _LONGEST_SHOWN - 3] + "..."
    return short if short.isprintable() else repr(short)[1:-1]


def in_reading_order(faults: Iterable[Fault], files: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    """Faults as a reader meets them: by file (in the order of `files`), line and column; no fault twice."""
    rank = {name: position for position, name in enumerate(files)}
    return tuple(
        sorted(
            dict.fromkeys(faults),
            key=lambda f: (rank.get(f.file, len(rank)), f.file, f.line or 0, f.column or 0, f.where),
        )
    )


class CaseError(TocsinError):
    """A case cannot be used; `faults` holds every fault found, warnings included."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ReadError(CaseError):
    """The text is not a case: missing files, syntax, wrong types, unknown keys."""


class CheckError(CaseError):
    """The text is a case, but what it says cannot be: unknown names, impossible dates and numbers."""
