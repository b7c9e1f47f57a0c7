"""What of a future makes it the course it is: how far each conflict goes, when it leaves the local rules,
deals.

A conflict is a pair of actors, its two fronts taken together by the higher one. Conflicts that nobody expects
to stay within the limit any more are left out only in the names; in distances they differ little anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import Rule
from tocsin.game.plan import F64, U8, Game

Index = NDArray[np.int64]

# What a conflict's levels are worth in distance: blows within reach, beyond it, an attack. Leaving the local
# rules is the step that counts most; this is a judgement, and the same for every case.
LEVEL_VALUES = (0.0, 0.5, 2.0, 3.0)
# A conflict that leaves the rules on the last day differs from one that does so at once by this much.
TIME_VALUE = 1.0
DEAL_VALUE = 1.0
# What no question asks about counts for less.
UNASKED_VALUE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicts:
    """Pairs of actors, and their fronts."""

    pairs: tuple[tuple[str, str], ...]
    fronts: tuple[tuple[int, ...], ...]

    def name(self, game: Game, c: int) -> str:
        """The pair by its actors' names."""
        names = {actor.id: actor.name for actor in game.case.actors}
        one, other = self.pairs[c]
        return f"{names[one]} and {names[other]}"


def conflicts_of(game: Game) -> Conflicts:
    """Every pair that has a front, in the order of the case."""
    found: dict[frozenset[str], list[int]] = {}
    for f, ref in enumerate(game.fronts):
        found.setdefault(frozenset(ref.split(" -> ")), []).append(f)
    pairs = tuple(
        (game.fronts[fronts[0]].split(" -> ")[0], game.fronts[fronts[0]].split(" -> ")[1])
        for fronts in found.values()
    )
    return Conflicts(pairs=pairs, fronts=tuple(tuple(fronts) for fronts in found.values()))


def asked_about(game: Game) -> frozenset[str]:
    """The fronts that a question of the case refers to."""
    found: set[str] = set()

    def visit(rule: Rule) -> None:
        if rule.front is not None:
            found.add(rule.front)
        for part in (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ())):
            visit(part)

    for question in game.case.questions:
        visit(question.rule)
    return frozenset(found)


def importance(game: Game, conflicts: Conflicts) -> F64:
    """(C,) how much each conflict counts: wholly if a question asks about it, else in part."""
    asked = asked_about(game)
    return np.array(
        [
            1.0 if any(game.fronts[f] in asked for f in fronts) else UNASKED_VALUE
            for fronts in conflicts.fronts
        ]
    )


def thresholds(game: Game) -> tuple[int, int, int]:
    """Rungs from which a conflict is at blows, beyond what needs no preparation, and an attack."""
    plan = game.plan
    return int(plan.blow), min(int(plan.reach) + 1, len(game.rungs) - 1), int(plan.relief_rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Futures, summed up. C conflicts, F fronts, G deals, N particles; steps after `never` do not exist."""

    highest: U8  # (F, N) rung
    level: U8  # (C, N) 0 to 3
    leaves: Index  # (C, N) step of first leaving the local rules, or never
    opener: Index  # (C, N) front that left first, -1 where none did
    deal: NDArray[np.bool_]  # (G, N) came into force
    now: int
    never: int

    def features(self, weight: F64) -> F64:
        """(N, D) as distances compare them; `weight` (C,) is how much each conflict counts."""
        span = max(self.never - self.now - 1, 1)
        late = (np.minimum(self.leaves, self.never) - self.now - 1) / span
        worth = weight[:, None]
        parts = [
            worth * np.array(LEVEL_VALUES)[self.level],
            worth * TIME_VALUE * late,
            DEAL_VALUE * self.deal,
        ]
        return np.ascontiguousarray(np.concatenate(parts).T)


def read_signature(game: Game, conflicts: Conflicts, posture: U8, deal: U8, until: int) -> Signature:
    """Sum up histories, (T+1, F, N) and (T+1, G, N), from the as-of step through `until`."""
    now, never = game.now, until + 1
    blow, beyond, attack = thresholds(game)
    n_fronts, n = posture.shape[1:]
    highest = np.zeros((n_fronts, n), dtype=np.uint8)
    first = np.full((n_fronts, n), never, dtype=np.int64)
    for t in range(until, now, -1):
        highest = np.maximum(highest, posture[t])
        first[posture[t] >= beyond] = t
    level, leaves, opener = [], [], []
    for fronts in conflicts.fronts:
        top = highest[list(fronts)].max(axis=0)
        level.append((top >= blow).astype(np.uint8) + (top >= beyond) + (top >= attack))
        steps = first[list(fronts)]
        leaves.append(steps.min(axis=0))
        opener.append(np.where(leaves[-1] < never, np.array(fronts)[steps.argmin(axis=0)], -1))
    return Signature(
        highest=highest,
        level=np.stack(level),
        leaves=np.stack(leaves),
        opener=np.stack(opener),
        deal=np.asarray((deal[now + 1 : until + 1] > 0).any(axis=0)),
        now=now,
        never=never,
    )


__all__ = ["Conflicts", "Signature", "conflicts_of", "importance", "read_signature", "thresholds"]
