"""The allocation that holds, on the starter case: against brute force, and its laws."""

import dataclasses

import numpy as np
import pytest

from tests.ask.collect.worlds import EYE, WITHIN, ahead, answer, inferred, shares, with_collectors
from tocsin.ask.collect.allocation import allocate, exposure
from tocsin.ask.collect.answer import Look
from tocsin.ask.collect.channels import channels, present, qualities


def allocated(*collectors, side=None, weights=None):
    case = with_collectors(*collectors)
    now = present(case.collectors)
    quality = {c.id: qualities(c) for c in case.collectors}
    looks = {(c, a): Look(collector=c, actor=a, quality=quality[c][a], share=s) for (c, a), s in now.items()}
    return allocate(
        ahead(),
        channels(case, case.collectors),
        case.collectors,
        looks,
        now,
        WITHIN,
        spared=0.5,
        weights=weights or {},
        side=side,
    )


@pytest.fixture(scope="module")
def exposed():
    game = inferred().posterior.game
    every = channels(game.case, game.case.collectors)
    free = {("eye", "sudria"): 0, ("eye", "norland"): 1}
    found = exposure(ahead(), 0, every, free, shares(), ahead().steps_within(WITHIN))
    assert found is not None
    return found


def test_detection_is_the_product_over_all_that_could_see(exposed):
    x = np.array([0.7, 0.2])
    missed = exposed.missed_anyway.copy()
    for share, rate, sign in zip(exposed.share, exposed.rate, exposed.sign, strict=True):
        missed *= 1.0 - sign * (1.0 - np.exp(-rate * x[share]))
    found, _ = exposed.detect(x)
    assert found == pytest.approx(1.0 - missed @ exposed.worth / exposed.worth.sum())


def test_the_gradient_is_that_of_detection(exposed):
    x, step = np.array([0.4, 0.3]), 1e-6
    _, gradient = exposed.detect(x)
    for v in range(2):
        up, down = x.copy(), x.copy()
        up[v] += step
        down[v] -= step
        slope = (exposed.detect(up)[0] - exposed.detect(down)[0]) / (2 * step)
        assert gradient[v] == pytest.approx(slope, abs=1e-6)


def test_detection_is_concave(exposed):
    rng = np.random.default_rng(4)
    for _ in range(30):
        a, b = rng.random(2), rng.random(2)
        middle = exposed.detect(0.5 * (a + b))[0]
        assert middle >= 0.5 * (exposed.detect(a)[0] + exposed.detect(b)[0]) - 1e-12


def test_the_optimum_is_that_of_brute_force():
    """Every split of the eye in hundredths; the value changes least where it is best."""
    found = allocated(EYE)
    case = with_collectors(EYE)
    every = channels(case, case.collectors)
    free = {("eye", "sudria"): 0, ("eye", "norland"): 1}
    within = ahead().steps_within(WITHIN)
    targets = [exposure(ahead(), f, every, free, shares(), within) for f in (0, 1)]
    least = min(
        max(e.total * (1.0 - 0.5 * e.detect(np.array([x, 1.0 - x]))[0]) for e in targets if e is not None)
        for x in np.linspace(0.0, 1.0, 101)
    )
    assert found.value_optimum == pytest.approx(least, rel=2e-4)
    assert found.gap <= 1e-4 * max(e.total for e in targets if e is not None) + 1e-12
    assert found.value_now >= found.value_optimum - 1e-12
    assert found.exploitability_now == pytest.approx(found.value_now - found.value_optimum, abs=1e-3)


def test_more_collection_never_lowers_what_the_optimum_holds():
    plain = allocated(EYE).value_optimum
    better = allocated(EYE | {"quality": {"sudria": 0.99, "norland": 0.6}}).value_optimum
    another = allocated(EYE, EYE | {"id": "ear", "discipline": "signals"}).value_optimum
    slack = 2e-4 * plain
    assert better <= plain + slack
    assert another <= plain + slack


def test_the_order_of_collectors_changes_nothing():
    ear = EYE | {"id": "ear", "quality": {"sudria": 0.3, "norland": 0.2}}
    one, other = allocated(EYE, ear), allocated(ear, EYE)
    assert other.value_optimum == pytest.approx(one.value_optimum, rel=2e-4)
    assert other.value_now == pytest.approx(one.value_now)


def test_fixed_collectors_stay_and_count():
    post = EYE | {"id": "post", "fixed": True, "looks": {"sudria": 1.0}}
    found = allocated(EYE, post)
    assert {look.collector for look in found.optimum} == {"eye"}
    both = (found, allocated(EYE))
    seen, alone = ({t.front: t.detection_now.value for t in f.targets}["sudria -> norland"] for f in both)
    assert seen > alone
    assert "fixed" in allocated(post)


def test_an_own_side_does_not_warn_of_itself():
    found = allocated(EYE, side="norland")
    assert {target.actor for target in found.targets} == {"sudria"}


def test_a_front_that_counts_double_draws_the_looks():
    plain = allocated(EYE)
    weighed = allocated(EYE, weights={"sudria -> norland": 5.0})
    share = {look.actor: look.share for look in weighed.optimum}
    assert weighed.value_optimum <= weighed.value_now + 1e-9
    assert share["sudria"] >= {look.actor: look.share for look in plain.optimum}["sudria"] - 1e-6


def test_the_answer_adds_up():
    found = answer().allocation
    assert found is not None
    assert found.value_now == pytest.approx(max(t.gain_now for t in found.targets))
    assert found.expected_now == pytest.approx(sum(t.gain_now for t in found.targets))
    assert found.value_error.value == pytest.approx(found.value_now - found.value_optimum, abs=1e-9)
    for collector in {look.collector for look in found.optimum}:
        assert sum(look.share for look in found.optimum if look.collector == collector) <= 1.0 + 1e-6
    for target in found.targets:
        assert 0.0 <= target.detection_now.value <= 1.0
        assert 0.0 <= target.harm.value <= 1.0


def test_dataclasses_of_the_answer_are_frozen():
    found = answer().allocation
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.spared = 1.0  # type: ignore[misc, union-attr]
