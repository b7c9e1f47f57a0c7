"""One step of the game in plain NumPy: the equations as they are read, and the oracle of the fast kernel.

Everything is float64 and one front at a time; nothing is clever. The last axis of arrays is particles.
See docs/model.md for the equations and their sources; the choice rule is logit quantal response (McKelvey and
Palfrey 1995; for crises, Signorino 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tocsin.game import chance
from tocsin.game import plan as p
from tocsin.game.plan import F64, Game, Plan, Statics

LEVELS = 4  # of readiness, 0-3
RELIEF_LEVELS = 2  # levels of readiness that being under attack spares


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the next step needs of this one, for N particles."""

    posture: NDArray[np.int64]  # (F, N)
    goal: NDArray[np.int64]  # (F, N)
    preparation: NDArray[np.int64]  # (F, N)
    factor: F64  # (K, N)
    standing: F64  # (A, N)
    wear: F64  # (A, N)
    deal: NDArray[np.bool_]  # (G, N) in force


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What diagnosis needs of a step."""

    perceived: F64  # (F, N) the other's posture as read
    incident: NDArray[np.bool_]  # (F, N)
    utility: F64  # (F, L, N) over temperature
    offer: F64  # (G, 2, N) what each deal is worth to each side, over temperature
    choice: F64  # (F, L, N) chance of each goal, not reconsidering counted in
    log_choice: F64  # (A, N) log chance of the goals taken and the deals answered, by actor
    log_weight: F64  # (N,) log chance of the step's evidence, 0 without any


def ramp(rung: NDArray[np.int64] | int, from_: int, n_rungs: int) -> F64:
    """h(r; from): how much of a consideration that counts from a rung bears on rung `rung`.

    Examples
    --------
    >>> [float(ramp(r, 5, 7)) for r in range(7)]
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0]
    """
    return np.clip((np.asarray(rung, dtype=np.float64) - from_ + 1.0) / (n_rungs - from_), 0.0, 1.0)


def draw_statics(
    statics: Statics, n: int, rng: np.random.Generator
) -> tuple[F64, NDArray[np.int64], NDArray[np.int64]]:
    """Draw z (Z, N), dispositions (A, N) and deception marks (A, N) from their priors."""
    z = rng.standard_normal((statics.n_coordinates, n))
    u = rng.random((len(statics.deception_prior), n))
    edges = np.cumsum(statics.disposition_prior, axis=1)[:, :-1]
    disposition = (u[:, None, :] > edges[:, :, None]).sum(axis=1)
    deceives = (rng.random(u.shape) < statics.deception_prior[:, None]).astype(np.int64)
    return z, disposition, deceives


def quantities(statics: Statics, z: F64) -> F64:
    """Every uncertain number of the case at coordinates `z`: (Q, N)."""
    n = z.shape[1]
    values = np.empty((len(statics.link), n))
    for q, (link, where, spread, k) in enumerate(
        zip(statics.link, statics.location, statics.scale, statics.coordinate, strict=True)
    ):
        x = np.zeros(n) if k < 0 else z[k]
        if link == p.TABLE:
            values[q] = np.interp(x, p.Z_GRID, statics.tables[int(where)])
            continue
        x = float(where) + float(spread) * x
        values[q] = np.exp(x) if link == p.LOG else 1.0 / (1.0 + np.exp(-x)) if link == p.LOGIT else x
    return values


def parameter_rows(statics: Statics, values: F64, disposition: NDArray[np.int64]) -> F64:
    """Coefficients of the utilities (P, N): products of quantities and of a mark of the disposition."""
    rows = np.empty((len(statics.row_sign), values.shape[1]))
    for k in range(len(rows)):
        rows[k] = statics.row_sign[k] * statics.row_multiplier[k][disposition[statics.row_actor[k]]]
        for q in statics.row_quantities[k]:
            if q >= 0:
                rows[k] = rows[k] * values[q]
    return rows


def initial_state(game: Game, n: int, rng: np.random.Generator) -> State:
    """N copies of the case's start; only readiness is drawn."""
    n_fronts = len(game.fronts)
    edges = np.cumsum(game.start.preparation, axis=1)[:, :-1]
    level = (rng.random((n_fronts, n))[:, None, :] > edges[:, :, None]).sum(axis=1)
    posture = np.repeat(game.start.posture.astype(np.int64)[:, None], n, axis=1)
    return State(
        posture=posture,
        goal=posture.copy(),
        preparation=level.astype(np.int64),
        factor=np.repeat(game.start.factor[:, None], n, axis=1),
        standing=np.repeat(game.start.standing[:, None], n, axis=1),
        wear=np.repeat(game.start.wear[:, None], n, axis=1),
        deal=np.zeros((len(game.deals), n), dtype=bool),
    )


