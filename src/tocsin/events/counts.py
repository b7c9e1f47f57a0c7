"""Events counted by step and pair, in one streaming pass over a store or over files that are in none.

The pass groups by the feed's own names and codes; who is meant and which rung it is are looked up
afterwards, for the few distinct ones. That keeps the pass near DuckDB's own speed, and its memory bounded by
the number of groups, however many rows there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from tocsin.events import feeds
from tocsin.events.store import key

Step = Literal["day", "week", "month"]
# Weeks begin on Monday, as in ISO 8601; the date is one, and any other would do.
MONDAY = dt.date(1970, 1, 5)
_BUCKETS: dict[str, str] = {
    "day": "date",
    "week": f"(DATE '{MONDAY}' + 7 * CAST(floor((date - DATE '{MONDAY}') / 7) AS INTEGER))::DATE",
    "month": "date_trunc('month', date)::DATE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events count. What is left out does not narrow the choice.

    Parameters
    ----------
    since, until : first day, and first day after the last
    names : globs of names; an event counts if its initiator or its target fits one
    pairs : globs of names, (of the one, of the other); an event counts if its two names fit one pair, in
        either order where the feed knows no direction
    sources : feeds of a store
    lag_days : an event counts only if it became known within so many days, where its feed says when it did
    """

    since: dt.date | None = None
    until: dt.date | None = None
    names: tuple[str, ...] = ()
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    sources: tuple[str, ...] = ()
    lag_days: int | None = None

    def sql(self) -> str:
        """The condition, over the columns of the event table; a refused row always passes."""
        tests = []
        if self.since is not None:
            tests.append(f"date >= DATE '{self.since}'")
        if self.until is not None:
            tests.append(f"date < DATE '{self.until}'")
        if self.names:
            tests.append(f"({_fits('initiator', self.names)} OR {_fits('target', self.names)})")
        if self.pairs:
            either = [
                f"({_fits('initiator', a)} AND {_fits('target', b)})"
                f" OR (NOT directed AND {_fits('initiator', b)} AND {_fits('target', a)})"
                for a, b in self.pairs
            ]
            tests.append(f"({' OR '.join(either)})")
        if self.sources:
            tests.append(f"source IN ({', '.join(feeds.quoted(name) for name in self.sources)})")
        if self.lag_days is not None:
            tests.append(f"(known IS NULL OR known <= date + {self.lag_days:d})")
        return " AND ".join(tests) or "true"


def _fits(column: str, patterns: Sequence[str]) -> str:
    """A glob as the cheapest test that says the same; most are a prefix or a part."""
    tests = []
    for pattern in patterns:
        inner = pattern.strip("*")
        if any(letter in inner for letter in "*?["):
            tests.append(f"{column} GLOB {feeds.quoted(pattern)}")
        elif pattern == inner:
            tests.append(f"{column} = {feeds.quoted(inner)}")
        elif pattern == f"{inner}*":
            tests.append(f"starts_with({column}, {feeds.quoted(inner)})")
        elif pattern == f"*{inner}":
            tests.append(f"ends_with({column}, {feeds.quoted(inner)})")
        else:
            tests.append(f"contains({column}, {feeds.quoted(inner)})")
    return f"({' OR '.join(tests)})"


def of_store() -> str:
    """The relation of a store's events."""
    return "SELECT *, NULL::VARCHAR AS reason FROM events"


def of_files(files: Sequence[feeds.Feed]) -> str:
    """The relation of files that are in no store, refused rows among them.

    Broken lines are kept aside in tables ``broken_0``, ``broken_1``, ...; see `refusals`.
    """
    parts = []
    for place, feed in enumerate(files):
        scheme, source = feeds.quoted(feed.form.scheme), feeds.quoted(feed.form.source)
        parts.append(
            f"SELECT * EXCLUDE (row, own_weight), own_weight AS weight, {scheme} AS scheme, "
            f"{source} AS source FROM ({feeds.select(feed, rejects=f'broken_{place}')})"
        )
    return " UNION ALL ".join(parts)


def count(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    *,
    step: Step = "week",
    wanted: Wanted | None = None,
    into: str = "counted",
) -> None:
    """Count events by step, names and code into the temporary table `into`.

    Its columns: `step` (first day), `initiator`, `target`, `code` (as `ladder` reads it), `scheme`, `source`,
    `directed`, `n` events, `weight` (their Goldstein weights added up, where the feed gives them), and
    `reason`, null but for rows that could not be used.
    """
    usable = (wanted or Wanted()).sql()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {into} AS "
        f"SELECT {_BUCKETS[step]} AS step, initiator, target, {key()} AS code, scheme, source, directed, "
        f"count(*) AS n, sum(weight) AS weight, reason FROM ({relation}) "
        f"WHERE reason IS NOT NULL OR ({usable}) GROUP BY ALL"
    )


def refusals(
    connection: duckdb.DuckDBPyConnection, files: Sequence[feeds.Feed], table: str = "counted"
) -> dict[str, int]:
    """Rows that a pass over files could not use, by reason; commonest first."""
    parts = [f"SELECT reason, n FROM {table} WHERE reason IS NOT NULL"]
    for place, feed in enumerate(files):
        if feed.delimiter is not None:
            lines = feeds.broken_lines(f"broken_{place}", header=feed.header)
            parts.append(f"SELECT reason, 1 AS n FROM ({lines})")
    every = " UNION ALL ".join(parts)
    found = connection.execute(
        f"SELECT reason, sum(n) FROM ({every}) GROUP BY reason ORDER BY sum(n) DESC, reason"
    ).fetchall()
    return {str(reason): int(n) for reason, n in found}
