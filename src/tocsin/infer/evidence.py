"""Evidence compiled: every report and every silence as one item with one formula.

The chance of an item is ``offset + slope * q``, where ``q = a p(level) + (1 - a) base`` is the chance that
the source says it is so: faithful with probability ``a`` (its reliability times what the item's grade leaves
of it), and then as the indicator shows at the true level; else what such sources say anyway. A sighting has
(0, 1), an explicit "not seen" (1, -1), the silence of a watch (1, -coverage). A posture report takes its
``p`` from a confusion matrix. While the indicator's owner runs deception, ``p`` falls by what it can conceal
and rises by what it can plant.

An item enters at the step in which it became **known**, and speaks of the step in which it **happened**.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tocsin.case import words
from tocsin.case.model import Indicator, Report, Source, Watch
from tocsin.game.plan import F32, I32, Game

POSTURE_REPORT, ON_POSTURE, ON_READINESS, ON_FACTOR, ON_DISPOSITION = range(5)
# What a source has reported as seen it need not repeat: its silence counts again only after so long.
QUIET_AFTER_SIGHTING = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of evidence, in names, as the explanations need it."""

    source: str
    target: str  # indicator id, or front of a posture report
    report: str | None  # None for a silence
    happened: int  # step
    known: int  # step


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All items of a case as arrays; Y items, W the widest set of levels."""

    items: tuple[Item, ...]
    kind: I32  # (Y,)
    ref: I32  # (Y,) front, factor or actor
    happened: I32  # (Y,)
    known: I32  # (Y,)
    offset: F32  # (Y,)
    slope: F32  # (Y,)
    reliability: I32  # (Y,) quantity row of the source's reliability
    grade: F32  # (Y,) what the item's grade leaves of it
    base: F32  # (Y,)
    level: F32  # (Y, W) log-odds by level, or plain chances for a posture report
    n_levels: I32  # (Y,)
    clarity: I32  # (Y,) quantity row of the indicator's shift, -1 for posture reports
    conceal: F32  # (Y,)
    plant: F32  # (Y,)
    owner: I32  # (Y,) actor whose deception bears on it, -1 for none
    # Reports that carry no weight of their own, and the report that stands for each.
    stood_for: dict[str, str]
    # Silences added up: (source, indicator) of each watch, and the items that are its silences.
    watches: tuple[tuple[str, str], ...]
    watch_items: tuple[I32, ...]

    @property
    def n_items(self) -> int:
        """Y, the number of items."""
        return len(self.items)

    def of_report(self, report: str) -> int | None:
        """Index of the item that a report makes, or None if another stands for it."""
        return next((k for k, item in enumerate(self.items) if item.report == report), None)


def confusion(n_rungs: int, sharpness: float) -> np.ndarray:
    """Chance that a faithful source names rung k when the posture is r: (L_said, L_true).

    Errors fall off by the factor ``1 - sharpness`` a rung; each column sums to one.
    """
    rung = np.arange(n_rungs)
    distance = np.abs(rung[:, None] - rung[None, :])
    blur = max(1.0 - sharpness, 1e-6)
    chance = blur**distance
    return np.asarray(chance / chance.sum(axis=0))


def _levels_of(game: Game, kind: int) -> tuple[str, ...]:
    if kind in (POSTURE_REPORT, ON_POSTURE):
        return game.rungs
    if kind == ON_READINESS:
        return ("0", "1", "2", "3")
    return ("low", "middle", "high") if kind == ON_FACTOR else game.dispositions


def level_chances(game: Game, indicator: Indicator) -> tuple[int, np.ndarray]:
    """Kind of an indicator and its chance at each level; a gap takes the next lower level's."""
    about, _ = indicator.about.target
    kind = {
        "posture": ON_POSTURE,
        "preparation": ON_READINESS,
        "factor": ON_FACTOR,
        "disposition": ON_DISPOSITION,
    }[about]
    levels = _levels_of(game, kind)
    given = {level: words.likelihood(value).median for level, value in indicator.likelihood.items()}
    if kind == ON_FACTOR and "middle" not in given:
        given["middle"] = 0.5 * (given["low"] + given["high"])
    chances: list[float] = []
    for level in levels:
        chances.append(given[level] if level in given else chances[-1])
    return kind, np.array(chances)


