"""Lebanon 2023: directions that anyone would call sensible, whatever the outcome was."""

import datetime as dt

import numpy as np
import pytest

from tests.cases.runs import assessed, case_of
from tocsin.ask.resolve import resolve
from tocsin.case.known import as_known
from tocsin.game.compile import compile_case
from tocsin.infer.particles import run_on
from tocsin.infer.posterior import Paths

NAME, DAY = "lebanon-2023", "2023-10-11"
ENTERS = "hezbollah-offensive-2023"
ABOUT_HEZBOLLAH = (
    "hezbollah-offensive-2023",
    "hezbollah-war-2023",
    "israel-offensive-2023",
    "israel-offensive-2024-10",
    "us-strikes-hezbollah-2023",
)

pytestmark = pytest.mark.slow


def estimate(day=DAY):
    return assessed(NAME, day).estimate


def weight(report, hypothesis):
    piece = next(e for e in estimate().evidence if e.id == report)
    return next(w.decibans for w in piece.weights if w.hypothesis == hypothesis)


def shift(reference):
    return dict(next(s for s in estimate().reasons if s.reference == reference).shifts)[ENTERS]


def chance(question, day=DAY):
    return next(q.chance for q in estimate(day).questions if q.id == question)


# What was left out of the list on 8 October; fire on posts only on 9 October (the better graded of two) and
# on 11 October.
RESTRAINED = ("r20231008-6", "r20231009-3", "r20231011-2")


@pytest.mark.parametrize("report", RESTRAINED)
def test_signs_of_restraint_do_not_speak_against_a_restrained_hezbollah(report):
    found = weight(report, "hezbollah: restrained")
    assert found.value > -4.0 * found.mc_error


@pytest.mark.parametrize("report", RESTRAINED)
def test_signs_of_restraint_do_not_speak_for_an_offensive(report):
    found = weight(report, ENTERS)
    assert found.value < 4.0 * found.mc_error


@pytest.mark.parametrize(
    "restraint", ["us-fleet-off-lebanon", "not-its-fight", "memory-of-2006", "hezbollah-losses"]
)
def test_a_restraint_that_is_gone_does_not_lower_the_chance_of_entry(restraint):
    found = shift(restraint)
    assert found.value > -4.0 * found.mc_error


@pytest.mark.parametrize(
    "pull", ["israel-bogged-down", "ally-asks-for-help", "built-for-this-war", "gaza-dead"]
)
def test_a_pull_that_is_gone_does_not_raise_the_chance_of_entry(pull):
    found = shift(pull)
    assert found.value < 4.0 * found.mc_error


# An American strike on Hezbollah is so unlikely on both days that errors alone can turn the order.
@pytest.mark.parametrize("question", [q for q in ABOUT_HEZBOLLAH if q != "us-strikes-hezbollah-2023"])
def test_the_day_before_the_attack_is_calmer(question):
    before, after = chance(question, "2023-10-06"), chance(question)
    # Lower, and beyond what the errors of both could feign.
    assert before.probability < after.probability
    errors = (before.mc_error**2 + after.mc_error**2) ** 0.5
    assert before.probability - after.probability < 4.0 * errors


def pulled(lever, question):
    """What pulling a lever on the day adds to an answer, and the error; same histories, same chance."""
    posterior = assessed(NAME, DAY).posterior
    day = dt.date.fromisoformat(DAY)
    game = compile_case(as_known(case_of(NAME), day), day, pulled=[(lever, day)])
    asked = next(q for q in game.case.questions if q.id == question)
    assert len(game.plan.term_kind) == len(posterior.game.plan.term_kind)
    changes = []
    for sample in posterior.samples:

        def truth(plan, particles=sample):
            run_on(particles, game.grid.n_steps, plan)
            paths = Paths(
                posture=particles.posture,
                deal=particles.deal & np.uint8(1),
                factor=particles.factor[:, list(posterior.followed)],
            )
            return resolve(game, asked, paths, posterior.followed).astype(float)

        changes.append((truth(game.plan) - truth(posterior.game.plan)) @ sample.weights())
    share = posterior.island_weight
    mean = float(share @ changes)
    m = len(changes)
    return mean, float(np.sqrt(m / (m - 1) * np.sum((share * (np.array(changes) - mean)) ** 2)))


@pytest.mark.parametrize("lever", ["gaza-ceasefire", "us-threat-of-strikes"])
def test_a_lever_that_removes_the_trigger_or_threatens_does_not_bring_hezbollah_in(lever):
    change, error = pulled(lever, ENTERS)
    assert change < 4.0 * error


def test_a_cease_fire_in_gaza_makes_a_wider_war_less_likely():
    change, error = pulled("gaza-ceasefire", "regional-war-2023")
    assert change < 4.0 * error


def test_third_parties_follow_rather_than_lead():
    place = {j.ref: j.place for j in estimate().futures.joiners}
    leads = min(place["hezbollah -> israel"], place["israel -> hezbollah"])
    for third in (
        "united-states -> hezbollah",
        "syria -> israel",
        "united-states -> iran",
        "iran -> united-states",
    ):
        assert place[third] > leads
