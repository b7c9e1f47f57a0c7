"""What signing a deal is worth to each side at one step of a run, summand by summand.

It is the gain that the game itself decides by (`tocsin.game.reference.deal_gains`, docs/model.md section 7),
from the same state and the same chance, taken apart: an answer at any step is what the party would weigh if
talks were held in it. It reads a run that is there; it runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.game import chance
from tocsin.game.plan import F64, Game, Plan
from tocsin.game.reference import State, perceive, ramp, term_value
from tocsin.infer.particles import Particles

IN_KIND, TERMS = "answering in kind", "terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What signing is worth to one side, for N histories."""

    parts: F64  # (J+2, N) nats over temperature: answering in kind, the front's J terms, the deal's terms
    meant: np.ndarray  # (N,) the rung that it means to do going on
    temperature: F64  # (N,)

    @property
    def gain(self) -> F64:
        """(N,) the sum of its parts: log odds of accepting."""
        return np.asarray(self.parts.sum(axis=0))

    @property
    def nats(self) -> F64:
        """(N,) the same in the unit of the terms, not divided by the temperature."""
        return np.asarray(self.gain * self.temperature)


def state_before(particles: Particles, t: int) -> State:
    """The state after step t - 1, as the reference takes it."""
    s = t - 1
    return State(
        posture=particles.posture[s].astype(np.int64),
        goal=particles.goal[s].astype(np.int64),
        preparation=particles.readiness[s].astype(np.int64),
        factor=particles.factor[s].astype(np.float64),
        standing=particles.standing[s].astype(np.float64),
        wear=particles.wear[s].astype(np.float64),
        deal=particles.deal[s] & 1 == 1,
    )


def worth(
    plan: Plan, particles: Particles, rows: F64, deal: int, side: int, t: int, state: State
) -> Worth | None:
    """What deal number `deal` is worth to a side (0 or 1) in step t of the run that the particles hold.

    Parameters
    ----------
    plan : that they were run with
    particles : run on to step t at least
    rows : (P, N) their parameter rows, in float64
    state : `state_before` of them at t

    Returns
    -------
    None for a side without a front toward the other: it has nothing to give up and consents

    Examples
    --------
    >>> worth(game.plan, particles, rows, 0, 0, game.now + 1, state).gain.mean()  # doctest: +SKIP
    -1.8
    """
    f = int(plan.deal_front[deal, side])
    if f < 0:
        return None
    key, slots = int(particles.keys[t]), particles.slots[t]
    n_rungs, i, back = len(plan.need), int(plan.front_from[f]), int(plan.reverse[f])
    address = chance.WORDS_PER_FRONT * f
    noise = chance.normal(chance.words(key, slots, address + chance.NOISE))
    seen, _ = perceive(plan, f, t, rows, state, noise, chance.words(key, slots, address + chance.INCIDENT))
    meant = np.minimum(state.goal[f], _cap(plan, deal, f, t, state))
    limit = int(plan.deal_cap[deal])
    left = np.minimum(meant, limit)
    other = state.posture[back] if back >= 0 else np.zeros_like(meant)
    calmer = np.maximum(other - limit, 0)
    half_omega = 0.5 * rows[plan.row_reciprocity[i]]
    first, stop = int(plan.term_start[f]), int(plan.term_start[f + 1])
    parts = np.empty((stop - first + 2, particles.n))
    parts[0] = half_omega * ((meant - seen) ** 2 - (left - (seen - calmer)) ** 2)
    factor = particles.factor[t].astype(np.float64)
    for k, j in enumerate(range(first, stop), 1):
        given_up: F64 = ramp(left, int(plan.term_from[j]), n_rungs)
        given_up = given_up - ramp(meant, int(plan.term_from[j]), n_rungs)
        parts[k] = given_up * term_value(plan, j, t, rows, state, factor)
    inverse = rows[plan.row_inverse_temperature[i]]
    parts[-1] = plan.deal_terms[deal, side] * inverse
    return Worth(parts=parts, meant=meant, temperature=1.0 / inverse)


def _cap(plan: Plan, deal: int, f: int, t: int, state: State) -> np.ndarray:
    """Highest rung that the other deals in force allow a front."""
    cap = np.full(state.posture.shape[1], len(plan.need) - 1)
    for g, fronts in enumerate(plan.deal_front):
        if g == deal or f not in fronts:
            continue
        force = plan.deal_force[t, g]
        held = state.deal[g] if force == 0 else np.full(len(cap), force > 0)
        cap = np.where(held, np.minimum(cap, plan.deal_cap[g]), cap)
    return cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the parts of a side's worth are, those of one name taken together: K of them."""

    names: tuple[tuple[str, str, str], ...]  # (K,) family, label, reference
    of_part: tuple[int, ...]  # (J+2,) which of the K each part belongs to

    def together(self, parts: F64) -> F64:
        """Parts (J+2, ...) summed by name: (K, ...)."""
        whole = np.zeros((len(self.names), *parts.shape[1:]))
        np.add.at(whole, list(self.of_part), parts)
        return whole


def labels(game: Game, deal: int, side: int) -> Labels | None:
    """The parts of a side's worth; None for a side without a front.

    An appetite is one part, whatever the disposition, and so is a tie whose strength changes.
    """
    plan = game.plan
    f = int(plan.deal_front[deal, side])
    if f < 0:
        return None
    each = [(IN_KIND, "what the other does, and how far it is answered", "")]
    for term in game.terms[int(plan.term_start[f]) : int(plan.term_start[f + 1])]:
        if term.name == "disposition":
            each.append((term.name, "what it wants of itself", ""))
        else:
            each.append((term.name, term.label, term.reference))
    each.append((TERMS, "the terms of the deal", game.deals[deal]))
    names = tuple(dict.fromkeys(each))
    return Labels(names=names, of_part=tuple(names.index(name) for name in each))


__all__ = ["IN_KIND", "TERMS", "Labels", "Worth", "labels", "state_before", "worth"]
