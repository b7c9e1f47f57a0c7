"""Splitting on a walk whose chance is known exactly: no bias, at any levels, weighted starts included."""

from dataclasses import dataclass

import numpy as np
import pytest

from tocsin.infer.splitting import climb, find_levels

STEPS, UP, TOP = 20, 0.25, 8


def exact(start: int = 0) -> float:
    """Chance that a walk on 0, 1, 2, ... reaches TOP within STEPS, by its transition matrix."""
    chance = np.zeros(TOP + 1)
    chance[start] = 1.0
    for _ in range(STEPS):
        after = np.zeros_like(chance)
        after[TOP] = chance[TOP]
        for x in range(TOP):
            after[x + 1] += UP * chance[x]
            after[max(x - 1, 0)] += (1.0 - UP) * chance[x]
        chance = after
    return float(chance[TOP])


@dataclass
class Walks:
    path: np.ndarray  # (K, N)
    weight: np.ndarray


class Walk:
    """A walk that steps up with chance UP; starts at 1 are drawn `bias` times as often as they should be."""

    def __init__(self, seed: int, bias: float = 1.0, misled: bool = False) -> None:
        self.rng, self.bias, self.misled = np.random.default_rng(seed), bias, misled

    def begin(self, n):
        share = 0.1 * self.bias
        first = (self.rng.random(n) < share).astype(int)
        weight = np.where(first == 1, 0.1 / share, 0.9 / (1.0 - share))
        path = np.repeat(first[None], STEPS + 1, axis=0)
        return self._go_on(path, np.zeros(n, dtype=int), weight)

    def weights(self, runs):
        return runs.weight

    def heights(self, runs):
        came = np.logical_or.accumulate(runs.path >= TOP, axis=0)
        # A height that has little to do with the outcome is as true, and only less exact.
        near = runs.path % 3 if self.misled else runs.path
        return np.where(came, np.inf, near.astype(float))

    def take_up(self, runs, lanes, steps):
        return self._go_on(runs.path[:, lanes].copy(), steps, np.ones(len(lanes)))

    def _go_on(self, path, steps, weight):
        for t in range(STEPS):
            move = np.where(self.rng.random(path.shape[1]) < UP, 1, -1)
            after = np.where(path[t] >= TOP, path[t], np.maximum(path[t] + move, 0))
            path[t + 1] = np.where(t >= steps, after, path[t + 1])
        return Walks(path, weight)


TRUE = 0.9 * exact(0) + 0.1 * exact(1)


def test_the_outcome_is_rare():
    assert 1e-4 < TRUE < 1e-3


@pytest.mark.parametrize(
    ("levels", "bias", "misled"),
    [((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), 1.0, False), ((3.0, 5.0), 5.0, False), ((1.0, 2.0), 3.0, True)],
)
def test_the_mean_of_many_is_the_exact_chance(levels, bias, misled):
    """200 repetitions; within four standard errors of their mean."""
    rng = np.random.default_rng(5)
    found = [climb(Walk(seed, bias, misled), levels, 300, rng).probability for seed in range(200)]
    assert abs(np.mean(found) - TRUE) < 4.0 * np.std(found, ddof=1) / np.sqrt(len(found))


def test_it_is_more_exact_than_as_many_plain_steps():
    rng = np.random.default_rng(6)
    splits = [climb(Walk(s), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), 300, rng) for s in range(60)]
    plain_runs = np.mean([split.steps for split in splits]) / STEPS
    relative = np.std([split.probability for split in splits]) / TRUE
    assert relative < 0.5 * np.sqrt(1.0 / (TRUE * plain_runs))


def test_levels_rise_and_are_climbed_by_about_a_fifth():
    rng = np.random.default_rng(7)
    levels, steps = find_levels(Walk(1), 2_000, rng)
    assert list(levels) == sorted(set(levels))
    assert steps >= 2_000 * STEPS
    shares = climb(Walk(2), levels, 2_000, rng).shares
    assert all(0.05 < share < 0.7 for share in shares[:-1])


def test_what_cannot_be_is_estimated_as_nothing():
    class Never(Walk):
        def heights(self, runs):
            return np.zeros(runs.path.shape)

    found = climb(Never(1), (1.0,), 50, np.random.default_rng(0))
    assert found.probability == 0.0
    assert found.shares == (0.0,)


def test_without_levels_it_is_the_share_of_plain_runs():
    walk = Walk(3)
    expected = (Walk(3).begin(1_000).path[-1] >= TOP).mean()
    assert climb(walk, (), 1_000, np.random.default_rng(0)).probability == expected
