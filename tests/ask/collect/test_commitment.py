"""The collection game's solvers: a published example, brute force, and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.ask.collect.commitment import (
    Looks,
    Payoffs,
    commit_looks,
    commitment,
    gains,
    hold,
    losses,
)


def searched(rate, group):
    """Random search: the chance of detection at each target by all that looks there; rate (F, V)."""
    rate = np.asarray(rate, dtype=float)

    def detect(x):
        missed = np.exp(-rate @ x)
        return 1.0 - missed, missed[:, None] * rate

    return Looks(group=np.asarray(group, dtype=np.int32), detect=detect)


def zero_sum(free, caught):
    free, caught = np.asarray(free, dtype=float), np.asarray(caught, dtype=float)
    return Payoffs(attacker_free=free, attacker_caught=caught, loss_free=free, loss_caught=caught)


def test_the_published_example_of_commitment():
    """Conitzer and Sandholm (2006), first example: 2 without commitment, 3.5 by committing to halves."""
    leader, follower = np.array([[2.0, 4.0], [1.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    found = commitment(leader, follower)
    assert found.mixture == pytest.approx((0.5, 0.5))
    assert found.reply == 1
    assert found.value == pytest.approx(3.5)


def test_one_guard_over_targets_agrees_with_the_matrix_game():
    """Linear detection is a mixture over places to stand, so both methods solve one and the same game."""
    rng = np.random.default_rng(3)
    for _ in range(5):
        n = 4
        free, caught = rng.uniform(1, 3, n), rng.uniform(-1, 1, n)
        loss_free, loss_caught = rng.uniform(1, 3, n), rng.uniform(-1, 1, n)
        stands = np.eye(n)
        follower = np.where(stands > 0, caught, free)
        leader = -np.where(stands > 0, loss_caught, loss_free)
        matrix = commitment(leader, follower)
        looks = Looks(group=np.zeros(n, dtype=np.int32), detect=lambda x: (x, np.eye(len(x))))
        payoffs = Payoffs(
            attacker_free=free, attacker_caught=caught, loss_free=loss_free, loss_caught=loss_caught
        )
        assert -commit_looks(payoffs, looks).value == pytest.approx(matrix.value, abs=2e-3)


def test_the_optimum_is_that_of_brute_force():
    """One collector over three actors and another over two, every allocation in twentieths."""
    payoffs = zero_sum([1.0, 0.8, 0.5], [0.4, 0.1, 0.2])
    looks = searched([[1.2, 0, 0, 0.5, 0], [0, 0.9, 0, 0, 2.0], [0, 0, 1.5, 0, 0]], [0, 0, 0, 1, 1])
    ticks = np.linspace(0.0, 1.0, 21)
    least = min(
        gains(payoffs, looks.detect(np.array([a, b, 1 - a - b, c, 1 - c]))[0]).max()
        for a in ticks
        for b in ticks
        if a + b <= 1.0 + 1e-9
        for c in ticks
    )
    found = hold(payoffs, looks)
    assert found.value <= least + 1e-9
    # Between grid points the value changes by no more than half a step times the steepest slope of a target.
    assert found.value >= least - 0.05 * 2 * 0.7 * 2.0
    assert found.gap <= 1e-4 * 1.0 + 1e-12
    assert found.value == pytest.approx(gains(payoffs, looks.detect(found.shares)[0]).max())


def test_where_losses_are_gains_both_solvers_agree():
    payoffs = zero_sum([1.0, 0.8, 0.5, 0.9], [0.2, 0.1, 0.2, 0.3])
    looks = searched(np.eye(4) * [1.0, 2.0, 0.5, 1.5], [0, 0, 0, 0])
    assert hold(payoffs, looks).value == pytest.approx(commit_looks(payoffs, looks).value, abs=2e-3)


def test_a_defender_who_cares_for_one_target_steers_the_attack_away():
    """The attacker likes both alike; losing the first costs ten times as much."""
    payoffs = Payoffs(
        attacker_free=np.array([1.0, 1.0]),
        attacker_caught=np.array([0.0, 0.0]),
        loss_free=np.array([10.0, 1.0]),
        loss_caught=np.array([0.0, 0.0]),
    )
    found = commit_looks(payoffs, searched(np.eye(2), [0, 0]))
    assert found.target == 1
    assert found.value <= 1.0
    assert losses(payoffs, found.detection)[1] == pytest.approx(found.value, abs=1e-3)


def test_what_is_free_to_look_elsewhere_does_so():
    """One target can never be seen and decides the value; the looking still goes where it helps."""
    payoffs = zero_sum([1.0, 0.5], [0.0, 0.0])
    found = hold(payoffs, searched([[0.0, 0.0], [0.0, 1.0]], [0, 0]))
    assert found.value == pytest.approx(1.0)
    assert found.shares[1] == pytest.approx(1.0, abs=1e-6)


@settings(max_examples=3, deadline=None)
@given(st.data())
def test_more_collection_never_lowers_the_value(data):
    """More quality, or one more collector, never leaves the attacker more."""
    n = data.draw(st.integers(2, 4))
    number = st.floats(0.05, 2.0)
    free = np.array(data.draw(st.lists(number, min_size=n, max_size=n)))
    rate = np.diag(data.draw(st.lists(number, min_size=n, max_size=n)))
    payoffs = zero_sum(free, 0.3 * free)
    group = np.zeros(n, dtype=int)
    before = hold(payoffs, searched(rate, group))
    k = data.draw(st.integers(0, n - 1))
    better = rate.copy()
    better[k, k] *= 1.5
    slack = 2e-4 * free.max()
    assert hold(payoffs, searched(better, group)).value <= before.value + slack
    another = np.concatenate([rate, np.diag(data.draw(st.lists(number, min_size=n, max_size=n)))], axis=1)
    assert hold(payoffs, searched(another, [0] * n + [1] * n)).value <= before.value + slack


@settings(max_examples=2, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_targets_changes_nothing(order):
    free, rate = np.array([1.0, 0.8, 0.5, 0.9]), np.array([1.0, 2.0, 0.5, 1.5])
    order = np.array(order)
    one = hold(zero_sum(free, 0.2 * free), searched(np.diag(rate), [0] * 4))
    other = hold(zero_sum(free[order], 0.2 * free[order]), searched(np.diag(rate[order]), [0] * 4))
    assert other.value == pytest.approx(one.value, abs=2e-4)
