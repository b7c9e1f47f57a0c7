"""A dyad of the game as exact tables: chance of each next posture, given both postures and the tension.

Two fronts answer each other. A front's choice is the game's own (docs/model.md, section 4), with what is
known of a dyad that nobody wrote a case for:

    U(r) = − ½ ω (r − m)² − ρ |r − own| + Σ appetite_q h(r; q) + w (x − ½) h(r; 1) − λ v h(r; blow)

over the temperature, which one dyad's postures cannot tell from the size of all the rest. ``m`` is the
other's posture as read: shifted by a bias, blurred by misperception (a three-point Gauss–Hermite rule, exact
to the fifth moment), and in contact now and then shifted by an incident. ``x`` is one hidden factor of the
pair, its *tension*, which reverts to ½; ``w`` is how strongly it pulls. ``v`` is wear, taken from what was
read so far. Appetites from words, exchange and offensive (q = 1, 3, 5) are the front's standing reasons;
preparation is left out, since nothing in event data shows it.

Gradients are by hand and held against differences in a test: a fit then costs two passes over the weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

N_RUNGS = 7  # of the usual ladder
APPETITES_FROM = (1, 3, 5)
BLOW = 3  # the usual ladder's first act that calls for an answer
CONTACT = 2  # both sides at this rung or above can have incidents
NODES = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])
NODE_WEIGHTS = np.array([1.0, 4.0, 1.0]) / 6.0
INCIDENT_SHIFTS = np.array([1.0, 2.0, 3.0])
# Middle of each condition of wear, and its upper edge.
WEAR_LEVELS = np.array([0.0, 0.15, 0.5])
WEAR_EDGES = np.array([0.05, 0.3])

# One front's numbers, in this order; logs where a number is positive.
FRONT = (
    "reciprocity", "inertia", "bias",
    "appetite_words", "appetite_force", "appetite_offensive",
    "pull", "weariness",
)  # fmt: skip
# The theatre's numbers about choices: logs of rates a week and of misperception.
SHARED = ("revision", "misperception", "incidents")


def ramp(from_: int, n_rungs: int) -> F64:
    """h(r; from) of the usual ladder for its first `n_rungs` rungs: a coding may not reach its top."""
    rungs = np.arange(n_rungs)
    return np.clip((rungs - from_ + 1.0) / (N_RUNGS - from_), 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Choices of one front under every condition, and what their gradient needs."""

    chance: F64  # (C, own L, other L, next L, K)
    response: F64  # (C, own, other, Q, next, K) quantal response at each node of perception
    weight: F64  # (own, other, Q) of each node
    revises: float
    incident: float


def tension_levels(n: int) -> F64:
    """Where tension can stand: n levels from 0 to 1."""
    return np.linspace(0.0, 1.0, n) if n > 1 else np.array([0.5])


def tension_drift(levels: F64, reversion: float, volatility: float) -> F64:
    """(K, K) chance of each level of tension a week later.

    The Ornstein–Uhlenbeck factor of the game, reverting to ½ by `reversion` a week with `volatility` a root
    week, its density taken at the levels and made to sum to one.
    """
    if len(levels) == 1:
        return np.ones((1, 1))
    keep = np.exp(-reversion)
    middle = 0.5 + keep * (levels - 0.5)
    spread = volatility * np.sqrt((1.0 - keep * keep) / (2.0 * reversion))
    log_density = -0.5 * ((levels[None, :] - middle[:, None]) / spread) ** 2
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    answer: F64 = density / density.sum(axis=1, keepdims=True)
    return answer


def choose(front: F64, shared: F64, levels: F64, n_rungs: int) -> Choice:
    """Chances of a front's next posture.

    Parameters
    ----------
    front : (8,) in the order of `FRONT`
    shared : (3,) in the order of `SHARED`
    levels : (K,) of tension
    n_rungs : L, rungs that the coding can show
    """
    rungs = np.arange(n_rungs, dtype=np.float64)
    reciprocity, inertia, pull, weariness = np.exp(front[[0, 1, 6, 7]])
    appetite = sum(front[3 + i] * ramp(q, n_rungs) for i, q in enumerate(APPETITES_FROM))
    # What does not depend on the other, by condition, next rung and tension.
    standing = (
        appetite
        - weariness * WEAR_LEVELS[:, None] * ramp(BLOW, n_rungs)
    )[:, :, None] + pull * ramp(1, n_rungs)[:, None] * (levels - 0.5)  # fmt: skip
    read = _read(front, shared, rungs)
    answer = -0.5 * reciprocity * (rungs[None, None, :] - read[:, :, None]) ** 2  # (other, Q, next)
    stay = -inertia * np.abs(rungs[None, :] - rungs[:, None])  # (own, next)
    utility = (
        answer[None, None, :, :, :, None]
        + stay[None, :, None, None, :, None]
        + standing[:, None, None, None, :, :]
    )
    response = np.exp(utility - utility.max(axis=4, keepdims=True))
    response /= response.sum(axis=4, keepdims=True)
    revises, incident = (1.0 - np.exp(-np.exp(shared[[0, 2]]))).tolist()
    weight = _weights(revises, incident, n_rungs)
    chance = np.einsum("caoqnk,aoq->caonk", response, weight)
    own = np.arange(n_rungs)
    chance[:, own, :, own, :] += (1.0 - weight.sum(axis=2))[:, None, :, None]
    return Choice(
        chance=np.ascontiguousarray(chance),
        response=response,
        weight=weight,
        revises=revises,
        incident=incident,
    )


