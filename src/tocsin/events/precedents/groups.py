"""Armed groups: pairs of a state and a group, or of two groups, by month, and how deadly they then became.

Source: UCDP Georeferenced Events 21.1 (Sundberg and Melander 2013, Journal of Peace Research 50, 523-532), of
which the historical data hold the events placed precisely; deaths are therefore too few, and a week that
crosses a threshold here crossed it in the full data too. Deaths of both sides are counted together: who
attacked is not recorded.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.events.history import ask

FILE = "ucdp_ged/ged211_precise_events_1989_2018.parquet"
START, END = dt.date(1989, 1, 1), dt.date(2018, 12, 31)
FIRST_ANCHOR = dt.date(1990, 1, 1)  # a year of past behind every anchor
THRESHOLDS = (1, 10, 100, 1000)  # deaths in seven days
WEEK_DAYS, MONTH_DAYS, YEAR_DAYS = 7, 30, 365
DEADLY = 25  # deaths in thirty days: UCDP's threshold of an armed conflict, there for a year

Days = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two sides that fought, day by day."""

    name: str
    one: str
    two: str
    with_state: bool  # a government is one of the two
    deaths: Days  # (D,) best estimate a day from START to END
    events: Days  # (D,) events with at least one death


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnchor:
    """The first day of a month in the life of a pair that has fought before."""

    pair: int  # index into the pairs
    day: int  # days since START
    month_deaths: int  # deaths in the 30 days before
    year_deaths: int  # deaths in the 365 days before
    # First day after `day` on which the seven days up to it hold 1, 10, 100, 1000 deaths, all after `day`.
    first_days: tuple[int | None, ...]
    lull: int | None  # first day after `day` that ends 30 days without a death, all after `day`


def read_pairs(folder: Path) -> tuple[Pair, ...]:
    """Pairs of a government and a group, and of two groups, in the order of their names.

    Raises
    ------
    HistoryError if the file is missing or lacks a column
    """
    rows = ask(
        folder,
        FILE,
        ("dyad_name", "type_of_violence", "side_a", "side_b", "date_start", "best"),
        "type_of_violence in (1, 2) and best > 0",
    )
    span = (END - START).days + 1
    deaths: dict[str, Days] = defaultdict(lambda: np.zeros(span, dtype=np.int64))
    events: dict[str, Days] = defaultdict(lambda: np.zeros(span, dtype=np.int64))
    sides: dict[str, tuple[str, str]] = {}
    for name, _, one, two, day, best in rows:
        governments = one.startswith("Government of") + two.startswith("Government of")
        place = (day - START).days
        if governments == 2 or not 0 <= place < span:
            continue  # two states: the disputes have these
        sides[name] = (one, two)
        deaths[name][place] += best
        events[name][place] += 1
    return tuple(
        Pair(
            name=name,
            one=one,
            two=two,
            with_state="Government of" in one + two,
            deaths=deaths[name],
            events=events[name],
        )
        for name, (one, two) in sorted(sides.items())
    )


def anchors(pairs: tuple[Pair, ...]) -> Iterator[GroupAnchor]:
    """Every first of a month of every pair, from the month after its first recorded death."""
    months = [
        (dt.date(year, month, 1) - START).days
        for year in range(FIRST_ANCHOR.year, END.year + 1)
        for month in range(1, 13)
    ]
    for index, pair in enumerate(pairs):
        begun = int(np.flatnonzero(pair.events)[0])
        total = np.concatenate([[0], np.cumsum(pair.deaths)])
        crossings = [_crossings(total, threshold) for threshold in THRESHOLDS]
        quiet = _quiet_ends(pair.events)
        for day in months:
            if day <= begun:
                continue
            yield GroupAnchor(
                pair=index,
                day=day,
                month_deaths=int(total[day] - total[max(day - MONTH_DAYS, 0)]),
                year_deaths=int(total[day] - total[max(day - YEAR_DAYS, 0)]),
                first_days=tuple(
                    _first_crossing(total, found, day, threshold)
                    for found, threshold in zip(crossings, THRESHOLDS, strict=True)
                ),
                lull=_first_lull(quiet, day),
            )


def _crossings(total: Days, threshold: int) -> Days:
    """Days whose seven-day sum, the day itself included, reaches a threshold."""
    ends = np.arange(1, len(total))
    sums = total[ends] - total[np.maximum(ends - WEEK_DAYS, 0)]
    return np.flatnonzero(sums >= threshold)


def _first_crossing(total: Days, crossings: Days, day: int, threshold: int) -> int | None:
    """First day from `day` on whose deaths since `day`, of the last seven days, reach a threshold."""
    for end in crossings[np.searchsorted(crossings, day) :]:
        if total[end + 1] - total[max(end + 1 - WEEK_DAYS, day)] >= threshold:
            return int(end)
    return None


def _quiet_ends(events: Days) -> Days:
    """Days that end thirty days without a deadly event."""
    total = np.concatenate([[0], np.cumsum(events)])
    ends = np.arange(MONTH_DAYS, len(total))
    return np.asarray(ends[(total[ends] - total[ends - MONTH_DAYS]) == 0] - 1, dtype=np.int64)


def _first_lull(quiet: Days, day: int) -> int | None:
    """First of these days whose thirty all lie from `day` on."""
    place = np.searchsorted(quiet, day + MONTH_DAYS - 1)
    return int(quiet[place]) if place < len(quiet) else None
