"""Levers and portfolios on the starter case: laws that hold of any case, and signs known beforehand."""

import dataclasses
import threading

import numpy as np
import pytest

from tests.ask.options.worlds import FRONT, HISTORIES, LEVERS, case_with, inferred, lever, trial, whole
from tests.ask.worlds import AS_OF
from tocsin.ask.inferred import AskError
from tocsin.ask.options import OptionsError, options
from tocsin.ask.options.trial import Risk, Trial
from tocsin.ask.resolve import outcomes
from tocsin.game.compile import compile_case
from tocsin.infer.onward import take_up
from tocsin.infer.particles import run_on
from tocsin.infer.posterior import paths_of
from tocsin.infer.work import CancelledError


def answer_of(name):
    return next(a for a in whole().levers if a.id == name)


def risks(answer):
    return {frozenset(p.levers): p.risk.probability for p in answer.portfolios}


def test_no_lever_changes_nothing_bit_for_bit():
    tried = trial()
    for island in range(2):
        one = take_up(tried.posterior, island, tried.islands.n)
        run_on(one, tried.until)
        other = take_up(tried.posterior, island, tried.islands.n)
        run_on(other, tried.until, tried.plans.plan([]))
        steps = slice(tried.game.now, tried.until + 1)
        for name in ("posture", "goal", "readiness", "factor", "standing", "wear", "deal"):
            assert np.array_equal(getattr(one, name)[steps], getattr(other, name)[steps]), name
    nothing = next(p for p in whole().portfolios if not p.levers)
    assert (nothing.change.value, nothing.change.mc_error, nothing.backfires.probability) == (0.0, 0.0, 0.0)


def test_what_is_counted_is_what_the_compiled_game_does():
    """One lever, counted by hand on the game that `compile_case` makes of it."""
    tried = trial()
    case = tried.game.case
    pulled = [("hold", tried.plans.pulled_on(case.levers[0]))]
    plan = compile_case(case, AS_OF, pulled=pulled).plan
    with_it = []
    for island in range(tried.islands.count):
        particles = take_up(tried.posterior, island, tried.islands.n)
        run_on(particles, tried.until, plan)
        paths = paths_of(particles, tried.posterior.followed)
        with_it.append(outcomes(tried.game, paths, tried.posterior.followed)[0].mean())
    k = tried.portfolios.index(("hold",))
    assert np.array_equal(tried.risk_counts(k).with_it, with_it)


def test_the_bits_say_what_the_counts_say():
    tried = trial()
    for k in range(len(tried.portfolios)):
        means = tried.risk_of(k).reshape(tried.islands.count, -1).mean(axis=1)
        assert np.allclose(means, tried.risk_counts(k).with_it)
    sums, totals = tried.weighed(np.ones((tried.histories, 1), dtype=np.float32))
    every = np.stack([tried.risk_counts(k).with_it for k in range(len(tried.portfolios))], axis=1)
    assert np.allclose(sums[:, :, 0], every)
    assert np.allclose(totals, 1.0)


def test_what_backfires_less_what_is_prevented_is_the_change():
    for a in whole().levers:
        for outcome in (a.risk, *a.questions, *(f.outcome for f in a.fronts)):
            net = outcome.backfires.probability - outcome.prevents.probability
            assert net == pytest.approx(outcome.change.value, abs=1e-12)


def test_a_paired_error_is_no_larger_than_the_two_unpaired_ones_together():
    for p in whole().portfolios:
        assert p.change.mc_error <= p.risk.mc_error + whole().nothing.mc_error
        assert p.change.low <= p.change.value <= p.change.high


def test_a_free_and_harmless_lever_never_makes_the_best_worse():
    more = [*LEVERS[:2], lever("harmless", 0)]
    with_it = options(inferred(case_with(more)), histories=HISTORIES)
    without = options(inferred(case_with(LEVERS[:2])), histories=HISTORIES)
    assert min(risks(with_it).values()) <= min(risks(without).values())
    assert with_it.choice.least == without.choice.least
    assert next(a for a in with_it.levers if a.id == "harmless").word.startswith("Does nothing here")


