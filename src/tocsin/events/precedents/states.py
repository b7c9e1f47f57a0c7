"""Anchors of states: days on which one state might have moved against another, and when it did.

Three kinds. At the start of a *fight* between others, an outsider may come in against one side. On the first
day of each *quarter*, two states that are not in dispute may fall into one. At the start of a dispute, the
*parties* may go on to war. An outsider's or a rival's move is dated by the day on which both are in a dispute
together; whether it is force or war is the highest level that the mover reached in that dispute, so a war
that began later in it is counted from that day. That makes short horizons a little too high for war.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tocsin.events.context import Context
from tocsin.events.disputes import FORCE, WAR, Dispute, Move, moves
from tocsin.events.history import year_of

SHOW = 3
LEVELS = (SHOW, FORCE, WAR)
# The data end with 1983: an anchor counts for a horizon only if the horizon ends by then.
END = dt.date(1983, 12, 31).toordinal()
YEAR_DAYS = 365
RECENT_DAYS = 3653


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A day on which state `one` might have moved against state `two`."""

    day: int
    one: int
    two: int
    ally: int  # the party that `one` is bound to; 0 if none
    cluster: str
    fight: int  # highest level in the fight of others, 0 if there is none
    pact: bool  # `one` is bound to a party by a pact of defence or offence
    rivals: bool
    near: bool
    major: bool  # `one` is a major power
    clashed: bool  # the two were in a dispute in the year before
    clashes: int  # disputes of the two in the ten years before
    power: float  # log of one's share of world capabilities over the other's; 0 where not known
    first_days: tuple[int | None, int | None, int | None]  # day of its move at level 3, 4, 5 or more
    level: int  # highest level it reached within two years; 0 if it did not move


class Record:
    """The moves of every directed pair, to be asked by day."""

    def __init__(self, disputes: Iterable[Dispute]) -> None:
        by_pair: dict[tuple[int, int], list[Move]] = defaultdict(list)
        for move in moves(tuple(disputes)):
            by_pair[move.one, move.two].append(move)
        self._moves = dict(by_pair)
        self._days = {pair: [move.first for move in found] for pair, found in self._moves.items()}

    def of(self, one: int, two: int) -> list[Move]:
        """Moves of one against the other, by day."""
        return self._moves.get((one, two), [])

    def under_way(self, one: int, two: int, day: int) -> bool:
        """Whether the two are in a dispute with each other on a day."""
        return any(move.first <= day <= move.last for move in self.of(one, two))

    def began(self, one: int, two: int, since: int, until: int) -> int:
        """How many disputes of the two began from `since` to the day before `until`."""
        days = self._days.get((one, two), [])
        return bisect_left(days, until) - bisect_left(days, since)

    def first_days(
        self, one: int, others: Iterable[int], day: int
    ) -> tuple[int | None, int | None, int | None]:
        """First day after `day` on which one moved against any of the others at level 3, 4 and 5."""
        found = sorted((m.first, m.level) for other in others for m in self.of(one, other) if m.first > day)
        show, force, war = (
            next((first for first, level in found if level >= least), None) for least in LEVELS
        )
        return show, force, war


def fights(disputes: tuple[Dispute, ...], world: Context, record: Record) -> Iterator[Anchor]:
    """Outsiders at the start of a dispute that came to force: bound to a side, rivals or neighbours of one.

    An outsider bound to both sides by pacts is left out: which side it owes is not known.
    """
    for dispute in disputes:
        if dispute.level < FORCE:
            continue
        sides = [tuple(p.state for p in dispute.side(a)) for a in (True, False)]
        if not all(sides):
            continue
        # Who is bound to whom is taken from the year before, so that no pact made for this fight counts.
        year = year_of(dispute.first) - 1
        inside = {*sides[0], *sides[1]}
        for friends, foes in (sides, sides[::-1]):
            for state in world.states(year):
                if state in inside:
                    continue
                pacts = world.allies(state, year)
                ally = next((friend for friend in friends if friend in pacts), 0)
                if ally and any(foe in pacts for foe in foes):
                    continue
                rival = next((foe for foe in foes if world.rivals(state, foe, year)), 0)
                near = next((foe for foe in foes if world.near(state, foe, year)), 0)
                if not (ally or rival or near):
                    continue
                if any(record.under_way(state, foe, dispute.first) for foe in foes):
                    continue
                two = rival or near or foes[0]
                yield _anchor(
                    dispute.first,
                    state,
                    two,
                    foes,
                    ally,
                    f"dispute {dispute.id}",
                    dispute.level,
                    world,
                    record,
                )


def quarters(world: Context, record: Record, years: range) -> Iterator[Anchor]:
    """Rivals, and other neighbours, on the first day of each quarter on which they are not in dispute."""
    for year in years:
        states = world.states(year - 1)
        for one in states:
            for two in states:
                if one == two or not (world.rivals(one, two, year - 1) or world.near(one, two, year - 1)):
                    continue
                for month in (1, 4, 7, 10):
                    day = dt.date(year, month, 1).toordinal()
                    if not record.under_way(one, two, day):
                        pair = f"pair {min(one, two)}-{max(one, two)}"
                        yield _anchor(day, one, two, (two,), 0, pair, 0, world, record)


def _anchor(
    day: int,
    one: int,
    two: int,
    foes: tuple[int, ...],
    ally: int,
    cluster: str,
    fight: int,
    world: Context,
    record: Record,
) -> Anchor:
    import math

    year = year_of(day) - 1
    mine, theirs = world.capability(one, year), world.capability(two, year)
    first_days = record.first_days(one, foes, day)
    within = [
        level
        for level, first in zip(LEVELS, first_days, strict=True)
        if first is not None and first - day <= 2 * YEAR_DAYS
    ]
    return Anchor(
        day=day,
        one=one,
        two=two,
        ally=ally,
        cluster=cluster,
        fight=fight,
        pact=bool(ally),
        rivals=any(world.rivals(one, foe, year) for foe in foes),
        near=any(world.near(one, foe, year) for foe in foes),
        major=world.is_major(one, year),
        clashed=any(record.began(one, foe, day - YEAR_DAYS, day) for foe in foes),
        clashes=sum(record.began(one, foe, day - RECENT_DAYS, day) for foe in foes),
        power=math.log(mine / theirs) if mine and theirs else 0.0,
        first_days=first_days,
        level=max(within, default=0),
    )
