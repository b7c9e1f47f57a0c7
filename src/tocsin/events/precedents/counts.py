"""From anchors to reference classes: what held, what came of it, and how often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tocsin.events import context as context_files
from tocsin.events import disputes as dispute_files
from tocsin.events.context import read_context
from tocsin.events.disputes import FORCE, WAR, Dispute, read_disputes
from tocsin.events.history import Rows, ask, digest
from tocsin.events.precedents import groups
from tocsin.events.precedents.groups import DEADLY, THRESHOLDS, GroupAnchor, Pair
from tocsin.events.precedents.rates import (
    HORIZONS,
    SCHEMA,
    WHOLE_COURSE,
    Cell,
    Count,
    RateTable,
    ReferenceClass,
    counted,
)
from tocsin.events.precedents.states import END, LEVELS, Anchor, Record, fights, quarters

CRISES = "icb/icb1_v14_crises_1918_1983.parquet"
FILES = (*dispute_files.FILES, *context_files.FILES, CRISES, groups.FILE)
YEARS = range(1817, 1984)
MODERN = dt.date(1946, 1, 1).toordinal()
MOST_JOINERS = 4

GML = "Gibler, Miller and Little 2016, militarised interstate disputes 2.2.1, before 1984"
ATOP = "Leeds et al. 2002, Alliance Treaty Obligations and Provisions 5.1"
RIVALRY = "Thompson, Sakuwa and Suhas 2021, strategic rivalries"
BORDERS = "Stinnett et al. 2002, direct contiguity 3.2"
POWERS = "Correlates of War, state system membership and major powers 2016"
ICB = "Brecher et al., International Crisis Behavior 14, crises begun 1918-1983"
UCDP = "Sundberg and Melander 2013, UCDP Georeferenced Events 21.1, events placed precisely, 1989-2018"

LEVEL_WORDS = {3: "a show of force", 4: "the use of force", 5: "war"}
ENTRY_CAUTION = (
    "The day is that on which both came to be in dispute with each other; a war that grew from it later "
    "counts from that day. Unknown days of a month are put on the 15th."
)
COURSE_HINDSIGHT = (
    " Whether the others' dispute came to force or war is known from its whole course, so some entries came "
    "before it did, and some made it so."
)
COURSE_CAUTION = (
    "The record has no day for it, so it is counted over the whole course of the dispute: within a set time "
    "it is at most as likely."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The record, read once: for counting, and for the nearest cases."""

    names: dict[int, str]
    disputes: tuple[Dispute, ...]
    fights: tuple[Anchor, ...]
    quarters: tuple[Anchor, ...]
    pairs: tuple[Pair, ...]
    months: tuple[GroupAnchor, ...]
    crises: Rows  # trigger, violence, inside a war, year
    data_digest: str


def read_history(folder: Path) -> History:
    """Read the whole record that the reference classes are counted from.

    Raises
    ------
    HistoryError if a file is missing or lacks a column
    """
    folder = Path(folder)
    world, disputes = read_context(folder), read_disputes(folder)
    record = Record(disputes)
    pairs = groups.read_pairs(folder)
    return History(
        names=world.names,
        disputes=disputes,
        fights=tuple(fights(disputes, world, record)),
        quarters=tuple(quarters(world, record, YEARS)),
        pairs=pairs,
        months=tuple(groups.anchors(pairs)),
        crises=ask(folder, CRISES, ("break_", "viol", "iwcmb", "yrtrig", "crisno")),
        data_digest=digest(folder, FILES),
    )


