"""Steps cover every day of a case once, finer where it says so."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.game.worlds import actors, between, case_of
from tocsin.game.grid import build_grid

START = dt.date(2024, 1, 31)


def grid_of(**parts):
    return build_grid(case_of(actors=actors("a", "b"), fronts=between("ab"), **({"start": START} | parts)))


def test_months_keep_their_day_or_take_the_last():
    grid = grid_of(end=dt.date(2024, 6, 29), step="month")
    assert [str(day) for day in grid.first_days] == [
        "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31",
    ]  # fmt: skip
    assert grid.weeks[1] == 29 / 7


def test_a_fine_stretch_is_spliced_in():
    stretch = {"since": dt.date(2024, 2, 10), "until": dt.date(2024, 2, 13)}
    grid = grid_of(end=dt.date(2024, 3, 3), fine=[stretch])
    assert [(day.month, day.day) for day in grid.first_days] == [
        (1, 31), (2, 7), (2, 10), (2, 11), (2, 12), (2, 13), (2, 20), (2, 27),
    ]  # fmt: skip
    assert grid.end == dt.date(2024, 3, 4)


def test_a_fine_stretch_inside_months_starts_on_its_day():
    stretch = {"since": dt.date(2024, 3, 4), "until": dt.date(2024, 3, 18), "step": "week"}
    grid = grid_of(start=dt.date(2024, 1, 15), end=dt.date(2024, 5, 1), step="month", fine=[stretch])
    assert [(day.month, day.day) for day in grid.first_days] == [
        (1, 15), (2, 15), (3, 4), (3, 11), (3, 18), (4, 15),
    ]  # fmt: skip


def test_days_before_and_after_lie_outside():
    grid = grid_of(end=dt.date(2024, 2, 20))
    assert grid.step_of(START - dt.timedelta(days=1)) == 0
    assert grid.step_of(START) == 1
    assert grid.step_of(dt.date(2024, 2, 20)) == grid.n_steps
    assert grid.step_of(dt.date(2024, 2, 21)) == grid.n_steps + 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.integers(1, 400),
    st.sampled_from(["day", "week", "month"]),
    st.lists(
        st.tuples(st.integers(-5, 400), st.integers(1, 40), st.sampled_from(["day", "week"])), max_size=2
    ),
)
def test_every_day_lies_in_one_step(n_days, step, stretches):
    fine = [
        {"since": START + dt.timedelta(days=s), "until": START + dt.timedelta(days=s + length), "step": unit}
        for s, length, unit in stretches
    ]
    grid = grid_of(end=START + dt.timedelta(days=n_days), step=step, fine=fine)
    assert grid.first_days[0] == START
    assert list(grid.first_days) == sorted(set(grid.first_days))
    for t in range(1, grid.n_steps + 1):
        first, after = grid.first_day(t), grid.day_after(t)
        assert abs(grid.weeks[t] * 7 - (after - first).days) < 1e-9
        assert grid.step_of(first) == grid.step_of(after - dt.timedelta(days=1)) == t
    assert abs(sum(grid.weeks) * 7 - (n_days + 1)) < 1e-6


@pytest.mark.parametrize("length", [1, 7, 8])
def test_the_last_step_ends_with_the_case(length):
    grid = grid_of(end=START + dt.timedelta(days=length - 1))
    assert grid.day_after(grid.n_steps) == START + dt.timedelta(days=length)
