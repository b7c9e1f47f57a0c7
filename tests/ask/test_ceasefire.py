"""Cease-fires: what signing is worth is what the game decides by, and what follows from it keeps its laws."""

import dataclasses
import datetime as dt
import json
import threading
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from tests.ask.worlds import AS_OF, MONDAY, STARTER, changed, four_errors, two_actors, written
from tests.present import present
from tocsin.ask.ceasefire import CeaseFireError, ceasefire
from tocsin.ask.ceasefire.holding import first_where, lasts
from tocsin.ask.ceasefire.pooling import quantiles
from tocsin.ask.ceasefire.spoilers import candidates
from tocsin.ask.ceasefire.value import labels, state_before, worth
from tocsin.ask.ceasefire.worlds import pushed, worlds
from tocsin.ask.inferred import infer
from tocsin.game import chance
from tocsin.game.compile import compile_case
from tocsin.infer.onward import take_up
from tocsin.infer.particles import run_on
from tocsin.infer.work import CancelledError

DAY = MONDAY + dt.timedelta(days=6)


@cache
def starter(seed=1):
    return infer(STARTER, AS_OF, particles=2_000, seed=seed)


@cache
def answer():
    return ceasefire(starter(), by=dt.date(2030, 7, 1))


def pair(*, deal=None, wear=0.0, more_fronts=(), more_actors=(), particles=1_000, **parts):
    """Two actors at an exchange of fire with a truce on the table, inferred from no report."""
    truce = {
        "id": "truce", "name": "Truce", "between": ["a", "b"], "cap": "words", "on_table": str(MONDAY),
        "pace": 0.5,
    }  # fmt: skip
    fronts = [{"from": x, "to": y, "posture": "exchange"} for x, y in (("a", "b"), ("b", "a"), *more_fronts)]
    case = two_actors(
        actors=[{"id": x, "name": x, "wear": wear} for x in ("a", "b", *more_actors)],
        fronts=fronts,
        deals=[truce | (deal or {})],
        **parts,
    )
    return infer(case, DAY, particles=particles, islands=10)


# what signing is worth


@pytest.mark.parametrize("side", [0, 1])
def test_what_signing_is_worth_is_what_the_game_decides_by(side):
    inferred = starter()
    game = inferred.posterior.game
    particles = take_up(inferred.posterior, 3)
    plan = worlds(game, game.plan, 0).on_table
    run_on(particles, game.grid.n_steps, plan)
    rows, asked = particles.rows.astype(np.float64), 0
    for t in range(game.now + 1, game.grid.n_steps + 1):
        found = worth(plan, particles, rows, 0, side, t, state_before(particles, t))
        accepts = expit(present(found).gain)
        address = chance.DEAL_BASE + 1 + side
        u = chance.uniform(chance.words(int(particles.keys[t]), particles.slots[t], address))
        talks = particles.deal[t, 0] & 2 != 0
        clear = talks & (np.abs(u - accepts) > 1e-4)
        yes = particles.deal[t, 0] & (4 << side) != 0
        assert np.array_equal(yes[clear], (u < accepts)[clear])
        asked += int(clear.sum())
    assert asked > 300


def test_the_parts_of_a_gain_sum_to_it_and_so_do_its_families():
    for side in answer().deals[0].sides:
        assert abs(sum(part.nats.value for part in side.parts) - side.gain.value) < 1e-9
        assert abs(sum(nats.value for _, nats in side.families) - side.gain.value) < 1e-9
        assert abs(np.log(side.odds) - side.gain.value) < 1e-9


def test_every_part_has_one_name():
    game = starter().posterior.game
    found = labels(game, 0, 1)
    assert len(present(found).of_part) == game.plan.term_start[1] - game.plan.term_start[0] + 2
    assert len(set(present(found).names)) == len(present(found).names)
    assert [name[0] for name in present(found).names].count("disposition") == 1


@given(more=st.floats(0.0, 4.0))
@settings(max_examples=6, deadline=None)
def test_better_terms_never_make_a_side_less_willing(more):
    terms = {"norland": 0.3 + more, "sudria": -0.2}
    deals = [written(STARTER, "deals")[0] | {"terms": terms}]
    game = compile_case(changed(STARTER, deals=deals), AS_OF)
    particles = take_up(starter().posterior, 0)
    plan = worlds(game, starter().posterior.game.plan, 0).without
    run_on(particles, game.now + 1, plan)
    rows, state = particles.rows.astype(np.float64), state_before(particles, game.now + 1)
    before = [present(worth(plan, particles, rows, 0, side, game.now + 1, state)).gain for side in (0, 1)]
    better = plan._replace(deal_terms=game.plan.deal_terms)
    after = [present(worth(better, particles, rows, 0, side, game.now + 1, state)).gain for side in (0, 1)]
    assert (after[0] >= before[0]).all()
    assert np.array_equal(after[1], before[1])


# the bargaining range


def test_the_range_is_what_each_side_gains_in_the_unit_of_the_terms():
    deal = answer().deals[0]
    assert deal.range.width.high >= deal.range.width.median.value >= deal.range.width.low
    assert deal.range.as_proposed.probability <= deal.range.open.probability
    assert deal.weeks[0].open == deal.range.open