def _read(front: F64, shared: F64, rungs: F64) -> F64:
    """(other, Q) the other's posture as read at each node: three of noise, three of incidents."""
    shift = np.concatenate([np.exp(shared[1]) * NODES, INCIDENT_SHIFTS])
    answer: F64 = rungs[:, None] + front[2] + shift[None, :]
    return answer


def _contact(n_rungs: int) -> F64:
    """(own, other) 1 where both sides stand where incidents happen."""
    high = (np.arange(n_rungs) >= CONTACT).astype(np.float64)
    return high[:, None] * high[None, :]


def _weights(revises: float, incident: float, n_rungs: int) -> F64:
    """(own, other, Q) weight of each node; what is missing to 1 is the chance of not reconsidering."""
    struck = incident * _contact(n_rungs)
    calm = (1.0 - struck)[:, :, None] * revises * NODE_WEIGHTS
    return np.concatenate([calm, np.repeat(struck[:, :, None] / 3.0, 3, axis=2)], axis=2)


def gradient(made: F64, choice: Choice, front: F64, shared: F64, levels: F64) -> tuple[F64, F64]:
    """Gradient of Σ made · log chance, in `front` (8,) and in `shared` (3,).

    With `made` the expected choices given all weeks, this is the gradient of the log likelihood itself
    (Fisher's identity).
    """
    n_rungs = choice.chance.shape[1]
    rungs = np.arange(n_rungs, dtype=np.float64)
    own = np.arange(n_rungs)
    reciprocity, inertia, pull, weariness = np.exp(front[[0, 1, 6, 7]])
    by_chance = made / np.maximum(choice.chance, 1e-300)
    # d/dU of a softmax, summed over what each part does not depend on.
    by_response = by_chance[:, :, :, None] * choice.weight[None, :, :, :, None, None]
    inner = (choice.response * by_response).sum(axis=4, keepdims=True)
    by_utility = choice.response * (by_response - inner)  # (C, own, other, Q, next, K)

    read = _read(front, shared, rungs)
    gap = rungs[None, None, :] - read[:, :, None]
    answers = by_utility.sum(axis=(0, 1, 5))  # (other, Q, next)
    by_read = (answers * (reciprocity * gap)).sum(axis=2)  # (other, Q)
    stays = by_utility.sum(axis=(0, 2, 3, 5))  # (own, next)
    nexts = by_utility.sum(axis=(1, 2, 3))  # (C, next, K)
    rung_sums = nexts.sum(axis=(0, 2))
    in_front = np.array(
        [
            reciprocity * (-0.5 * gap**2 * answers).sum(),
            -inertia * (np.abs(rungs[None, :] - rungs[:, None]) * stays).sum(),
            by_read.sum(),
            *(float(rung_sums @ ramp(q, n_rungs)) for q in APPETITES_FROM),
            pull * float((nexts.sum(axis=0) @ (levels - 0.5)) @ ramp(1, n_rungs)),
            -weariness * float((WEAR_LEVELS @ nexts.sum(axis=2)) @ ramp(BLOW, n_rungs)),
        ]
    )
    # Weights of the nodes, and what they leave to standing still.
    by_weight = np.einsum("caonk,caoqnk->aoq", by_chance, choice.response)
    by_weight -= by_chance[:, own, :, own, :].sum(axis=(1, 3))[:, :, None]
    contact = _contact(n_rungs)
    calm = (1.0 - choice.incident * contact)[:, :, None] * NODE_WEIGHTS
    by_revises = float((by_weight[:, :, :3] * calm).sum())
    by_incident = float(
        (contact[:, :, None] * (by_weight[:, :, 3:] / 3.0)).sum()
        - (contact[:, :, None] * choice.revises * NODE_WEIGHTS * by_weight[:, :, :3]).sum()
    )
    in_shared = np.array(
        [
            by_revises * (1.0 - choice.revises) * np.exp(shared[0]),
            float((by_read[:, :3] * NODES).sum() * np.exp(shared[1])),
            by_incident * (1.0 - choice.incident) * np.exp(shared[2]),
        ]
    )
    return in_front, in_shared


def wear(
    rung: NDArray[np.integer], rung_back: NDArray[np.integer], cost: F64, recovery: float
) -> NDArray[np.int64]:
    """Condition of a side before each week, 0 to 2: how worn, as the game counts it from what was read.

    Parameters
    ----------
    rung, rung_back : (T,) coded rungs of the two fronts
    cost : (7,) wear of a week at each rung
    recovery : share of wear that heals in a week

    Returns
    -------
    (T + 1,) the condition in week t follows from weeks before t alone
    """
    worn = np.zeros(len(rung) + 1)
    for t, weekly in enumerate(cost[rung] + cost[rung_back]):
        worn[t + 1] = min(np.exp(-recovery) * worn[t] + weekly, 1.0)
    return np.asarray(np.searchsorted(WEAR_EDGES, worn, side="right"), dtype=np.int64)
