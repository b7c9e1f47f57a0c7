"""Indicators, the sources that speak to them, and their reports."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator
from itertools import pairwise

from tocsin.case import words
from tocsin.case.check.dates import inside, known_after, order
from tocsin.case.check.finding import Finding, finding, listed, warning
from tocsin.case.check.names import Names
from tocsin.case.check.numbers import SUM_TOLERANCE
from tocsin.case.faults import Path, shown
from tocsin.case.model import Case, Indicator, Report, Source

FACTOR_LEVELS = ("low", "middle", "high")
PREPARATION_LEVELS = ("0", "1", "2", "3")
SIGHTINGS = ("seen", "not seen")
# A year in which a source that keeps watch says nothing at all: it closed more likely than nothing happened.
LONG_SILENCE_DAYS = 365
# Feeds whose confusion matrix ships, as in `tocsin.events.confusion`; a test compares the two.
FEEDS = ("acled", "gdelt", "icews", "keds", "keds-weis", "polecat", "ucdp-ged")
_KINDS = {"posture": "fronts", "preparation": "fronts", "factor": "factors", "disposition": "actors"}


def check_indicators(case: Case, names: Names) -> Iterator[Finding]:
    """What each indicator is about, and its likelihood by level."""
    for i, indicator in enumerate(case.indicators):
        kind, reference = indicator.about.target
        yield from names.unknown(_KINDS[kind], reference, ("indicators", i, "about", kind))
        yield from _levels(indicator, kind, ("indicators", i, "likelihood"), names)


def _levels(indicator: Indicator, kind: str, path: Path, names: Names) -> Iterator[Finding]:
    levels = {
        "posture": names.of("rungs"),
        "preparation": PREPARATION_LEVELS,
        "factor": FACTOR_LEVELS,
        "disposition": names.of("dispositions"),
    }[kind]
    given = indicator.likelihood
    for level in given:
        if level not in levels:
            yield finding(
                (*path, level),
                f"the level {shown(level)}",
                f"levels of a {kind}: {listed(levels, most=12)}",
                "rename or remove it",
                at_key=True,
            )
    missing = [level for level in levels if level not in given]
    if kind == "disposition" and missing:
        yield finding(
            path,
            f"nothing for {listed(missing)}",
            "a likelihood for every disposition",
            "add what is missing",
        )
    elif levels[0] in missing:
        yield finding(
            path,
            f"nothing for the lowest level, {levels[0]}",
            "a likelihood for the lowest level",
            f"add `{levels[0]}:`",
        )
    elif len({_median(value) for value in given.values()}) == 1:
        yield warning(
            path,
            "the same likelihood at every level",
            "a likelihood that depends on the level",
            "give another level its own, or leave the indicator out",
        )


def _median(value: object) -> object:
    try:
        return words.likelihood(value).median  # type: ignore[arg-type]
    except ValueError:
        return value  # off its scale: `check_numbers` says so


def check_sources(case: Case, names: Names) -> Iterator[Finding]:
    """Who controls a source, what it can see, what it promised to watch, and whether it fell silent."""
    spoken: dict[str, list[dt.date]] = {}
    for report in case.reports:
        spoken.setdefault(report.source, []).append(report.known_on)
    last = max((day for days in spoken.values() for day in days), default=case.start)
    for i, source in enumerate(case.sources):
        path = ("sources", i)
        if source.controlled_by is not None:
            yield from names.unknown("actors", source.controlled_by, (*path, "controlled_by"))
        for k, thing in enumerate(source.sees or ()):
            yield from names.unknown("fronts" if " -> " in thing else "indicators", thing, (*path, "sees", k))
        yield from _confusion(source, path, names)
        for actor in source.store.actors if source.store else ():
            yield from names.unknown("actors", actor, (*path, "store", "actors", actor), at_key=True)
        yield from _feed(source, path)
        yield from _watches(case, source, path, names)
        if names.knows_all("reports"):
            yield from _silence(case, source, path, spoken.get(source.id, []), last)


def _confusion(source: Source, path: Path, names: Names) -> Iterator[Finding]:
    rows = source.confusion
    if rows is None or not names.knows_all("rungs"):
        return
    n = len(names.of("rungs"))
    here = (*path, "confusion")
    if len(rows) != n or any(len(row) != n for row in rows):
        widths = ", ".join(str(width) for width in dict.fromkeys(len(row) for row in rows))
        yield finding(
            here,
            f"{len(rows)} rows of {widths or 'nothing'}",
            f"{n} rows of {n} chances",
            "give a row for each rung that can be named, and in it a chance for each that can be true",
        )
        return
    for k, column in enumerate(zip(*rows, strict=True)):
        if abs(sum(column) - 1.0) > SUM_TOLERANCE:
            yield finding(
                here,
                f"{sum(column):.6g} as the sum of column {k + 1}",
                "columns that sum to 1",
                "mend the chances of what is named when that rung is true",
            )


def _feed(source: Source, path: Path) -> Iterator[Finding]:
    """A feed without a matrix of its own stops whoever asks: better to be told before."""
    if source.store is None or source.confusion is not None or source.store.feed in FEEDS:
        return
    near = difflib.get_close_matches(source.store.feed, FEEDS, n=1, cutoff=0.6)
    yield warning(
        (*path, "store", "feed"),
        f"{shown(source.store.feed)}, for which no confusion matrix ships",
        f"one of {', '.join(FEEDS)}, or a confusion of the source's own",
        f"did you mean {near[0]}?" if near else "give the source a confusion, or name one of those",
    )


def _watches(case: Case, source: Source, path: Path, names: Names) -> Iterator[Finding]:
    earlier: dict[str, list[tuple[int, dt.date, dt.date]]] = {}
    for k, watch in enumerate(source.watches):
        here = (*path, "watches", k)
        yield from names.unknown("indicators", watch.indicator, (*here, "indicator"))
        known = names.has("indicators", watch.indicator)
        if known and source.sees is not None and watch.indicator not in source.sees:
            yield finding(
                (*here, "indicator"),
                f"{shown(watch.indicator)}, which the source cannot see",
                f"one of what it sees ({listed(source.sees)})",
                "add it to sees, or remove the watch",
            )
        yield from order(watch.since, watch.until, (*here, "until"))
        since, until = watch.since or case.start, watch.until or dt.date.max
        if watch.since is None:
            yield from order(case.start, watch.until, (*here, "until"))
        for j, other_since, other_until in earlier.setdefault(watch.indicator, []):
            if since < other_until and other_since < until:
                yield finding(
                    here,
                    f"an overlap with watches[{j}] of the same indicator",
                    "one watch at a time",
                    "end one before the other begins, or merge them",
                )
        earlier[watch.indicator].append((k, since, until))


def _silence(case: Case, source: Source, path: Path, days: list[dt.date], last: dt.date) -> Iterator[Finding]:
    """Silence is evidence only while the source is there; a long one is suspect."""
    for k, watch in enumerate(source.watches):
        since = max(watch.since or case.start, case.start)
        until = min(watch.until or last, last)
        kept = sorted({since, until, *(day for day in days if since <= day <= until)})
        for before, after in pairwise(kept):
            if (after - before).days >= LONG_SILENCE_DAYS:
                yield warning(
                    (*path, "watches", k),
                    f"no report at all from {before} to {after}",
                    "a source that speaks while it keeps watch",
                    "check that it could report then; if not, end the watch with `until`",
                )
                return


def check_reports(case: Case, names: Names) -> Iterator[Finding]:
    """When, by whom, on what, and what was said."""
    sees = {source.id: frozenset(source.sees) for source in case.sources if source.sees is not None}
    for i, report in enumerate(case.reports):
        path = ("reports", i)
        yield from inside(case, report.date, (*path, "date"))
        yield from known_after(report.date, report.known, (*path, "known"))
        if report.known_on > case.end >= report.date:
            yield warning(
                (*path, "known"),
                f"{report.known_on}, after the end {case.end}",
                "a day within the case",
                "end the case later if the report is to count",
            )
        yield from names.unknown("sources", report.source, (*path, "source"))
        yield from _said(report, path, names)
        thing = report.indicator or report.front
        if thing is None or not names.has("indicators" if report.indicator else "fronts", thing):
            continue
        if thing not in sees.get(report.source, (thing,)):
            yield finding(
                (*path, "source"),
                f"{shown(report.source)} on {thing}",
                "a source that can see it",
                f"add {shown(thing)} to what the source sees, or mend the report",
            )


def _said(report: Report, path: Path, names: Names) -> Iterator[Finding]:
    if (report.indicator is None) == (report.front is None):
        both = "both indicator and front" if report.indicator is not None else "neither indicator nor front"
        yield finding(
            path, both, "one of indicator and front", "name the one thing that the report speaks to"
        )
    elif report.indicator is not None:
        yield from names.unknown("indicators", report.indicator, (*path, "indicator"))
        if report.value not in SIGHTINGS:
            yield finding(
                (*path, "value"),
                shown(report.value),
                "'seen' or 'not seen' for an indicator",
                "write one of the two, or name a front to report a rung",
            )
    elif report.front is not None:
        yield from names.unknown("fronts", report.front, (*path, "front"))
        yield from names.unknown("rungs", report.value, (*path, "value"))
