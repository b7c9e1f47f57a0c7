"""What a code says beyond its rung: the PLOVER type and the Goldstein weight.

The table ``data/codes.csv`` holds prefixes; the longest one that a code starts with wins, so that a code
which the published scale leaves out takes its category's weight.

Sources: weights from Goldstein (1992), Journal of Conflict Resolution 36, 369-385, who scaled WEIS, in the
extension to CAMEO by the KEDS project (Gerner, Schrodt and others, scale 0.5b1); -10 is the most hostile and
+10 the most cooperative. Types after the manual of PLOVER (Open Event Data Alliance), CAMEO categories by
their successors there; those of WEIS, UCDP GED and ACLED are tocsin's own reading. UCDP GED, ACLED and PLOVER
have no published weights, so theirs are missing rather than guessed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """PLOVER type of a code, and its Goldstein weight (-10 to 10); None where there is none."""

    plover: str | None
    weight: float | None


NOTHING = Meaning(plover=None, weight=None)


@cache
def _table() -> dict[str, dict[str, Meaning]]:
    table: dict[str, dict[str, Meaning]] = {}
    with (resources.files("tocsin.events") / "data" / "codes.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            table.setdefault(row["scheme"], {})[row["code"]] = Meaning(
                plover=row["plover"] or None, weight=float(row["weight"]) if row["weight"] else None
            )
    return table


def meaning(scheme: str, code: str) -> Meaning:
    """What a code of a scheme stands for, by the longest prefix in the table.

    Examples
    --------
    >>> meaning("cameo", "1384")
    Meaning(plover='THREATEN', weight=-7.0)
    >>> meaning("weis", "223").weight, meaning("plover", "ASSAULT:aerial").plover
    (-10.0, 'ASSAULT')
    """
    prefixes = _table().get(scheme, {})
    for length in range(len(code), 0, -1):
        if code[:length] in prefixes:
            return prefixes[code[:length]]
    return NOTHING
