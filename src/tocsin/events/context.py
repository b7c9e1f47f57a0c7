"""What ties and divides states in a year: alliances, rivalry, borders, power, regimes, wars.

Everything is asked for a year and answers with what was in force then, so that a caller who wants only what
was known asks for the year before. Sources: ATOP 5.1 (Leeds et al. 2002), National Material Capabilities
(Singer 1987), Direct Contiguity 3.2 (Stinnett et al. 2002), strategic rivalries (Thompson, Sakuwa and Suhas
2021), arms races (Gibler, Rider and Hutchison 2005), regimes (V-Dem and Marquez), Inter-State War 4
(Sarkees and Wayman 2010). States are numbered as by the Correlates of War project.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tocsin.events.history import ask

Pair = tuple[int, int]
Spans = dict[Pair, tuple[tuple[int, int], ...]]

FILES = (
    "state_context/atop_v51_directed_dyad_years.parquet",
    "state_context/cow_nmc_v7.parquet",
    "state_context/cow_contiguity_v32_directed.csv",
    "state_context/rivalries_thompson_sakuwa_suhas.csv",
    "state_context/arms_races_gibler_rider_hutchison.csv",
    "state_context/democracy_country_year.parquet",
    "state_context/cow_majors.csv",
    "state_context/cow_states.csv",
    "mid/cow_interstate_war_dyad_years_pre1984.parquet",
)
# A river or at most 24 miles of water between them: COW's contiguity types 1 to 3.
NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The world of states, year by year; every question names its year."""

    names: dict[int, str]
    _states: dict[int, tuple[tuple[int, int], ...]]
    _majors: dict[int, tuple[tuple[int, int], ...]]
    _allies: dict[tuple[int, int], frozenset[int]]  # (state, year): defence or offence pacts
    _neutral: frozenset[tuple[int, int, int]]  # non-aggression or neutrality: (state, state, year)
    _near: Spans
    _rivals: Spans
    _rivals_of: dict[int, tuple[int, ...]]
    _races: Spans
    _cinc: dict[tuple[int, int], float]
    _regime: dict[tuple[int, int], float]
    _wars: frozenset[tuple[int, int, int]]
    _at_war: frozenset[tuple[int, int]]

    def states(self, year: int) -> tuple[int, ...]:
        """The members of the system, in the order of their numbers."""
        return tuple(code for code, spans in self._states.items() if _within(spans, year))

    def is_major(self, state: int, year: int) -> bool:
        """Whether it counts as a major power."""
        return _within(self._majors.get(state, ()), year)

    def allies(self, state: int, year: int) -> frozenset[int]:
        """States bound to it by a pact of defence or offence."""
        return self._allies.get((state, year), frozenset())

    def neutral(self, one: int, two: int, year: int) -> bool:
        """Whether a pact of neutrality or non-aggression binds them."""
        return (one, two, year) in self._neutral

    def near(self, one: int, two: int, year: int) -> bool:
        """Whether they share a border, or are at most 24 miles of water apart."""
        return _within(self._near.get((one, two), ()), year)

    def rivals(self, one: int, two: int, year: int) -> bool:
        """Whether they are strategic rivals."""
        return _within(self._rivals.get((one, two), ()), year)

    def rivals_of(self, state: int, year: int) -> tuple[int, ...]:
        """Its strategic rivals."""
        return tuple(other for other in self._rivals_of.get(state, ()) if self.rivals(state, other, year))

    def arms_race(self, one: int, two: int, year: int) -> bool:
        """Whether they race in arms."""
        return _within(self._races.get((one, two), ()), year)

    def capability(self, state: int, year: int) -> float | None:
        """Its share of world capabilities, of the year or one of the five before; else None."""
        return _latest(self._cinc, state, year)

    def democracy(self, state: int, year: int) -> float | None:
        """Unified democracy score, about -2 to 2, of the year or one of the five before; else None."""
        return _latest(self._regime, state, year)

    def at_war(self, state: int, year: int) -> bool:
        """Whether it fights an inter-state war in that year."""
        return (state, year) in self._at_war

    def war_between(self, one: int, two: int, year: int) -> bool:
        """Whether the two fight an inter-state war with each other in that year."""
        return (one, two, year) in self._wars

    def states_at_war(self, year: int) -> int:
        """How many states fight an inter-state war in that year."""
        return sum(1 for _, when in self._at_war if when == year)


