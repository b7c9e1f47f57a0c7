"""Resolution rules read on hand-made histories, and on random ones beside a second reading by the day."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ask.worlds import MONDAY, two_actors
from tocsin.ask.resolve import followed_factors, resolve
from tocsin.case.model import Question, Rule
from tocsin.game.compile import compile_case
from tocsin.infer.posterior import Paths

WEEKS = 6
CASE = two_actors(
    end=MONDAY + dt.timedelta(days=7 * WEEKS - 1),
    factors=[
        {"id": "heat", "name": "heat", "start": 0.5},
        {"id": "unasked", "name": "x", "start": 0.5},
        {"id": "cold", "name": "cold", "start": 0.5},
    ],
    deals=[{"id": "truce", "name": "truce", "between": ["a", "b"], "cap": "calm"}],
    questions=[
        {"id": "q1", "text": "t", "by": MONDAY, "rule": {"factor": "cold", "above": 0.5}},
        {
            "id": "q2",
            "text": "t",
            "by": MONDAY,
            "rule": {"any": [{"all": [{"factor": "heat", "above": 0.5}]}, {"deal": "truce"}]},
        },
    ],
)
GAME = compile_case(CASE, MONDAY)
FOLLOWED = followed_factors(GAME)
STRIKES = {"front": "a -> b", "reaches": "strikes"}
ANSWERED = {"front": "b -> a", "reaches": "exchange"}


def day(week: int, weekday: int = 0) -> dt.date:
    """A day of week 1 to 6."""
    return MONDAY + dt.timedelta(days=7 * (week - 1) + weekday)


def paths(n: int = 1) -> Paths:
    """Histories in which nothing happens: calm, no deal, factors at 0."""
    return Paths(
        posture=np.zeros((WEEKS + 1, 2, n), dtype=np.uint8),
        deal=np.zeros((WEEKS + 1, 1, n), dtype=np.uint8),
        factor=np.zeros((WEEKS + 1, len(FOLLOWED), n), dtype=np.float32),
    )


def ask(rule: dict, where: Paths, *, by: dt.date | None = None, since=None, seen_by=None) -> list[bool]:
    question = Question.model_validate(
        {"id": "q", "text": "t", "by": by or CASE.end, "since": since, "rule": rule}
    )
    return [bool(x) for x in resolve(GAME, question, where, FOLLOWED, seen_by)]


def test_factors_of_nested_rules_are_followed_and_no_others():
    assert [GAME.factors[k] for k in FOLLOWED] == ["heat", "cold"]


def test_a_front_reaches_a_rung_or_passes_it():
    where = paths(3)
    where.posture[3, 0] = [3, 4, 6]  # exchange, strikes, war
    assert ask(STRIKES, where) == [False, True, True]


def test_having_reached_it_once_is_enough():
    where = paths()
    where.posture[2, 0] = 4
    assert ask(STRIKES, where) == [True]


def test_the_other_direction_is_another_front():
    where = paths()
    where.posture[2, 1] = 6
    assert ask(STRIKES, where) == [False]


def test_a_factor_is_above_not_at_its_value():
    where = paths(3)
    where.factor[4, FOLLOWED.index(GAME.factors.index("cold"))] = [0.25, 0.5, 0.75]
    assert ask({"factor": "cold", "above": 0.5}, where) == [False, False, True]


def test_a_deal_is_in_force():
    where = paths(2)
    where.deal[5, 0] = [0, 1]
    assert ask({"deal": "truce"}, where) == [False, True]


def test_any_all_and_at_least_count_their_parts():
    where = paths(4)
    where.posture[2, 0] = [0, 4, 0, 4]
    where.posture[5, 1] = [0, 0, 3, 3]
    parts = [STRIKES, ANSWERED]
    assert ask({"any": parts}, where) == [False, True, True, True]
    assert ask({"all": parts}, where) == [False, False, False, True]
    assert ask({"at_least": 1, "of": parts}, where) == [False, True, True, True]
    assert ask({"at_least": 2, "of": parts}, where) == [False, False, False, True]


def test_rules_nest():
    where = paths(2)
    where.posture[2, 0] = 4
    where.posture[2, 1] = 3
    where.deal[3, 0] = [0, 1]
    rule = {
        "all": [{"at_least": 2, "of": [STRIKES, ANSWERED, {"deal": "truce"}]}, {"any": [{"deal": "truce"}]}]
    }
    assert ask(rule, where) == [False, True]


@pytest.mark.parametrize(
    ("last", "expected"), [(day(3, 6), False), (day(4), True), (day(4, 3), True), (day(5), True)]
)
def test_by_counts_the_step_that_holds_the_day(last, expected):
    where = paths()
    where.posture[4, 0] = 4
    assert ask(STRIKES, where, by=last) == [expected]


@pytest.mark.parametrize(("first", "expected"), [(day(4, 6), True), (day(5), False)])
def test_since_leaves_out_the_steps_that_are_over(first, expected):
    where = paths()
    where.posture[4, 0] = 4
    assert ask(STRIKES, where, since=first) == [expected]


def test_the_state_before_the_first_step_does_not_count():
    where = paths()
    where.posture[0, 0] = 6
    assert ask(STRIKES, where, since=MONDAY - dt.timedelta(days=400)) == [False]


def test_a_part_may_have_days_of_its_own_within_the_questions():
    where = paths()
    where.posture[5, 0] = 4
    assert ask(STRIKES | {"by": day(4)}, where) == [False]
    assert ask(STRIKES | {"since": day(5)}, where) == [True]
    # A part's later day does not stretch the question.
    assert ask(STRIKES | {"by": day(6)}, where, by=day(4)) == [False]


def test_already_looks_no_further_than_the_as_of_day():
    where = paths()
    where.posture[4, 0] = 4
    assert ask(STRIKES, where, seen_by=day(3)) == [False]
    assert ask(STRIKES, where, seen_by=day(4)) == [True]
    assert ask(STRIKES, where, by=day(3), seen_by=day(6)) == [False]


def test_a_day_after_the_end_of_the_case_is_its_end():
    where = paths()
    where.posture[WEEKS, 0] = 4
    assert ask(STRIKES, where, by=CASE.end + dt.timedelta(days=400)) == [True]


def test_an_empty_stretch_holds_nothing():
    where = paths()
    where.posture[:, 0] = 6
    assert ask(STRIKES, where, since=day(5), by=day(3)) == [False]
    # Not even the step that holds both days.
    assert ask(STRIKES, where, since=day(3, 2), by=day(3, 1)) == [False]


DAYS = st.one_of(st.none(), st.integers(-10, 7 * WEEKS + 10).map(lambda k: MONDAY + dt.timedelta(days=k)))
LEAVES = st.one_of(
    st.builds(
        lambda f, r: {"front": f, "reaches": r},
        st.sampled_from(GAME.fronts),
        st.sampled_from(GAME.rungs[1:]),
    ),
    st.builds(
        lambda f, x: {"factor": f, "above": x}, st.sampled_from(["heat", "cold"]), st.sampled_from([0.2, 0.5])
    ),
    st.just({"deal": "truce"}),
)
DATED = st.builds(
    lambda rule, since, by: rule | {k: v for k, v in (("since", since), ("by", by)) if v}, LEAVES, DAYS, DAYS
)
RULES = st.recursive(
    DATED,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda parts: st.integers(1, len(parts)).map(lambda k: {"at_least": k, "of": parts})
        ),
    ),
    max_leaves=6,
)


def by_the_day(rule: Rule, where: Paths, lane: int, since: dt.date, by: dt.date) -> bool:
    """The rule as a person reads it: walk through the days, and look at the week each lies in."""
    since, by = rule.since or since, min(rule.by, by) if rule.by else by
    parts = rule.any_ or rule.all_ or rule.of
    if parts:
        held = [by_the_day(part, where, lane, since, by) for part in parts]
        return any(held) if rule.any_ else all(held) if rule.all_ else sum(held) >= (rule.at_least or 1)
    for k in range(7 * WEEKS):
        week = k // 7 + 1
        if not since <= MONDAY + dt.timedelta(days=k) <= by:
            continue
        if rule.front and where.posture[week, GAME.fronts.index(rule.front), lane] >= GAME.rungs.index(
            rule.reaches or ""
        ):
            return True
        if rule.factor and where.factor[week, ("heat", "cold").index(rule.factor), lane] > (rule.above or 0):
            return True
        if rule.deal and where.deal[week, 0, lane]:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(RULES, DAYS, DAYS, st.integers(0, 2**32 - 1))
def test_any_rule_is_read_as_a_person_would_read_it_day_by_day(rule, since, by, seed):
    rng = np.random.default_rng(seed)
    where = Paths(
        posture=rng.integers(0, 7, (WEEKS + 1, 2, 3)).astype(np.uint8),
        deal=(rng.random((WEEKS + 1, 1, 3)) < 0.2).astype(np.uint8),
        factor=rng.random((WEEKS + 1, 2, 3)).astype(np.float32),
    )
    last = by or CASE.end
    expected = [
        by_the_day(Rule.model_validate(rule), where, lane, since or CASE.start, last) for lane in range(3)
    ]
    assert ask(rule, where, since=since, by=last) == expected
