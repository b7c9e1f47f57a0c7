"""Rules of choice, on numbers whose answer is known."""

import math
from types import SimpleNamespace
from typing import Any, cast

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import ndtr

from tests.present import present
from tocsin.ask.options import choice, doubts
from tocsin.ask.options.paired import Islands, beyond_chance
from tocsin.game import plan as p

M, n = 20, 2_000
N = M * n


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=9))
def test_the_front_is_not_dominated_and_the_rest_is(points):
    risk, cost = [a for a, _ in points], [b for _, b in points]
    on = choice.pareto(risk, cost)

    def dominates(a, b):
        return a[0] <= b[0] and a[1] <= b[1] and a != b

    for k, point in enumerate(points):
        assert on[k] == (not any(dominates(other, point) for other in points))


class Telling:
    """A trial whose histories are told: portfolios' risks as functions of two standard normals."""

    def __init__(self, *outcomes):
        rng = np.random.default_rng(7)
        self.z = rng.standard_normal((2, N)).astype(np.float32)
        self.values = np.stack([o(self.z) for o in outcomes]).astype(np.float32)
        self.portfolios = [(), *((f"l{k}",) for k in range(1, len(outcomes)))]
        self.islands = Islands(weight=np.full(M, 1.0 / M), n=n)
        self.histories = N
        self.risk = SimpleNamespace(of=None)
        self.game = SimpleNamespace(
            actors=("a",),
            dispositions=("calm", "keen"),
            statics=SimpleNamespace(
                labels=("one", "two"),
                location=np.zeros(2),
                scale=np.ones(2),
                link=np.array([p.LOG, p.PLAIN]),
                coordinate=np.array([0, 1]),
                row_quantities=np.array([[0, 1, -1]]),
            ),
        )

    def risk_of(self, k):
        return self.values[k]

    def weighed(self, weights):
        w = weights.reshape(M, n, -1).astype(float)
        values = self.values.reshape(-1, M, n).astype(float)
        return np.einsum("pmn,mns->mps", values, w) / n, w.sum(axis=1) / n

    @property
    def drawn(self):
        kind = (self.z[1] > 0).astype(np.uint8)[None]
        return SimpleNamespace(z=self.z, disposition=kind, risk=self.values[0])

    def doubts(self):
        return doubts.doubts_of(cast("Any", self), self.drawn, range(1, len(self.portfolios)))


def Told(*outcomes: Any) -> Any:  # noqa: N802 - stands for a trial in all that is asked of one
    return Telling(*outcomes)


def above(row, level, least=0.0):
    return lambda z: np.where(z[row] > level, 1.0, least)


def constant(value):
    rng = np.random.default_rng(3)
    return lambda z: (rng.random(z.shape[1]) < value).astype(float)


def test_the_derivative_of_a_chance_by_the_shift_of_a_prior_is_its_covariance():
    """Of z > 0 it is the normal density at 0; four standard errors of a mean of |z|/2 over N."""
    told = Told(above(0, 0.0), above(1, 0.5))
    found = {d.quantity: d for d in told.doubts()}
    assert found[0].on_risk.value == pytest.approx(1 / math.sqrt(2 * math.pi), abs=4 * 0.6 / math.sqrt(N))
    assert abs(found[1].on_risk.value) < 4 * 0.6 / math.sqrt(N)


def test_weights_of_a_shifted_prior_are_those_of_a_shifted_normal():
    z = Told(above(0, 0.0)).z[0]
    w = doubts.shifted(z, 1.0).astype(float)
    # The variance of a mean under a shift of one is e times that of the plain one, and a little more.
    tolerance = 4 * math.sqrt(3 * math.e / N)
    assert np.average(z, weights=w) == pytest.approx(1.0, abs=tolerance)
    assert w.sum() ** 2 / (w**2).sum() == pytest.approx(N / math.e, rel=0.1)


def test_the_worst_direction_of_a_half_space_is_its_own():
    """Of a.z > c with |a| = 1, the worst shift of length h is h a, and the risk there is Phi(h - c)."""
    z = Told(above(0, 0.0)).z.astype(float)
    a, c, h = np.array([0.6, 0.8]), 1.5, 1.0
    risk = (a @ z > c).astype(float)
    worst, direction, _ = choice.worst_risk(risk, np.full(N, 1.0 / N), z, h, np.array([1.0, 0.0]))
    assert direction @ a == pytest.approx(1.0, abs=0.005)
    assert worst == pytest.approx(float(ndtr(h - c)), abs=4 * math.sqrt(math.e / N))


