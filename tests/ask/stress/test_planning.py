"""Plans read off a posterior: fewest reports, budgets, reach, and which tricks are kept at all."""

import threading
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import t as student

from tests.ask.stress.made import inferred, planner, stressed
from tests.ask.worlds import STARTER
from tests.present import present
from tocsin.ask.bands import YARDSTICKS, band
from tocsin.ask.estimate import Chance
from tocsin.ask.inferred import AskError
from tocsin.ask.stress import stress
from tocsin.ask.stress.planning import edge_of, told
from tocsin.ask.stress.prices import priced, source_prices
from tocsin.ask.stress.weighing import Alone
from tocsin.infer.work import CancelledError
from tocsin.show.plain import to_json

# The values of p in Benjamini and Hochberg (1995), section 4: the rule takes the first four at 5 %.
P_VALUES = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.000,
)  # fmt: skip


def test_the_published_example_of_the_false_discovery_rate():
    size = student.isf(np.array(P_VALUES) / 2.0, 19)
    alone = Alone(
        log_odds=np.zeros(15),
        move=size,
        error=np.ones(15),
        chance=np.full(15, 0.5),
        idle=np.zeros(15, dtype=bool),
    )
    assert told(alone, 20).tolist() == [True] * 4 + [False] * 11


def test_noise_alone_is_seldom_told():
    """Of 200 sets of 300 tricks that do nothing one in twenty at most has any told; to five errors."""
    rng, found = np.random.default_rng(1), 0
    for _ in range(200):
        size, half = rng.standard_t(19, 300), np.full(300, 0.5)
        alone = Alone(log_odds=half, move=size, error=np.ones(300), chance=half, idle=half > 1.0)
        found += bool(told(alone, 20).any())
    assert found / 200 < 0.05 + 5.0 * np.sqrt(0.05 * 0.95 / 200)


@pytest.mark.parametrize("yardstick", YARDSTICKS)
def test_an_edge_is_where_the_word_changes(yardstick):
    for p in np.linspace(0.001, 0.999, 97):
        here = band(Chance(probability=p, mc_error=0.0), yardstick).low
        for up in (True, False):
            edge = edge_of(float(p), yardstick, up)
            if edge is None:
                continue
            step = 1e-6 if up else -1e-6
            beyond = band(Chance(probability=edge + step, mc_error=0.0), yardstick).low
            within = band(Chance(probability=edge - step, mc_error=0.0), yardstick).low
            assert within == here
            assert (beyond > here) == up
            assert beyond != here


def test_there_is_no_word_beyond_the_last():
    assert edge_of(0.99, "ICD 203", True) is None
    assert edge_of(0.01, "ICD 203", False) is None


def test_the_fewest_reports_pass_the_edge_and_no_part_of_them_does():
    plan_maker = planner()
    for up in (True, False):
        answer, plan = plan_maker.fewest(up, "both", 3)
        assert answer.plan is not None
        assert answer.minimal
        assert plan_maker.crosses(plan, present(answer.edge), up)
        for size in range(len(plan)):
            assert not any(
                plan_maker.crosses(part, present(answer.edge), up) for part in combinations(plan, size)
            )


def test_no_single_trick_does_what_is_said_to_take_two():
    """Every trick and every pair is tried by hand, with an edge far enough to take three."""
    plan_maker = planner()
    down = plan_maker.fewest(False, "hide", 2)[0]
    tricks = [k for k, m in enumerate(plan_maker.moves) if m.kind == "hide" and m.count == 1]
    crossing = [k for k in tricks if plan_maker.crosses((k,), present(down.edge), False)]
    assert (down.plan is not None and down.plan.reports == 1) == bool(crossing)


def test_more_money_never_buys_less():
    for direction, sign in (("up", 1.0), ("down", -1.0)):
        bought = [b for b in stressed().plans if b.direction == direction]
        assert [b.budget for b in bought] == [1.5, 3.0, 4.5, 6.0]
        moved = [sign * (b.plan.shift.value if b.plan else 0.0) for b in bought]
        assert np.all(np.diff(moved) >= -1e-6)
        assert all(b.plan is None or b.plan.cost <= b.budget + 1e-9 for b in bought)


