"""What a case says arrives in the arrays, at the steps it should."""

import datetime as dt

import numpy as np
import pytest

from tests.game.worlds import START, actors, between, case_of, game_of, random_case
from tocsin.game import plan as p
from tocsin.game.compile import RIVALRY_LEAN, compile_case


def day(n):
    return START + dt.timedelta(days=n)


def a_case(**parts):
    usual = {
        "actors": actors("a", "b", "c"),
        "fronts": between("ab", "ba", "ac", "ca"),
        "factors": [{"id": "mud", "name": "M", "start": 0.3}],
        "threats": [{"by": "b", "against": "a", "strength": "strong", "from": "strikes"}],
        "ties": [{"from": "c", "to": "b", "kind": "patron", "strength": "strong", "since": 1990}],
        "deals": [{"id": "truce", "name": "T", "between": ["a", "b"], "cap": "words"}],
    }
    return case_of(**(usual | parts))


def terms_named(game, name, front=None):
    return [
        j
        for j, term in enumerate(game.terms)
        if term.name == name and (front is None or game.fronts[term.front] == front)
    ]


def steps_where(column, value=0.0):
    return np.flatnonzero(np.asarray(column) != value).tolist()


def event(*effects, date=START + dt.timedelta(days=15), until=None):
    # day 15 lies in step 3, day 36 in step 6: an end inside a step lets the step before it be the last
    return {"id": "e", "date": date, "until": until, "text": "t", "effects": list(effects)}


@pytest.mark.parametrize(
    ("effect", "read"),
    [
        ({"factor": "mud", "shift": 0.4}, lambda g: g.plan.factor_target[:, 0] - np.float32(0.3)),
        ({"standing": "a", "shift": 0.2}, lambda g: g.plan.standing_base[:, 0] - np.float32(0.5)),
        ({"threat": "b -> a", "shift": 1.0}, lambda g: g.plan.term_shift[:, terms_named(g, "deterrence")[0]]),
        (
            {"tie": "c -> b", "shift": -0.5},
            lambda g: g.plan.term_shift[:, terms_named(g, "alliance", "c -> a")[0]],
        ),
        ({"provokes": "a -> b", "shift": 1.0}, lambda g: g.plan.lean[:, 0]),
        ({"pull": "a -> b", "shift": -1.0}, lambda g: g.plan.term_shift[:, terms_named(g, "event")[0]]),
    ],
    ids=["factor", "standing", "threat", "tie", "provokes", "pull"],
)
def test_an_effect_holds_from_its_step_to_its_end(effect, read):
    ends = game_of(a_case(events=[event(effect, until=day(36))]))
    lasts = game_of(a_case(events=[event(effect)]))
    # day 35, the first of step 6, is the last on which it holds: that step is taken whole
    assert steps_where(np.round(read(ends), 6)) == [3, 4, 5, 6]
    assert steps_where(np.round(read(lasts), 6)) == list(range(3, 13))
    assert abs(abs(read(lasts)[3]) - abs(effect["shift"])) < 1e-6


def test_what_begins_and_ends_inside_a_step_is_not_lost():
    brief = event({"provokes": "a -> b", "shift": 1.0}, date=day(16), until=day(19))
    assert steps_where(game_of(a_case(events=[brief])).plan.lean[:, 0]) == [3]


def test_an_effect_at_once_strikes_one_step():
    game = game_of(a_case(events=[event({"factor": "mud", "shift": 0.4, "at_once": True})]))
    assert steps_where(game.plan.factor_jump[:, 0]) == [3]
    assert steps_where(game.plan.factor_target[:, 0], np.float32(0.3)) == []


def test_a_deal_is_forced_in_one_step():
    game = game_of(a_case(events=[event({"deal": "truce", "shift": 1})]))
    assert game.plan.deal_force[:, 0].tolist() == [0, 0, 0, 1, *[0] * 9]


def on_table(*events, **parts):
    """Steps in which a truce is on the table."""
    deal = {"id": "truce", "name": "T", "between": ["a", "b"], "cap": "words"} | parts
    return steps_where(game_of(a_case(deals=[deal], events=list(events))).plan.deal_open[:, 0])


def put(day_, shift, **parts):
    return event({"table": "truce", "shift": shift}, date=day(day_), **parts) | {"id": f"e{day_}"}


def test_an_event_puts_a_deal_on_the_table_and_another_takes_it_off():
    assert on_table(put(15, 1)) == list(range(3, 13))
    assert on_table(put(15, 1, until=day(36))) == [3, 4, 5, 6]
    assert on_table(put(15, 1), put(29, -1)) == [3, 4]
    assert on_table(put(15, -1, until=day(28)), on_table=day(0)) == [1, 2, 5, 6, 7, 8, 9, 10, 11, 12]


def test_what_was_said_of_the_table_last_holds_in_whatever_order_it_is_written():
    events = put(15, 1), put(29, -1), put(50, 1)
    assert on_table(*events) == on_table(*events[::-1]) == [3, 4, 8, 9, 10, 11, 12]
    assert on_table(put(0, -1), on_table=day(15)) == list(range(3, 13))
    assert on_table(put(8, 1), on_table=day(15), off_table=day(28)) == [2, 3, 4]


def test_an_event_before_the_start_holds_from_the_first_step_and_one_after_the_end_never():
    before = game_of(a_case(events=[event({"provokes": "a -> b", "shift": 1.0}, date=day(-40))]))
    after = game_of(a_case(events=[event({"provokes": "a -> b", "shift": 1.0}, date=day(500))]))
    assert steps_where(before.plan.lean[:, 0]) == list(range(1, 13))
    assert steps_where(after.plan.lean[:, 0]) == []