def owner_of(indicator: Indicator) -> str | None:
    """The actor whose deception bears on an indicator: whose posture, readiness or disposition it shows."""
    return indicator.about.owner


class _Items:
    """Collects items row by row."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.width = max(len(game.rungs), len(game.dispositions), 4)
        self.indicators = {indicator.id: indicator for indicator in game.case.indicators}
        self.sources = {source.id: k for k, source in enumerate(game.case.sources)}
        self.clarity = dict(zip(self.indicators, game.statics.clarity.tolist(), strict=True))
        self.names: list[Item] = []
        self.rows: list[tuple[float, ...]] = []
        self.levels: list[np.ndarray] = []
        self.index = {
            ON_POSTURE: game.fronts,
            ON_READINESS: game.fronts,
            ON_FACTOR: game.factors,
            ON_DISPOSITION: game.actors,
        }

    def _append(self, name: Item, row: tuple[float, ...], level: np.ndarray) -> None:
        self.names.append(name)
        self.rows.append(row)
        padded = np.zeros(self.width)
        padded[: len(level)] = level
        self.levels.append(padded)

    def indicator(
        self, name: Item, source: Source, indicator: Indicator, grade: float, offset: float, slope: float
    ) -> None:
        kind, chances = level_chances(self.game, indicator)
        owner = owner_of(indicator)
        self._append(
            name,
            (
                kind,
                self.index[kind].index(indicator.about.target[1]),
                name.happened,
                name.known,
                offset,
                slope,
                self.game.statics.reliability[self.sources[source.id]],
                grade,
                words.likelihood(source.base_rate).median,
                len(chances),
                self.clarity[indicator.id],
                words.strength(indicator.concealable).median if owner else 0.0,
                words.strength(indicator.plantable).median if owner else 0.0,
                self.game.actors.index(owner) if owner else -1,
            ),
            np.array([_log_odds(chance) for chance in chances]),
        )

    def posture(self, name: Item, source: Source, front: str, rung: str, grade: float) -> None:
        n_rungs = len(self.game.rungs)
        of_its_own = source.confusion
        matrix = (
            confusion(n_rungs, words.strength(source.sharpness).median)
            if of_its_own is None
            else np.array(of_its_own)
        )
        named = matrix[self.game.rungs.index(rung)]
        reliability = self.game.statics.reliability[self.sources[source.id]]
        f = self.game.fronts.index(front)
        row = (
            POSTURE_REPORT, f, name.happened, name.known, 0.0, 1.0,
            reliability, grade, 1.0 / n_rungs, n_rungs, -1, 0.0, 0.0, -1,
        )  # fmt: skip
        self._append(name, row, named)


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-9), 1.0 - 1e-9)
    return math.log(chance / (1.0 - chance))


def _merit(report: Report, source: Source) -> tuple[float, int, dt.date, str]:
    right, wrong = words.RELIABILITY[source.grade]
    return right / (right + wrong) * words.ITEM_FACTOR[report.grade], -report.grade, report.date, report.id


def count_once(game: Game, reports: Iterable[Report]) -> tuple[list[Report], dict[str, str]]:
    """Keep one report of each origin on each thing in each step: the best graded, then the latest.

    A report without an origin of its own has its source's; so a source that repeats itself within a step
    counts once too. Returns the reports kept, and for each other one the id of that which stands for it.
    """
    sources = {source.id: source for source in game.case.sources}
    groups: dict[tuple[str, str, int], list[Report]] = {}
    for report in reports:
        key = (
            report.origin or report.source,
            report.indicator or report.front or "",
            game.grid.step_of(report.date),
        )
        groups.setdefault(key, []).append(report)
    kept, stood_for = [], {}
    for group in groups.values():
        best = max(group, key=lambda report: _merit(report, sources[report.source]))
        kept.append(best)
        # What counts is known as soon as the first of them is.
        stood_for.update({report.id: best.id for report in group if report is not best})
    return kept, stood_for


def compile_evidence(game: Game) -> Evidence:
    """Every item known on the game's as-of day, in a canonical order that no file order can change."""
    case, grid, now = game.case, game.grid, game.now
    sources = {source.id: source for source in case.sources}
    out = _Items(game)
    known_reports = [
        r for r in case.reports if case.start <= r.date <= game.as_of and r.known_on <= game.as_of
    ]
    ordered = sorted(
        known_reports, key=lambda r: (r.known_on, r.date, r.source, r.indicator or r.front or "", r.id)
    )
    kept, stood_for = count_once(game, ordered)
    for report in kept:
        source = sources[report.source]
        name = Item(
            source=source.id,
            target=report.indicator or report.front or "",
            report=report.id,
            happened=grid.step_of(report.date),
            known=min(grid.step_of(report.known_on), now),
        )
        grade = words.ITEM_FACTOR[report.grade]
        if report.front:
            out.posture(name, source, report.front, report.value, grade)
        else:
            offset, slope = (0.0, 1.0) if report.value == "seen" else (1.0, -1.0)
            out.indicator(name, source, out.indicators[report.indicator or ""], grade, offset, slope)

    watches: list[tuple[str, str]] = []
    watch_items: list[I32] = []
    for source in case.sources:
        for watch in source.watches:
            first = len(out.names)
            kind, about = out.indicators[watch.indicator].about.target
            # Who names the posture of a front is not silent on what would show it.
            spoken = [
                r
                for r in known_reports
                if r.source == source.id
                and (r.indicator == watch.indicator or (kind == "posture" and r.front == about))
            ]
            for step, elapsed_weeks, known in silences(game, watch, spoken):
                coverage = 1.0 - (1.0 - words.likelihood(watch.coverage).median) ** elapsed_weeks
                name = Item(source=source.id, target=watch.indicator, report=None, happened=step, known=known)
                out.indicator(name, source, out.indicators[watch.indicator], 1.0, 1.0, -coverage)
            watches.append((source.id, watch.indicator))
            watch_items.append(np.arange(first, len(out.names), dtype=np.int32))

    columns = np.array(out.rows, dtype=np.float64).reshape(-1, 14)
    ints, floats = columns.astype(np.int32), columns.astype(np.float32)
    return Evidence(
        items=tuple(out.names),
        kind=ints[:, 0].copy(),
        ref=ints[:, 1].copy(),
        happened=ints[:, 2].copy(),
        known=ints[:, 3].copy(),
        offset=floats[:, 4].copy(),
        slope=floats[:, 5].copy(),
        reliability=ints[:, 6].copy(),
        grade=floats[:, 7].copy(),
        base=floats[:, 8].copy(),
        level=np.array(out.levels, dtype=np.float32).reshape(-1, out.width),
        n_levels=ints[:, 9].copy(),
        clarity=ints[:, 10].copy(),
        conceal=floats[:, 11].copy(),
        plant=floats[:, 12].copy(),
        owner=ints[:, 13].copy(),
        stood_for=stood_for,
        watches=tuple(watches),
        watch_items=tuple(watch_items),
    )


def silences(game: Game, watch: Watch, spoken: list[Report]) -> Iterable[tuple[int, float, int]]:
    """Each step in which a watch was silent: the step, the weeks of silence in it, the step it is known in.

    Parameters
    ----------
    game : of whose as-of day the silences are looked at
    watch : one of the case's
    spoken : what its source said, by the as-of day, of what the watch is about
    """
    grid, now = game.grid, game.now
    lag = dt.timedelta(days=watch.lag_days)
    said = {grid.step_of(report.date) for report in spoken}
    sightings = [report.date for report in spoken if report.indicator and report.value == "seen"]
    for step in range(1, now + 1):
        begin = max(grid.first_day(step), watch.since or grid.first_day(step))
        after = min(
            grid.day_after(step), watch.until or grid.day_after(step), game.as_of + dt.timedelta(days=1) - lag
        )
        recent = any(dt.timedelta(0) <= begin - day < QUIET_AFTER_SIGHTING for day in sightings)
        if after <= begin or step in said or recent:
            continue
        known = grid.step_of(after - dt.timedelta(days=1) + lag)
        yield step, (after - begin).days / 7.0, min(max(known, step), now)
