"""Fans and joiners: shares are shares, what is reached stays reached, and who joins first is counted out."""

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, STARTER, starter, two_actors, with_postures
from tocsin.ask.assess import assess
from tocsin.ask.futures import look_ahead
from tocsin.game.grid import build_grid

GRID = build_grid(STARTER)
NOW, LAST, N = GRID.step_of(AS_OF), GRID.n_steps, 40
SUDRIA, NORLAND, WESTMARK = range(3)


@pytest.fixture(params=[SUDRIA, NORLAND, WESTMARK])
def fan(request):
    return starter().estimate.futures.fans[request.param]


def test_shares_of_a_fan_sum_to_one(fan):
    for step in fan.steps:
        assert sum(step.shares) == pytest.approx(1.0, abs=1e-9)
        assert min(step.shares) >= 0.0


def test_a_higher_rung_is_reached_no_more_often(fan):
    for day in {day for _, day, _ in fan.reached}:
        chances = [c.probability for _, at, c in fan.reached if at == day]
        assert chances == sorted(chances, reverse=True)


def test_more_time_reaches_no_less(fan):
    for rung in {rung for rung, _, _ in fan.reached}:
        in_time = [c.probability for name, _, c in sorted(fan.reached, key=lambda r: r[1]) if name == rung]
        assert in_time == sorted(in_time)
        assert len(in_time) == 4  # after 4, 12 and 26 weeks, and at the horizon


def test_a_fan_runs_from_now_to_the_last_day_asked_about():
    futures = starter().estimate.futures
    days = [step.day for step in futures.fans[0].steps]
    assert days[0] == GRID.first_day(NOW)
    assert days[-1] == futures.horizon == GRID.first_day(LAST)


def histories(**joining):
    """40 histories of calm; each front joins (reaches strikes) at these steps in the first histories."""
    posture = np.zeros((LAST + 1, 3, N))
    for name, steps in joining.items():
        for lane, step in enumerate(steps):
            if step:
                posture[step, {"sudria": 0, "norland": 1, "westmark": 2}[name], lane] = 4
    return look_ahead(with_postures(starter().posterior, posture))


def joiner(futures, ref):
    return next(j for j in futures.joiners if j.ref == ref)


def test_who_joins_first_is_counted_out():
    a, b = NOW + 1, NOW + 5
    found = histories(sudria=[a] * 20 + [b] * 10, norland=[b] * 20 + [a] * 4)
    sudria, norland = joiner(found, "sudria -> norland"), joiner(found, "norland -> sudria")
    assert sudria.joins.probability == pytest.approx(30 / N)
    assert norland.joins.probability == pytest.approx(24 / N)
    # Of the ten late ones of Sudria four come after Norland.
    assert sudria.first.probability == pytest.approx(26 / N)
    assert norland.first.probability == pytest.approx(4 / N)
    assert sudria.place == pytest.approx((20 * 1 + 4 * 2 + 6 * 1) / 30)
    assert norland.place == pytest.approx((20 * 2 + 4 * 1) / 24)


def test_those_that_join_in_one_step_share_the_place():
    found = histories(sudria=[NOW + 1] * N, norland=[NOW + 1] * N)
    for ref in ("sudria -> norland", "norland -> sudria"):
        assert joiner(found, ref).place == pytest.approx(1.0)


def test_the_median_day_is_there_when_joining_is_more_likely_than_not():
    found = histories(sudria=[NOW + 1] * 10 + [NOW + 3] * 25, norland=[NOW + 1] * 19)
    assert joiner(found, "sudria -> norland").median_day == GRID.first_day(NOW + 3)
    assert joiner(found, "norland -> sudria").median_day is None


def test_who_never_joins_comes_last():
    found = histories(westmark=[NOW + 2])
    assert found.joiners[0].ref == "westmark -> sudria"
    assert found.joiners[-1].joins.probability == 0.0
    assert found.joiners[-1].place == 3.0


def test_what_happened_before_the_as_of_day_is_no_future():
    posture = np.zeros((LAST + 1, 3, N))
    posture[NOW - 1] = 6
    found = look_ahead(with_postures(starter().posterior, posture))
    assert all(c.probability == 0.0 for fan in found.fans for _, _, c in fan.reached)
    assert all(j.joins.probability == 0.0 for j in found.joiners)


def test_who_is_at_it_already_does_not_join():
    posture = np.zeros((LAST + 1, 3, N))
    posture[NOW:, SUDRIA] = 4
    found = look_ahead(with_postures(starter().posterior, posture))
    assert "sudria -> norland" not in [j.ref for j in found.joiners]
    assert len(found.joiners) == 2


def test_on_the_last_day_nothing_is_left_to_come():
    case = two_actors()
    futures = assess(case, case.end, particles=1_000).estimate.futures
    assert futures.joiners == ()
    assert all(len(fan.steps) == 1 and fan.reached == () for fan in futures.fans)
