"""A feed of events as a source of a case: coded postures become dated reports.

One report for each front and step, under an origin of the step's own, so that no event counts twice. Its date
is the step's last day, and it is known only when the stated lag has passed: an estimate as of a day sees no
event that could not have been known. The feed's confusion matrix goes into the source, so that the filter
weighs every reading by how such readings mislead, and the source's letter says how far the feed is believed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tocsin.case.model import Case, Report, Source
from tocsin.errors import TocsinError
from tocsin.events.actors import Dictionary
from tocsin.events.confusion import of_source
from tocsin.events.counts import of_store
from tocsin.events.ladder import RUNGS
from tocsin.events.postures import Reading, postures
from tocsin.game.grid import Grid, build_grid

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class SourceError(TocsinError):
    """A case whose sources cannot be filled from a store."""


def fed(case: Case) -> tuple[Source, ...]:
    """Sources of a case through which a store of events speaks."""
    return tuple(source for source in case.sources if source.store is not None)


def must_have_the_usual_ladder(case: Case) -> None:
    """Refuse a case with rungs of its own: codes are mapped to the usual ones alone.

    Raises
    ------
    SourceError
    """
    rungs = tuple(rung.id for rung in case.ladder.rungs)
    if rungs != RUNGS:
        raise SourceError(
            f"found the rungs {', '.join(rungs)}; expected {', '.join(RUNGS)}, "
            "to which event codes are mapped\n"
            "  mend: leave the ladder out, or write the reports of such a case by hand"
        )


def fronts_of(case: Case, source: Source) -> tuple[tuple[str, str], ...]:
    """Fronts on which a feed reports, by the dictionary's names: those it `sees`, or all of the case."""
    assert source.store is not None
    names = source.store.actors
    refs = [front for front in case.fronts if source.sees is None or front.ref in source.sees]
    return tuple((names.get(f.from_, f.from_), names.get(f.to, f.to)) for f in refs)


def steps_of(case: Case, until: dt.date | None = None) -> Grid:
    """The case's own steps, up to the one that holds `until`."""
    grid = build_grid(case)
    if until is None or until >= grid.end:
        return grid
    n = max(grid.step_of(until), 1)
    return Grid(first_days=grid.first_days[:n], end=grid.day_after(n))


def feeds_in(store: DuckDBPyConnection) -> tuple[str, ...]:
    """Names of the feeds that a store holds."""
    rows = store.execute("SELECT DISTINCT source FROM events ORDER BY source").fetchall()
    return tuple(str(row[0]) for row in rows)


def spoken(
    case: Case,
    source: Source,
    store: DuckDBPyConnection,
    dictionary: Dictionary,
    *,
    until: dt.date | None = None,
) -> tuple[Report, ...]:
    """What an open store says through one source of a case; see `reports`.

    Parameters
    ----------
    dictionary : of actors, by which the store's names are read
    """
    must_have_the_usual_ladder(case)
    speaks = source.store
    assert speaks is not None
    readings = postures(
        store,
        of_store(),
        fronts_of(case, source),
        steps_of(case, until),
        dictionary,
        at_least=speaks.at_least,
        sources=(speaks.feed,),
        lag_days=speaks.lag_days,
    )
    return reports(case, source, readings, until=until)


def without_path(source: Source) -> SourceError:
    """A store that names no file, where none was given."""
    return SourceError(
        f"sources.yaml  {source.id}\n  found a store without a path; expected the store's file\n"
        "  mend: add `path:`, or give it with --store"
    )


def reports(
    case: Case, source: Source, readings: Iterable[Reading], *, until: dt.date | None = None
) -> tuple[Report, ...]:
    """What a feed said of a case's fronts, as reports in the order in which they became known.

    Parameters
    ----------
    case : with the usual ladder
    source : one of its sources that has a `store`
    readings : of that feed, for the fronts of `fronts_of` and the steps of `steps_of`
    until : last day on which a report may have become known

    Raises
    ------
    SourceError if the case has a ladder of its own
    """
    must_have_the_usual_ladder(case)
    assert source.store is not None
    names = source.store.actors
    refs = {
        (names.get(front.from_, front.from_), names.get(front.to, front.to)): (place, front.ref)
        for place, front in enumerate(case.fronts, 1)
    }
    lag = dt.timedelta(days=source.store.lag_days)
    found = []
    for reading in readings:
        last_day = reading.day_after - dt.timedelta(days=1)
        known = last_day + lag
        if reading.source != source.store.feed or last_day > case.end or (until and known > until):
            continue
        place, ref = refs[reading.initiator, reading.target]
        step = f"{reading.first_day:%Y%m%d}"
        found.append(
            Report(
                id=f"{source.id}-{step}-{place}",
                date=last_day,
                known=known,
                source=source.id,
                origin=f"{source.store.origin or source.id}-{step}",
                front=ref,
                value=RUNGS[reading.rung],
                text=_told(reading),
                citation=f"{reading.source}, {reading.first_day} to {last_day}",
            )
        )
    return tuple(sorted(found, key=lambda report: (report.known_on, report.date, report.id)))


def _told(reading: Reading) -> str:
    """What was counted, highest rung first."""
    parts = [f"{n} coded {RUNGS[rung]}" for rung, n in enumerate(reading.counts) if n]
    return f"{', '.join(reversed(parts)) or 'no event'}; {reading.volume} events in the feed"


def with_reports(case: Case, source: Source, new: tuple[Report, ...]) -> Case:
    """The case with a feed's reports, and its confusion matrix where the source has none of its own.

    A report that is in the case already, written out by an earlier run, stays as it is.

    Examples
    --------
    See `docs/events.md`.
    """
    assert source.store is not None
    here = {report.id for report in case.reports}
    update: dict[str, object] = {
        "reports": (*case.reports, *(report for report in new if report.id not in here))
    }
    if source.confusion is None:
        # Rounding in the shipped table must not break what a case promises: columns that sum to one.
        matrix = tuple(tuple(row) for row in of_source(source.store.feed).chance.tolist())
        weighed = source.model_copy(update={"confusion": matrix})
        update["sources"] = tuple(weighed if s.id == source.id else s for s in case.sources)
    return case.model_copy(update=update)