def test_the_range_of_equal_sides_is_symmetric_about_nothing():
    deal = ceasefire(pair(wear=0.3, particles=4_000)).deals[0]
    one, other = deal.sides
    assert abs(one.gain.value - other.gain.value) < four_errors(one.gain.mc_error, other.gain.mc_error)
    low, high = present(deal.range).least, present(deal.range).most
    assert abs(low.median.value + high.median.value) < four_errors(low.median.mc_error, high.median.mc_error)


def test_who_is_named_first_only_turns_the_range_around():
    # off the table no talks have been held, whose draws are a side's own
    there, back = (
        present(ceasefire(pair(wear=0.3, deal={"between": list(names), "on_table": None})).deals[0].range)
        for names in ("ab", "ba")
    )
    assert there.open == back.open
    assert there.as_proposed == back.as_proposed
    # a quantile is the least value that reaches its share, so that turned around it is the next of 1,000
    assert there.most.median.value == pytest.approx(-back.least.median.value, abs=2e-3)
    assert there.most.low == pytest.approx(-back.least.high, abs=2e-2)
    assert there.width.median.value == pytest.approx(back.width.median.value, abs=1e-6)


def test_a_party_without_a_front_consents_and_leaves_no_range():
    inferred = infer(
        two_actors(
            fronts=[{"from": "a", "to": "b", "posture": "exchange"}],
            deals=[{"id": "t", "name": "T", "between": ["a", "b"], "cap": "words", "on_table": str(MONDAY)}],
        ),
        DAY,
        particles=500,
        islands=5,
    )
    deal = ceasefire(inferred).deals[0]
    assert deal.range is None
    assert "b has no front" in deal.no_range
    assert deal.sides[1].front is None
    assert deal.sides[1].accepts.probability == 1.0
    assert abs(deal.agreed.probability - deal.sides[0].accepts.probability) < 1e-12


# signing and holding


def test_a_deal_that_never_breaks_down_holds_for_sure():
    deal = ceasefire(pair(deal={"breakdown": 0.0})).deals[0]
    seen = [holding for holding in deal.holds if holding.if_signed_today is not None]
    assert seen
    for holding in seen:
        assert present(holding.if_signed_today).probability == pytest.approx(1.0, abs=1e-12)
        assert present(holding.quiet).probability == pytest.approx(1.0, abs=1e-12)
        assert holding.after_talks is None or holding.after_talks.probability == pytest.approx(1.0, abs=1e-12)


def test_a_deal_that_breaks_down_holds_as_long_as_its_rate_says():
    deal = ceasefire(pair(deal={"breakdown": 0.1}, particles=4_000)).deals[0]
    month = deal.holds[0]
    # in force from the first day of step 2, and through the step that holds the day 30 days on: 5 steps
    expected = np.exp(-0.1 * 5)
    assert abs(present(month.if_signed_today).probability - expected) < 4.0 * max(
        present(month.if_signed_today).mc_error, 0.008
    )


def test_signing_is_ever_likelier_with_time_and_starts_with_what_is_agreed():
    deal = answer().deals[0]
    chances = [entry.chance.probability for entry in deal.signed]
    assert chances == sorted(chances)
    assert chances[0] <= deal.in_force.probability + deal.agreed.probability


def test_a_deal_off_the_table_is_asked_about_as_if_it_were_on_it():
    off = changed(STARTER, deals=[written(STARTER, "deals")[0] | {"off_table": "2030-03-02"}])
    deal = ceasefire(infer(off, AS_OF, particles=1_000), by="2030-07-01").deals[0]
    assert not deal.on_table
    assert deal.signed[-1].chance.probability > 0.5
    without, on_table = deal.questions[1].without.probability, deal.questions[1].on_table.probability
    assert on_table > without


def test_first_where_and_lasts_read_a_history():
    marks = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0], [1, 1, 0]], dtype=bool)
    assert first_where(marks, 0, 9).tolist() == [3, 1, 9]
    assert first_where(marks, np.array([0, 1, 0]), 9).tolist() == [3, 3, 9]
    grid = starter().posterior.game.grid
    n = grid.n_steps
    holds, seen = lasts(grid, np.array([1, 1, n, n + 1]), np.array([5, 6, n + 1, n + 2]), 28)
    # 28 days from the first day of step 1 lie in step 5
    assert holds.tolist() == [False, True, False, False]
    assert seen.tolist() == [True, True, False, False]


# what it does to others


def test_signing_changes_nothing_on_fronts_that_share_nothing_with_it():
    inferred = pair(more_actors=("c", "d"), more_fronts=(("c", "d"), ("d", "c")))
    deal = ceasefire(inferred).deals[0]
    others = [front for front in deal.fronts if not front.party]
    assert {front.ref for front in others} == {"c -> d", "d -> c"}
    for front in others:
        assert front.signed_change.value == front.table_change.value == 0.0
        assert front.carriers == ()
    assert any(front.signed_change.value < 0.0 for front in deal.fronts if front.party)
    assert deal.spoilers == ()


