"""What a ledger says about each question: its forecasts, its resolution, and where it stands on a day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tocsin.ledger.entry import NO, VOID, YES, Forecast, Question, Recorded, Resolution, in_force
from tocsin.ledger.errors import EntryError

Status = Literal["open", "decided early", "overdue", "resolved", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with all that the ledger holds on it.

    Parameters
    ----------
    question : as it was first put, which is how it stays
    forecasts : in the order of the chain
    resolution : the one in force; None while there is none
    corrections : how many resolutions it superseded
    """

    question: Question
    forecasts: tuple[Recorded[Forecast], ...]
    resolution: Recorded[Resolution] | None
    corrections: int

    def status(self, day: dt.date) -> Status:
        """Where the question stands on a day; it counts in scores once "resolved", which is after its close.

        A question that came true early stays out until then. Its neighbours that are still open cannot have
        failed yet, so that counting it now would count successes alone.
        """
        if self.resolution is None:
            return "open" if day <= self.question.closes else "overdue"
        if self.resolution.value.is_void:
            return "void"
        return "decided early" if day <= self.question.closes else "resolved"


def asked(
    forecasts: Iterable[Recorded[Forecast]], resolutions: Iterable[Recorded[Resolution]]
) -> tuple[Asked, ...]:
    """Rows put together by question, in the order in which the questions were first asked."""
    by_question: dict[str, list[Recorded[Forecast]]] = {}
    for row in forecasts:
        by_question.setdefault(row.value.question.key, []).append(row)
    all_resolutions: dict[str, list[Recorded[Resolution]]] = {}
    for resolution in resolutions:
        all_resolutions.setdefault(resolution.value.question, []).append(resolution)
    found = []
    for key, rows in by_question.items():
        said = all_resolutions.get(key, [])
        standing = in_force(said)
        found.append(
            Asked(
                question=rows[0].value.question,
                forecasts=tuple(rows),
                resolution=standing[-1] if standing else None,
                corrections=max(len(said) - 1, 0),
            )
        )
    return tuple(found)


def must_be_the_same(earlier: Question, later: Question) -> None:
    """Refuse a question that came to ask something else under the same key.

    Raises
    ------
    EntryError naming the first thing that differs
    """
    for field in ("text", "closes", "rule", "case", "classes", "number"):
        was, now = getattr(earlier, field), getattr(later, field)
        if was != now:
            raise EntryError(
                f"question {later.key}",
                found=f"{field} {str(now)!r}",
                expected=f"{str(was)!r}, as in the ledger",
                mend="a question never changes once it is forecast; give the changed one an id of its own",
            )


def must_be_possible(question: Question, resolution: Resolution, today: dt.date) -> None:
    """Refuse an outcome that the question cannot have, or on a day on which it cannot have come about.

    Raises
    ------
    EntryError
    """
    outcome = resolution.outcome
    if outcome != VOID:
        if question.number:
            fits, expected = _is_number(outcome), "a number, or void"
        elif question.classes:
            fits, expected = outcome in question.classes, f"{', '.join(question.classes)}, or void"
        else:
            fits, expected = outcome in (YES, NO), "yes, no or void"
        if not fits:
            raise EntryError(
                f"outcome of {question.key}",
                found=repr(outcome),
                expected=expected,
                mend="name one of these",
            )
        if resolution.on > question.closes:
            raise EntryError(
                f"outcome of {question.key}",
                found=f"one that came about on {resolution.on}",
                expected=f"a day up to its close, {question.closes}",
                mend="what came later does not count: the question then resolved no at its close",
            )
    if resolution.on > today:
        raise EntryError(
            f"outcome of {question.key}",
            found=f"{resolution.on}, which is still to come",
            expected=f"a day up to today, {today}",
            mend="resolve it when it is decided; a no is decided at the close",
        )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
