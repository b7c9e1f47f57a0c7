"""What theory expects of each column, before any data: the priors of tocsin's own forecaster.

A prior's sign is the sign that the game gives the term; its size is a judgement made before any run: 0.3 nats
where the term is thought to matter somewhat, 0.5 where it is a staple of the literature, 0 where theory
argues both ways. How far the data may lie from these means, and whether the means count at all, is left to
the evidence of the past (see `model`).

Staples: territory (Vasquez 1993, The War Puzzle), rivalry (Thompson 2001), contiguity (Bremer 1992), parity
(Organski and Kugler 1980), joint democracy (Russett and Oneal 2001), arms races (Gibler, Rider and Hutchison
2005), alliances as obligation (Leeds 2003) and war's diffusion along ties (Siverson and Starr 1991).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.events.backtest.crises.situations import COLUMNS, FloatArray

SOMEWHAT, STAPLE = 0.3, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What a column is in the game, and what it is expected to do: nats per unit."""

    term: str  # the game's word
    war: float
    entry: float


BELIEFS: dict[str, Belief] = {
    "territory": Belief(term="reason", war=STAPLE, entry=0.0),
    "regime": Belief(term="reason", war=SOMEWHAT, entry=SOMEWHAT),
    "policy": Belief(term="reason", war=-SOMEWHAT, entry=0.0),
    "both_want_change": Belief(term="reason", war=SOMEWHAT, entry=0.0),
    "violent_trigger": Belief(term="reciprocity", war=STAPLE, entry=0.0),
    "military_trigger": Belief(term="reciprocity", war=0.0, entry=0.0),
    "internal_trigger": Belief(term="reciprocity", war=-SOMEWHAT, entry=0.0),
    "near": Belief(term="opportunity", war=SOMEWHAT, entry=0.0),
    "rivals": Belief(term="reason", war=STAPLE, entry=SOMEWHAT),
    "arms_race": Belief(term="reason", war=SOMEWHAT, entry=SOMEWHAT),
    # Pairs that meet often know each other's limits: rivalry is counted apart.
    "recent_disputes": Belief(term="reciprocity", war=0.0, entry=-SOMEWHAT),
    "parity": Belief(term="deterrence", war=SOMEWHAT, entry=SOMEWHAT),
    "initiator_share": Belief(term="opportunity", war=SOMEWHAT, entry=0.0),
    "one_major": Belief(term="opportunity", war=0.0, entry=SOMEWHAT),
    "both_major": Belief(term="deterrence", war=0.0, entry=SOMEWHAT),
    "joint_democracy": Belief(term="reason", war=-STAPLE, entry=0.0),
    "pact_between": Belief(term="obligation", war=-SOMEWHAT, entry=0.0),
    "neutrality_between": Belief(term="obligation", war=-SOMEWHAT, entry=0.0),
    "initiator_allies": Belief(term="obligation", war=0.0, entry=0.0),
    "target_allies": Belief(term="deterrence", war=-SOMEWHAT, entry=SOMEWHAT),
    "major_ally_outside": Belief(term="deterrence", war=0.0, entry=SOMEWHAT),
    "tied_rivals": Belief(term="obligation", war=0.0, entry=STAPLE),
    "tied_neighbours": Belief(term="obligation", war=0.0, entry=STAPLE),
    "recent_war_between": Belief(term="weariness", war=-SOMEWHAT, entry=0.0),
    "side_at_war": Belief(term="weariness", war=-SOMEWHAT, entry=SOMEWHAT),
    "outsiders_fighting_a_side": Belief(term="obligation", war=0.0, entry=STAPLE),
    "world_at_war": Belief(term="reason", war=0.0, entry=STAPLE),
    "parties": Belief(term="obligation", war=SOMEWHAT, entry=SOMEWHAT),
    "opponent_no_state": Belief(term="reason", war=-SOMEWHAT, entry=SOMEWHAT),
}


def prior_means(task: str) -> FloatArray:
    """(K,) prior means of a task's columns, in the order of `COLUMNS`."""
    return np.array([getattr(BELIEFS[name], task.rpartition("-")[2]) for name in COLUMNS])