def _within(spans: tuple[tuple[int, int], ...], year: int) -> bool:
    return any(first <= year <= last for first, last in spans)


def _latest(table: dict[tuple[int, int], float], state: int, year: int) -> float | None:
    for back in range(6):
        value = table.get((state, year - back))
        if value is not None:
            return value
    return None


def _spans(rows: list[tuple[int, int, int, int]]) -> Spans:
    found: dict[Pair, list[tuple[int, int]]] = defaultdict(list)
    for one, two, first, last in rows:
        found[one, two].append((first, last))
        found[two, one].append((first, last))
    return {pair: tuple(sorted(set(spans))) for pair, spans in sorted(found.items())}


def _memberships(rows: list[tuple[int, int, int]]) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for code, first, last in rows:
        found[code].append((first, last))
    return {code: tuple(spans) for code, spans in sorted(found.items())}


def read_context(folder: Path) -> Context:
    """Read the world of states from the historical data.

    Raises
    ------
    HistoryError if a file is missing or lacks a column
    """
    pacts = ask(
        folder,
        FILES[0],
        ("ccode1", "ccode2", "year", "atop_defense", "atop_offense", "atop_neutral", "atop_nonagg"),
    )
    allies: dict[tuple[int, int], set[int]] = defaultdict(set)
    neutral = set()
    for one, two, year, defence, offence, neutrality, nonaggression in pacts:
        if defence or offence:
            allies[one, year].add(two)
        if neutrality or nonaggression:
            neutral.add((one, two, year))
    power = ask(folder, FILES[1], ("ccode", "year", "cinc"), "cinc is not null")
    borders = ask(
        folder, FILES[2], ("ccode1", "ccode2", "conttype", "stdate", "enddate"), f"conttype <= {NEAR}"
    )
    rivalries = ask(folder, FILES[3], ("ccode1", "ccode2", "start", "end"))
    races = ask(folder, FILES[4], ("ccode1", "ccode2", "styear", "endyear"))
    regimes = ask(folder, FILES[5], ("ccode", "year", "euds"), "euds is not null")
    majors = ask(folder, FILES[6], ("ccode", "styear", "endyear"))
    states = ask(folder, FILES[7], ("ccode", "styear", "endyear", "statenme"))
    wars = ask(folder, FILES[8], ("ccode1", "ccode2", "year"), "cowinterongoing = 1")
    rivals = _spans([(a, b, first, last) for a, b, first, last in rivalries])
    rivals_of: dict[int, list[int]] = defaultdict(list)
    for one, two in rivals:
        rivals_of[one].append(two)
    return Context(
        names={code: name for code, _, _, name in states},
        _states=_memberships([(code, first, last) for code, first, last, _ in states]),
        _majors=_memberships([(code, first, last) for code, first, last in majors]),
        _allies={key: frozenset(found) for key, found in allies.items()},
        _neutral=frozenset(neutral),
        _near=_spans([(a, b, _year(since), _year(until)) for a, b, _, since, until in borders]),
        _rivals=rivals,
        _rivals_of={state: tuple(others) for state, others in rivals_of.items()},
        _races=_spans([(a, b, first, last) for a, b, first, last in races]),
        _cinc={(code, year): share for code, year, share in power},
        _regime={(code, year): score for code, year, score in regimes},
        _wars=frozenset((a, b, year) for a, b, year in wars),
        _at_war=frozenset((a, year) for a, _, year in wars),
    )


def _year(day: dt.date) -> int:
    return day.year
