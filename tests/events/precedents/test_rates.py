"""Counts and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tocsin.events.precedents.rates import (
    HORIZONS,
    WHOLE_COURSE,
    Cell,
    Count,
    ReferenceClass,
    counted,
    from_json,
    shipped,
)


def test_the_interval_is_jeffreys():
    """5 of 50: Beta(5.5, 45.5), as in Brown, Cai and DasGupta 2001."""
    low, high = Count(came=5, of=50, clusters=50, effective=50.0).interval()
    assert (low, high) == pytest.approx((beta.ppf(0.05, 5.5, 45.5), beta.ppf(0.95, 5.5, 45.5)))


def test_nothing_seen_leaves_nothing_possible_and_all_seen_everything():
    assert Count(came=0, of=20, clusters=20, effective=20.0).interval()[0] == 0.0
    assert Count(came=20, of=20, clusters=20, effective=20.0).interval()[1] == 1.0


def test_an_interval_of_nothing_is_nearly_everything():
    low, high = Count(came=0, of=0, clusters=0, effective=0.0).interval()
    assert low == 0.0
    assert high > 0.9


def test_anchors_that_share_all_their_luck_are_worth_one_each_cluster():
    came = np.repeat([True, False, False, True, False, False], 10)
    count = counted(came, np.repeat(np.arange(6), 10).tolist())
    # Between-cluster variance with 6 - 1 in the divisor: 5 rather than 6 independent anchors.
    assert count.effective == pytest.approx(5.0)


def test_anchors_that_share_nothing_are_worth_nearly_their_number():
    rng = np.random.default_rng(1)
    count = counted(rng.random(4000) < 0.2, rng.integers(0, 800, 4000).tolist())
    # The standard error of a variance from 800 clusters is about sqrt(2/800) = 5 %: four of them are 20 %.
    assert 0.8 * 4000 <= count.effective <= 4000


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=60),
)
def test_a_count_is_worth_between_one_and_its_size(rows):
    count = counted(np.array([came for came, _ in rows]), [cluster for _, cluster in rows])
    assert 1.0 <= count.effective <= count.of == len(rows)
    low, high = count.interval()
    assert 0.0 <= low <= count.rate <= high <= 1.0 or count.effective < 3.0


def reference(*cells):
    return ReferenceClass(
        id="c",
        condition="c",
        events={"e": "e"},
        unit="u",
        cluster="c",
        span="s",
        sources=("s",),
        caution="c",
        cells=cells,
    )


def test_the_cell_is_the_nearest_in_proportion():
    some = Count(came=1, of=9, clusters=9, effective=9.0)
    cells = [Cell(event="e", horizon_days=h, all=some, since_1946=None) for h in (30, 90, 365)]
    found = [reference(*cells).cell("e", days) for days in (1, 45, 60, 200, 5000)]
    assert [cell and cell.horizon_days for cell in found] == [30, 30, 90, 365, 365]
    assert reference(*cells).cell("other", 30) is None


def test_a_cell_of_no_anchor_is_none():
    empty = Cell(
        event="e",
        horizon_days=30,
        all=Count(came=0, of=0, clusters=0, effective=0.0),
        since_1946=None,
    )
    assert reference(empty).cell("e", 30) is None


def test_the_shipped_table_reads_back_as_it_was_written():
    table = shipped()
    assert from_json(table.to_json()) == table


@pytest.mark.parametrize("one", shipped().classes, ids=lambda one: one.id)
def test_a_shipped_class_says_all_that_a_reader_needs(one):
    assert one.condition
    assert one.sources
    assert one.caution
    assert {cell.event for cell in one.cells} == set(one.events)
    for cell in one.cells:
        assert cell.horizon_days in (WHOLE_COURSE, *HORIZONS)
        for count in (cell.all, cell.since_1946):
            if count is not None:
                assert 0 <= count.came <= count.of
                assert count.clusters <= count.of
                assert count.effective <= max(count.of, 1)
        if cell.since_1946 is not None:
            assert cell.since_1946.of <= cell.all.of
            assert cell.since_1946.came <= cell.all.came


def series(event):
    """How bad an event is, for comparing with others of its class: its first number."""
    return [int(word) for word in event.split() if word.isdigit()]


@pytest.mark.parametrize("one", shipped().classes, ids=lambda one: one.id)
def test_the_worse_comes_about_less_often_than_the_less_bad(one):
    for a in one.cells:
        for b in one.cells:
            same = a.horizon_days == b.horizon_days and len(series(a.event)) == len(series(b.event)) > 0
            if same and all(x <= y for x, y in zip(series(a.event), series(b.event), strict=True)):
                assert a.all.came >= b.all.came
