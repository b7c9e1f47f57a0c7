"""What a deal is worth to a side: laws of section 7 of docs/model.md."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.game.test_laws import exact
from tests.game.worlds import START, actors, between, case_of, game_of
from tocsin.game import reference

CAP, TOP = 1, 6  # words, war


def duel(*, appetite=0.0, terms=None, wear=0.0, threat=0.0, pairs=("ab", "ba"), **style):
    """Two actors alike in everything, with a truce on the table that caps both at words."""
    settled = {"opportunity": 0.0} | style
    threats = [
        {"by": by, "against": other, "from": "exchange", "strength": {"median": threat, "spread": 0.0}}
        for by, other in ("ab", "ba")
        if threat > 0.0
    ]
    return game_of(
        case_of(
            actors=actors("a", "b", dispositions={"one": 1.0}, style=exact(**settled), wear=wear),
            fronts=between(*pairs, posture="exchange"),
            dispositions=[
                {"id": "one", "appetite": {"median": appetite, "spread": 0.0}, "from": "words"},
                {"id": "other", "appetite": 0.0},
            ],
            threats=threats,
            deals=[
                {
                    "id": "truce", "name": "T", "between": ["a", "b"], "cap": "words", "on_table": START,
                    "pace": 9.0, "terms": terms or {},
                }
            ],
        )
    )  # fmt: skip


def gains(game, posture, goal=None, slot=7):
    """(2, N) what the truce is worth to either side, where every particle has the same chance."""
    posture = np.asarray(posture)
    n = posture.shape[1]
    z = np.zeros((game.statics.n_coordinates, n))
    marks = np.zeros((len(game.actors), n), dtype=np.int64)
    rows = reference.parameter_rows(game.statics, reference.quantities(game.statics, z), marks)
    start = reference.initial_state(game, n, np.random.default_rng(0))
    state = reference.State(
        posture=posture, goal=posture if goal is None else np.asarray(goal), preparation=start.preparation,
        factor=start.factor, standing=start.standing, wear=start.wear, deal=start.deal,
    )  # fmt: skip
    slots = np.full(n, slot, dtype=np.uint32)
    _, info = reference.step(game.plan, rows, state, t=1, key=3, slots=slots)
    return info.offer[0]


HEAT = np.tile(np.arange(TOP + 1), (2, 1))  # both sides at each rung in turn


@given(
    appetite=st.floats(-5.0, 0.0),
    wear=st.floats(0.0, 1.0),
    threat=st.floats(0.01, 3.0),
    bias=st.floats(-2.0, 2.0),
    reciprocity=st.floats(0.05, 3.0),
    slot=st.integers(0, 10_000),
)
@settings(max_examples=40, deadline=None)
def test_the_hotter_an_even_fight_the_more_a_deal_is_worth_to_who_wants_none_of_it(
    appetite, wear, threat, bias, reciprocity, slot
):
    game = duel(appetite=appetite, wear=wear, threat=threat, bias=bias, reciprocity=reciprocity)
    worth = gains(game, HEAT, slot=slot)
    assert (np.diff(worth, axis=1) >= -1e-6).all()


@given(bias=st.floats(-2.0, 2.0), reciprocity=st.floats(0.05, 3.0), slot=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_answering_in_kind_is_neither_for_nor_against_a_deal_in_an_even_fight(bias, reciprocity, slot):
    game = duel(bias=bias, reciprocity=reciprocity, terms={"a": 0.7, "b": -0.4})
    worth = gains(game, HEAT, slot=slot)
    np.testing.assert_allclose(worth, np.array([[0.7], [-0.4]]) * np.ones_like(worth), atol=1e-6)


def test_who_wants_a_war_gives_up_more_the_hotter_it_is():
    worth = gains(duel(appetite=3.0), HEAT)
    assert (np.diff(worth[:, CAP:], axis=1) < 0.0).all()
    np.testing.assert_allclose(worth[:, : CAP + 1], 0.0, atol=1e-6)


def test_what_an_actor_means_counts_and_not_what_it_is_ready_for():
    posture = np.array([[CAP, CAP], [CAP, CAP]])
    goal = np.array([[CAP, 5], [CAP, CAP]])
    worth = gains(duel(appetite=6.0, reciprocity=0.1, bias=0.0, misperception=0.0), posture, goal)
    # it gives up what its appetite adds from words to an offensive, and is spared a mismatch of four rungs
    expected = -(6.0 * (5 / 6 - 1 / 6) - 0.5 * 0.1 * 4.0**2)
    np.testing.assert_allclose(worth, [[0.0, expected], [0.0, 0.0]], atol=1e-6)


def test_fire_that_stops_is_worth_what_it_costs_to_leave_it_unanswered():
    # a stays at words while b is at rung 4: reads 4, would read 1
    game = duel(reciprocity=0.5, bias=0.0, misperception=0.0)
    worth = gains(game, np.array([[CAP], [4]]))
    assert abs(worth[0, 0] - 0.5 * 0.5 * 9.0) < 1e-6
    # b gives up nothing it is drawn to, and what it does would no longer stand alone
    assert abs(worth[1, 0] - 0.5 * 0.5 * 9.0) < 1e-6


def test_inertia_is_not_held_against_an_agreed_step():
    calm, stiff = (gains(duel(appetite=-1.0, inertia=rho), HEAT) for rho in (0.1, 5.0))
    np.testing.assert_allclose(calm, stiff, atol=1e-5)


@given(low=st.floats(-5.0, 5.0), more=st.floats(0.0, 5.0), slot=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_better_terms_are_worth_what_they_say(low, more, slot):
    rng = np.random.default_rng(slot)
    posture, goal = rng.integers(0, TOP + 1, (2, 2, 50))
    here, there = (
        gains(duel(appetite=1.0, terms={"a": a, "b": 0.5}), posture, goal, slot) for a in (low, low + more)
    )
    np.testing.assert_allclose(there[0] - here[0], more, atol=1e-5)
    np.testing.assert_allclose(there[1], here[1], atol=1e-5)


def test_a_side_without_a_front_has_nothing_to_give_up():
    worth = gains(duel(pairs=("ab",), appetite=-2.0, terms={"b": -9.0}), HEAT[:1])
    assert (worth[1] == 0.0).all()
    assert worth[0, TOP] > 0.0
