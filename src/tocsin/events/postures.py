"""From events to postures: one reading for each feed, directed front and step.

The **coded rung** of a step is the highest one that at least `at_least` of its events read as; without any
it is calm. A step in which the feed has no event at all, of anybody, gives no reading: it was silent, not the
front. Nor does a step within which the feed's last day lies. Each feed reads for itself, and two feeds are
two readings.

Events without direction (all of ACLED's, and UCDP's of state-based and non-state violence) count on both
fronts of their pair: that there was fighting is known, who began is not. UCDP's one-sided violence has a
direction.

A reading is an observation with a confusion matrix (`confusion`), never the posture.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.errors import TocsinError
from tocsin.events import confusion, counts, ladder
from tocsin.events.actors import Dictionary
from tocsin.game.grid import Grid


class PostureError(TocsinError):
    """A question about postures that events cannot answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one feed says of one directed front in one step."""

    source: str
    initiator: str
    target: str
    first_day: dt.date
    day_after: dt.date
    rung: int  # the coded rung
    counts: tuple[int, ...]  # (L,) events by rung
    volume: int  # events of the feed in the step, whoever took part
    likelihood: tuple[float, ...]  # (L,) chance of this coded rung at each true one

    def to_json(self) -> dict[str, object]:
        """The one JSON shape of a reading."""
        return {
            "source": self.source,
            "initiator": self.initiator,
            "target": self.target,
            "first_day": self.first_day.isoformat(),
            "day_after": self.day_after.isoformat(),
            "rung": self.rung,
            "counts": list(self.counts),
            "volume": self.volume,
            "likelihood": [round(chance, 6) for chance in self.likelihood],
        }


def steps_between(since: dt.date, until: dt.date, step: counts.Step) -> Grid:
    """Steps that hold every day from `since` to before `until`; weeks begin on Monday, months on the first.

    Examples
    --------
    >>> steps_between(dt.date(2003, 3, 20), dt.date(2003, 4, 2), "week").first_days
    (datetime.date(2003, 3, 17), datetime.date(2003, 3, 24), datetime.date(2003, 3, 31))
    """
    first = {"day": since, "week": since - dt.timedelta(days=since.weekday()), "month": since.replace(day=1)}
    day, days = first[step], []
    while day < until:
        days.append(day)
        if step == "month":
            day = (day + dt.timedelta(days=31)).replace(day=1)
        else:
            day += dt.timedelta(days=7 if step == "week" else 1)
    return Grid(first_days=tuple(days), end=day)


def span(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[dt.date, dt.date]:
    """First day with an event, and the day after the last.

    Raises
    ------
    PostureError if there is no event
    """
    row = connection.execute(f"SELECT min(date), max(date) FROM ({relation}) WHERE reason IS NULL").fetchone()
    if row is None or row[0] is None:
        raise PostureError(
            "found no event at all; expected events\n  mend: import some with `tocsin events import`"
        )
    return row[0], row[1] + dt.timedelta(days=1)


def postures(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    fronts: Sequence[tuple[str, str]],
    grid: Grid,
    dictionary: Dictionary,
    *,
    table: ladder.Table | None = None,
    at_least: int = 1,
    sources: tuple[str, ...] = (),
    lag_days: int | None = None,
) -> tuple[Reading, ...]:
    """Read the posture of each front in each step of a grid.

    Parameters
    ----------
    relation : of a store or of files, see `counts`
    fronts : (initiator, target), as the dictionary names them
    grid : the steps
    table : rungs of codes; the shipped one if left out
    at_least : events of a rung that make it the step's
    sources : feeds that count; all if left out
    lag_days : an event counts only if it became known within so many days, where its feed says when

    Returns
    -------
    readings, by feed, front in the order asked for, and step

    Raises
    ------
    DictionaryError for an actor that the dictionary does not know, PostureError for a front with itself
    """
    dictionary.must_know(actor for front in fronts for actor in front)
    for initiator, target in fronts:
        if initiator == target:
            raise PostureError(
                f"found the front {initiator}:{target}; expected two actors\n  mend: name another target"
            )
    since, until = grid.first_days[0], grid.end
    # Without an end: a feed that goes on after the grid was at work through its last step.
    around = counts.Wanted(since=since, sources=sources, lag_days=lag_days)
    pairs = tuple((dictionary.patterns([a]), dictionary.patterns([b])) for a, b in fronts)
    narrowed = counts.Wanted(since=since, until=until, sources=sources, lag_days=lag_days, pairs=pairs)
    counts.count(connection, relation, step="day", wanted=narrowed)
    # A second pass tells the steps in which a feed said nothing at all from those in which it was calm.
    volume = connection.execute(
        f"SELECT source, date, count(*) FROM ({relation}) WHERE reason IS NULL AND ({around.sql()}) "
        "GROUP BY ALL"
    ).fetchall()
    rows = connection.execute(
        "SELECT step, initiator, target, code, scheme, source, directed, n FROM counted "
        "WHERE reason IS NULL AND initiator IS NOT NULL AND target IS NOT NULL"
    ).fetchall()
    by_source: dict[str, NDArray[np.int64]] = {}
    last: dict[str, dt.date] = {}
    for source, day, n in volume:
        last[source] = max(day, last.get(source, day))
        if day >= grid.end:
            continue
        of_source = by_source.setdefault(str(source), np.zeros(grid.n_steps, dtype=np.int64))
        of_source[grid.step_of(day) - 1] += n
    counted = _counted(rows, fronts, grid, dictionary, table, tuple(sorted(by_source)))
    return tuple(
        _reading(source, front, grid, step, counted[source][f, step], int(by_source[source][step]), at_least)
        for source in sorted(by_source)
        for f, front in enumerate(fronts)
        for step in range(grid.n_steps)
        # A step that the feed does not reach the end of is not over: what is missing of it is not calm.
        if by_source[source][step] and grid.day_after(step + 1) <= last[source] + dt.timedelta(days=1)
    )


def _counted(
    rows: Sequence[tuple[object, ...]],
    fronts: Sequence[tuple[str, str]],
    grid: Grid,
    dictionary: Dictionary,
    table: ladder.Table | None,
    sources: tuple[str, ...],
) -> dict[str, NDArray[np.int64]]:
    """Events by feed: (F, T, L) over fronts, steps and rungs."""
    shape = (len(fronts), grid.n_steps, len(ladder.RUNGS))
    counted = {source: np.zeros(shape, dtype=np.int64) for source in sources}
    index = {front: f for f, front in enumerate(fronts)}
    spells: dict[str, list[tuple[dt.date, dt.date, str]]] = {}
    for spell in dictionary.spells({str(name) for row in rows for name in row[1:3]}):
        spells.setdefault(spell.name, []).append((spell.since, spell.until, spell.actor))
    rungs: dict[tuple[str, str], int | None] = {}

    def meant(name: str, day: dt.date) -> str | None:
        return next((who for since, until, who in spells.get(name, ()) if since <= day < until), None)

    for day, one, other, code, scheme, source, directed, n in rows:
        assert isinstance(day, dt.date)
        assert isinstance(n, int)
        kind = (str(scheme), str(code))
        if kind not in rungs:
            rungs[kind] = ladder.rung(*kind, table)
        rung, a, b = rungs[kind], meant(str(one), day), meant(str(other), day)
        if rung is None or a is None or b is None:
            continue
        for front in ((a, b),) if directed else ((a, b), (b, a)):
            if front in index:
                counted[str(source)][index[front], grid.step_of(day) - 1, rung] += n
    return counted


def _reading(
    source: str,
    front: tuple[str, str],
    grid: Grid,
    step: int,
    by_rung: NDArray[np.int64],
    volume: int,
    at_least: int,
) -> Reading:
    reached = np.flatnonzero(by_rung >= at_least)
    rung = int(reached[-1]) if len(reached) else 0
    return Reading(
        source=source,
        initiator=front[0],
        target=front[1],
        first_day=grid.first_day(step + 1),
        day_after=grid.day_after(step + 1),
        rung=rung,
        counts=tuple(by_rung.tolist()),
        volume=volume,
        likelihood=tuple(confusion.of_source(source).likelihood(rung).tolist()),
    )


def write_readings(readings: Sequence[Reading], out: Path | None, stream: IO[str]) -> None:
    """Write readings, one a row: CSV to `stream`, or by a file's ending Parquet, CSV or JSON.

    Raises
    ------
    PostureError for another ending, or a place that cannot be written
    """
    columns = ["source", "initiator", "target", "first_day", "day_after", "rung", "volume"]
    header = [*columns, *(f"n_{name}" for name in ladder.RUNGS), *(f"p_{name}" for name in ladder.RUNGS)]
    rows = [
        [getattr(reading, name) for name in columns] + [*reading.counts, *reading.likelihood]
        for reading in readings
    ]
    if out is not None and out.suffix not in (".parquet", ".csv", ".json"):
        raise PostureError(
            f"{out}\n  found the ending {out.suffix or 'of nothing'!r}; expected .parquet, .csv or .json\n"
            "  mend: give the file one of these endings"
        )
    try:
        if out is None:
            _write_csv(header, rows, stream)
        elif out.suffix == ".csv":
            with out.open("w", encoding="utf-8", newline="") as file:
                _write_csv(header, rows, file)
        elif out.suffix == ".json":
            out.write_text(
                json.dumps([reading.to_json() for reading in readings], indent=1) + "\n", encoding="utf-8"
            )
        else:
            table = pa.table({name: [row[k] for row in rows] for k, name in enumerate(header)})
            pq.write_table(table, out, compression="zstd")
    except OSError as error:
        # A reader of the stream who has seen enough is no fault of a place.
        if out is None:
            raise
        raise PostureError(
            f"{out}\n  found a place that cannot be written ({error.strerror}); expected a file\n"
            "  mend: make the folder, or name another file"
        ) from None


def _write_csv(header: list[str], rows: list[list[object]], stream: IO[str]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"{value:.6g}" if isinstance(value, float) else value for value in row] for row in rows)
