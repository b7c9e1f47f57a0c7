"""Event codes to rungs of the usual ladder: a convention, kept as a table of its own.

The table ``data/rungs.csv`` gives a rung to code prefixes of each scheme, with its reason. The longest
prefix that a code starts with wins, so that ``cameo 195`` is strikes while ``cameo 197`` is what ``19`` is.

Schemes and how their codes are written:

- ``cameo``, ``weis``: the digits as published, with their leading zeros;
- ``plover``: the event type, and where there is a mode a colon and the mode, ``ASSAULT:aerial``;
- ``ged``: type of violence 1 to 3, a colon and the best estimate of deaths, ``1:25``; the rung is that of the
  highest threshold not above the deaths, in the ladder's own words for deaths (a few, tens, hundreds, ...);
- ``acled``: the event type, a slash and the sub-event type, ``Battles/Armed clash``;
- ``quad``: 1 to 4, or the classes written out.

What the schemes cannot say: WEIS has one code for military engagements of any size, so that nothing coded
in WEIS reads as *offensive* or *war*; CAMEO's only code above *offensive* is mass violence; ACLED reads as
*war* only where chemical weapons were used. A rung is therefore a reading, never the truth (`confusion`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import TocsinError

RUNGS = ("calm", "words", "shows", "exchange", "strikes", "offensive", "war")
SCHEMES = ("cameo", "weis", "plover", "ged", "acled", "quad")
UNKNOWN = -1  # in arrays, for a code that its scheme does not know
Table = dict[str, dict[str, int]]  # scheme -> code prefix -> rung


class LadderError(TocsinError):
    """A table of rungs that cannot be used, or a scheme that no table knows."""


@cache
def usual() -> Table:
    """The table shipped with tocsin."""
    with (resources.files("tocsin.events") / "data" / "rungs.csv").open(encoding="utf-8") as stream:
        return _table(stream, "rungs.csv", len(RUNGS))


def read_table(path: Path, n_rungs: int = len(RUNGS)) -> Table:
    """A table of one's own, in the same columns: scheme, code, rung, why.

    Raises
    ------
    LadderError naming the line at fault
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return _table(stream, str(path), n_rungs)
    except (OSError, UnicodeDecodeError) as error:
        raise LadderError(
            f"{path}\n  found a file that cannot be read ({error}); expected a table of rungs\n"
            "  mend: give a CSV file with the columns scheme, code, rung, why"
        ) from None


def _table(lines: Iterable[str], name: str, n_rungs: int) -> Table:
    table: Table = {}
    reader = csv.DictReader(lines)
    if not {"scheme", "code", "rung"} <= set(reader.fieldnames or ()):
        raise LadderError(
            f"{name}:1\n  found the columns {', '.join(reader.fieldnames or ()) or 'none'}; "
            "expected scheme, code, rung, why\n  mend: name the columns in the first line"
        )
    for number, row in enumerate(reader, 2):
        scheme, code, rung = ((row[key] or "").strip() for key in ("scheme", "code", "rung"))
        if scheme not in SCHEMES:
            raise LadderError(
                f"{name}:{number}  scheme\n  found {scheme!r}; expected one of {', '.join(SCHEMES)}\n"
                "  mend: name the scheme that the codes belong to"
            )
        if not (rung.isdigit() and int(rung) < n_rungs):
            raise LadderError(
                f"{name}:{number}  rung\n  found {rung!r}; expected a whole number from 0 to {n_rungs - 1}\n"
                "  mend: count the rungs from the lowest, which is 0"
            )
        if not code or code in table.setdefault(scheme, {}):
            raise LadderError(
                f"{name}:{number}  code\n  found {'no code' if not code else f'{code!r} a second time'}; "
                "expected each code once\n  mend: keep one line for each code"
            )
        table[scheme][code] = int(rung)
    return table


def rung(scheme: str, code: str, table: Table | None = None) -> int | None:
    """Rung that a code of a scheme reads as, 0 (calm) to 6 (war).

    Parameters
    ----------
    scheme : one of `SCHEMES`
    code : as the scheme writes it, see the head of this module
    table : another table; the shipped one if left out

    Returns
    -------
    the rung, or None for a code that the scheme does not know

    Raises
    ------
    LadderError for a scheme that the table does not know

    Examples
    --------
    >>> rung("cameo", "195"), rung("cameo", "042"), rung("weis", "223"), rung("ged", "1:25")
    (4, 0, 4, 4)
    >>> rung("plover", "ASSAULT:aerial"), rung("acled", "Battles/Armed clash"), rung("cameo", "99")
    (4, 3, None)
    """
    table = usual() if table is None else table
    if scheme not in table:
        raise LadderError(
            f"found the scheme {scheme!r}; expected one of {', '.join(table)}\n"
            "  mend: name the scheme that the codes belong to, or add it to your table of rungs"
        )
    prefixes = table[scheme]
    if scheme == "ged":
        return _by_deaths(prefixes, code)
    for length in range(len(code), 0, -1):
        if code[:length] in prefixes:
            return prefixes[code[:length]]
    return None


def _by_deaths(prefixes: dict[str, int], code: str) -> int | None:
    kind, _, deaths = code.partition(":")
    if deaths and not deaths.isdigit():
        return None
    fitting = {
        int(threshold or 0): found
        for (of, _, threshold), found in ((prefix.partition(":"), r) for prefix, r in prefixes.items())
        if of == kind and int(threshold or 0) <= int(deaths or 0)
    }
    return fitting[max(fitting)] if fitting else None


def rungs(
    scheme: str, codes: Sequence[str] | NDArray[np.str_], table: Table | None = None
) -> NDArray[np.int8]:
    """Rungs of many codes at once; -1 for a code that the scheme does not know.

    Each distinct code is looked up once.

    Examples
    --------
    >>> rungs("cameo", ["190", "042", "190", "9"]).tolist()
    [3, 0, 3, -1]
    """
    distinct, places = np.unique(np.asarray(codes, dtype=np.str_), return_inverse=True)
    found = [rung(scheme, str(code), table) for code in distinct]
    values = np.array([UNKNOWN if value is None else value for value in found], dtype=np.int8)
    return np.asarray(values[places].reshape(np.shape(codes)))
