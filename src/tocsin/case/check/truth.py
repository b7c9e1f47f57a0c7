"""What is known now of what was hidden: whether it names what the case has, in values of its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tocsin.case.check.finding import Finding, finding, listed, warning
from tocsin.case.check.names import Names
from tocsin.case.faults import Path, dotted, shown
from tocsin.case.model import Case, Report, TrueLevel, Truth

_KINDS = {"posture": "fronts", "preparation": "fronts", "goal": "fronts", "factor": "factors"}
HIGHEST_PREPARATION = 3


def check_truth(case: Case, names: Names) -> Iterator[Finding]:
    """Dispositions, deceivers, hidden levels and reports of truth.yaml."""
    truth = case.truth
    if truth is None:
        return
    for actor, disposition in truth.dispositions.items():
        here = ("truth", "dispositions", actor)
        yield from names.unknown("actors", actor, here, at_key=True)
        yield from names.unknown("dispositions", disposition, here)
    for actor in truth.deceives:
        yield from names.unknown("actors", actor, ("truth", "deceives", actor), at_key=True)
    yield from _levels(case, truth, names)
    yield from _reports(case, truth, names)


def _levels(case: Case, truth: Truth, names: Names) -> Iterator[Finding]:
    last: dict[tuple[str, str], tuple[int, dt.date]] = {}
    for i, level in enumerate(truth.levels):
        path = ("truth", "levels", i)
        kind, reference = level.target
        yield from names.unknown(_KINDS[kind], reference, (*path, kind))
        yield from _value(level, kind, (*path, "value"), names)
        # A level may have stood since long before the case's start.
        if case.start < case.end < level.since:
            yield finding(
                (*path, "since"),
                f"{level.since}, after the end {case.end}",
                f"{case.end} or earlier",
                "mend the date, or end the case later",
            )
        before = last.get((kind, reference))
        if before is not None and level.since <= before[1]:
            yield finding(
                (*path, "since"),
                f"{level.since}, not after {before[1]} of {dotted(('truth', 'levels', before[0]))}",
                f"entries about the {kind} of {reference} from the earliest to the latest",
                "put them in order of their dates, one a day",
            )
        last[kind, reference] = i, level.since


def _value(level: TrueLevel, kind: str, path: Path, names: Names) -> Iterator[Finding]:
    value = level.value
    if kind in ("posture", "goal"):
        if isinstance(value, str):
            yield from names.unknown("rungs", value, path)
        else:
            rungs = listed(names.of("rungs"))
            yield finding(path, shown(value), f"a rung of the case ({rungs})", "write the rung's id")
    elif kind == "preparation":
        if isinstance(value, str) or value not in range(HIGHEST_PREPARATION + 1):
            yield finding(
                path, shown(value), "a readiness of 0, 1, 2 or 3", "write one of those whole numbers"
            )
    elif isinstance(value, str) or not 0.0 <= value <= 1.0:
        yield finding(path, shown(value), "a factor's value from 0 to 1", "write a number in that range")


def _reports(case: Case, truth: Truth, names: Names) -> Iterator[Finding]:
    reports = {report.id: report for report in case.reports}
    for name, proved in truth.reports.items():
        here = ("truth", "reports", name)
        yield from names.unknown("reports", name, here, at_key=True)
        if proved == "planted" and name in reports:
            yield from _planted(case, truth, reports[name], here)
    for k, name in enumerate(truth.set_aside):
        path = ("truth", "set_aside", k)
        yield from names.unknown("reports", name, path)
        if name in truth.set_aside[:k]:
            yield finding(path, f"{shown(name)} a second time", "each report once", "remove it")
        report = reports.get(name)
        if report is not None and report.known_on == report.date:
            yield finding(
                path,
                f"{shown(name)}, which the case already counts from its date, {report.date}",
                "a report that became known only after its date",
                "give the report the day on which it became known, or remove it here",
            )


def _planted(case: Case, truth: Truth, report: Report, path: Path) -> Iterator[Finding]:
    """A report can have been planted only by somebody whom it is about, and who deceived."""
    if report.front is not None:
        owner: str | None = report.front.split(" -> ")[0]
    else:
        about = next((one.about for one in case.indicators if one.id == report.indicator), None)
        if about is None:
            return  # the report's own fault
        owner = about.owner
    if owner is None:
        yield finding(
            path,
            "'planted', of a report on a factor",
            "planted of a report on an actor's posture, preparation or disposition",
            "write wrong: nobody's deception bears on a factor",
        )
    elif truth.deceives.get(owner) is False:
        yield finding(
            path,
            f"'planted', by {owner}, of whom deceives says no",
            "planted by an actor that deceives",
            f"write `{owner}: true` under deceives, or call the report wrong",
        )
    elif owner not in truth.deceives:
        yield warning(
            path,
            f"'planted', by {owner}, of whom deceives says nothing",
            "planted by an actor that deceives",
            f"write `{owner}: true` under deceives, or call the report wrong",
        )
