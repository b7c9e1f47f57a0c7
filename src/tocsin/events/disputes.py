"""Militarised disputes before 1984: who took part, from which day, on which side, and how far each went.

Source: Gibler, Miller and Little's militarised interstate disputes 2.2.1 (2016, International Studies
Quarterly 60, 719-730). A participant's level is the highest it reached in the whole dispute; the day on which
it did is not recorded. Only the day on which it came in is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tocsin.events.history import ask, day_number, year_of

FILES = (
    "mid/gml_mid_v221_disputes_pre1984.parquet",
    "mid/gml_mid_v221_participants_pre1984.parquet",
    "mid/gml_mid_v221_directed_dyad_years_pre1984.parquet",
)
FORCE, WAR = 4, 5  # hostility levels: use of force, war
ISSUES = ("territory", "policy", "regime", "other")
REVISION = dict(enumerate(ISSUES, start=1))
# Highest hostile act to hostility level: the codebook's grouping.
_LEVELS = ((0, 1), (6, 2), (12, 3), (19, 4), (21, 5))


def level_of(act: int) -> int:
    """The hostility level, 1 to 5, that a hostile act belongs to.

    Examples
    --------
    >>> [level_of(act) for act in (0, 1, 7, 12, 13, 17, 20)]
    [1, 2, 3, 3, 4, 4, 5]
    """
    return next(level for top, level in _LEVELS if act <= top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A state's part in a dispute."""

    state: int
    first: int  # ordinal day on which it came in
    last: int
    side_a: bool
    original: bool  # in it from its first day
    level: int  # highest hostility level that it reached, 1 to 5
    issues: tuple[str, ...]  # what it wants changed: fixed when it comes in
    day_known: bool  # False where only the month is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A militarised dispute between states."""

    id: int
    first: int  # ordinal days
    last: int
    level: int  # the highest of all
    settle: int  # 1 negotiated, 2 imposed, 3 none, 4 unclear
    outcome: int
    reciprocated: bool
    parts: tuple[Part, ...]

    @property
    def year(self) -> int:
        """The calendar year in which it began."""
        return year_of(self.first)

    def side(self, side_a: bool, *, original: bool = True) -> tuple[Part, ...]:
        """Who was on a side from the first day, or at any time."""
        return tuple(p for p in self.parts if p.side_a == side_a and (p.original or not original))

    @property
    def joiners(self) -> tuple[Part, ...]:
        """Who came in after the first day."""
        return tuple(p for p in self.parts if not p.original)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """State `one` in a dispute against state `two`, from the day on which both were in it."""

    dispute: int
    one: int
    two: int
    first: int
    last: int
    level: int  # highest that `one` reached in the dispute
    level_two: int


def read_disputes(folder: Path) -> tuple[Dispute, ...]:
    """Every dispute with its participants, in the order of its first day.

    Raises
    ------
    HistoryError if a file is missing or lacks a column
    """
    heads = ask(folder, FILES[0], ("dispnum", "outcome", "settle", "hostlev", "recip"))
    members = ask(
        folder,
        FILES[1],
        (
            "dispnum", "ccode", "styear", "stmon", "stday", "endyear", "endmon", "endday", "sidea", "hiact",
            "orig",
        ),
    )  # fmt: skip
    wishes: dict[tuple[int, int], set[str]] = defaultdict(set)
    revisions = ask(folder, FILES[2], ("dispnum", "ccode1", "revtype11", "revtype21"), "midonset = 1")
    for dispute, state, *kinds in revisions:
        wishes[dispute, state] |= {REVISION[kind] for kind in kinds if kind in REVISION}
    parts: dict[int, list[Part]] = defaultdict(list)
    for dispute, state, y1, m1, d1, y2, m2, d2, side, act, original in members:
        first = day_number(y1, m1, d1)
        parts[dispute].append(
            Part(
                state=state,
                first=first,
                last=max(first, day_number(y2, m2, d2)),
                side_a=side == 1,
                original=original == 1,
                level=level_of(act),
                issues=tuple(issue for issue in ISSUES if issue in wishes[dispute, state]),
                day_known=d1 > 0,
            )
        )
    found = []
    for dispute, outcome, settle, level, reciprocated in heads:
        in_it = tuple(sorted(parts[dispute], key=lambda p: (p.first, p.state)))
        starts = [p.first for p in in_it if p.original] or [p.first for p in in_it]
        if not starts:
            continue
        found.append(
            Dispute(
                id=dispute,
                first=min(starts),
                last=max(p.last for p in in_it),
                level=level,
                settle=settle,
                outcome=outcome,
                reciprocated=reciprocated == 1,
                parts=in_it,
            )
        )
    return tuple(sorted(found, key=lambda d: (d.first, d.id)))


def moves(disputes: tuple[Dispute, ...]) -> tuple[Move, ...]:
    """Every directed pair of opponents in every dispute, in the order of the day on which both were in it."""
    found = []
    for dispute in disputes:
        for one in dispute.parts:
            for two in dispute.parts:
                if one.side_a == two.side_a or one.state == two.state:
                    continue
                first, last = max(one.first, two.first), min(one.last, two.last)
                if first > last:
                    continue  # one had left before the other came
                found.append(
                    Move(
                        dispute=dispute.id,
                        one=one.state,
                        two=two.state,
                        first=first,
                        last=last,
                        level=one.level,
                        level_two=two.level,
                    )
                )
    return tuple(sorted(found, key=lambda m: (m.first, m.dispute, m.one, m.two)))
