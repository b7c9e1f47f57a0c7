"""Plans composed lever by lever are those that `compile_case` makes of the same levers."""

import datetime as dt
from itertools import combinations

import numpy as np
import pytest

from tests.game.worlds import actors, between, case_of
from tocsin.game import plan as p
from tocsin.game.compile import compile_case
from tocsin.game.levers import lever_plans

START = dt.date(2024, 1, 1)
AS_OF = dt.date(2024, 1, 24)  # a Wednesday: its step began on Monday 22
FOLLOWS = dt.date(2024, 1, 29)


def lever(name, *effects, **parts):
    return {"id": name, "name": name, "actor": "c", "effects": list(effects)} | parts


LEVERS = [
    lever("standing", {"standing": "a", "shift": 0.9}),
    lever("lower", {"standing": "a", "shift": -0.4}, delay_days=20),
    lever(
        "threat", {"threat": "a -> b", "shift": 0.4}, {"provokes": "b -> a", "shift": 0.3}, duration_days=3
    ),
    lever("tie", {"tie": "c -> a", "shift": 0.2}, {"factor": "mud", "shift": 0.3, "at_once": True}),
    lever("mud", {"factor": "mud", "shift": 0.3}, {"pull": "b -> a", "shift": -0.3}, duration_days=30),
    lever("sign", {"deal": "truce", "shift": 1}, delay_days=10),
    lever("end", {"deal": "truce", "shift": -1}, delay_days=10),
    lever("offer", {"table": "truce", "shift": 1}, delay_days=10, duration_days=30),
    lever("withdraw", {"table": "truce", "shift": -1}, delay_days=20),
    lever("late", {"pull": "a -> b", "shift": 1.0}, delay_days=3000),
]
CASE = case_of(
    actors=actors("a", "b", "c"),
    fronts=between("ab", "ba", "ca", "ac", "cb", "bc"),
    ties=[{"from": "c", "to": "a", "kind": "alliance", "strength": 0.5, "since": 1990}],
    threats=[{"by": "a", "against": "b", "strength": "strong", "from": "strikes"}],
    factors=[{"id": "mud", "name": "Mud", "start": 0.2}],
    deals=[{"id": "truce", "name": "T", "between": ["a", "b"], "cap": "shows"}],
    events=[
        {
            "id": "e",
            "date": START,
            "text": "t",
            "effects": [{"standing": "a", "shift": 0.8}, {"factor": "mud", "shift": 0.1}],
        }
    ],
    levers=LEVERS,
)
IDS = [entry["id"] for entry in LEVERS]
SOME = [*combinations(IDS, 1), *combinations(IDS, 2), *list(combinations(IDS, 4))[::7], tuple(IDS)]


@pytest.fixture(scope="module")
def plans():
    return lever_plans(CASE, AS_OF)


def compiled_with(plans, levers):
    chosen = [lever for lever in CASE.levers if lever.id in levers]
    return compile_case(CASE, AS_OF, pulled=[(lever.id, plans.pulled_on(lever)) for lever in chosen])


def by_front(game_plan):
    """Terms by front, from, and kind, so that a term that shifts nothing may be there or not."""
    live = (game_plan.term_gate != 0).any(axis=0) | (game_plan.term_shift != 0).any(axis=0)
    front = np.repeat(np.arange(len(game_plan.term_start) - 1), np.diff(game_plan.term_start))
    return [
        (int(front[j]), int(game_plan.term_kind[j]), int(game_plan.term_row[j]),
         game_plan.term_gate[:, j].tobytes(), game_plan.term_shift[:, j].tobytes())
        for j in np.flatnonzero(live)
    ]  # fmt: skip


@pytest.mark.parametrize("levers", SOME, ids="+".join)
def test_a_composed_plan_is_the_compiled_one_to_the_last_bit(plans, levers):
    composed, compiled = plans.plan(levers), compiled_with(plans, levers).plan
    for name in p.Plan._fields:
        if not name.startswith("term_"):
            assert np.array_equal(getattr(composed, name), getattr(compiled, name)), name
            assert getattr(composed, name).dtype == getattr(compiled, name).dtype, name
    assert by_front(composed) == by_front(compiled)


def test_no_lever_is_the_plan_itself(plans):
    assert plans.plan([]) is plans.game.plan


def test_the_order_of_levers_does_not_matter(plans):
    one, other = plans.plan(IDS), plans.plan(reversed(IDS))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def changed_steps(plans, lever_id, field):
    differs = getattr(plans.plan([lever_id]), field) != getattr(plans.game.plan, field)
    return np.flatnonzero(differs.any(axis=1)).tolist()


def test_what_begins_at_once_begins_with_the_step_after_the_as_of_day(plans):
    now = plans.game.now
    assert plans.pulled_on(CASE.levers[0]) == FOLLOWS
    assert changed_steps(plans, "tie", "factor_jump") == [now + 1]
    # Three days, which would all lie in the step that is over, are those of the next.
    assert changed_steps(plans, "threat", "lean") == [now + 1]


def test_delays_and_durations_count_from_the_as_of_day(plans):
    grid = plans.game.grid
    assert changed_steps(plans, "sign", "deal_force") == [grid.step_of(AS_OF + dt.timedelta(days=10))]
    held = changed_steps(plans, "mud", "factor_target")
    assert held == list(range(plans.game.now + 1, grid.step_of(FOLLOWS + dt.timedelta(days=29)) + 1))


def test_what_changes_nothing_is_known_to(plans):
    idle = ("late", "standing", "withdraw")  # the last takes off a table what is not on it
    assert plans.is_idle(plans.effects(["late"]))
    assert plans.is_idle([])
    assert all(not plans.is_idle(plans.effects([name])) for name in IDS if name not in idle)
    # The event has brought this standing above 1 - its own 0.5 already, so there is nothing to gain.
    assert plans.is_idle(plans.effects(["standing"]))