def move_factors(plan: Plan, t: int, state: State, noise: F64) -> F64:
    """Factors revert to targets that postures may drive, with noise; clipped to [0, 1]."""
    n_rungs = len(plan.need)
    target = np.repeat(plan.factor_target[t].astype(np.float64)[:, None], state.posture.shape[1], axis=1)
    for k, f, from_, gain in zip(
        plan.driver_factor, plan.driver_front, plan.driver_from, plan.driver_gain, strict=True
    ):
        target[k] += gain * ramp(state.posture[f], int(from_), n_rungs)
    keep = plan.factor_keep[t].astype(np.float64)[:, None]
    moved: F64 = keep * state.factor + (1.0 - keep) * np.clip(target, 0.0, 1.0)
    moved = moved + plan.factor_noise[t][:, None] * noise + plan.factor_jump[t][:, None]
    return np.asarray(np.clip(moved, 0.0, 1.0))


def term_value(plan: Plan, j: int, t: int, rows: F64, state: State, factor: F64) -> F64:
    """Coefficient of term j at step t: nats (over temperature) that it adds at the top rung. (N,)."""
    kind, ref = plan.term_kind[j], plan.term_ref[j]
    coefficient: F64 = (
        plan.term_gate[t, j] * rows[plan.term_row[j]] + plan.term_shift[t, j] * rows[plan.term_shift_row[j]]
    )
    scale: F64
    if kind == p.FACTOR:
        scale = factor[ref]
    elif kind == p.PERIL:
        scale = ramp(state.posture[ref], int(plan.blow), len(plan.need))
    elif kind == p.CREDIBLE:
        scale = state.standing[ref]
    elif kind == p.WEAK:
        scale = 1.0 - state.standing[ref]
    elif kind == p.WEAR:
        scale = state.wear[ref]
    else:
        return coefficient
    return coefficient * scale


def perceive(
    plan: Plan, f: int, t: int, rows: F64, state: State, noise: F64, incident_word: NDArray[np.uint32]
) -> tuple[F64, NDArray[np.bool_]]:
    """What the initiator of front f reads of the other's posture, and whether an incident coloured it."""
    i, back = plan.front_from[f], plan.reverse[f]
    other = state.posture[back].astype(np.float64) if back >= 0 else np.zeros(rows.shape[1])
    misperceives = float(plan.scale[0])
    m = (
        other
        + plan.lean[t, f]
        + misperceives * (rows[plan.row_bias[i]] + rows[plan.row_misperception[i]] * noise)
    )
    u = chance.uniform(incident_word)
    chance_of_one = np.float32(plan.p_incident[t, f] * plan.scale[1])
    incident = u < chance_of_one
    if back < 0:
        incident = np.zeros_like(incident)
    else:
        incident = incident & (state.posture[f] >= plan.contact) & (state.posture[back] >= plan.contact)
    # The rest of the word, below the threshold, is uniform again: it gives the size, one to three rungs.
    size = 1.0 + np.floor(3.0 * np.minimum(u / max(chance_of_one, np.float32(1e-30)), 0.999999))
    return m + np.where(incident, size, 0.0), incident


