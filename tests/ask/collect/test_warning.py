"""Curves, thresholds and times of warning."""

import dataclasses

import numpy as np
import pytest

from tests.ask.collect.worlds import FRONT, WITHIN, ahead, inferred, ready, shares
from tocsin.ask.collect.channels import channels
from tocsin.ask.collect.filter import states
from tocsin.ask.collect.warning import FALSE_ALARMS, _curve, area, curve, jackknife, told, watched


@pytest.fixture(scope="module")
def now():
    return told(ready(), shares())


def test_the_area_is_the_chance_of_the_right_order():
    """By hand: cases 1, 2, 3 and controls 1, 2: pairs won 0.5 + 1.5 + 2 of 6."""
    assert area(np.array([[1.0, 1.0, 1.0]]), np.array([[1.0, 1.0, 0.0]])) == pytest.approx(4 / 6)


def test_steps_are_compared_within_themselves():
    """Later scores are all higher and later attacks likelier; within a step nothing is told apart."""
    cases, controls = np.array([[1.0, 0.0], [0.0, 9.0]]), np.array([[9.0, 0.0], [0.0, 1.0]])
    assert area(cases, controls) == 0.5
    assert all(point.hit == pytest.approx(point.false_alarm) for point in curve(cases, controls))


def test_the_area_of_the_curve_is_the_area(now):
    found = np.trapezoid([p.hit for p in now.roc], [p.false_alarm for p in now.roc])
    # The curve is drawn at 41 points; between them it is a chord of a curve that bends little.
    assert found == pytest.approx(now.auc, abs=0.01)


def test_alarms_are_no_falser_than_asked_for(now):
    for rate, realised in zip(FALSE_ALARMS, now.realised, strict=True):
        assert realised <= rate + 1e-9
    assert list(now.thresholds) == sorted(now.thresholds, reverse=True)


def test_leads_lie_within_the_weeks_that_count(now):
    assert now.lead.max() <= WITHIN
    assert (now.lead >= 0.0).all()
    never = (now.lead <= 0.0).mean(axis=1)
    assert (np.diff(never) <= 0.0).all()  # a lower threshold warns of no fewer


def test_nobody_looking_is_watches_alone():
    """With every share at nought the answer is that of a case in which the collectors are left out."""
    case = inferred().known
    alone = watched(ahead(), FRONT, channels(case, ()), WITHIN, seed=5)
    assert alone is not None
    without, none = told(alone, {}), told(ready(), shares(sudria=0.0, norland=0.0))
    assert none.auc == without.auc
    assert (none.lead == without.lead).all()


def test_nobody_at_all_is_blind():
    blind = dataclasses.replace(
        ready(), channels=tuple(dataclasses.replace(c, rate=0.0) for c in ready().channels)
    )
    found = told(blind, shares())
    assert found.auc == 0.5
    assert not found.lead.any()


def test_an_eye_tells_better_than_watches_alone(now):
    """Paired on the same attacks and the same luck, some 130 of them: beyond two of its own errors."""
    without = told(ready(), shares(sudria=0.0, norland=0.0))
    change = jackknife(now.auc - without.auc, now.auc_without - without.auc_without)
    assert change.value > 2.0 * change.mc_error > 0.0


def test_no_score_beats_one_who_knows_the_state(now):
    """Readiness and intent seen as they are bound what any report of them can tell."""
    histories, scored = ahead(), ready()
    block, state = states(histories, FRONT)
    known = scored.filters[0].attack[block[scored.lanes][None, :], state[:, scored.lanes]]
    assert _curve(scored, known)[0] > now.auc


def test_a_front_on_which_no_attack_comes_has_no_curve():
    """The guarantor hardly ever attacks in half a year: too few to tell."""
    case = inferred().known
    calm = dataclasses.replace(ahead(), posture=np.zeros_like(ahead().posture))
    assert watched(calm, FRONT, channels(case, case.collectors), WITHIN, seed=5) is None
