"""Ways to part the histories by what the opponent is, means, and reads into others, as of the as-of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.confidence import actors_of
from tocsin.case.model import Question
from tocsin.case.rules import deals_of, fronts_of
from tocsin.game.plan import F64, Game
from tocsin.infer.particles import Particles
from tocsin.infer.posterior import Posterior

MOST_OPPONENTS = 3
THIRD = 1.0 / 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One part of the histories; which they are is told from an island's particles."""

    kind: str
    actor: str
    label: str
    row: int  # disposition of the actor, or front, or quantity
    low: float
    high: float

    def mask(self, game: Game, particles: Particles) -> F64:
        """(N,) 1 for the histories of the group."""
        now = game.now
        if self.kind == "disposition":
            value = particles.disposition[game.actors.index(self.actor)].astype(np.float64)
        elif self.kind == "intent":
            value = particles.goal[now, self.row].astype(np.float64) - particles.posture[now, self.row]
        else:
            value = particles.values[self.row].astype(np.float64)
        return np.asarray((value >= self.low) & (value < self.high), dtype=np.float64)


def opponents_of(game: Game, questions: tuple[Question, ...]) -> tuple[str, ...]:
    """Those whose decisions the questions are about: who initiates their fronts or signs their deals."""
    found: dict[str, None] = {}
    for question in questions:
        for front in fronts_of(question):
            found.setdefault(front.split(" -> ")[0])
        for deal in deals_of(question):
            for actor in game.case.deals[game.deals.index(deal)].between:
                found.setdefault(actor)
        if not found:
            found |= dict.fromkeys(actors_of(question))
    return tuple(found)[:MOST_OPPONENTS]


def weighted_quantile(values: np.ndarray, weight: F64, share: float) -> float:
    """The value below which a share of the weight lies.

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4]), 0.5)
    2.0
    """
    order = np.argsort(values, kind="stable")
    place = int(np.searchsorted(np.cumsum(weight[order]), share * weight.sum()))
    return float(values[order][min(place, len(order) - 1)])


def groups_of(
    posterior: Posterior, opponents: tuple[str, ...], questions: tuple[Question, ...]
) -> list[Group]:
    """Every opponent by what it is, by what it means on the questions' fronts, and by how it reads others."""
    game = posterior.game
    fronts = dict.fromkeys(front for question in questions for front in fronts_of(question))
    groups: list[Group] = []
    for actor in opponents:
        for k, disposition in enumerate(game.dispositions):
            groups.append(Group(kind="disposition", actor=actor, label=disposition, row=0, low=k, high=k + 1))
        for front in fronts:
            if front.split(" -> ")[0] == actor:
                row = game.fronts.index(front)
                climbs = f"means to go higher on {front} than it stands"
                stays = f"means to go no higher on {front}"
                groups.append(Group(kind="intent", actor=actor, label=climbs, row=row, low=0.5, high=np.inf))
                groups.append(Group(kind="intent", actor=actor, label=stays, row=row, low=-np.inf, high=0.5))
        label = f"{actor}: bias"
        if label in game.statics.labels:
            row = game.statics.labels.index(label)
            if game.statics.coordinate[row] >= 0:
                ends = [
                    weighted_quantile(posterior.values[row], posterior.weight, s) for s in (THIRD, 1 - THIRD)
                ]
                low, high = "reads least hostility (lowest third)", "reads most hostility (highest third)"
                groups.append(
                    Group(kind="perception", actor=actor, label=low, row=row, low=-np.inf, high=ends[0])
                )
                groups.append(
                    Group(kind="perception", actor=actor, label=high, row=row, low=ends[1], high=np.inf)
                )
    return groups
