"""What a store holds, and what was refused: counts, and nothing of the rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import duckdb

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One imported file."""

    digest: str
    name: str
    format: str
    rows: int
    kept: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One feed: how many events, from when to when, and how many deaths its best estimates add up to."""

    source: str
    scheme: str
    events: int
    first_day: str
    last_day: str
    undirected: int
    deaths_best: int | None
    years: tuple[tuple[object, int], ...]
    actors: tuple[tuple[str, int], ...]  # commonest names, on either side
    codes: tuple[tuple[object, int], ...]  # commonest codes
    rungs: tuple[int, ...]  # (L,) events by rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A store in counts."""

    files: tuple[FileLine, ...]
    sources: tuple[SourceLine, ...]
    refused: tuple[tuple[str, str, int], ...]  # file, reason, rows

    def to_json(self) -> dict[str, object]:
        """The one JSON shape of a summary."""
        return asdict(self)


def summarise(connection: duckdb.DuckDBPyConnection, *, most: int = MOST) -> Summary:
    """Count what is in a store, by feed, year, actor, code and rung, and what was refused.

    Parameters
    ----------
    connection : of a store
    most : at most so many names and codes of each feed
    """
    ask = connection.execute
    files = ask(
        "SELECT digest, name, format, rows, kept, refused FROM files ORDER BY name, digest"
    ).fetchall()
    refused = ask(
        "SELECT files.name, reason, count(*) FROM refused JOIN files ON files.digest = refused.file "
        "GROUP BY ALL ORDER BY count(*) DESC, 1, 2"
    ).fetchall()
    heads = ask(
        "SELECT source, any_value(scheme), count(*), min(date)::VARCHAR, max(date)::VARCHAR, "
        "count(*) FILTER (NOT directed), sum(deaths_best) FROM events GROUP BY source ORDER BY source"
    ).fetchall()
    return Summary(
        files=tuple(
            FileLine(digest=digest, name=name, format=form, rows=rows, kept=kept, refused=lost)
            for digest, name, form, rows, kept, lost in files
        ),
        sources=tuple(
            SourceLine(
                source=source,
                scheme=scheme,
                events=events,
                first_day=first,
                last_day=last,
                undirected=undirected,
                deaths_best=None if deaths is None else int(deaths),
                years=_pairs(connection, "year(date)", source, "1", 10_000),
                actors=_names(connection, source, most),
                codes=_pairs(connection, "code", source, "count(*) DESC, 1", most),
                rungs=_rungs(connection, source),
            )
            for source, scheme, events, first, last, undirected, deaths in heads
        ),
        refused=tuple((str(name), str(reason), int(n)) for name, reason, n in refused),
    )


def _pairs(
    connection: duckdb.DuckDBPyConnection, what: str, source: str, order: str, most: int
) -> tuple[tuple[object, int], ...]:
    rows = connection.execute(
        f"SELECT {what}, count(*) FROM events WHERE source = ? GROUP BY 1 ORDER BY {order} LIMIT {most:d}",
        [source],
    ).fetchall()
    return tuple((value, int(n)) for value, n in rows)


def _names(connection: duckdb.DuckDBPyConnection, source: str, most: int) -> tuple[tuple[str, int], ...]:
    rows = connection.execute(
        "SELECT name, count(*) FROM "
        "(SELECT unnest([initiator, target]) AS name FROM events WHERE source = ?) "
        f"WHERE name IS NOT NULL GROUP BY name ORDER BY count(*) DESC, name LIMIT {most:d}",
        [source],
    ).fetchall()
    return tuple((str(name), int(n)) for name, n in rows)


def _rungs(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[int, ...]:
    rows = dict(
        connection.execute(
            "SELECT rung, count(*) FROM events WHERE source = ? GROUP BY rung", [source]
        ).fetchall()
    )
    return tuple(int(rows.get(rung, 0)) for rung in range(7))