def utility(plan: Plan, f: int, t: int, rows: F64, state: State, factor: F64, perceived: F64) -> F64:
    """U_f(r) / tau for every rung: (L, N). Additive, so every decision can be taken apart."""
    n_rungs = len(plan.need)
    i = plan.front_from[f]
    rung = np.arange(n_rungs, dtype=np.float64)[:, None]
    u: F64 = -0.5 * rows[plan.row_reciprocity[i]] * (rung - perceived) ** 2
    u = u - rows[plan.row_inertia[i]] * np.abs(rung - state.posture[f])
    for j in range(plan.term_start[f], plan.term_start[f + 1]):
        coefficient = term_value(plan, j, t, rows, state, factor)
        u = u + coefficient * ramp(np.arange(n_rungs), int(plan.term_from[j]), n_rungs)[:, None]
    return u


def quantal_response(u: F64) -> F64:
    """Logit choice over the first axis."""
    e = np.exp(u - u.max(axis=0))
    return np.asarray(e / e.sum(axis=0))


def readiness_outcomes(
    plan: Plan, f: int, t: int, goal: int, state: State, cap: NDArray[np.int64]
) -> list[tuple[F64, NDArray[np.int64], NDArray[np.int64]]]:
    """Ways readiness can go if front f's goal is `goal`: (chance, posture, readiness) of each. All (N,)."""
    posture, level = state.posture[f], state.preparation[f]
    back = plan.reverse[f]
    attacked = state.posture[back] >= plan.relief_rung if back >= 0 else np.zeros(len(posture), dtype=bool)
    need = np.maximum(plan.need[goal] - RELIEF_LEVELS * attacked, 0)
    outcomes = []
    for k in range(LEVELS):
        if goal <= plan.reach:
            chance_k = np.full(len(posture), float(plan.p_lose[t, k]))
            after = np.maximum(level - k, 0)
            reached = np.full(len(posture), goal)
        else:
            ready = level >= need
            chance_k = np.where(ready, float(k == 0), float(plan.p_gain[t, k]))
            after = np.where(ready, level, np.minimum(level + k, LEVELS - 1))
            reached = np.where(after >= need, goal, posture)
        outcomes.append((chance_k, np.minimum(reached, cap), after))
    return outcomes


