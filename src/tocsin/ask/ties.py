"""Capability that spreads: who could have learned concealment from whom by when, and the network over time.

Nothing here is drawn: the equation of skill (`tocsin.game.skill`), which gives every estimate its prior that
an actor deceives, is read off along its way. What each tie handed on is its own term summed over time, so
that an actor's own skill and its lessons add up to its skill.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin import __version__
from tocsin.ask.heading import ExactHeading
from tocsin.ask.inferred import AskError, default_day, read_day
from tocsin.ask.layout import Place, layout
from tocsin.case import words
from tocsin.case.check.actors import MUTUAL
from tocsin.case.known import as_known, digest
from tocsin.case.model import Case, Tie
from tocsin.game.skill import TEACHING_PER_YEAR, Spread, deception_skill, own_skill, spread

F64 = NDArray[np.float64]
# What leaves a skill alone to this many digits is rounding.
NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A skill on a day."""

    day: dt.date
    skill: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one actor could have learned from another over one kind of tie."""

    teacher: str
    kind: str
    since: dt.date  # first day of the first such tie
    gained: float  # skill handed on up to the day
    half_by: dt.date  # the day by which half of that had been handed on


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How much of an actor's skill began as whose own, however many hands it went through."""

    actor: str
    share: float  # of skill; the shares sum to the skill


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """An actor's skill had one tie never been; every other tie then teaches as it would have."""

    tie: str  # "a -> b (kind)"
    skill: float
    change: float  # below zero where the tie taught


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """An actor's skill at denial and deception, which is the prior chance that it deceives."""

    id: str
    name: str
    own: float  # before any tie taught it something
    skill: float  # on the day: own and all that was gained
    at_start: float  # on the day on which the case starts, or on the day itself if that is earlier
    lessons: tuple[Lesson, ...]  # largest gain first
    origins: tuple[Origin, ...]  # largest share first
    without: tuple[Without, ...]  # the ties that matter to it, largest change first
    path: tuple[Level, ...]  # at the turn of each year since the first tie that teaches, and on the day
    place: tuple[float, float]  # where a picture of all the case's ties, whenever they hold, puts it; -1 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time during which a tie held at one strength."""

    since: dt.date
    until: dt.date | None  # first day on which it no longer held; None if it holds on the day
    strength: float  # median of what the case gives
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """One kind of relation between two actors, in all its stretches."""

    ref: str  # "a -> b (kind)"
    one: str  # the patron, guarantor, trainer or host, where there is one
    other: str
    kind: str
    mutual: bool  # binds both ways
    teaches: bool  # skill can spread along it
    holds: bool  # on the day
    stretches: tuple[Stretch, ...]  # in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A day on which a relation changed."""

    day: dt.date
    what: str  # "formed", "broke", "mended", "strengthened", "weakened"
    bond: str  # ref
    strength: float | None  # from then on; None if it broke
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Who could have learned from whom, and the network over time, up to a day."""

    head: ExactHeading
    start: dt.date  # of the case: the day whose skills are the priors of every estimate
    learners: tuple[Learner, ...]  # in the case's order
    bonds: tuple[Bond, ...]  # in the order in which they formed
    turns: tuple[Turn, ...]  # in order of days


def ties(case: Case, at: dt.date | str | None = None, *, variant: str | None = None) -> Ties:
    """The network of a case up to a day, and what could have spread along it.

    Parameters
    ----------
    case : a checked case
    at : the day; the case's as-of day if left out. It may lie long before the case's start, for ties do
    variant : name of the view that `case` was taken in, to be told with the answer

    Raises
    ------
    AskError if the day is none or lies after the case's end

    Examples
    --------
    >>> from importlib import resources
    >>> from tocsin.case.read import load
    >>> found = ties(load(str(resources.files("tocsin.case") / "starter")), "2024-01-01")
    >>> [(turn.day.year, turn.what, turn.bond) for turn in found.turns]
    [(1998, 'formed', 'norland -> sudria (rivalry)'), (2019, 'formed', 'westmark -> norland (guarantee)')]
    """
    day = default_day(case) if at is None else read_day(at)
    if day > case.end:
        raise AskError(f"found the day {day}; expected one up to the case's end, {case.end}")
    known = as_known(case, day)
    bonds = tuple(sorted(_bonds(known, day), key=lambda bond: bond.stretches[0].since))
    return Ties(
        head=ExactHeading(
            version=__version__,
            case=known.title,
            question=known.question,
            case_digest=digest(known),
            variant=variant,
            as_of=day,
        ),
        start=case.start,
        learners=_learners(known, day, min(day, case.start), _places(case)),
        bonds=bonds,
        turns=tuple(sorted((turn for bond in bonds for turn in _turns(bond)), key=lambda turn: turn.day)),
    )


def _pair(tie: Tie) -> tuple[str, str, str]:
    """What makes two ties stretches of one relation."""
    one, other = sorted((tie.from_, tie.to)) if tie.kind in MUTUAL else (tie.from_, tie.to)
    return one, other, tie.kind


def _groups(case: Case) -> dict[tuple[str, str, str], list[int]]:
    """Positions of the ties of each relation, in order of time; relations in the case's order."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for k, tie in enumerate(case.ties):
        groups.setdefault(_pair(tie), []).append(k)
    return {pair: sorted(group, key=lambda k: case.ties[k].since) for pair, group in groups.items()}