def test_what_an_ally_owes_carries_a_deal_to_its_front():
    tie = {"from": "c", "to": "a", "kind": "alliance", "strength": 0.9, "since": "2000-01-01"}
    inferred = pair(more_actors=("c",), more_fronts=(("c", "b"), ("b", "c")), ties=[tie], particles=3_000)
    deal = ceasefire(inferred).deals[0]
    front = next(f for f in deal.fronts if f.ref == "c -> b")
    carried = {carrier.family: carrier.nats.value for carrier in front.carriers}
    assert carried["alliance"] < 0.0
    assert front.signed_change.value < 0.0


def test_a_factor_that_the_parties_drive_is_told_with_what_it_scales():
    parts = {
        "factors": [
            {"id": "mud", "name": "Mud", "start": 0.2, "pace": 0.5,
             "drivers": [{"front": "a -> b", "from": "exchange", "gain": 0.8}]}
        ],
        "reasons": [
            {"id": "stuck", "front": "c -> b", "direction": "pull", "weight": "strong", "factor": "mud",
             "from": "exchange", "text": "Now or never."}
        ],
    }  # fmt: skip
    deal = ceasefire(pair(more_actors=("c",), more_fronts=(("c", "b"),), **parts)).deals[0]
    (mud,) = deal.factors
    assert mud.change.value < -0.05
    assert mud.reasons == ("stuck",)


# who could spoil it


def test_a_push_pulls_the_front_it_names_and_the_chance_stays_the_same():
    inferred = starter()
    game = inferred.posterior.game
    f = game.fronts.index("westmark -> sudria")
    particles = take_up(inferred.posterior, 0)
    before = run_on(particles, game.grid.n_steps, game.plan).copy()
    untouched = pushed(game, game.plan, (), 3.0)
    assert untouched is game.plan
    after = run_on(particles, game.grid.n_steps, pushed(game, game.plan, (f,), 3.0))
    assert np.array_equal(after[: game.now + 1], before[: game.now + 1])
    assert after[game.now + 1 :, f].mean() > before[game.now + 1 :, f].mean()
    nothing = run_on(particles, game.grid.n_steps, pushed(game, game.plan, (f,), 1e-9))
    assert np.array_equal(nothing, before)


def test_candidates_are_those_who_weigh_with_a_party():
    game = starter().posterior.game
    assert [(game.actors[c.actor], c.why) for c in candidates(game, 0)] == [
        ("westmark", ("westmark -> sudria is against a party",))
    ]


def test_who_calls_on_an_ally_of_a_party_spoils_the_deal():
    # b owes c a great deal: a's attack on c weighs against signing with a
    tie = {"from": "b", "to": "c", "kind": "alliance", "strength": 0.98, "since": "2000-01-01"}
    inferred = pair(more_actors=("c",), more_fronts=(("a", "c"), ("c", "a")), ties=[tie], particles=3_000)
    deal = ceasefire(inferred, push=6.0).deals[0]
    spoiler = next(s for s in deal.spoilers if s.actor == "a")
    assert spoiler.fronts == ("a -> c",)
    assert "a -> c calls on what b owes c" in spoiler.why
    assert spoiler.rises.value > 0.0
    gain = next(side.gain for side in spoiler.sides if side.actor == "b")
    assert gain.value + 4.0 * gain.mc_error < 0.0
    assert any(c.actor == "b" and c.family == "alliance" and c.nats.value < 0.0 for c in spoiler.carriers)


# contracts


def test_the_answer_is_the_same_at_any_number_of_threads():
    texts = [
        json.dumps(dataclasses.asdict(ceasefire(starter(), by="2030-04-10", threads=threads)), default=str)
        for threads in (1, 3)
    ]
    assert texts[0] == texts[1]


def test_it_can_be_cancelled():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        ceasefire(starter(), cancel=cancel)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"deal": "peace"}, "found the deal 'peace'; the case has valley-talks"),
        ({"by": "2030-03-10"}, "found 2030-03-10 to look to; expected a day from 2030-03-11"),
        ({"by": "2035-01-01"}, "to 2030-12-30, the end of the case"),
        ({"by": "soon"}, "found the date 'soon'"),
        ({"push": 0.0}, "found a push of 0 nats; expected one above 0, at most 20"),
    ],
)
def test_what_cannot_be_asked_is_said(asked, told):
    with pytest.raises(Exception, match="found") as caught:
        ceasefire(starter(), **asked)
    assert told in str(caught.value)


def test_a_case_without_deals_says_where_they_are_written():
    bare = changed(STARTER, deals=[], questions=written(STARTER, "questions")[:1])
    with pytest.raises(CeaseFireError, match="no deals; write what could be agreed under `deals`"):
        ceasefire(infer(bare, AS_OF, particles=1_000))


def test_weighted_quantiles_are_the_least_value_that_reaches_them():
    assert quantiles(np.array([4.0, 1.0]), np.array([1.0, 19.0])) == (1.0, 1.0, 1.0, 1.0, 1.0)
    assert quantiles(np.arange(101.0), np.ones(101))[2] == 50.0