def count_all(history: History) -> RateTable:
    """Every reference class, counted."""
    return RateTable(
        schema=SCHEMA,
        data_digest=history.data_digest,
        classes=(
            *_entries(history),
            *_outbreaks(history),
            *_parties(history),
            *_joiners(history),
            *_settlements(history),
            *_crises(history),
            *_groups(history),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One anchor as it is counted: when the event came, if it did, and how long it was watched."""

    day: int
    cluster: str
    came: int | None  # ordinal day
    end: int  # last day on which the record could show it


def _cells(
    event: str, cases: Sequence[_Case], horizons: Sequence[int] = HORIZONS, modern: int | None = MODERN
) -> list[Cell]:
    cells = []
    for horizon in horizons:
        watched = [c for c in cases if c.day + horizon <= c.end]

        def within(some: list[_Case], horizon: int = horizon) -> Count:
            came = np.array([c.came is not None and c.came - c.day <= horizon for c in some], dtype=bool)
            return counted(came, [c.cluster for c in some])

        later = [c for c in watched if modern is not None and c.day >= modern]
        cells.append(
            Cell(
                event=event,
                horizon_days=horizon,
                all=within(watched),
                since_1946=within(later) if later else None,
            )
        )
    return cells


def _by_level(anchors: Iterable[Anchor]) -> tuple[Cell, ...]:
    found = list(anchors)
    cells: list[Cell] = []
    for k, level in enumerate(LEVELS):
        cases = [_Case(day=a.day, cluster=a.cluster, came=a.first_days[k], end=END) for a in found]
        cells += _cells(f"level {level}", cases)
    return tuple(cells)


def _entries(history: History) -> list[ReferenceClass]:
    kinds: list[tuple[str, str, Callable[[Anchor], bool]]] = [
        ("ally", "a state, bound by a pact to one side of {fight}, was not in it", lambda a: a.pact),
        (
            "ally-rival",
            "a state, bound by a pact to one side of {fight} and a rival of the other side, was not in it",
            lambda a: a.pact and a.rivals,
        ),
        (
            "ally-rival-near",
            "a state, bound by pact to one side of {fight}, rival and neighbour of the other, was not in it",
            lambda a: a.pact and a.rivals and a.near,
        ),
        (
            "ally-major",
            "a major power, bound by a pact to one side of {fight}, was not in it",
            lambda a: a.pact and a.major,
        ),
        (
            "rival",
            "a state, rival of one side of {fight} and bound to neither by a pact, was not in it",
            lambda a: a.rivals and not a.pact,
        ),
        (
            "near",
            "a state, neighbour of one side of {fight} and bound to neither by a pact, was not in it",
            lambda a: a.near and not a.pact,
        ),
    ]
    found = []
    for fight, name, words in (
        (WAR, "war", "a dispute that came to war"),
        # Not "short of war": that is known only when it is over, and would leave out whoever made it one.
        (FORCE, "force", "a dispute in which force was used or that came to war"),
    ):
        for kind, condition, holds in kinds:
            chosen = [a for a in history.fights if a.fight >= fight and holds(a)]
            found.append(
                ReferenceClass(
                    id=f"outsider-{kind}-{name}",
                    condition=condition.format(fight=words),
                    events={
                        f"level {level}": f"it came in against the other side, to {LEVEL_WORDS[level]}"
                        for level in LEVELS
                    },
                    unit="outsiders at the start of a dispute",
                    cluster="disputes",
                    span="1816-1983",
                    sources=(GML, ATOP, RIVALRY, BORDERS, POWERS),
                    caution=ENTRY_CAUTION + COURSE_HINDSIGHT,
                    cells=_by_level(chosen),
                )
            )
    return found


def _outbreaks(history: History) -> list[ReferenceClass]:
    kinds: list[tuple[str, str, Callable[[Anchor], bool]]] = [
        (
            "rivals-clashed",
            "two rival states had been in dispute within the year, and were in none with each other now",
            lambda a: a.rivals and a.clashed,
        ),
        (
            "rivals-quiet",
            "two rival states had been in no dispute with each other within the year",
            lambda a: a.rivals and not a.clashed,
        ),
        (
            "neighbours-clashed",
            "two neighbours, not rivals, had been in a dispute within the year, and were in none on the day",
            lambda a: a.near and not a.rivals and a.clashed,
        ),
        (
            "neighbours-quiet",
            "two neighbours, not rivals, had been in no dispute with each other within the year",
            lambda a: a.near and not a.rivals and not a.clashed,
        ),
    ]
    return [
        ReferenceClass(
            id=f"pair-{kind}",
            condition=condition,
            events={
                f"level {level}": f"one came into dispute with the other, to {LEVEL_WORDS[level]} on its part"
                for level in LEVELS
            },
            unit="first days of a quarter, for each of the two in turn",
            cluster="pairs",
            span="1817-1983",
            sources=(GML, RIVALRY, BORDERS),
            caution=ENTRY_CAUTION,
            cells=_by_level(a for a in history.quarters if holds(a)),
        )
        for kind, condition, holds in kinds
    ]


def _course(event: str, came: list[bool], cluster: list[str], day: list[int]) -> Cell:
    flags = np.array(came, dtype=bool)
    later = np.array([d >= MODERN for d in day], dtype=bool)
    return Cell(
        event=event,
        horizon_days=WHOLE_COURSE,
        all=counted(flags, cluster),
        since_1946=counted(flags[later], [c for c, keep in zip(cluster, later, strict=True) if keep]),
    )


def _parties(history: History) -> list[ReferenceClass]:
    found = []
    for name, least, words in (
        ("dispute", 2, "a state was in a militarised dispute with another from its first day"),
        (
            "force",
            FORCE,
            "a state was in a dispute with another from its first day, and the other used force or more",
        ),
    ):
        rows = [
            (one.level, f"dispute {d.id}", d.first)
            for d in history.disputes
            for side in (True, False)
            for one in d.side(side)
            if max((two.level for two in d.side(not side)), default=0) >= least
        ]
        found.append(
            ReferenceClass(
                id=f"party-{name}",
                condition=words,
                events={f"level {level}": f"it came to {LEVEL_WORDS[level]} on its part" for level in LEVELS},
                unit="parties to a dispute",
                cluster="disputes",
                span="1816-1983",
                sources=(GML,),
                caution=COURSE_CAUTION,
                cells=tuple(
                    _course(
                        f"level {level}",
                        [reached >= level for reached, _, _ in rows],
                        [cluster for _, cluster, _ in rows],
                        [day for _, _, day in rows],
                    )
                    for level in LEVELS
                ),
            )
        )
    return found


def _joiners(history: History) -> list[ReferenceClass]:
    found = []
    for name, worst, words in (
        ("war", WAR, "states came to war with each other"),
        ("force", FORCE, "states used force or came to war"),
    ):
        disputes = [d for d in history.disputes if d.level >= worst]
        cells: list[Cell] = []
        events = {}
        for level in LEVELS:
            for least in range(1, MOST_JOINERS + 1):
                event = f"{least} joined at level {level}"
                events[event] = (
                    f"at least {least} further state{'s' if least > 1 else ''} came in, each to "
                    f"{LEVEL_WORDS[level]}"
                )
                cases = []
                for d in disputes:
                    days = sorted(j.first for j in d.joiners if j.level >= level)
                    cases.append(
                        _Case(
                            day=d.first,
                            cluster=str(d.id),
                            came=days[least - 1] if len(days) >= least else None,
                            end=END,
                        )
                    )
                cells += _cells(event, cases)
        found.append(
            ReferenceClass(
                id=f"drawn-in-{name}",
                condition=words,
                events=events,
                unit="disputes",
                cluster="disputes",
                span="1816-1983",
                sources=(GML,),
                caution="Those who were in it on the first day are no joiners, however many they were."
                + COURSE_HINDSIGHT.replace(" the others' dispute", " it"),
                cells=tuple(cells),
            )
        )
    return found


def _settlements(history: History) -> list[ReferenceClass]:
    fought = [
        d
        for d in history.disputes
        if all(any(p.level >= FORCE for p in d.side(side)) for side in (True, False))
    ]
    found = []
    for name, worst, words in (
        ("war", WAR, "two sides used force against each other and came to war"),
        ("force", FORCE, "two sides used force against each other or came to war"),
    ):
        chosen = [d for d in fought if d.level >= worst]
        events = {
            "negotiated": "it ended in a negotiated settlement",
            "ended": "it ended, in whatever way",
        }
        cells: list[Cell] = []
        for event in events:
            cases = [
                _Case(
                    day=d.first,
                    cluster=str(d.id),
                    came=d.last if event == "ended" or d.settle == 1 else None,
                    end=END,
                )
                for d in chosen
            ]
            cells += _cells(event, cases)
        found.append(
            ReferenceClass(
                id=f"settled-{name}",
                condition=words,
                events=events,
                unit="disputes, counted from their first day",
                cluster="disputes",
                span="1816-1983",
                sources=(GML,),
                caution="A cease-fire that broke down, so that the dispute went on, is not recorded.",
                cells=tuple(cells),
            )
        )
    return found


def _crises(history: History) -> list[ReferenceClass]:
    found = []
    for name, triggers, words in (
        ("violent", (8, 9), "an international crisis began outside a war with a violent act"),
        ("any", tuple(range(1, 10)), "an international crisis began outside a war"),
    ):
        rows = [row for row in history.crises if row[0] in triggers and row[2] < 3]
        found.append(
            ReferenceClass(
                id=f"crisis-{name}",
                condition=words,
                events={
                    "level 5": "it came to full-scale war",
                    "level 4": "it came to serious clashes or war",
                },
                unit="crises",
                cluster="crises",
                span="1918-1983",
                sources=(ICB,),
                caution=COURSE_CAUTION.replace("dispute", "crisis")
                + " Either side, or any other in it, counts.",
                cells=tuple(
                    _course(
                        f"level {level}",
                        [row[1] >= least for row in rows],
                        [str(row[4]) for row in rows],
                        [dt.date(row[3], 7, 1).toordinal() for row in rows],
                    )
                    for level, least in ((4, 3), (5, 4))
                ),
            )
        )
    return found


def _groups(history: History) -> list[ReferenceClass]:
    sides = {True: ("group", "a government and an armed group"), False: ("groups", "two armed groups")}
    states: list[tuple[str, str, Callable[[GroupAnchor], bool]]] = [
        (
            "deadly",
            f"had killed at least {DEADLY} between them within 30 days",
            lambda a: a.month_deaths >= DEADLY,
        ),
        (
            "fighting",
            f"had clashed with deaths within 30 days, fewer than {DEADLY} in all",
            lambda a: 0 < a.month_deaths < DEADLY,
        ),
        (
            "recent",
            "had clashed with deaths within the year, but not within 30 days",
            lambda a: a.year_deaths > 0 and a.month_deaths == 0,
        ),
        ("quiet", "had clashed with deaths before, but not within the year", lambda a: a.year_deaths == 0),
    ]
    end = (groups.END - groups.START).days
    found = []
    for with_state, (prefix, who) in sides.items():
        for name, words, holds in states:
            chosen = [
                a for a in history.months if history.pairs[a.pair].with_state == with_state and holds(a)
            ]
            cells: list[Cell] = []
            events = {}
            for k, threshold in enumerate(THRESHOLDS):
                event = f"{threshold} deaths a week"
                events[event] = (
                    f"at least {threshold} {'was' if threshold == 1 else 'were'} killed between them within "
                    "some seven days"
                )
                cells += _cells(
                    event,
                    [_Case(day=a.day, cluster=str(a.pair), came=a.first_days[k], end=end) for a in chosen],
                    modern=None,
                )
            if name in ("deadly", "fighting"):
                events["lull"] = "thirty days passed without a death"
                cells += _cells(
                    "lull",
                    [_Case(day=a.day, cluster=str(a.pair), came=a.lull, end=end) for a in chosen],
                    [h for h in HORIZONS if h >= groups.MONTH_DAYS],
                    modern=None,
                )
            found.append(
                ReferenceClass(
                    id=f"{prefix}-{name}",
                    condition=f"{who} {words}",
                    events=events,
                    unit="first days of a month",
                    cluster="pairs",
                    span="1990-2018",
                    sources=(UCDP,),
                    caution="Deaths of both sides are counted together: who attacked is not recorded. Only "
                    "events placed precisely are in it, so rates are somewhat too low.",
                    cells=tuple(cells),
                )
            )
    return found
