"""The warning score against a sum over every path of a small chain."""

import itertools

import numpy as np
import pytest

from tests.ask.collect.worlds import FRONT, ahead
from tocsin.ask.collect.filter import ATTACKED, STATES, FrontFilter, scores, states
from tocsin.ask.collect.warning import said_by

ACTIVE = (0, 5, ATTACKED)


def small_filter(n_channels=2):
    """Two blocks in which three states are ever taken; all numbers arbitrary."""
    rng = np.random.default_rng(8)
    start, move = np.zeros((2, STATES)), np.tile(np.eye(STATES), (2, 1, 1))
    attack = np.zeros((2, STATES))
    start[:, :6] = 0.0
    start[:, [0, 5]] = [[0.4, 0.1], [0.3, 0.2]]
    for b in range(2):
        for s in (0, 5):
            move[b, s] = 0.0
            move[b, s, list(ACTIVE)] = rng.dirichlet([4, 2, 1])
        attack[b, [0, 5]] = rng.uniform(0.1, 0.6, 2)
    says = np.full((n_channels, 2, STATES), 0.5)
    says[:, :, list(ACTIVE)] = rng.uniform(0.05, 0.9, (n_channels, 2, 3))
    return FrontFilter(start=start, move=move, attack=attack, says=says)


def by_hand(filter_, reports, covered):
    """Log odds of a soon attack after the last step, from every path; without reports where None."""
    soon = later = 0.0
    n_steps = covered.shape[1]
    for b in range(2):
        for path in itertools.product(ACTIVE, repeat=n_steps + 1):
            p = filter_.start[b, path[0]]
            for t in range(n_steps):
                p *= filter_.move[b, path[t], path[t + 1]]
                for c in range(len(covered)) if reports is not None else ():
                    q = covered[c, t] * filter_.says[c, b, path[t + 1]]
                    p *= q if reports[c, t] else 1 - q
            if path[-1] != ATTACKED:
                soon += p * filter_.attack[b, path[-1]]
                later += p * (1 - filter_.attack[b, path[-1]])
    return np.log(soon) - np.log(later)


@pytest.mark.parametrize("seed", range(4))
def test_the_score_is_the_exact_ratio_of_likelihoods(seed):
    rng = np.random.default_rng(seed)
    filter_, covered = small_filter(), rng.uniform(0.2, 0.9, (2, 3))
    reports = rng.random((2, 3)) < 0.5
    found = scores(filter_, reports[:, :, None], covered)
    expected = by_hand(filter_, reports, covered) - by_hand(filter_, None, covered)
    # Rounded to a thousandth of a nat, computed in 32 bits.
    assert found[-1, 0] == pytest.approx(expected, abs=1.5e-3)
    assert found[0, 0] == 0.0


def test_where_nothing_is_covered_nothing_is_learned():
    found = scores(small_filter(), np.zeros((2, 3, 7), dtype=bool), np.zeros((2, 3)))
    assert not found.any()


def test_states_tell_readiness_and_intent_apart_and_attacks_absorb():
    histories = ahead()
    block, state = states(histories, FRONT)
    when = histories.attacks(FRONT)
    assert block.max() < 2 * len(histories.game.dispositions)
    for n in np.flatnonzero(when <= histories.n_steps)[:20]:
        assert (state[when[n] :, n] == ATTACKED).all()
        assert (state[: when[n], n] != ATTACKED).all()
    quiet = state < 32
    readiness, meant = histories.readiness[:, FRONT][quiet], histories.meant[:, FRONT][quiet]
    assert (state[quiet] % 16 // 4 == readiness).all()
    assert (state[quiet] % 4 // 2 == meant).all()


def test_what_is_said_lies_between_the_base_rate_and_certainty():
    from tests.ask.collect.worlds import ready

    for channel in ready().channels:
        indicator = next(i for i in ahead().game.case.indicators if i.id == channel.indicator)
        said = said_by(ahead(), channel, indicator, slice(0, 50))
        assert ((said > 0.0) & (said < 1.0)).all()
