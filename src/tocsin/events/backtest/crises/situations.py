"""What is known when a crisis or dispute begins, as one row of numbers, and how it ended.

A situation is two sides on a first day. Everything about the world is taken from the **year before**, so that
nothing of the crisis itself is in it; of the crisis, only who faced whom, who moved first, what it was about
and what triggered it. The columns are named in the game's words: reasons, reciprocity, opportunity,
deterrence, obligation, weariness.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.events.context import Context
from tocsin.events.disputes import ISSUES, Dispute
from tocsin.events.history import year_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RECENT_YEARS = 10
REGIONS = ("Americas", "Europe", "Africa", "Middle East", "Asia and Pacific")
# First state number of each region but the first, as the Correlates of War project numbers states.
_REGION_STARTS = (200, 400, 600, 700)

COLUMNS = (
    "territory", "regime", "policy", "both_want_change", "violent_trigger", "military_trigger",
    "internal_trigger", "near", "rivals", "arms_race", "recent_disputes", "parity", "initiator_share",
    "one_major", "both_major", "joint_democracy", "pact_between", "neutrality_between", "initiator_allies",
    "target_allies", "major_ally_outside", "tied_rivals", "tied_neighbours", "recent_war_between",
    "side_at_war", "outsiders_fighting_a_side", "world_at_war", "parties", "opponent_no_state",
)  # fmt: skip
_PLACE = {name: k for k, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Two sides on the first day: all that a forecaster may look at."""

    id: str
    first: int  # ordinal day
    initiators: tuple[int, ...]
    targets: tuple[int, ...]  # empty where the initiator faces no single state
    initiator_issues: frozenset[str]
    target_issues: frozenset[str]
    trigger: str  # "violent", "military", "internal", or "" where not coded
    kind: str  # the pooled kind: issue of a dispute, trigger of a crisis


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of situations, in the order of their first days."""

    name: str
    ids: tuple[str, ...]
    first: IntArray  # (N,) ordinal days
    last: IntArray  # (N,) day on which the outcome was known
    X: FloatArray  # (N, K)
    kind: IntArray  # (N,) index into kinds
    kinds: tuple[str, ...]
    region: IntArray  # (N,) index into REGIONS
    y: FloatArray  # (N,) 1 if it came about

    @property
    def years(self) -> IntArray:
        """(N,) years in which the rows began."""
        return np.array([year_of(int(day)) for day in self.first], dtype=np.int64)


def region_of(state: int) -> int:
    """Index into `REGIONS` of a state number.

    Examples
    --------
    >>> REGIONS[region_of(2)], REGIONS[region_of(666)]
    ('Americas', 'Middle East')
    """
    return sum(state >= start for start in _REGION_STARTS)


def opening_of(dispute: Dispute) -> Opening:
    """A dispute as it stood on its first day."""
    a, b = dispute.side(True), dispute.side(False)
    wants_a = frozenset(issue for part in a for issue in part.issues)
    wants_b = frozenset(issue for part in b for issue in part.issues)
    kind = next((issue for issue in ISSUES if issue in wants_a | wants_b), "none named")
    return Opening(
        id=f"dispute {dispute.id}",
        first=dispute.first,
        initiators=tuple(part.state for part in a),
        targets=tuple(part.state for part in b),
        initiator_issues=wants_a,
        target_issues=wants_b,
        trigger="",
        kind=kind,
    )


class Encounters:
    """On which days two states have come into dispute: what was known of them by a day."""

    def __init__(self, disputes: Iterable[Dispute]) -> None:
        self._days: dict[tuple[int, int], list[int]] = defaultdict(list)
        for dispute in disputes:
            for one in dispute.side(True):
                for two in dispute.side(False):
                    pair = min(one.state, two.state), max(one.state, two.state)
                    self._days[pair].append(dispute.first)

    def recent(self, one: int, two: int, day: int) -> int:
        """Disputes between the two that began in the ten years before a day."""
        start = day - round(RECENT_YEARS * 365.25)
        return sum(start <= other < day for other in self._days.get((min(one, two), max(one, two)), ()))


def features(opening: Opening, context: Context, encounters: Encounters) -> FloatArray:
    """(K,) the columns of one situation; see `COLUMNS`."""
    year = year_of(opening.first) - 1
    one, two = opening.initiators, opening.targets
    x = np.zeros(len(COLUMNS))

    def put(name: str, value: float) -> None:
        x[_PLACE[name]] = value

    wants = opening.initiator_issues | opening.target_issues
    put("territory", "territory" in wants)
    put("regime", "regime" in wants)
    put("policy", "policy" in wants)
    put("both_want_change", bool(opening.initiator_issues and opening.target_issues))
    put("violent_trigger", opening.trigger == "violent")
    put("military_trigger", opening.trigger == "military")
    put("internal_trigger", opening.trigger == "internal")
    put("parties", math.log(max(len(one) + len(two), 2) / 2))
    put("opponent_no_state", not two)
    put("world_at_war", context.states_at_war(year) / max(len(context.states(year)), 1))
    put("side_at_war", any(context.at_war(state, year) for state in (*one, *two)))
    pairs = [(a, b) for a in one for b in two]
    put("near", any(context.near(a, b, year) for a, b in pairs))
    put("rivals", any(context.rivals(a, b, year) for a, b in pairs))
    put("arms_race", any(context.arms_race(a, b, year) for a, b in pairs))
    recent = max((encounters.recent(a, b, opening.first) for a, b in pairs), default=0)
    put("recent_disputes", math.log1p(recent))
    put("pact_between", any(b in context.allies(a, year) for a, b in pairs))
    put("neutrality_between", any(context.neutral(a, b, year) for a, b in pairs))
    put("recent_war_between", any(_fought(a, b, year, context) for a, b in pairs))
    _power(put, one, two, year, context)
    _outsiders(put, one, two, year, context)
    return x


def _fought(one: int, two: int, year: int, context: Context) -> bool:
    return any(context.war_between(one, two, year - back) for back in range(RECENT_YEARS))


def _power(put, one, two, year: int, context: Context) -> None:  # type: ignore[no-untyped-def] # the table's own setter
    shares = [sum(context.capability(state, year) or 0.0 for state in side) for side in (one, two)]
    if min(shares) > 0.0:
        put("parity", min(shares) / max(shares))
        put("initiator_share", math.log(shares[0] / shares[1]) / 2)
    majors = [any(context.is_major(state, year) for state in side) for side in (one, two)]
    put("one_major", any(majors))
    put("both_major", all(majors))
    known = [context.democracy(state, year) for state in (*one, *two)]
    scores = [score for score in known if score is not None]
    put("joint_democracy", min(scores) if two and scores else 0.0)


def _outsiders(put, one, two, year: int, context: Context) -> None:  # type: ignore[no-untyped-def] # as above
    inside = {*one, *two}
    friends = [
        {ally for state in side for ally in context.allies(state, year)} - inside for side in (one, two)
    ]
    # Bound to both sides means bound to neither.
    bound = [friends[0] - friends[1], friends[1] - friends[0]]
    put("initiator_allies", math.log1p(len(bound[0])))
    put("target_allies", math.log1p(len(bound[1])))
    put("major_ally_outside", any(context.is_major(state, year) for side in bound for state in side))
    tied = [
        (ally, foe) for side, foes in zip(bound, (two, one), strict=True) for ally in side for foe in foes
    ]
    put("tied_rivals", math.log1p(len({a for a, foe in tied if context.rivals(a, foe, year)})))
    put("tied_neighbours", math.log1p(len({a for a, foe in tied if context.near(a, foe, year)})))
    fighting = {
        state
        for state in context.states(year)
        if state not in inside and any(context.war_between(state, party, year) for party in inside)
    }
    put("outsiders_fighting_a_side", math.log1p(len(fighting)))


def table(
    name: str,
    rows: Iterable[tuple[Opening, int, bool]],
    context: Context,
    encounters: Encounters,
) -> Table:
    """Rows of (opening, last day, whether it came about), encoded.

    The kinds are listed in the order of the alphabet, so that the same rows give the same columns.
    """
    ordered = sorted(rows, key=lambda row: (row[0].first, row[0].id))
    kinds = tuple(sorted({opening.kind for opening, _, _ in ordered}))
    return Table(
        name=name,
        ids=tuple(opening.id for opening, _, _ in ordered),
        first=np.array([opening.first for opening, _, _ in ordered], dtype=np.int64),
        last=np.array([last for _, last, _ in ordered], dtype=np.int64),
        X=np.stack([features(opening, context, encounters) for opening, _, _ in ordered]),
        kind=np.array([kinds.index(opening.kind) for opening, _, _ in ordered], dtype=np.int64),
        kinds=kinds,
        region=np.array(
            [region_of((opening.targets or opening.initiators)[0]) for opening, _, _ in ordered],
            dtype=np.int64,
        ),
        y=np.array([float(came) for _, _, came in ordered]),
    )


def of_disputes(disputes: tuple[Dispute, ...]) -> Iterator[tuple[Opening, Dispute]]:
    """Openings of the disputes that have a state on each side on the first day."""
    for dispute in disputes:
        opening = opening_of(dispute)
        if opening.initiators and opening.targets:
            yield opening, dispute