def test_robustness_is_the_shift_at_which_the_stated_risk_is_met():
    """Of z > 1.5, a risk of 0.25 is met up to h = 1.5 + Phi^-1(0.25) = 0.8255."""
    told = Told(above(0, 1.5), constant(0.4))
    sure, never = choice.robustness(told, told.drawn, told.doubts(), [0, 1], 0.25)
    assert present(sure.horizon).value == pytest.approx(0.8255, abs=0.05)
    assert not sure.reaches_end
    assert never.horizon is None


@pytest.mark.parametrize("levels", [(0.05, 0.1), (0.1, 0.3)])
def test_a_looser_demand_is_met_farther_out(levels):
    told = Told(above(0, 1.8), above(1, 1.6))
    low, high = (choice.robustness(told, told.drawn, told.doubts(), [0], level)[0] for level in levels)
    assert present(low.horizon).value <= present(high.horizon).value


def test_minimax_regret_is_that_of_the_table():
    """Savage's table: a pick that is worst nowhere beats one that is best on average and bad in one state."""
    told = Told(
        above(1, 0.0),  # best where the number is low (risk 0), worst where it is high (1)
        lambda z: np.where(z[1] <= 0.0, 1.0, 0.0),
        constant(0.4),
    )
    found = choice.regret_of(told, told.drawn, ["a"], [], [0.0, 1.0, 1.0])
    assert [s.least for s in found.scenarios] == [(), ("l1",)]
    table = np.array([[0, 1], [1, 0], [0.4, 0.4]])
    assert np.allclose(found.regret, table, atol=4 * math.sqrt(0.24 / (N / 2)))
    assert found.minimax([0.0, 1.0, 1.0]) == 2
    assert (found.regret.max(axis=1) >= found.worst(2)[0].value).all()


def test_of_equals_the_cheaper_is_picked():
    told = Told(above(0, 0.0), above(0, 0.0))
    found = choice.regret_of(told, told.drawn, ["a"], [], [3.0, 1.0])
    assert found.minimax([3.0, 1.0]) == 1


def test_the_number_that_would_have_to_be_wrong_is_found():
    """Risks of z > 1 and of 0.31 meet where Phi(d - 1) = 0.31, at d = 0.504; clear soon after."""
    told = Told(constant(0.6), above(0, 1.0), constant(0.31))
    doubt = next(d for d in told.doubts() if d.quantity == 0)
    (number,) = doubts.doubtful_numbers(told, told.drawn, [doubt], 1)
    assert number.down is None
    up, as_nothing = present(number.up), present(number.as_nothing[1])
    assert up.instead == ("l2",)
    assert 0.504 < up.shift <= 0.75
    assert up.clear
    assert up.gain.value < 0.0
    assert number.median == pytest.approx(1.0)
    assert up.median == pytest.approx(math.exp(up.shift))
    # No better than nothing from Phi(d - 1) = 0.6 on: d = 1.2533.
    assert number.as_nothing[0] is None
    assert as_nothing.shift == pytest.approx(1.2533, abs=0.05)
    assert as_nothing.median == pytest.approx(math.exp(as_nothing.shift))


def test_what_the_particles_do_not_reach_is_not_said():
    told = Told(constant(0.6), above(0, 1.0))
    doubt = next(d for d in told.doubts() if d.quantity == 0)
    (number,) = doubts.doubtful_numbers(told, told.drawn, [doubt], 1)
    # exp(d^2) times fewer: of 40,000 a shift of 2.25 leaves 254, one of 2.5 leaves 77; by chance a step off.
    assert all(2.0 <= abs(end) <= 2.75 for end in number.supported)


def test_the_least_of_many_equals_is_partly_luck():
    """Of twenty portfolios of one risk the least looks better than it is; measured elsewhere it does not."""
    rng = np.random.default_rng(11)
    means = (rng.random((M, 20, n)) < 0.3).mean(axis=2)
    told: Any = SimpleNamespace(islands=Islands(weight=np.full(M, 1.0 / M), n=n), histories=N)
    elsewhere = choice.measured_elsewhere(told, means)
    assert means.mean(axis=0).min() < 0.3 - 0.002
    assert abs(elsewhere.probability - 0.3) <= 4 * math.sqrt(0.21 / N)


def test_more_comparisons_ask_for_more_errors():
    values = [beyond_chance(k, 20) for k in (1, 10, 100)]
    assert values == sorted(values)
    assert len(set(values)) == 3