def test_the_order_of_levers_does_not_matter():
    some = [LEVERS[0], LEVERS[1], LEVERS[4]]
    one = options(inferred(case_with(some)), histories=HISTORIES)
    other = options(inferred(case_with(some[::-1])), histories=HISTORIES)
    assert risks(one) == risks(other)


def test_any_number_of_threads_gives_the_same_answer():
    case = case_with(LEVERS[:2])
    one, other = (options(inferred(case), histories=HISTORIES, threads=k) for k in (1, 3))
    assert one == other


def test_the_front_is_not_dominated():
    points = [(p.risk.probability, p.cost, p.on_front) for p in whole().portfolios]
    for risk, cost, on in points:
        below = [r <= risk and c <= cost and (r, c) != (risk, cost) for r, c, _ in points]
        assert on == (not any(below))


def test_the_least_worst_regret_is_the_least():
    answer = whole()
    worst = {p.levers: p.worst_regret.value for p in answer.portfolios}
    assert worst[answer.choice.minimax] == min(worst.values()) == answer.choice.minimax_regret.value
    rows = {row.levers: row for row in answer.regrets}
    for s, scenario in enumerate(answer.scenarios):
        assert all(row.regrets[s].value >= 0.0 for row in answer.regrets)
        if scenario.least in rows:
            assert rows[scenario.least].regrets[s].value == 0.0


def test_budget_bounds_what_is_run():
    answer = options(inferred(case_with(LEVERS)), budget=2.0, histories=HISTORIES)
    assert max(p.cost for p in answer.portfolios) <= 2.0
    every = {frozenset(p.levers) for p in whole().portfolios if p.cost <= 2.0}
    assert {frozenset(p.levers) for p in answer.portfolios} == every
    assert len(answer.levers) == len(LEVERS)  # what is too dear is looked at by itself all the same


def test_where_not_all_are_run_the_rest_is_counted():
    answer = options(inferred(case_with(LEVERS)), most=24, histories=HISTORIES)
    assert len(answer.portfolios) == 25
    # 63 of six levers in all; six single ones and fifteen pairs, then three grown.
    assert "pairs (21), then 3 grown" in answer.rule
    assert answer.left_out.startswith("39 affordable portfolios were not run")


def test_threat_and_provocation_are_told_apart():
    """A threat alone can only restrain on its front, a provocation only the reverse; the sum lies between."""
    answer = answer_of("deter-and-provoke")
    threat, provokes = answer.effects
    assert (threat.kind, provokes.kind) == ("threat", "provokes")
    assert threat.alone.change.high < 0.0 < provokes.alone.change.low
    # What either adds to the other has its sign too, and the parts are those of the whole.
    assert threat.adds.value < 0.0 < provokes.adds.value
    assert threat.adds.value == pytest.approx(answer.risk.change.value - provokes.alone.change.value)
    assert answer.risk.backfires.probability > 0.0 < answer.risk.prevents.probability


def test_a_threat_by_a_weak_one_buys_less():
    low, as_is, high = answer_of("warn").standing
    assert (low.standing, as_is.standing, high.standing) == (0.1, None, 0.9)
    assert low.actors == ("westmark",)
    error = np.hypot(low.outcome.change.mc_error, high.outcome.change.mc_error)
    assert low.outcome.change.value - high.outcome.change.value > 2 * error
    assert as_is.outcome == answer_of("warn").risk
    assert answer_of("hold").standing == ()


def test_what_has_nothing_to_change_is_said_to_do_nothing():
    answer = answer_of("no-such-threat")
    assert answer.word.startswith("Does nothing here: the case has nothing")
    assert answer.effects[0].idle
    assert (answer.risk.change.value, answer.risk.change.mc_error) == (0.0, 0.0)
    assert all(f.outcome.change.value == 0.0 for f in answer.fronts)


