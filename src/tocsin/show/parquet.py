"""Tidy tables of an estimate, one Parquet file each, for R, DuckDB and pandas.

One row is one statement, one column one kind of thing; every table carries the as-of date, so that tables of
several days can be put on top of each other.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from tocsin.ask.estimate import Estimate

# name: (column, type) in order. Types are those of pyarrow, by name, so that nothing heavy is imported here.
TABLES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "questions": (
        ("question", "string"), ("text", "string"), ("by", "date32"), ("probability", "float64"),
        ("mc_error", "float64"), ("word", "string"), ("low", "float64"), ("high", "float64"),
        ("edge", "bool_"), ("confidence", "string"), ("already", "float64"), ("inadvertent", "float64"),
    ),
    "actors": (
        ("actor", "string"), ("hypothesis", "string"), ("probability", "float64"), ("mc_error", "float64"),
        ("prior", "float64"),
    ),
    "evidence": (
        ("report", "string"), ("kind", "string"), ("source", "string"), ("grade", "string"),
        ("date", "date32"), ("known", "date32"), ("about", "string"), ("value", "string"),
        ("hypothesis", "string"), ("decibans", "float64"), ("mc_error", "float64"), ("without", "float64"),
        ("reliable", "bool_"),
    ),
    "sources": (
        ("source", "string"), ("grade", "string"), ("own_right", "float64"), ("own_wrong", "float64"),
        ("proved_right", "float64"), ("proved_wrong", "float64"), ("before", "float64"),
        ("prior", "float64"), ("low", "float64"), ("high", "float64"), ("now", "float64"),
        ("mc_error", "float64"),
    ),
    "fans": (
        ("front", "string"), ("day", "date32"), ("future", "bool_"), ("rung", "string"),
        ("probability", "float64"),
    ),
    "reached": (
        ("front", "string"), ("rung", "string"), ("by", "date32"), ("probability", "float64"),
        ("mc_error", "float64"),
    ),
    "terms": (
        ("front", "string"), ("kind", "string"), ("reference", "string"), ("label", "string"),
        ("nats", "float64"), ("spread", "float64"), ("rung", "string"),
    ),
    "reasons": (
        ("reason", "string"), ("kind", "string"), ("label", "string"), ("question", "string"),
        ("shift", "float64"), ("mc_error", "float64"),
    ),
    "indicators": (
        ("indicator", "string"), ("about", "string"), ("by", "date32"), ("chance_seen", "float64"),
        ("question", "string"), ("if_seen", "float64"), ("if_not_seen", "float64"),
        ("expected_shift", "float64"),
    ),
}  # fmt: skip


def rows(estimate: Estimate, table: str) -> list[tuple[Any, ...]]:
    """The rows of one of `TABLES`, without the as-of date."""
    return list(_ROWS[table](estimate))


def _questions(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for q in e.questions:
        inadvertent = None if q.inadvertent is None else q.inadvertent.value
        yield (
            q.id, q.text, q.by, q.chance.probability, q.chance.mc_error, q.band.word, q.band.low,
            q.band.high, q.band.edge, q.confidence.level, q.already.probability, inadvertent,
        )  # fmt: skip


def _actors(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for actor in e.actors:
        for name, chance, prior in (
            *actor.dispositions,
            ("deceives", actor.deceives, actor.deceives_prior),
        ):
            yield actor.id, name, chance.probability, chance.mc_error, prior


def _evidence(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for piece in e.evidence:
        for weight in piece.weights:
            yield (
                piece.id, piece.kind, piece.source, piece.grade, piece.date, piece.known, piece.about,
                piece.value, weight.hypothesis, weight.decibans.value, weight.decibans.mc_error,
                weight.without, piece.reliable,
            )  # fmt: skip


def _sources(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for s in e.sources:
        yield (
            s.id, s.grade, s.own_right, s.own_wrong, s.proved_right, s.proved_wrong, s.before, s.prior,
            s.low, s.high, s.now.value, s.now.mc_error,
        )  # fmt: skip


def _fans(e: Estimate) -> Iterable[tuple[Any, ...]]:
    def told(ref: str, day: dt.date, future: bool, shares: tuple[float, ...]) -> Iterable[tuple[Any, ...]]:
        return ((ref, day, future, rung, share) for rung, share in zip(e.rungs, shares, strict=True))

    for front in e.fronts:
        for moment in front.posture_over_time:
            yield from told(front.ref, moment.day, False, moment.shares)
    for fan in e.futures.fans:
        for step in fan.steps:
            yield from told(fan.ref, step.day, True, step.shares)


def _reached(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for fan in e.futures.fans:
        for rung, by, chance in fan.reached:
            yield fan.ref, rung, by, chance.probability, chance.mc_error


def _terms(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for f in e.fronts:
        for t in f.terms:
            yield f.ref, t.kind, t.reference, t.label, t.nats, t.spread, f.against


def _reasons(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for reason in e.reasons:
        for question, shift in reason.shifts:
            yield reason.reference, reason.kind, reason.label, question, shift.value, shift.mc_error


def _indicators(e: Estimate) -> Iterable[tuple[Any, ...]]:
    for sign in e.indicators:
        for x in sign.expectations:
            yield (
                sign.id, sign.about, sign.by, sign.chance_seen, x.question, x.if_seen, x.if_not_seen,
                x.expected_shift,
            )  # fmt: skip


_ROWS: Final[dict[str, Callable[[Estimate], Iterable[tuple[Any, ...]]]]] = {
    "questions": _questions,
    "actors": _actors,
    "evidence": _evidence,
    "sources": _sources,
    "fans": _fans,
    "reached": _reached,
    "terms": _terms,
    "reasons": _reasons,
    "indicators": _indicators,
}


def write_parquet(estimate: Estimate, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write every table into an existing folder; returns the files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    metadata = {
        "tocsin_version": estimate.version,
        "case_digest": estimate.case_digest,
        "as_of": estimate.as_of.isoformat(),
        "seed": str(estimate.seed),
    }
    files = []
    for name, columns in TABLES.items():
        schema = pa.schema(
            [("as_of", pa.date32()), *((column, getattr(pa, kind)()) for column, kind in columns)],
            metadata=metadata,
        )
        found = [(estimate.as_of, *row) for row in rows(estimate, name)]
        arrays = [pa.array([row[k] for row in found], type=field.type) for k, field in enumerate(schema)]
        path = Path(folder) / f"{name}.parquet"
        pq.write_table(pa.table(arrays, schema=schema), path)
        files.append(path)
    return tuple(files)
