"""Particles taken up at the as-of day go on as the posterior's own did, with one chance under any plan."""

import threading

import numpy as np
import pytest

from tests.ask.worlds import starter
from tocsin.infer.onward import each_island, take_up
from tocsin.infer.particles import run_on
from tocsin.infer.posterior import paths_of, pool
from tocsin.infer.work import CancelledError


@pytest.fixture(scope="module")
def posterior():
    return starter().posterior


def ended(posterior, particles, plan=None):
    run_on(particles, posterior.game.grid.n_steps, plan)
    return paths_of(particles, posterior.followed)


def len_of(particles):
    return particles.n


def test_every_particle_taken_up_goes_on_as_it_did(posterior):
    paths = [ended(posterior, take_up(posterior, k)) for k in range(posterior.islands)]
    assert np.array_equal(np.concatenate([p.posture for p in paths], axis=-1), posterior.paths.posture)
    assert np.array_equal(np.concatenate([p.deal for p in paths], axis=-1), posterior.paths.deal)
    assert np.array_equal(np.concatenate([p.factor for p in paths], axis=-1), posterior.paths.factor)


def test_all_of_them_keep_their_weights(posterior):
    weights = np.concatenate(
        [posterior.island_weight[k] * take_up(posterior, k).weights() for k in range(posterior.islands)]
    )
    assert np.allclose(weights, posterior.weight)


def test_fewer_stand_for_all_of_them(posterior):
    """A systematic sample: the mean of what holds now is within four of its errors of the posterior's."""
    now = posterior.game.now

    def mean(particles):
        return particles.goal[now].mean(axis=-1)

    sums = posterior.island_weight[:, None] * np.stack(each_island(posterior, mean, 20 * 60))
    found, _ = pool(sums, posterior.island_weight, 1_000.0)
    goal, error = posterior.expect(posterior.goal.astype(float))
    assert np.all(np.abs(found - goal) <= 4.0 * error + 0.02)


def test_copies_part_ways(posterior):
    size = posterior.weight.size // posterior.islands
    particles = take_up(posterior, 0, 8 * size)
    ended(posterior, particles)
    one = int(np.bincount(particles.ancestor).argmax())
    copies = particles.posture[:, :, particles.ancestor == one]
    now = posterior.game.now
    assert (copies[: now + 1] == copies[: now + 1, :, :1]).all()
    assert (copies[now + 1 :] != copies[now + 1 :, :, :1]).any()


def test_another_stream_is_another_future_of_the_same_present(posterior):
    one, other = take_up(posterior, 0, stream=0), take_up(posterior, 0, stream=1)
    now = posterior.game.now
    assert np.array_equal(one.posture[: now + 1], other.posture[: now + 1])
    assert not np.array_equal(ended(posterior, one).posture, ended(posterior, other).posture)


def test_the_number_of_threads_makes_no_difference(posterior):
    def last(particles):
        return ended(posterior, particles).posture[-1].sum()

    assert each_island(posterior, last, 2_000, threads=1) == each_island(posterior, last, 2_000, threads=4)


def test_progress_is_told_and_cancelling_stops_it(posterior):
    told = []
    each_island(posterior, len_of, progress=lambda *what: told.append(what[:2]))
    assert told == [(done, posterior.islands) for done in range(posterior.islands + 1)]
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        each_island(posterior, len_of, cancel=cancel)