def test_nothing_happens_before_a_lever_works():
    brief = answer_of("brief")
    assert brief.works_until is not None
    early = [m for m in brief.over_time if m.day < brief.works_from]
    assert early
    assert all(m.change.value == 0.0 for m in early)
    assert brief.over_time[-1].change.value == pytest.approx(brief.risk.change.value)


def test_groups_of_one_kind_make_up_the_whole():
    answer = answer_of("hold")
    groups = [g for g in answer.groups if g.kind == "disposition"]
    assert sum(g.share.probability for g in groups) == pytest.approx(1.0)
    parts = sum(g.share.probability * g.outcome.change.value for g in groups)
    assert parts == pytest.approx(answer.risk.change.value)
    assert {g.actor for g in answer.groups} == {"sudria"}
    assert [g.kind for g in answer.groups].count("perception") == 2


def test_a_lever_that_an_event_pulled_is_marked_and_not_picked():
    event = {"id": "e", "date": AS_OF, "text": "t", "lever": "hold"}
    answer = options(inferred(case_with(LEVERS[:2], events=[event])), histories=HISTORIES)
    assert [a.done for a in answer.levers] == [("e",), ()]
    assert all("hold" not in p.levers for p in answer.portfolios)


def test_a_deal_that_a_lever_signs_is_signed():
    """In every history but those in which it breaks down in its first week, at a rate of 0.02."""
    deal = next(q for q in answer_of("settle").questions if q.name == "wider-or-settled")
    assert deal.prevents.probability == 0.0
    assert 0.98 <= deal.with_it.probability > deal.without.probability


def test_several_questions_are_weighed():
    both = {"beyond-exchange": 3.0, "wider-or-settled": 1.0}
    answer = options(inferred(case_with(LEVERS[:2])), questions=both, histories=HISTORIES)
    hold = answer.levers[0]
    change = {q.name: q.change.value for q in hold.questions}
    expected = 0.75 * change["beyond-exchange"] + 0.25 * change["wider-or-settled"]
    assert hold.risk.change.value == pytest.approx(expected)
    assert [w for _, _, w in answer.risk] == [0.75, 0.25]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"questions": ["nobody"]}, "beyond-exchange"),
        ({"questions": {"beyond-exchange": -1.0}}, "above 0"),
        ({"by": ["sudria"]}, "westmark, norland's"),
        ({"budget": -1.0}, "0 or more"),
        ({"most": 0}, "1 or more"),
        ({"at_most": 1.5}, "from 0 to 1"),
        ({"histories": 30}, "at least 1000"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong, says):
    with pytest.raises(OptionsError, match=says):
        options(inferred(case_with(LEVERS)), **wrong)


def test_a_case_without_levers_or_open_questions_is_refused():
    assert issubclass(OptionsError, AskError)
    with pytest.raises(OptionsError, match=r"levers\.yaml"):
        options(inferred(case_with([])))
    late = dataclasses.replace(inferred(case_with(LEVERS)), as_of=case_with(LEVERS).end)
    with pytest.raises(OptionsError, match="no question"):
        options(late)


def test_it_can_be_cancelled():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        options(inferred(case_with(LEVERS)), cancel=cancel)
    tried = Trial(
        inferred(case_with(LEVERS)), Risk(columns=(0,), weights=(1.0,)), histories=HISTORIES, cancel=cancel
    )
    with pytest.raises(CancelledError):
        tried.run(take_up(tried.posterior, 0, 50), tried.game.plan)


def test_the_front_that_is_asked_about_is_among_those_shown():
    shown = {f.front: f for f in answer_of("hold").fronts}
    assert shown[FRONT].rung == "strikes"
    assert shown[FRONT].outcome.change.high < 0.0