def _ref(tie: Tie) -> str:
    return f"{tie.from_} -> {tie.to} ({tie.kind})"


def _bonds(case: Case, day: dt.date) -> Iterator[Bond]:
    for group in _groups(case).values():
        found = [case.ties[k] for k in group]
        first, last = found[0], found[-1]
        yield Bond(
            ref=_ref(first),
            one=first.from_,
            other=first.to,
            kind=first.kind,
            mutual=first.kind in MUTUAL,
            teaches=first.kind in TEACHING_PER_YEAR,
            holds=last.until is None or last.until > day,
            stretches=tuple(
                Stretch(
                    since=tie.since,
                    until=tie.until,
                    strength=words.strength(tie.strength).median,
                    note=tie.note,
                )
                for tie in found
            ),
        )


def _turns(bond: Bond) -> Iterator[Turn]:
    before: Stretch | None = None
    for k, stretch in enumerate(bond.stretches):
        what = "formed"
        if before is not None:
            what = "mended"
            if before.until == stretch.since:
                what = "strengthened" if stretch.strength > before.strength else "weakened"
        # Two stretches alike, one straight after the other, are a change of the note alone.
        if before is None or before.until != stretch.since or before.strength != stretch.strength:
            yield Turn(
                day=stretch.since, what=what, bond=bond.ref, strength=stretch.strength, note=stretch.note
            )
        follows = k + 1 < len(bond.stretches) and bond.stretches[k + 1].since == stretch.until
        if stretch.until is not None and not follows:
            yield Turn(day=stretch.until, what="broke", bond=bond.ref, strength=None, note="")
        before = stretch


def _places(case: Case) -> Mapping[str, Place]:
    """Each actor's place in the picture of all ties: each relation counts once, at its strongest."""
    strongest: dict[tuple[str, str, str], float] = {}
    for tie in case.ties:
        strength = words.strength(tie.strength).median
        strongest[_pair(tie)] = max(strength, strongest.get(_pair(tie), 0.0))
    return layout(
        [actor.id for actor in case.actors], [(one, other, s) for (one, other, _), s in strongest.items()]
    )


def _learners(case: Case, day: dt.date, start: dt.date, places: Mapping[str, Place]) -> tuple[Learner, ...]:
    way = spread(case, day)
    own, skill = own_skill(case), np.clip(way.skill[-1], 0.0, 1.0)
    at_start = skill if start == day else deception_skill(case, start)
    groups = _groups(case)
    without = {
        _ref(case.ties[group[0]]): deception_skill(case, day, without=group)
        for pair, group in groups.items()
        if pair[2] in TEACHING_PER_YEAR
    }
    moments = _moments(way, day)
    names = [actor.id for actor in case.actors]
    return tuple(
        Learner(
            id=actor.id,
            name=actor.name,
            own=float(own[i]),
            skill=float(skill[i]),
            at_start=float(at_start[i]),
            lessons=_lessons(case, way, i, groups),
            origins=tuple(
                Origin(actor=names[k], share=float(way.origin[i, k]))
                for k in np.argsort(-way.origin[i], kind="stable")
                if way.origin[i, k] > NOTHING
            ),
            without=tuple(
                sorted(
                    (
                        Without(tie=ref, skill=float(other[i]), change=float(other[i] - skill[i]))
                        for ref, other in without.items()
                        if abs(other[i] - skill[i]) > NOTHING
                    ),
                    key=lambda one: one.change,
                )
            ),
            path=tuple(
                Level(day=when, skill=float(np.interp(when.toordinal(), way.days, way.skill[:, i])))
                for when in moments
            ),
            place=places[actor.id],
        )
        for i, actor in enumerate(case.actors)
    )


def _moments(way: Spread, day: dt.date) -> tuple[dt.date, ...]:
    """The first day, each new year's day after it, and the last."""
    first = dt.date.fromordinal(int(way.days[0]))
    years = (dt.date(year, 1, 1) for year in range(first.year + 1, day.year + 1))
    return tuple(sorted({first, day, *years}))


def _lessons(
    case: Case, way: Spread, pupil: int, groups: dict[tuple[str, str, str], list[int]]
) -> tuple[Lesson, ...]:
    """What one actor learned, a lesson for each teacher and kind of tie that gave it something."""
    found = []
    for group in groups.values():
        columns = [k for k, one in enumerate(way.lessons) if one.tie in group and one.pupil == pupil]
        # A relation that binds both ways may be written from either side in its stretches.
        for teacher in dict.fromkeys(way.lessons[k].teacher for k in columns):
            taught = way.gained[:, [k for k in columns if way.lessons[k].teacher == teacher]].sum(axis=1)
            if taught[-1] <= NOTHING:
                continue
            half = float(np.interp(0.5 * taught[-1], taught, way.days))
            found.append(
                Lesson(
                    teacher=case.actors[teacher].id,
                    kind=case.ties[group[0]].kind,
                    since=case.ties[group[0]].since,
                    gained=float(taught[-1]),
                    half_by=dt.date.fromordinal(int(np.ceil(half))),
                )
            )
    return tuple(sorted(found, key=lambda lesson: -lesson.gained))