def test_no_money_moves_nothing():
    bought, _ = planner().budgets(0.0)
    assert all(b.plan is None for b in bought)
    assert all(b.bound == pytest.approx(planner().now.probability, abs=1e-4) for b in bought)


def test_a_discipline_and_an_actor_reach_at_least_as_far_as_each_of_their_sources():
    reach = {(r.kind, r.name): r for r in stressed().reach}
    for r in stressed().reach:
        for member in r.members if r.kind in ("discipline", "actor") else ():
            assert r.low <= reach["source", member].low + 1e-6
            assert r.high >= reach["source", member].high - 1e-6


def test_the_answer_lies_within_every_reach():
    for r in stressed().reach:
        assert r.low <= stressed().chance.probability <= r.high
        assert all(plan is None or plan.reports <= 2 for plan in (r.lowest, r.highest))


def test_plans_use_only_what_their_owner_controls():
    for r in stressed().reach:
        for plan in (r.lowest, r.highest):
            if plan is not None and r.kind != "origin":
                assert set(plan.sources) <= set(r.members)


def test_a_plan_costs_its_sources_once_and_each_of_its_reports():
    price = {p.source: p.price for p in stressed().source_prices}
    for b in stressed().plans:
        if b.plan is not None:
            assert b.plan.cost == pytest.approx(sum(price[s] for s in b.plan.sources) + b.plan.reports)


def test_played_the_answer_moves_as_foreseen():
    """Fixed seeds: found and foreseen of every plan within four errors of their difference."""
    assert stressed().played
    for played in stressed().played:
        assert abs(present(played.difference).value) < 4.0 * present(played.difference).mc_error
        assert played.flags[0].actor == "sudria"


def test_the_same_answer_at_any_number_of_threads():
    one, two = (
        to_json(stress(inferred(), budget=2.0, reports=1, check=False, threads=threads)) for threads in (1, 2)
    )
    assert one == two


def test_it_can_be_cancelled():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        stress(inferred(), check=False, cancel=cancel)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"question": "nonsense"}, "nonsense"),
        ({"deceiver": "nobody"}, "nobody"),
        ({"budget": -1.0}, "budget -1"),
        ({"reports": 0}, "0 reports"),
        ({"window_days": -1}, "-1 days"),
        ({"plausible": 1.5}, "1.5"),
        ({"yardstick": "gut"}, "gut"),
        ({"prices": ["grade.A"]}, "grade.A"),
        ({"prices": ["grade.Z=3"]}, "grade.Z=3"),
        ({"prices": ["colour.A=3"]}, "colour"),
        ({"prices": ["hide=0"]}, "hide=0"),
        ({"prices": ["source.valley-press=-2"]}, "valley-press"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_told(settings, found):
    with pytest.raises(AskError, match=found) as refused:
        stress(inferred(), check=False, **settings)
    assert "expected" in str(refused.value)


def test_prices_can_be_overridden_and_own_sources_are_free():
    table = priced(["grade.B=30", "source.valley-press=1", "plant=2.5"], STARTER)
    price = {p.source: p for p in source_prices(STARTER, table, "sudria")}
    assert price["border-monitors"].price == 45.0  # observers cost half as much again
    assert price["valley-press"].price == 1.0
    assert price["sudria-ministry"].price == 0.0
    assert price["sudria-ministry"].own
    assert table.plant == 2.5


def test_a_question_that_nothing_moves_says_so():
    """Nothing is believable where the rest must be sure of it: no trick is left."""
    answer = stress(inferred(), plausible=0.999, check=False, budget=2.0, reports=1)
    assert answer.considered.kept <= 6  # hides, which say nothing that could be disbelieved
    assert all(trick.kind == "hide" for trick in answer.strongest)
