"""Actors and decisions: shares are shares, and terms add up to the reference implementation's utilities."""

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, PARTICLES, STARTER, starter, two_actors
from tocsin.ask.actors import term_words
from tocsin.ask.assess import assess
from tocsin.case.known import as_known
from tocsin.game import reference
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import filter_island

ISLANDS = 20


def test_dispositions_sum_to_one():
    for actor in starter().estimate.actors:
        assert sum(chance.probability for _, chance, _ in actor.dispositions) == pytest.approx(1.0)
        assert sum(prior for _, _, prior in actor.dispositions) == pytest.approx(1.0)
        for moment in actor.dispositions_over_time:
            assert sum(moment.shares) == pytest.approx(1.0)


def test_a_disposition_that_the_case_excludes_stays_excluded():
    westmark = next(actor for actor in starter().estimate.actors if actor.id == "westmark")
    assert westmark.dispositions[2][1].probability == 0.0


def test_what_is_shown_over_time_begins_with_the_prior_and_ends_now():
    for actor in starter().estimate.actors:
        for k, (_, now, prior) in enumerate(actor.dispositions):
            shares = [moment.shares[k] for moment in actor.dispositions_over_time]
            # At least 2,000 draws of the prior.
            assert abs(shares[0] - prior) < 4 * (0.25 / PARTICLES) ** 0.5
            # Resampling after the last look adds its own error.
            assert abs(shares[-1] - now.probability) < 4 * (now.mc_error + (0.25 / PARTICLES) ** 0.5)


def test_postures_goals_and_readiness_sum_to_one():
    for front in starter().estimate.fronts:
        for shares in (front.posture, front.goal, front.readiness):
            assert sum(chance.probability for chance in shares) == pytest.approx(1.0)
        for moment in front.posture_over_time:
            assert sum(moment.shares) == pytest.approx(1.0)


def test_the_current_rung_is_the_likeliest():
    for front in starter().estimate.fronts:
        likeliest = max(front.posture, key=lambda chance: chance.probability)
        assert front.posture[starter().estimate.rungs.index(front.current)] == likeliest


def test_nobody_prepares_who_wants_no_more_than_it_can():
    posterior = starter().posterior
    plan = posterior.game.plan
    for f, front in enumerate(starter().estimate.fronts):
        need = plan.need[posterior.goal[f]]
        short = need > posterior.readiness[f]
        assert front.preparing.probability == pytest.approx(float(posterior.weight @ short))


def utility_contrasts():
    """Offensive against exchange by the reference's utilities, particle by particle: (F,), in nats."""
    game = compile_case(as_known(STARTER, AS_OF), AS_OF)
    evidence = compile_evidence(game)
    high, low = game.rungs.index("offensive"), game.rungs.index("exchange")
    means, log_evidence = [], []
    for island in range(ISLANDS):
        particles, _ = filter_island(game, evidence, n=PARTICLES // ISLANDS, seed=1, island=island)
        t, plan = game.now, game.plan
        state = reference.State(
            posture=particles.posture[t].astype(np.int64),
            goal=particles.goal[t].astype(np.int64),
            preparation=particles.readiness[t].astype(np.int64),
            factor=particles.factor[t].astype(float),
            standing=particles.standing[t].astype(float),
            wear=particles.wear[t].astype(float),
            deal=particles.deal[t] & 1 == 1,
        )
        rows = particles.rows.astype(float)
        contrast = []
        for f in range(len(game.fronts)):
            back = plan.reverse[f]
            other = state.posture[back] if back >= 0 else 0.0
            perceived = other + plan.lean[t + 1, f] + rows[plan.row_bias[plan.front_from[f]]]
            u = reference.utility(plan, f, t + 1, rows, state, state.factor, perceived)
            contrast.append((u[high] - u[low]) @ particles.weights())
        means.append(contrast)
        log_evidence.append(particles.log_evidence_now())
    weight = np.exp(np.array(log_evidence) - max(log_evidence))
    return np.array(means).T @ (weight / weight.sum())


def test_the_terms_of_a_decision_add_up_to_the_reference_implementations_utilities():
    added = [sum(term.nats for term in front.terms) for front in starter().estimate.fronts]
    # Sums of a dozen float32 rows of size 1 to 10.
    assert added == pytest.approx(list(utility_contrasts()), abs=1e-4)


def test_terms_are_sorted_from_push_to_hold():
    for front in starter().estimate.fronts:
        nats = [term.nats for term in front.terms]
        assert nats == sorted(nats, reverse=True)
        assert {"disposition", "reciprocity", "inertia"} <= {term.kind for term in front.terms}


def test_a_pull_pushes_and_a_restraint_holds():
    front = next(f for f in starter().estimate.fronts if f.ref == "sudria -> norland")
    nats = {term.reference: term.nats for term in front.terms}
    assert nats["valleys-claimed"] > 0.0 > nats["trade-at-stake"]


def test_an_actor_of_known_type_and_appetite_has_no_spread():
    case = two_actors(
        dispositions=[{"id": "plain", "appetite": {"median": 1.1, "spread": 0.0}}],
        actors=[
            {
                "id": name,
                "name": name,
                "dispositions": {"plain": 1.0},
                "style": {"temperature": {"median": 1.0, "spread": 0.0}},
            }
            for name in ("a", "b")
        ],
    )
    front = assess(case, particles=1_000).estimate.fronts[0]
    own = next(term for term in front.terms if term.kind == "disposition")
    # Two thirds of the nats at the top rung: an offensive is the second of three rungs from strikes on.
    assert own.nats == pytest.approx(1.1 * 2 / 3, abs=1e-5)
    assert own.spread == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(
    ("nats", "words"),
    [
        (0.0, "hardly holds back"),
        (0.04, "hardly pulls in"),
        (0.1, "slightly pulls in"),
        (-0.5, "clearly holds back"),
        (1.5, "strongly pulls in"),
        (-2.0, "decisively holds back"),
    ],
)
def test_words_of_a_term(nats, words):
    assert term_words(nats) == words
