"""Whether the case's own time makes sense: its start and end, its steps, its finer stretches."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from tocsin.case.check.finding import Finding, finding
from tocsin.case.check.names import Names
from tocsin.case.faults import Path
from tocsin.case.model import Case

# More is a slip of the pen (a wrong century) rather than a plan: 1,500 weeks are 29 years.
MOST_STEPS = 1500
STEP_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}


def check_dates(case: Case, names: Names) -> Iterator[Finding]:  # noqa: ARG001 - every check has one shape
    """The case's start and end, its steps, and its finer stretches."""
    if case.end <= case.start:
        yield finding(
            ("end",),
            f"{case.end}, not after the start {case.start}",
            "an end after the start",
            "swap the two or mend one",
        )
        return
    steps = _steps(case)
    if steps > MOST_STEPS:
        yield finding(
            ("end",),
            f"a horizon of {steps} steps",
            f"at most {MOST_STEPS} steps",
            "bring the end nearer, or take a longer step",
        )
    if case.as_of is not None:
        yield from inside(case, case.as_of, ("as_of",))
    yield from _fine(case)


def _steps(case: Case) -> int:
    steps = (case.end - case.start).days / STEP_DAYS[case.step]
    for fine in case.fine:
        days = max(0, (min(fine.until, case.end) - max(fine.since, case.start)).days)
        steps += days / STEP_DAYS[fine.step] - days / STEP_DAYS[case.step]
    return math.ceil(steps)


def _fine(case: Case) -> Iterator[Finding]:
    for i, fine in enumerate(case.fine):
        path = ("fine", i)
        yield from order(fine.since, fine.until, (*path, "until"))
        if STEP_DAYS[fine.step] >= STEP_DAYS[case.step]:
            yield finding(
                (*path, "step"),
                f"{fine.step}, not finer than the case's {case.step}",
                "a step finer than the case's",
                "take a finer step, or remove the stretch",
            )
        yield from inside(case, fine.since, (*path, "since"))
        yield from inside(case, fine.until, (*path, "until"))
        for j, earlier in enumerate(case.fine[:i]):
            if fine.since < earlier.until and earlier.since < fine.until:
                yield finding(
                    path,
                    f"an overlap with fine[{j}]",
                    "stretches apart from each other",
                    "end one before the other begins",
                )


def order(since: dt.date | None, until: dt.date | None, path: Path) -> Iterator[Finding]:
    """A finding at `path`, where `until` stands, if the stretch from `since` holds no day."""
    if since is not None and until is not None and until <= since:
        yield finding(path, f"{until}, not after {since}", f"a day after {since}", "swap the two or mend one")


def inside(case: Case, day: dt.date, path: Path) -> Iterator[Finding]:
    """A finding if `day` lies outside the case; none if the case itself ends before it starts."""
    if case.end <= case.start:
        return
    if day < case.start:
        yield finding(
            path,
            f"{day}, before the start {case.start}",
            f"a day from {case.start} to {case.end}",
            "mend the date, or start the case earlier",
        )
    elif day > case.end:
        yield finding(
            path,
            f"{day}, after the end {case.end}",
            f"a day from {case.start} to {case.end}",
            "mend the date, or end the case later",
        )


def known_after(day: dt.date, known: dt.date | None, path: Path) -> Iterator[Finding]:
    """A finding if something became known before it happened."""
    if known is not None and known < day:
        yield finding(
            path, f"{known}, before it happened on {day}", f"{day} or later", "swap the two or mend one"
        )
