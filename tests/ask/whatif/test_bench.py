"""A quick answer is the answer that inferring the changed case anew would give."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, PARTICLES, STARTER, changed, starter, two_actors, written
from tocsin.ask.whatif import Bench, FullRunError, Request, WhatIf, WhatIfError, in_full
from tocsin.ask.whatif.past import settled
from tocsin.game import kernel
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import filter_island
from tocsin.infer.particles import run_on

QUESTION = STARTER.questions[0].id
ERRORS = 4.0


@cache
def bench() -> Bench:
    return Bench(STARTER, AS_OF, particles=PARTICLES)


def moved(**parts: Any) -> WhatIf:
    return bench().ask(Request(**{"changes": {}, **parts}))


def test_the_base_is_what_assess_finds():
    found = {q.id: q.base for q in moved().questions}
    for question in starter().estimate.questions:
        assert found[question.id].probability == pytest.approx(question.chance.probability, abs=1e-12)
        assert found[question.id].mc_error == pytest.approx(question.chance.mc_error, rel=1e-9)


def test_no_change_moves_nothing_at_all():
    answer = moved()
    assert answer.effective_share == 1.0
    assert not answer.rough
    for question in answer.questions:
        assert question.now == question.base
        assert question.shift.value == question.shift.mc_error == 0.0
    for fan in answer.fans:
        assert fan.now == fan.base


def test_a_number_written_as_it_is_moves_nothing_at_all():
    reason = STARTER.reasons[0]
    answer = moved(
        changes={f"reasons.{reason.id}.weight": reason.weight, "pace.revision": STARTER.pace.revision}
    )
    assert all(question.shift.value == 0.0 for question in answer.questions)


def test_what_was_asked_before_leaves_no_trace():
    plain = moved(question=QUESTION)
    moved(
        changes={f"factors.{STARTER.factors[0].id}.start": 0.9, "actors.norland.wear": 0.5}, question=QUESTION
    )
    assert moved(question=QUESTION) == plain


def test_leaving_out_a_report_is_the_leave_one_out_of_the_estimate():
    estimate = starter().estimate
    evidence = compile_evidence(bench().game)
    asked = 0
    for piece in estimate.evidence:
        if piece.kind != "report" or piece.stood_for_by is not None:
            continue
        case = bench().game.case
        left = case.model_copy(update={"reports": tuple(r for r in case.reports if r.id != piece.id)})
        if compile_evidence(replace(bench().game, case=left)).n_items != evidence.n_items - 1:
            continue  # a silence or another report of its origin takes its place
        answer = {q.id: q.now.probability for q in moved(without=(piece.id,)).questions}
        for weight in piece.weights:
            if weight.hypothesis in answer:
                assert answer[weight.hypothesis] == pytest.approx(weight.without, abs=2e-6)
                asked += 1
    assert asked >= len(STARTER.questions)


CHANGES: dict[str, dict[str, Any]] = {
    "weight": {"reasons.trade-at-stake.weight": 0.4},
    "another weight": {"reasons.valleys-claimed.weight": {"median": 2.5, "spread": 0.35}},
    "disposition": {"actors.sudria.dispositions": {"restrained": 0.3, "opportunist": 0.3, "committed": 0.4}},
    "deception": {"actors.sudria.deception": 0.6},
    "standing": {"actors.norland.standing": 0.2},
    "wear": {"actors.sudria.wear": 0.6},
    "style": {"actors.sudria.style.opportunity": 2.0},
    "start of a factor": {f"factors.{STARTER.factors[0].id}.start": 0.2},
    "pace of a factor": {f"factors.{STARTER.factors[0].id}.pace": 0.4},
    "revision": {"pace.revision": 0.8},
    "preparation": {"pace.preparation": 1.5, "pace.stand_down": 0.5},
    "incidents": {"pace.incidents": 0.1},
    "grade": {f"sources.{STARTER.sources[0].id}.grade": "C"},
    "rung's wear": {"ladder.rungs.exchange.wear": 0.03},
}


@cache
def exact_base() -> Bench:
    return Bench(STARTER, AS_OF, particles=4_000)


@pytest.mark.parametrize("change", CHANGES)
def test_a_quick_answer_agrees_with_the_full_one(change):
    request = Request(changes=CHANGES[change])
    quick = exact_base().ask(request)
    full = {
        name: chance for name, chance, _ in in_full(STARTER, request, AS_OF, particles=4_000, seed=2).chances
    }
    assert not quick.held
    assert quick.effective_share > 0.02
    for question in quick.questions:
        slow = full[question.id]
        error = np.hypot(slow.mc_error, question.now.mc_error)
        assert abs(question.now.probability - slow.probability) < ERRORS * error


def test_a_past_that_nobody_reported_on_is_weighed_right():
    """Without evidence every difference lies in the past that the change makes likelier."""
    case = two_actors(
        factors=[{"id": "x", "name": "X", "start": 0.5, "pace": 0.3, "volatility": 0.1}],
        reasons=[
            {
                "id": "r",
                "front": "a -> b",
                "direction": "pull",
                "weight": 1.0,
                "from": "shows",
                "factor": "x",
                "text": "r",
            }
        ],
    )
    day = case.start.replace(month=2, day=10)
    request = Request(changes={"factors.x.start": 0.7, "factors.x.pace": 0.1, "reasons.r.weight": 1.5})
    quick = Bench(case, day, particles=8_000).ask(request).questions[0]
    full = in_full(case, request, day, particles=8_000, seed=3).chances[0][1]
    assert abs(quick.now.probability - full.probability) < ERRORS * np.hypot(
        quick.now.mc_error, full.mc_error
    )
    assert abs(quick.shift.value) > ERRORS * quick.shift.mc_error


def test_a_lever_is_pulled_on_the_same_histories():
    lever = STARTER.levers[0].id
    quick = moved(levers=(lever,))
    full = in_full(STARTER, Request(changes={}, levers=(lever,)), AS_OF, particles=PARTICLES)
    for question, (name, chance, _) in zip(quick.questions, full.chances, strict=True):
        assert question.id == name
        assert question.now.probability == pytest.approx(chance.probability, abs=1e-9)
    assert quick.effective_share == 1.0


def test_the_order_of_changes_makes_no_difference():
    one = {"reasons.trade-at-stake.weight": 0.9, "actors.sudria.wear": 0.2}
    other = dict(reversed(one.items()))
    assert moved(changes=one) == moved(changes=other)


def test_a_small_step_is_a_small_change():
    shifts = [
        moved(changes={"reasons.trade-at-stake.weight": {"median": 1.6 + step, "spread": 0.35}})
        .questions[0]
        .shift.value
        for step in (0.0, 0.01, 0.1)
    ]
    assert shifts[0] == 0.0
    assert abs(shifts[1]) <= abs(shifts[2]) < 0.1


def test_the_past_told_again_under_the_same_plan_is_the_past():
    game = bench().game
    particles, _ = filter_island(game, compile_evidence(game), n=300, seed=5)
    island = settled(particles, 1.0)
    island.tell_again(game)
    past = slice(0, game.now + 1)
    np.testing.assert_allclose(particles.factor[past], island.told.factor, atol=1e-6)
    np.testing.assert_allclose(particles.standing[past], island.told.standing, atol=1e-6)
    np.testing.assert_allclose(particles.wear[past], island.told.wear, atol=1e-6)


def test_the_past_told_again_is_that_of_the_step():
    """Told again under another plan, its last step is the one that the game would have taken."""
    game = bench().game
    plan = game.plan._replace(factor_target=game.plan.factor_target * np.float32(0.5))
    particles, _ = filter_island(game, compile_evidence(game), n=200, seed=6)
    now = game.now
    p = particles
    kernel.replay(plan, p.posture, p.factor, p.standing, p.wear, p.slots, p.keys, now)
    copies = {name: getattr(p, name).copy() for name in ("posture", "goal", "factor")}
    again, before = replace(p, step=now - 1, **copies), p.factor[now].copy()
    run_on(again, now, plan)
    np.testing.assert_allclose(again.factor[now], before, atol=1e-6)


def test_a_horizon_draws_only_what_the_question_needs():
    first = min(STARTER.questions, key=lambda q: q.by)
    answer = moved(question=first.id)
    assert answer.horizon <= first.by
    assert first.id in [q.id for q in answer.questions]
    assert all(q.by <= first.by or q.id == first.id for q in answer.questions)


def test_a_change_too_far_is_called_rough():
    both = {f"actors.{name}.style.reciprocity": 5.0 for name in ("norland", "sudria")}
    answer = moved(changes={"pace.revision": 90.0, "pace.preparation": 60.0, **both})
    assert answer.effective_share < 0.05
    assert answer.rough


def test_a_base_may_have_a_change_made_already():
    first, second = {"reasons.trade-at-stake.weight": 0.9}, {"actors.sudria.wear": 0.2}
    onward = Bench(STARTER, AS_OF, particles=PARTICLES, made=Request(changes=first))
    both = moved(changes=first | second).questions[0].now
    step = onward.ask(Request(changes=second)).questions[0]
    assert abs(step.now.probability - both.probability) < ERRORS * np.hypot(step.now.mc_error, both.mc_error)


def test_many_may_ask_at_once():
    requests = [Request(changes={"reasons.trade-at-stake.weight": 0.5 + 0.3 * k}) for k in range(4)]
    alone = [bench().ask(request) for request in requests]
    found: dict[int, WhatIf] = {}

    def ask(k: int) -> None:
        found[k] = bench().ask(requests[k])

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[k] for k in range(4)] == alone


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (Request(changes={"reasons.nothing.weight": 1.0}), "nothing"),
        (Request(changes={"reasons.trade-at-stake.weight": 99.0}), "99"),
        (Request(changes={"reasons.trade-at-stake.weight": "enormous"}), "enormous"),
        (
            Request(
                changes={
                    "actors.sudria.dispositions": {"restrained": 0.5, "opportunist": 0.1, "committed": 0.1}
                }
            ),
            "0.7",
        ),
        (Request(changes={}, without=("nobody-said-so",)), "nobody-said-so"),
        (Request(changes={}, levers=("pray",)), "pray"),
        (Request(changes={}, question="why"), "why"),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_a_fault(request_, found):
    with pytest.raises(WhatIfError) as error:
        bench().ask(request_)
    assert found in f"{error.value.found} {error.value.where}"
    assert error.value.expected
    assert error.value.mend


@pytest.mark.parametrize(
    "change",
    [
        {"end": "2030-12-31"},
        {"fronts.sudria -> norland.posture": "war"},
        {"fronts.norland -> sudria.preparation": 2},
        {"actors.umm": {"name": "Umm"}},
    ],
)
def test_what_the_particles_say_nothing_of_needs_a_full_run(change):
    with pytest.raises(FullRunError):
        bench().ask(Request(changes=change))


def test_a_readiness_that_a_rung_needs_is_held_for_the_past():
    assert moved(changes={"ladder.rungs.strikes.readiness": 2}).held


def test_a_disposition_held_impossible_is_not_brought_in_by_weights():
    actors = written(STARTER, "actors")
    sudria = next(actor for actor in actors if actor["id"] == "sudria")
    sudria["dispositions"] = {"restrained": 1.0, "opportunist": 0.0, "committed": 0.0}
    laid = Bench(changed(STARTER, actors=actors), AS_OF, particles=1_000)
    doubted = {"restrained": 0.9, "opportunist": 0.0, "committed": 0.1}
    with pytest.raises(FullRunError):
        laid.ask(Request(changes={"actors.sudria.dispositions": doubted}))