def step(
    plan: Plan,
    rows: F64,
    state: State,
    *,
    t: int,
    key: int,
    slots: NDArray[np.uint32],
    posture_evidence: F64 | None = None,
    readiness_evidence: F64 | None = None,
) -> tuple[State, Info]:
    """Advance N particles through step t.

    Parameters
    ----------
    plan : the compiled game
    rows : (P, N) parameter rows of the particles
    state : the state after step t - 1
    t : the step, 1 to T
    key : the run's key for this step (`chance.step_key`)
    slots : (N,) addresses of the particles' chance
    posture_evidence : (F, L, N) chance of the step's evidence given the new posture; 1 where there is none
    readiness_evidence : (F, 4, N) the same given the new readiness

    Returns
    -------
    The state after the step, drawn given the evidence, and what diagnosis needs; ``info.log_weight`` is the
    log chance of the evidence given the old state, so the draw is fully adapted (Pitt and Shephard 1999).
    """
    n_fronts, n = state.posture.shape
    n_rungs, n_actors, n_deals = len(plan.need), len(plan.row_bias), len(plan.deal_cap)
    noise = np.array(
        [chance.normal(chance.words(key, slots, chance.FACTOR_BASE + k)) for k in range(len(state.factor))]
    )
    factor = move_factors(plan, t, state, noise.reshape(state.factor.shape))
    deal = state.deal.copy()
    for g in range(n_deals):
        if plan.deal_force[t, g] != 0:
            deal[g] = plan.deal_force[t, g] > 0
    cap = np.full((n_fronts, n), n_rungs - 1)
    for g in range(n_deals):
        for f in plan.deal_front[g]:
            if f >= 0:
                cap[f] = np.where(deal[g], np.minimum(cap[f], plan.deal_cap[g]), cap[f])

    posture, goal, level = (
        np.empty_like(state.posture),
        np.empty_like(state.goal),
        np.empty_like(state.preparation),
    )
    perceived, utilities = np.empty((n_fronts, n)), np.empty((n_fronts, n_rungs, n))
    incidents, choices = np.empty((n_fronts, n), dtype=bool), np.empty((n_fronts, n_rungs, n))
    log_choice, log_weight = np.zeros((n_actors, n)), np.zeros(n)
    lanes = np.arange(n)
    for f in range(n_fronts):
        address = chance.WORDS_PER_FRONT * f
        word = [chance.words(key, slots, address + k) for k in range(chance.WORDS_PER_FRONT)]
        perceived[f], incidents[f] = perceive(
            plan, f, t, rows, state, chance.normal(word[chance.NOISE]), word[chance.INCIDENT]
        )
        utilities[f] = utility(plan, f, t, rows, state, factor, perceived[f])
        allowed = np.arange(n_rungs)[:, None] <= cap[f]
        revised = quantal_response(np.where(allowed, utilities[f], -np.inf))
        # An incident forces a decision; otherwise the actor reconsiders at its pace and keeps its goal.
        revises = np.where(incidents[f], 1.0, float(plan.p_revise[t]))
        kept = np.minimum(state.goal[f], cap[f])
        choices[f] = revises * revised
        choices[f][kept, lanes] += 1.0 - revises

        see_posture = np.ones((n_rungs, n)) if posture_evidence is None else posture_evidence[f]
        see_level = np.ones((LEVELS, n)) if readiness_evidence is None else readiness_evidence[f]
        fit = np.zeros((n_rungs, LEVELS, n))
        to_posture, to_level = np.zeros((2, n_rungs, LEVELS, n), dtype=np.int64)
        for g in range(n_rungs):
            for k, (chance_k, r, after) in enumerate(readiness_outcomes(plan, f, t, g, state, cap[f])):
                fit[g, k] = chance_k * see_posture[r, lanes] * see_level[after, lanes]
                to_posture[g, k], to_level[g, k] = r, after
        joint = choices[f] * fit.sum(axis=1)
        total = joint.sum(axis=0)
        with np.errstate(divide="ignore"):
            log_weight += np.log(total)
        goal[f] = _pick(joint, chance.uniform(word[chance.GOAL]))
        way = _pick(fit[goal[f], :, lanes].T, chance.uniform(word[chance.READINESS]))
        posture[f], level[f] = to_posture[goal[f], way, lanes], to_level[goal[f], way, lanes]
        log_choice[plan.front_from[f]] += np.log(np.maximum(choices[f][goal[f], lanes], 1e-300))

    offer = deal_gains(plan, rows, state, cap, perceived, utilities)
    log_choice, deal = _settle(plan, t, key, slots, deal, offer, log_choice)
    standing, wear = _follow(plan, t, state, posture)
    after_state = State(
        posture=posture, goal=goal, preparation=level, factor=factor, standing=standing, wear=wear, deal=deal
    )
    info = Info(
        perceived=perceived,
        incident=incidents,
        utility=utilities,
        offer=offer,
        choice=choices,
        log_choice=log_choice,
        log_weight=log_weight,
    )
    return after_state, info


def _pick(chances: F64, u: NDArray[np.float32]) -> NDArray[np.int64]:
    """Inverse distribution function over the first axis; chances need not sum to one."""
    edges = np.cumsum(chances, axis=0)
    return np.asarray(np.minimum((u * edges[-1] >= edges).sum(axis=0), len(chances) - 1))