def test_a_lever_pulled_is_the_event_it_would_be():
    effects = [
        {"factor": "mud", "shift": 0.4},
        {"pull": "a -> b", "shift": -1.0},
        {"deal": "truce", "shift": 1},
    ]
    lever = {
        "id": "press", "name": "P", "actor": "c", "effects": effects, "delay_days": 7, "duration_days": 21,
    }  # fmt: skip
    case = a_case(levers=[lever])
    pulled = compile_case(case, START, pulled=[("press", day(8))])
    happened = game_of(a_case(events=[event(*effects, until=day(36))]))
    for name in p.Plan._fields:
        assert np.array_equal(getattr(pulled.plan, name), getattr(happened.plan, name)), name
    assert pulled.terms == happened.terms
    untouched = compile_case(case, START)
    assert steps_where(untouched.plan.factor_target[:, 0], np.float32(0.3)) == []


def test_an_event_that_was_a_lever_has_its_effects():
    lever = {"id": "press", "name": "P", "actor": "c", "effects": [{"provokes": "a -> b", "shift": 1.0}]}
    game = game_of(
        a_case(levers=[lever], events=[{"id": "e", "date": day(15), "text": "t", "lever": "press"}])
    )
    assert steps_where(game.plan.lean[:, 0]) == list(range(3, 13))


def test_an_event_that_was_a_lever_holds_as_long_as_the_lever_unless_it_has_an_end_of_its_own():
    effects = [{"provokes": "a -> b", "shift": 1.0}]
    lever = {"id": "press", "name": "P", "actor": "c", "effects": effects, "duration_days": 14}
    pulled = {"id": "e", "date": day(15), "text": "t", "lever": "press"}

    def held(**parts):
        return steps_where(game_of(a_case(levers=[lever], events=[pulled | parts])).plan.lean[:, 0])

    assert held() == [3, 4, 5]
    assert held(effects=[effects[0] | {"shift": 2.0}]) == [3, 4, 5]
    assert held(until=day(43)) == [3, 4, 5, 6, 7]


def test_the_strongest_tie_of_a_pair_obliges_and_a_shift_counts_once():
    ties = [
        {"from": "c", "to": "b", "kind": "patron", "strength": 0.5, "since": 1990},
        {"from": "b", "to": "c", "kind": "alliance", "strength": 0.8, "since": day(14), "until": day(42)},
    ]
    effect = {"tie": "c -> b", "shift": 0.5}
    fronts = between("ca", "ac", "ab", "ba")
    game = game_of(a_case(ties=ties, fronts=fronts, events=[event(effect, date=day(0))], threats=[]))
    obliged = terms_named(game, "alliance", "c -> a")
    assert len(obliged) == 2
    gates = game.plan.term_gate[1:, obliged]
    assert (gates.sum(axis=1) == 1.0).all()
    assert gates[:, 0].tolist() == [0, 0, 1, 1, 1, 1, *[0] * 6]
    np.testing.assert_allclose(game.plan.term_shift[1:, obliged].sum(axis=1), 0.5)


def test_rivals_read_hostility_into_each_other_while_it_lasts():
    ties = [{"from": "a", "to": "b", "kind": "rivalry", "strength": 1.0, "since": day(7), "until": day(21)}]
    game = game_of(a_case(ties=ties))
    for front in ("a -> b", "b -> a"):
        column = game.plan.lean[:, game.fronts.index(front)]
        assert steps_where(column) == [2, 3]
        assert column[2] == np.float32(RIVALRY_LEAN)


def test_rates_become_chances_of_the_step():
    plan = game_of(a_case(step="day", pace={"revision": 1.0, "incidents": 0.02})).plan
    np.testing.assert_allclose(plan.p_revise[1:], -np.expm1(-1.0 / 7.0), rtol=1e-6)
    np.testing.assert_allclose(plan.p_incident[1:, 0], -np.expm1(-0.02 / 7.0), rtol=1e-6)
    by_week = game_of(a_case()).plan
    # of a factor left alone, seven days keep as much and vary as much as one week
    assert abs(plan.factor_keep[1, 0] ** 7 - by_week.factor_keep[1, 0]) < 1e-6
    spread = np.sqrt(sum((plan.factor_keep[1, 0] ** k * plan.factor_noise[1, 0]) ** 2 for k in range(7)))
    assert abs(spread - by_week.factor_noise[1, 0]) < 1e-7


@pytest.mark.parametrize("seed", range(20))
def test_terms_of_a_front_lie_side_by_side_and_say_whose_they_are(seed):
    game = game_of(random_case(seed))
    for f in range(len(game.fronts)):
        for j in range(game.plan.term_start[f], game.plan.term_start[f + 1]):
            assert game.terms[j].front == f
            assert game.statics.row_actor[game.plan.term_row[j]] == game.plan.front_from[f]
    assert game.plan.term_start[-1] == len(game.terms)


@pytest.mark.parametrize("seed", range(20))
def test_blocks_part_the_coordinates_and_rows_among_actors(seed):
    statics = game_of(random_case(seed)).statics
    rows = np.concatenate([block.rows for block in statics.blocks])
    assert sorted(rows) == list(range(len(statics.row_sign)))
    coordinates = np.concatenate([block.coordinates for block in statics.blocks])
    assert len(set(coordinates)) == len(coordinates)
    for block in statics.blocks:
        used = statics.row_quantities[block.rows]
        assert set(used[used >= 0]) <= set(block.quantities)
