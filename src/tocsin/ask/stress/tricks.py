"""What a deceiver could do with the reports: plant one, hide one, or have a source say something else.

What can be planted is what a source could have sent: anything that it `sees`, said on a day of the last
weeks, with the item grade that its reports usually have. What can be hidden are reports of the case. Tricks
that would meet in one item (two things said by one origin of one thing in one step) or in one watch's
silences (a sighting lets a watch be silent for a month) clash and are never played together, so that the log
factors of the rest simply add up; a run of sightings can be hidden as one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import Case, Report, Source
from tocsin.game.plan import Game

# Days on which reports can be planted: the last of each step of the window, so many at the most.
MOST_DAYS = 6
# An item grade for a source that has sent nothing yet: 3, possibly true.
USUAL_GRADE = 3
SEEN = ("seen", "not seen")
Keys = frozenset[tuple[str | int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One trick, as it is weighed and searched."""

    kind: str  # plant, hide, change
    gone: tuple[Report, ...]  # reports of the case that are not heard
    added: tuple[Report, ...]  # reports that are heard instead, or besides
    alone_in: Keys  # no other trick may touch these
    touches: Keys  # nor these, where it holds them alone
    things: frozenset[str]  # indicators and fronts that its items can be about

    @property
    def count(self) -> int:
        """Reports planted, hidden or changed."""
        return max(len(self.gone), len(self.added))

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources that it takes to control."""
        return tuple(dict.fromkeys(r.source for r in (*self.gone, *self.added)))

    @property
    def origins(self) -> frozenset[str]:
        """Where the reports it hides or changes come from; of a planted one its source."""
        return frozenset(origin_of(r) for r in self.gone or self.added)

    @property
    def about(self) -> str:
        """The indicator or front."""
        return thing_of((*self.added, *self.gone)[0])

    @property
    def date(self) -> dt.date:
        """The day, the last where there are several."""
        return max(r.date for r in (*self.added, *self.gone))


def thing_of(report: Report) -> str:
    """The indicator or front that a report speaks of."""
    return report.indicator or report.front or ""


def origin_of(report: Report) -> str:
    """Where a report comes from: its origin, or else its source."""
    return report.origin or report.source


def days_of(game: Game, window_days: int) -> tuple[dt.date, ...]:
    """Days on which reports could be planted: the last of each step of the window, at most `MOST_DAYS`."""
    case, grid = game.case, game.grid
    first = max(1, grid.step_of(max(case.start, game.as_of - dt.timedelta(days=window_days))))
    steps = list(range(first, game.now + 1))
    if len(steps) > MOST_DAYS:
        steps = [steps[k] for k in np.linspace(0, len(steps) - 1, MOST_DAYS).round().astype(int)]
    days = (min(grid.day_after(t) - dt.timedelta(days=1), game.as_of) for t in steps)
    return tuple(day for day in days if day >= case.start)


def usual_grade(case: Case, source: str) -> int:
    """The item grade that a source's reports most often have."""
    grades = Counter(r.grade for r in case.reports if r.source == source)
    return min(grades, key=lambda grade: (-grades[grade], grade)) if grades else USUAL_GRADE


def moves_of(game: Game, days: tuple[dt.date, ...]) -> tuple[Move, ...]:
    """Every trick: what can be planted on those days, and what can be hidden or changed of the reports."""
    case, build = game.case, _Builder(game)
    heard = [r for r in case.reports if case.start <= r.date <= game.as_of and r.known_on <= game.as_of]
    said = {(r.source, thing_of(r), game.grid.step_of(r.date)) for r in heard}
    moves = []
    for source in case.sources:
        grade = usual_grade(case, source.id)
        for thing, values in build.sayable(source):
            for day in days:
                if (source.id, thing, game.grid.step_of(day)) in said:
                    continue
                for value in values:
                    moves.append(build.plant(source, thing, value, day, grade))
    groups: dict[tuple[str, str, int], list[Report]] = {}
    runs: dict[tuple[str, str], list[Report]] = {}
    for report in heard:
        thing, step = thing_of(report), game.grid.step_of(report.date)
        groups.setdefault((origin_of(report), thing, step), []).append(report)
        runs.setdefault((report.source, thing), []).append(report)
        moves.append(build.hide((report,)))
        moves.extend(build.changes((report,)))
    for group in groups.values():
        if len(group) > 1:
            moves.append(build.hide(tuple(group)))
            moves.extend(build.changes(tuple(group)))
    for (source_id, thing), run in runs.items():
        watched = any(w.indicator == thing for w in build.sources[source_id].watches)
        if watched and sum(r.value == SEEN[0] for r in run) > 1:
            moves.append(build.hide(tuple(run)))
    return tuple(moves)


