"""Which portfolios are run: counted out against plain enumeration."""

from itertools import combinations

import hypothesis.strategies as st
from hypothesis import given, settings

from tocsin.ask.options.portfolios import Purse, grow, list_portfolios

purses = st.builds(
    lambda costs, budget: Purse(costs={f"l{k}": c for k, c in enumerate(costs)}, budget=budget),
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 4.0]), min_size=1, max_size=7),
    st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, 6.0])),
)


def plainly(purse):
    every = [c for size in range(1, len(purse.costs) + 1) for c in combinations(purse.costs, size)]
    return [c for c in every if purse.budget is None or sum(purse.costs[x] for x in c) <= purse.budget]


@settings(max_examples=60, deadline=None)
@given(purses)
def test_every_affordable_portfolio_is_found_once(purse):
    assert purse.affordable() == plainly(purse)
    assert purse.count() == len(plainly(purse))


@settings(max_examples=60, deadline=None)
@given(purses, st.integers(1, 40))
def test_whole_sizes_are_listed_and_no_more_than_wanted(purse, most):
    listed = list_portfolios(purse, most)
    every = plainly(purse)
    assert listed.complete == (len(every) <= most)
    if listed.complete:
        assert list(listed.portfolios) == every
    else:
        assert list(listed.portfolios) == [c for c in every if len(c) in listed.sizes]
        assert len(listed.portfolios) <= most or listed.sizes == (1,)


@settings(max_examples=40, deadline=None)
@given(purses, st.integers(0, 10))
def test_what_is_grown_is_affordable_new_and_one_larger(purse, room):
    singles = purse.of_size(1)
    grown = grow(purse, singles, singles, room)
    assert len(grown) == len(set(grown)) <= room
    assert all(len(c) == 2 and purse.affords(c) for c in grown)
    assert set(grown) <= set(plainly(purse))


def test_thirty_levers_are_counted_without_being_listed():
    purse = Purse(costs={f"l{k}": 1.0 for k in range(30)}, budget=15.0)
    # Half of the sum of all binomials of 30, and half of the middle one: 2^29 + C(30, 15) / 2, less nothing.
    assert purse.count() == 2**29 + 155117520 // 2 - 1
    listed = list_portfolios(purse, 500)
    assert (len(listed.portfolios), listed.sizes, listed.complete) == (465, (1, 2), False)
