"""The picture of a network: near what is tied, and the same whatever the order and the day."""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.source import ROOT
from tocsin.ask.layout import layout
from tocsin.ask.ties import ties
from tocsin.case.read import load

NAMES = tuple("abcdef")
TIES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([0.2, 0.5, 1.0])).filter(
        lambda tie: tie[0] != tie[1]
    ),
    max_size=12,
)


@pytest.mark.parametrize("count", [0, 1])
def test_one_actor_or_none_lies_in_the_middle(count):
    assert layout(NAMES[:count], []) == dict.fromkeys(NAMES[:count], (0.0, 0.0))


@settings(max_examples=20, deadline=None)
@given(TIES, st.randoms(use_true_random=False))
def test_every_actor_has_a_place_whatever_the_order(written, random):
    found = layout(NAMES, written)
    assert tuple(found) == NAMES
    assert max(abs(part) for place in found.values() for part in place) == 1.0
    names, shuffled = list(NAMES), [(b, a, s) if random.random() < 0.5 else (a, b, s) for a, b, s in written]
    random.shuffle(names)
    random.shuffle(shuffled)
    assert layout(names, shuffled) == found


@settings(max_examples=20, deadline=None)
@given(TIES)
def test_no_two_actors_lie_on_each_other(written):
    found = list(layout(NAMES, written).values())
    assert min(math.dist(p, q) for k, p in enumerate(found) for q in found[:k]) > 0.05


def test_a_strong_tie_draws_closer_than_a_weak_one():
    found = layout("abc", [("a", "b", 1.0), ("b", "c", 0.1)])
    assert math.dist(found["a"], found["b"]) < math.dist(found["b"], found["c"])


def test_those_without_ties_stand_apart_but_in_the_picture():
    found = layout("abcd", [("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", 1.0)])
    near = max(math.dist(found[p], found[q]) for p in "abc" for q in "abc")
    assert min(math.dist(found["d"], found[p]) for p in "abc") > near


def test_it_is_wider_than_it_is_high():
    found = layout("abcd", [("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0)])
    assert max(x for x, _ in found.values()) == 1.0
    assert max(abs(y) for _, y in found.values()) < 0.2


def test_the_picture_of_a_case_is_one_for_every_day():
    case = load(ROOT / "cases" / "lebanon-2023")
    places = {
        tuple(one.place for one in ties(case, day).learners)
        for day in (dt.date(1985, 1, 1), case.start, case.end)
    }
    assert len(places) == 1
    assert len(set(*places)) == len(case.actors)
