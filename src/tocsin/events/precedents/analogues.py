"""The nearest cases of the record: which features make them near, and how they ended.

Nearness is Gower's (1971, Biometrics 27, 857-871): the weighted share of the features on which two cases
differ, counting only what both tell. The weights are a judgement, stated in `WEIGHTS` and shown nowhere as
probability: an analogue is there to be read, not to be averaged.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tocsin.events.precedents.counts import History
from tocsin.events.precedents.groups import START, THRESHOLDS, GroupAnchor
from tocsin.events.precedents.states import END, LEVELS, Anchor

MOST = 5
LEVEL_WORDS = {0: "did not move", 3: "went as far as a show of force", 4: "used force", 5: "went to war"}
WEIGHTS = {"ally": 3.0, "fight": 2.0, "rivals": 2.0, "clashed": 1.0, "power": 1.0}
# A hundredfold difference of power, or of deaths, is as different as it gets.
FULL = math.log(100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What an analogue should be like; None where it is not known."""

    ally: bool  # the initiator is bound to somebody who fights the target
    fight: int  # level of that fight
    rivals: bool
    clashed: bool
    power: float | None
    month_deaths: int
    year_deaths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One near case."""

    title: str
    day: dt.date
    alike: tuple[str, ...]
    unlike: tuple[str, ...]
    ending: str
    distance: float


def nearest_states(history: History, sought: Sought, days: int, most: int = MOST) -> tuple[Found, ...]:
    """Pairs of states that stood as these do: outsiders of a fight if there is one, else any by quarter.

    One case from each dispute or pair, the latest of equals first; only cases that were watched for `days`.
    """
    anchors: Iterable[Anchor] = history.fights if sought.fight else history.quarters
    watched = [a for a in anchors if a.day + days <= END and (a.rivals or a.pact or not sought.rivals)]
    ranked = sorted(watched, key=lambda a: (round(_state_distance(a, sought)[0], 6), -a.day, a.one, a.two))
    found: list[Found] = []
    seen: set[object] = set()
    for anchor in ranked:
        keys = {anchor.cluster, (anchor.one, anchor.two)}
        if keys & seen:
            continue
        seen |= keys
        found.append(_told_state(history, anchor, sought, days))
        if len(found) == most:
            break
    return tuple(found)


def nearest_groups(
    history: History, sought: Sought, days: int, with_state: bool, *, lull: bool = False, most: int = MOST
) -> tuple[Found, ...]:
    """Months of pairs with an armed group whose deaths in a month and a year are nearest, one from each pair.

    Parameters
    ----------
    with_state : a government and a group; else two groups
    lull : tell whether thirty days without a death came; else how deadly it became
    """
    last = (dt.date(2018, 12, 31) - START).days
    watched = [
        a for a in history.months if a.day + days <= last and history.pairs[a.pair].with_state == with_state
    ]
    ranked = sorted(watched, key=lambda a: (round(_group_distance(a, sought), 6), -a.day, a.pair))
    found: list[Found] = []
    seen: set[int] = set()
    for anchor in ranked:
        if anchor.pair in seen:
            continue
        seen.add(anchor.pair)
        found.append(_told_group(history, anchor, sought, days, lull))
        if len(found) == most:
            break
    return tuple(found)


def _state_distance(anchor: Anchor, sought: Sought) -> tuple[float, dict[str, bool]]:
    gaps: dict[str, float] = {
        "rivals": float(anchor.rivals != sought.rivals),
        "clashed": float(anchor.clashed != sought.clashed),
    }
    if sought.fight:
        gaps["ally"] = float(anchor.pact != sought.ally)
        gaps["fight"] = float((anchor.fight >= 5) != (sought.fight >= 5))
    if sought.power is not None and anchor.power:
        gaps["power"] = min(abs(anchor.power - sought.power) / FULL, 1.0)
    total = sum(WEIGHTS[name] for name in gaps)
    distance = sum(WEIGHTS[name] * gap for name, gap in gaps.items()) / total
    return distance, {name: gap < 0.25 for name, gap in gaps.items()}


def _told_state(history: History, anchor: Anchor, sought: Sought, days: int) -> Found:
    def name(state: int) -> str:
        return history.names.get(state, str(state))

    distance, same = _state_distance(anchor, sought)
    words: dict[str, Callable[[], str]] = {
        "ally": lambda: (
            f"bound by a pact to {name(anchor.ally)}, which {name(anchor.two)} faced"
            if anchor.pact
            else "bound to no side"
        ),
        "fight": lambda: (
            "the others' dispute came to war" if anchor.fight >= 5 else "the others used force, short of war"
        ),
        "rivals": lambda: "rivals" if anchor.rivals else "no rivals",
        "clashed": lambda: (
            "in dispute within the year before" if anchor.clashed else "no dispute within the year before"
        ),
        "power": lambda: _power(anchor.power),
    }
    return Found(
        title=f"{name(anchor.one)} toward {name(anchor.two)}",
        day=dt.date.fromordinal(anchor.day),
        alike=tuple(words[key]() for key in WEIGHTS if same.get(key)),
        unlike=tuple(words[key]() for key in WEIGHTS if key in same and not same[key]),
        ending=_state_ending(anchor, days),
        distance=round(distance, 3),
    )


def _power(power: float) -> str:
    """A log ratio of power in words; what would print as 1.0 times is no difference."""
    times = f"{math.exp(abs(power)):.1f}"
    if times == "1.0":
        return "as strong as the other"
    return f"{times} times as {'strong' if power > 0 else 'weak'} as the other"


def _state_ending(anchor: Anchor, days: int) -> str:
    come = [
        (first - anchor.day, level)
        for first, level in zip(anchor.first_days, LEVELS, strict=True)
        if first is not None
    ]
    within = [(after, level) for after, level in come if after <= days]
    if within:
        after, level = max(within, key=lambda found: found[1])
        return f"{LEVEL_WORDS[level]}, in a dispute from day {after}"
    later = [after for after, _ in come if after <= 730]
    if later:
        return f"stayed out for the {days} days, came into dispute on day {min(later)}"
    return f"did not come into dispute within the {days} days, nor within two years"


def _group_distance(anchor: GroupAnchor, sought: Sought) -> float:
    gaps = (
        abs(math.log1p(anchor.month_deaths) - math.log1p(sought.month_deaths)),
        abs(math.log1p(anchor.year_deaths) - math.log1p(sought.year_deaths)),
    )
    return sum(min(gap / FULL, 1.0) for gap in gaps) / 2


def _told_group(history: History, anchor: GroupAnchor, sought: Sought, days: int, lull: bool) -> Found:
    pair = history.pairs[anchor.pair]
    told = (
        ("month", anchor.month_deaths, sought.month_deaths),
        ("year", anchor.year_deaths, sought.year_deaths),
    )
    words = [
        (
            f"{had} deaths in the {span} before (about {like} sought)",
            abs(math.log1p(had) - math.log1p(like)) < 0.25 * FULL,
        )
        for span, had, like in told
    ]
    return Found(
        title=f"{pair.one} and {pair.two}",
        day=START + dt.timedelta(days=anchor.day),
        alike=tuple(text for text, near in words if near),
        unlike=tuple(text for text, near in words if not near),
        ending=_lull(anchor, days) if lull else _deaths(anchor, days),
        distance=round(_group_distance(anchor, sought), 3),
    )


def _lull(anchor: GroupAnchor, days: int) -> str:
    if anchor.lull is None or anchor.lull - anchor.day + 1 > days:
        return f"no thirty days without a death within the {days} days"
    return f"thirty days without a death, by day {anchor.lull - anchor.day + 1}"


def _deaths(anchor: GroupAnchor, days: int) -> str:
    reached = [
        (threshold, first - anchor.day + 1)
        for threshold, first in zip(THRESHOLDS, anchor.first_days, strict=True)
        if first is not None and first - anchor.day < days
    ]
    if not reached:
        return f"no death within the {days} days"
    threshold, after = reached[-1]
    return f"at least {threshold} {'death' if threshold == 1 else 'deaths'} in a week, by day {after}"