def deal_gains(
    plan: Plan, rows: F64, state: State, cap: NDArray[np.int64], perceived: F64, utilities: F64
) -> F64:
    """What signing each deal is worth to each side against going on, over temperature: (G, 2, N).

    An actor compares two worlds. Going on, it does what it means to (its goal, whether or not it is ready),
    against the other's posture as it reads it. Under the deal both sides are capped: it does what the cap
    leaves of its goal, and reads the other lower by as much as the other has to step down. Inertia is left
    out: an agreed step is no change of mind. A side without a front has nothing to give up and gains 0.

    Parameters
    ----------
    plan, rows, state : as in `step`; the state is that after the step before
    cap : (F, N) highest rung that deals in force allow
    perceived, utilities : (F, N) and (F, L, N), of this step
    """
    gains = np.zeros((len(plan.deal_cap), 2, state.posture.shape[1]))
    lanes = np.arange(state.posture.shape[1])
    for g, limit in enumerate(plan.deal_cap):
        for side, f in enumerate(plan.deal_front[g]):
            if f < 0:
                continue
            i, back = plan.front_from[f], plan.reverse[f]
            meant = np.minimum(state.goal[f], cap[f])
            left = np.minimum(meant, limit)
            other = state.posture[back] if back >= 0 else np.zeros_like(meant)
            seen_after = perceived[f] - (other - np.minimum(other, limit))
            half_omega = 0.5 * rows[plan.row_reciprocity[i]]
            without_inertia = utilities[f] + rows[plan.row_inertia[i]] * np.abs(
                np.arange(len(plan.need))[:, None] - state.posture[f]
            )
            going_on = without_inertia[meant, lanes]
            under_it = without_inertia[left, lanes] + half_omega * (
                (left - perceived[f]) ** 2 - (left - seen_after) ** 2
            )
            terms = plan.deal_terms[g, side] * rows[plan.row_inverse_temperature[i]]
            gains[g, side] = under_it - going_on + terms
    return gains


def _settle(
    plan: Plan,
    t: int,
    key: int,
    slots: NDArray[np.uint32],
    deal: NDArray[np.bool_],
    offer: F64,
    log_choice: F64,
) -> tuple[F64, NDArray[np.bool_]]:
    """Deals: each side answers by a logit of what it gains; a deal can break down."""
    after = deal.copy()
    for g in range(len(plan.deal_cap)):
        u = [chance.uniform(chance.words(key, slots, chance.DEAL_BASE + 4 * g + k)) for k in range(3)]
        broken = deal[g] & (u[0] < plan.p_breakdown[t, g])
        talks = ~deal[g] & (u[0] < plan.p_talks[t, g]) & bool(plan.deal_open[t, g])
        signed = talks.copy()
        for side, f in enumerate(plan.deal_front[g]):
            if f < 0:
                continue
            i = plan.front_from[f]
            accepts = expit(offer[g, side])
            yes = u[1 + side] < accepts
            log_choice[i] += np.where(talks, np.log(np.where(yes, accepts, 1.0 - accepts).clip(1e-300)), 0.0)
            signed &= yes
        after[g] = (deal[g] & ~broken) | signed
    return log_choice, after


def _follow(plan: Plan, t: int, state: State, posture: NDArray[np.int64]) -> tuple[F64, F64]:
    """Standing and wear after the new postures; both are functions of postures alone."""
    n_rungs = len(plan.need)
    standing = state.standing + plan.standing_pull[t] * (plan.standing_base[t][:, None] - state.standing)
    wear = state.wear * (1.0 - plan.wear_heal[t])
    top = n_rungs - 1.0
    for f in range(len(posture)):
        struck, back = plan.front_to[f], plan.reverse[f]
        answer = posture[back] if back >= 0 else np.zeros_like(posture[f])
        gap = (posture[f] - answer) / top
        under_blows = posture[f] >= plan.blow
        # Shares are of the standing before the step, so that the order of fronts makes no difference.
        held = state.standing[struck]
        gain = plan.standing_gain[t] * (1.0 - held)
        loss = plan.standing_loss[t] * gap * held
        standing[struck] += np.where(under_blows, np.where(gap <= 0.0, gain, -loss), 0.0)
        jump = posture[f] - state.posture[f]
        surprised = (jump >= 2) & (posture[f] > plan.reach)
        standing[struck] -= np.where(surprised, plan.surprise * (jump / top) * held, 0.0)
        wear[plan.front_from[f]] += plan.wear_cost[t][posture[f]]
        wear[struck] += plan.wear_cost[t][posture[f]]
    return np.clip(standing, 0.0, 1.0), np.clip(wear, 0.0, 1.0)
