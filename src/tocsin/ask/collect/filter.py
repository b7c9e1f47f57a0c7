"""The warning score: a small filter of one front, learned from the game's own histories.

What an attack on a front needs is lumped into a few states: whether fire is exchanged, the readiness, whether
more is meant, whether the other side has gone beyond the limit; and, fixed in one history, the disposition of
who would attack and whether it deceives. Start, transitions, the chance of each report in each state and the
chance that an attack comes within the weeks ahead are weighted means over histories. The score is then exact
for the lumped chain (forward algorithm): the log-likelihood ratio of all reports so far under "an attack
comes within so many weeks" against "it does not".

Learned on one half of the islands and used on the other, so that no history is scored by what it taught. The
lumping costs power, never honesty: a worse score gives a worse curve, and the curve is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.collect.histories import Histories
from tocsin.game.plan import F32, F64, I32

# Inner states: 2 x 4 x 2 x 2, then beyond the limit since the beginning, then attacked, which absorbs.
BELOW, BEYOND, ATTACKED, STATES = 32, 32, 33, 34
# A state's own numbers are drawn to those of all blocks by so many histories' worth.
SHRINK = 5.0
# Histories that are multiplied at a time; fixed, so that rounding does not depend on anything else.
CHUNK = 512
# Scores are told apart to a thousandth of a nat, far above rounding, so that equal evidence ties.
DECIMALS = 3
MOST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontFilter:
    """B blocks (disposition and deception) of S states; C channels."""

    start: F64  # (B, S)
    move: F64  # (B, S, S)
    attack: F64  # (B, S) chance that the attack comes within the weeks ahead
    says: F64  # (C, B, S) chance of what is said, to be multiplied by what is covered


def states(histories: Histories, front: int) -> tuple[I32, I32]:
    """Block (N,) and state (T+1, N) of each history."""
    game, plan = histories.game, histories.game.plan
    posture = histories.posture[:, front]
    back = plan.reverse[front]
    answered = histories.posture[:, back] > plan.reach if back >= 0 else np.zeros(posture.shape, dtype=bool)
    inner = (
        16 * (posture >= plan.blow).astype(np.int32)
        + 4 * histories.readiness[:, front].astype(np.int32)
        + 2 * histories.meant[:, front].astype(np.int32)
        + answered
    )
    rows = np.arange(histories.n_steps + 1)[:, None]
    state = np.where(
        rows >= histories.attacks(front), ATTACKED, np.where(posture > plan.reach, BEYOND, inner)
    )
    actor = plan.front_from[front]
    block = 2 * histories.disposition[actor].astype(np.int32) + histories.deceives[actor]
    assert len(game.dispositions) * 2 > int(block.max())
    return block, state.astype(np.int32)


def learn(histories: Histories, front: int, said: list[F32], within: I32, taught: np.ndarray) -> FrontFilter:
    """The filter of a front from some of its histories.

    Parameters
    ----------
    said : by channel, chance of what is said (T+1, N), before what is covered
    within : (T+1,) last row that counts as soon after each row
    taught : (N,) which histories it is learned from
    """
    n_blocks, n_steps = 2 * len(histories.game.dispositions), histories.n_steps
    block, state = states(histories, front)
    block, state = block[taught], state[:, taught]
    weight = histories.weight[taught] / histories.weight[taught].sum()
    when = histories.attacks(front)[taught]
    small = SHRINK / len(weight)
    place = block * STATES + state
    start = np.bincount(place[0], weights=weight, minlength=n_blocks * STATES)
    tiled = np.tile(weight, n_steps)
    pairs = (place[:-1] * STATES + state[1:]).ravel()
    count = np.bincount(pairs, weights=tiled, minlength=n_blocks * STATES**2).reshape(
        n_blocks, STATES, STATES
    )
    pooled = _rows(count.sum(axis=0))
    move = _rows(count + small * pooled)
    # Only rows whose weeks ahead lie within the histories can teach what comes within them.
    full = np.flatnonzero(within < n_steps) if (within < n_steps).any() else np.array([0])
    tau = np.broadcast_to(when, (len(full), len(when)))
    soon = (tau > full[:, None]) & (tau <= within[full][:, None])
    places, repeated = place[full].ravel(), np.tile(weight, len(full))
    seen = np.bincount(places, weights=repeated, minlength=n_blocks * STATES).reshape(n_blocks, STATES)
    hits = np.bincount(places, weights=repeated * soon.ravel(), minlength=n_blocks * STATES).reshape(
        seen.shape
    )
    mean = hits.sum(axis=0) / np.maximum(seen.sum(axis=0), 1e-300)
    attack = (hits + small * mean) / (seen + small)
    return FrontFilter(
        start=(start / start.sum()).reshape(n_blocks, STATES),
        move=move,
        attack=np.where(np.arange(STATES) < BELOW, attack, 0.0),
        says=np.array(
            [_mean_in(chance[:, taught], place, weight, n_blocks, small) for chance in said]
        ).reshape(len(said), n_blocks, STATES),
    )


def _rows(count: F64) -> F64:
    """Rows that sum to one; a state never left stays."""
    total = count.sum(axis=-1, keepdims=True)
    return np.asarray(np.where(total > 0.0, count / np.where(total > 0.0, total, 1.0), np.eye(STATES)))


def _mean_in(chance: F32, place: I32, weight: F64, n_blocks: int, small: float) -> F64:
    tiled, flat = np.tile(weight, len(place)), place.ravel()
    size = n_blocks * STATES
    total = np.bincount(flat, weights=tiled, minlength=size).reshape(n_blocks, STATES)
    summed = np.bincount(flat, weights=tiled * chance.ravel(), minlength=size).reshape(n_blocks, STATES)
    overall = summed.sum() / total.sum()
    by_state = (summed.sum(axis=0) + small * overall) / (total.sum(axis=0) + small)
    return np.asarray(np.clip((summed + small * by_state) / (total + small), 1e-7, 1.0 - 1e-7))


def scores(learned: FrontFilter, reports: np.ndarray, covered: F64) -> F64:
    """Log-likelihood ratio, in nats, after each row: (T+1, J), the first of which is 0.

    Parameters
    ----------
    reports : (C, T, J) what was reported
    covered : (C, T) chance that what is said is passed on
    """
    n_channels, n_steps, n = reports.shape
    n_blocks = len(learned.start)
    out = np.zeros((n_steps + 1, n))
    move = learned.move.astype(np.float32)
    attack = learned.attack.reshape(-1)
    flat = learned.says.reshape(n_channels, -1)
    # What an unobserved chain would say, taken off so that what remains is the reports' alone.
    prior, chain = np.zeros(n_steps + 1), learned.start.astype(np.float64)
    for t in range(1, n_steps + 1):
        chain = np.einsum("bs,bsr->br", chain, learned.move)
        prior[t] = _log_odds(chain.reshape(1, -1), attack)[0]
    for begin in range(0, n, CHUNK):
        lanes = slice(begin, begin + CHUNK)
        size = min(CHUNK, n - begin)
        alpha = np.repeat(learned.start.astype(np.float32)[:, None, :], size, axis=1)
        for t in range(1, n_steps + 1):
            alpha = alpha @ move
            silent = np.log1p(-covered[:, t - 1, None] * flat)
            by_report = (np.log(flat) - silent).astype(np.float32)
            y = reports[:, t - 1, lanes].astype(np.float32)
            log_chance = (y.T @ by_report + silent.sum(axis=0, dtype=np.float64).astype(np.float32)).reshape(
                size, n_blocks, STATES
            )
            log_chance -= log_chance.max(axis=(1, 2), keepdims=True)
            alpha *= np.exp(log_chance).transpose(1, 0, 2)
            alpha /= np.maximum(alpha.sum(axis=(0, 2), keepdims=True), np.float32(1e-30))
            whole = alpha.transpose(1, 0, 2).reshape(size, -1)
            out[t, lanes] = _log_odds(whole, attack) - prior[t]
    return np.asarray(np.round(np.clip(out, -MOST, MOST), DECIMALS))


def _log_odds(chain: np.ndarray, attack: F64) -> F64:
    """Log odds that the attack comes soon among histories that have not seen it: (J,)."""
    below = np.tile(np.arange(STATES) < BELOW, len(attack) // STATES)
    soon = chain @ attack.astype(chain.dtype)
    later = chain @ np.where(below, 1.0 - attack, 0.0).astype(chain.dtype)
    return np.asarray(
        np.log(np.maximum(soon, 1e-30)).astype(np.float64)
        - np.log(np.maximum(later, 1e-30)).astype(np.float64)
    )
