"""Deception taken as known: the parts make the whole, and agree with the particles' own marks."""

import numpy as np
import pytest

from tests.ask.stress.made import inferred, stressed, truth
from tests.ask.worlds import four_errors
from tocsin.ask.stress.deception import forced_marks
from tocsin.ask.stress.weighing import reweigh


def test_both_assumptions_together_are_the_answer():
    """By total probability, with the prior of the mark and the weight that each assumption takes: exactly."""
    posterior = inferred().posterior
    for mark in forced_marks(posterior):
        prior = posterior.game.statics.deception_prior[posterior.game.actors.index(mark.actor)]
        on = prior * float(posterior.weight @ np.exp(mark.on))
        off = (1.0 - prior) * float(posterior.weight @ np.exp(mark.off))
        assert on + off == pytest.approx(1.0, abs=1e-9)
        whole = on * reweigh(posterior, truth(), mark.on).after.probability
        whole += off * reweigh(posterior, truth(), mark.off).after.probability
        assert whole == pytest.approx(stressed().chance.probability, abs=1e-9)


def test_summing_the_mark_out_agrees_with_picking_the_particles_that_carry_it():
    posterior = inferred().posterior
    (mark,) = forced_marks(posterior)
    carried = posterior.deceives[posterior.game.actors.index(mark.actor)]
    for value, factor in ((1, mark.on), (0, mark.off)):
        picked, error = posterior.expect(truth(), posterior.weight * (carried == value))
        summed = reweigh(posterior, truth(), factor)
        assert abs(summed.after.probability - picked) < four_errors(summed.after.mc_error, float(error))
        assert summed.effective > 1.5 * np.sum(carried == value) * 0.5


def test_an_actor_of_whom_nothing_could_tell_is_left_out():
    assert [mark.actor for mark in forced_marks(inferred().posterior)] == ["sudria"]
    assert {name for f in stressed().deception for name in f.actors} == {"sudria"}


def test_silence_means_less_where_deception_hides():
    """The monitors' silence on convoys, which cannot be hidden, is worth nearly the same either way."""
    silence = {s.indicator: s for s in stressed().silences}
    assert set(silence) == {"convoys-seen", "field-hospitals"}
    assert silence["convoys-seen"].concealable == 0.0
    assert silence["field-hospitals"].concealable == 0.5
    convoys = silence["convoys-seen"]
    assert convoys.deceiving.value < -2.0 * convoys.deceiving.mc_error
    assert convoys.honest.value < -2.0 * convoys.honest.mc_error