class _Builder:
    """Makes tricks, each with what it must not share with another."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.sources = {source.id: source for source in game.case.sources}
        self.indicators = {indicator.id: indicator for indicator in game.case.indicators}
        self.made_up = 0
        self.ids = {report.id for report in game.case.reports}

    def sayable(self, source: Source) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Things that a source is able to report on, with all it could say of each."""
        for thing in (*self.indicators, *self.game.fronts):
            if source.sees is None or thing in source.sees:
                yield thing, SEEN if thing in self.indicators else self.game.rungs

    def plant(self, source: Source, thing: str, value: str, day: dt.date, grade: int) -> Move:
        of_indicator = thing in self.indicators
        report = Report(
            id=self.new_id(),
            date=day,
            source=source.id,
            indicator=thing if of_indicator else None,
            front=None if of_indicator else thing,
            value=value,
            grade=grade,
        )
        return self.made("plant", (), (report,))

    def new_id(self) -> str:
        """A name that no report of the case has."""
        self.made_up += 1
        name = f"planted-{self.made_up:05d}"
        return name if name not in self.ids else self.new_id()

    def hide(self, reports: tuple[Report, ...]) -> Move:
        return self.made("hide", reports, ())

    def changes(self, reports: tuple[Report, ...]) -> Iterable[Move]:
        said = {r.value for r in reports}
        for value in SEEN if reports[0].indicator else self.game.rungs:
            if value not in said:
                yield self.made(
                    "change", reports, tuple(r.model_copy(update={"value": value}) for r in reports)
                )

    def made(self, kind: str, gone: tuple[Report, ...], added: tuple[Report, ...]) -> Move:
        alone: set[tuple[str | int, ...]] = set()
        touches: set[tuple[str | int, ...]] = set()
        things: set[str] = set()
        for r in (*gone, *added):
            thing, step = thing_of(r), self.game.grid.step_of(r.date)
            alone.add(("said", origin_of(r), thing, step))
            alone.add(("said by", r.source, thing, step))
            things.add(thing)
            for watch in self.sources[r.source].watches:
                kind_of, front = self.indicators[watch.indicator].about.target
                if watch.indicator == thing or (kind_of == "posture" and front == thing):
                    things.add(watch.indicator)
                    if watch.indicator == thing:
                        if kind_of == "posture":
                            things.add(front)
                        if r.value == SEEN[0]:
                            alone.add(("watch", r.source, watch.indicator))
                    touches.add(("watch", r.source, watch.indicator))
                    alone.add(("silence", r.source, watch.indicator, step))
        return Move(
            kind=kind,
            gone=gone,
            added=added,
            alone_in=frozenset(alone),
            touches=frozenset(touches | alone),
            things=frozenset(things),
        )


def clashes(moves: tuple[Move, ...]) -> NDArray[np.bool_]:
    """(C, C) which tricks cannot be played together."""
    names = {key: k for k, key in enumerate(sorted({key for m in moves for key in m.touches}, key=str))}
    alone, touches = np.zeros((2, len(moves), len(names)), dtype=np.float32)
    for row, move in enumerate(moves):
        alone[row, [names[key] for key in move.alone_in]] = 1.0
        touches[row, [names[key] for key in move.touches]] = 1.0
    shared = alone @ touches.T
    clash = (shared + shared.T) > 0.0
    np.fill_diagonal(clash, False)
    return np.asarray(clash)


def groups(moves: tuple[Move, ...]) -> NDArray[np.int64]:
    """(C,) a number for each trick: of those with the same one at most one can be played."""
    names: dict[tuple[str | int, ...], int] = {}
    return np.array(
        [
            names.setdefault(min((k for k in m.alone_in if k[0] == "said by"), key=str), len(names))
            for m in moves
        ],
        dtype=np.int64,
    )


def reports_after(case: Case, moves: Iterable[Move]) -> tuple[Report, ...]:
    """The case's reports as the analyst would have them after the tricks."""
    moves = tuple(moves)
    gone = {r.id for m in moves for r in m.gone}
    return (
        *(r for r in case.reports if r.id not in gone),
        *(r for m in moves for r in m.added),
    )


__all__ = [
    "Move",
    "clashes",
    "days_of",
    "groups",
    "moves_of",
    "origin_of",
    "reports_after",
    "thing_of",
    "usual_grade",
]
