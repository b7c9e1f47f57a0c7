"""Chance is addressed, not drawn in order; its words are uniform, independent and the same in the kernel."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from tests.game.worlds import case_of, game_of, run_of
from tocsin.game import chance, kernel

N = 1 << 20
SLOTS = np.arange(N, dtype=np.uint32)
KEY = chance.step_key(20240101, 3)
# 40 tests of this file at 1e-6 each: a sound generator fails one in 25,000 choices of the seeds above.
LEAST_P = 1e-6


@njit
def kernel_draws(slots, key, address, words, uniforms, normals):
    for k in range(len(slots)):
        lane = kernel._mix(np.uint32(np.uint32(slots[k] * kernel._SLOT) + np.uint32(key)))
        words[k] = kernel._mix(np.uint32(lane + np.uint32(np.uint32(address) * kernel._GOLDEN)))
        uniforms[k] = kernel._uniform(words[k])
        normals[k] = kernel._normal(words[k])


def drawn_by_kernel(slots, key, address):
    words, uniforms = np.empty(len(slots), np.uint32), np.empty(len(slots), np.float32)
    normals = np.empty(len(slots), np.float32)
    kernel_draws(slots, key, address, words, uniforms, normals)
    return words, uniforms, normals


def bins(words, n_bits=8):
    return words >> np.uint32(32 - n_bits)


def pair_p(a, b, n_bits=4):
    """p-value of independence of the top bits of two rows of words."""
    table = np.bincount((bins(a, n_bits) << np.uint32(n_bits)) + bins(b, n_bits), minlength=1 << 2 * n_bits)
    return stats.chisquare(table).pvalue


@pytest.mark.parametrize("address", [0, 1, 2, 3, 4, 47, chance.FACTOR_BASE, chance.DEAL_BASE + 5])
def test_the_kernel_draws_the_same(address):
    words, uniforms, normals = drawn_by_kernel(SLOTS, KEY, address)
    expected = chance.words(KEY, SLOTS, address)
    assert np.array_equal(words, expected)
    assert np.array_equal(uniforms, chance.uniform(expected))
    # float32: 31 bits of tail rounded to 24, and polynomials of 1e-6
    np.testing.assert_allclose(normals, chance.normal(expected), atol=3e-6, rtol=2e-6)


def test_uniforms_are_never_zero_or_one():
    ends = chance.uniform(np.array([0, 0x1FF, 0xFFFFFE00, 0xFFFFFFFF], dtype=np.uint32))
    assert ends.min() == np.float32(2.0**-24)
    assert ends.max() == np.float32(1.0) - np.float32(2.0**-24)
    words = np.array([0, 0xFFFFFFFF], dtype=np.uint32)
    uniforms = np.empty(2, np.float32)
    uniform_of(words, uniforms)
    assert np.array_equal(uniforms, chance.uniform(words))


@njit
def uniform_of(words, out):
    for k in range(len(words)):
        out[k] = kernel._uniform(words[k])


@pytest.mark.parametrize("address", [0, 1, 2, 3, 46, chance.FACTOR_BASE])
def test_words_are_uniform(address):
    words = chance.words(KEY, SLOTS, address)
    assert stats.chisquare(np.bincount(bins(words, 12), minlength=1 << 12)).pvalue > LEAST_P
    assert stats.chisquare(np.bincount(words & np.uint32(0xFF), minlength=256)).pvalue > LEAST_P
    assert stats.kstest(chance.uniform(words).astype(float), "uniform").pvalue > LEAST_P


def test_neighbours_are_independent_in_slot_front_purpose_step_and_seed():
    here = chance.words(KEY, SLOTS, 4)
    others = {
        "slot": np.roll(here, 1),
        "purpose": chance.words(KEY, SLOTS, 5),
        "front": chance.words(KEY, SLOTS, 8),
        "factor": chance.words(KEY, SLOTS, chance.FACTOR_BASE + 4),
        "step": chance.words(chance.step_key(20240101, 4), SLOTS, 4),
        "seed": chance.words(chance.step_key(20240102, 3), SLOTS, 4),
        "seed's upper half": chance.words(chance.step_key(20240101 + (1 << 32), 3), SLOTS, 4),
    }
    assert {name: p for name, other in others.items() if (p := pair_p(here, other)) < LEAST_P} == {}
    # two words differ in half of their bits: 16 +- 2.83 each, so the mean of N within 5 of its errors
    for name, other in others.items():
        differing = np.unpackbits((here ^ other).view(np.uint8)).sum() / N
        assert abs(differing - 16.0) < 5 * np.sqrt(8.0 / N), name


def test_a_particle_s_draws_over_steps_are_independent():
    slots = np.arange(4096, dtype=np.uint32)
    words = np.array([chance.words(chance.step_key(7, t), slots, 0) for t in range(256)])
    assert pair_p(words[:-1].ravel(), words[1:].ravel()) > LEAST_P
    counts = np.array([np.bincount(bins(column, 3), minlength=8) for column in words.T])
    # 4,096 chi-squares of 7 degrees of freedom, one a particle, are themselves as they should be
    each = ((counts - 32.0) ** 2 / 32.0).sum(axis=1)
    assert abs(each.mean() - 7.0) < 5 * np.sqrt(14.0 / 4096)


def test_no_two_steps_share_a_key_within_a_run_or_between_neighbouring_seeds():
    keys = [chance.step_key(seed, t) for seed in range(200) for t in range(60)]
    # 12,000 keys of 32 bits: 0.017 collisions expected; three would be one chance in a million
    assert len(keys) - len(set(keys)) < 3


def test_normals_have_their_moments_and_tails():
    z = np.concatenate([drawn_by_kernel(SLOTS, KEY, address)[2] for address in range(8)]).astype(float)
    n = len(z)
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((z**power).mean() - moment) < 5 * np.sqrt(variance / n)
    for sigma in (1, 2, 3, 4, 5):
        expected = n * 2 * stats.norm.sf(sigma)
        found = (np.abs(z) > sigma).sum()
        # Poisson counts: 4.8 expected beyond 5 sigma
        assert stats.poisson.sf(found - 1, expected) > LEAST_P
        assert stats.poisson.cdf(found, expected) > LEAST_P
    assert stats.kstest(z[:N], "norm").pvalue > LEAST_P


def test_normals_reach_beyond_six_sigma():
    extremes = chance.normal(np.array([0, 0x80000000], dtype=np.uint32))
    # half of 2**-32 is the tail beyond 6.338; the top bit is the sign
    np.testing.assert_allclose(extremes, [-6.338, 6.338], atol=1e-3)


def test_a_slot_draws_the_same_wherever_it_lies():
    game = game_of(
        case_of(
            actors=[{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
            fronts=[{"from": "a", "to": "b"}, {"from": "b", "to": "a"}],
        )
    )
    run = run_of(game, 1000, 11)
    run.advance(0, 12)
    order = np.random.default_rng(0).permutation(1000)
    moved = run_of(game, 1000, 11, rows=np.ascontiguousarray(run.rows[:, order]))
    moved.slots[:] = run.slots[:, order]
    moved.advance(0, 12)
    assert np.array_equal(moved.posture, run.posture[..., order])
    assert np.array_equal(moved.goal, run.goal[..., order])
