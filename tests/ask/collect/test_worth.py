"""Expected information: exact identities and laws."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ask.collect.worlds import answer, inferred, shares
from tocsin.ask.collect.answer import Look
from tocsin.ask.collect.channels import channels
from tocsin.ask.collect.worth import entropy, gained, information, worth
from tocsin.ask.resolve import outcomes

UNIT = st.floats(0.01, 0.99)


def serially(jobs, what):
    return [job() for job in jobs]


def eyes_worth(share=0.5, draws=40, **changes):
    posterior = inferred().posterior
    case = posterior.game.case
    every = tuple(
        dataclasses.replace(c, **changes) if c.actor else c for c in channels(case, case.collectors)
    )
    now = shares(sudria=share)
    looks = {key: Look(collector=key[0], actor=key[1], quality=0.6, share=s) for key, s in now.items()}
    truth = outcomes(posterior.game, posterior.paths, posterior.followed)
    found = worth(posterior, truth, every, case.collectors, now, looks, 0.2, serially, draws=draws)
    return {w.look.actor: w for w in found}


def test_a_sure_report_of_an_even_question_is_one_bit():
    assert information(np.array([[0.5, 0.5]]), np.array([[[1.0, 0.0]]]), np.array([[1.0, 0.0]]))[0] == 1.0


def test_information_is_that_of_the_joint_table():
    """A binary symmetric channel of error 0.1 on an even question: 1 - H(0.1) (Shannon 1948)."""
    found = information(np.array([[0.5, 0.5]]), np.array([[[1.0, 0.0]]]), np.array([[0.9, 0.1]]))
    assert found[0, 0] == pytest.approx(1.0 - float(entropy(np.array([0.1]))[0]))


@settings(max_examples=50, deadline=None)
@given(st.lists(UNIT, min_size=4, max_size=4), st.lists(UNIT, min_size=4, max_size=4), UNIT, UNIT)
def test_what_more_looking_adds_is_the_difference_of_what_both_tell(weight, said, low, part):
    """I(Q; report at more cover) - I(Q; at less) = P(none at less) I(Q; the further | none)."""
    weight = np.array([weight]) / np.sum(weight)
    truth, said = np.array([[[1.0, 1.0, 0.0, 0.0]]]), np.array([said])
    high = low + part * (1.0 - low)
    before, after = (information(weight, truth, cover * said)[0, 0] for cover in (low, high))
    none = weight * (1.0 - low * said)
    further = information(none / none.sum(), truth, gained(said, low, high))[0, 0]
    assert none.sum() * further == pytest.approx(after - before, abs=1e-9)
    assert after >= before - 1e-12


def test_leaving_out_an_island_is_to_ask_the_others():
    rng = np.random.default_rng(1)
    weight, chance = rng.random((3, 5)), rng.random((3, 5))
    weight /= weight.sum()
    truth = (rng.random((3, 2, 5)) < 0.4).astype(float)
    found = information(weight, truth, chance)
    rest = weight[1:] / weight[1:].sum()
    assert found[1] == pytest.approx(information(rest, truth[1:], chance[1:])[0])


def test_a_collector_that_sees_nothing_is_worth_nothing():
    blind = eyes_worth(rate=0.0)
    assert all(
        q.bits.value == 0.0 and q.crosses.probability == 0.0 for w in blind.values() for q in w.questions
    )


def test_one_who_says_the_same_whatever_is_so_is_worth_nothing():
    noise = eyes_worth(mean_reliability=0.0)
    assert max(q.bits.value for w in noise.values() for q in w.questions) < 1e-12


def test_information_is_never_negative_and_no_more_than_the_question_holds():
    posterior = inferred().posterior
    truth = outcomes(posterior.game, posterior.paths, posterior.followed)
    held = entropy(truth @ posterior.weight)
    for found in eyes_worth().values():
        for question, most in zip(found.questions, held, strict=True):
            assert 0.0 <= question.bits.value <= most


def test_a_better_eye_is_worth_no_less():
    """From idle, on the same draws: what a better eye brings can be thinned to what a worse one does."""
    worse, better = eyes_worth(share=0.0, rate=0.5), eyes_worth(share=0.0, rate=2.0)
    for actor, found in worse.items():
        for one, other in zip(found.questions, better[actor].questions, strict=True):
            error = np.hypot(one.bits.mc_error, other.bits.mc_error)
            assert other.bits.value >= one.bits.value - 4.0 * error
    assert better["sudria"].best.bits.value > worse["sudria"].best.bits.value


def test_the_last_unit_of_a_whole_collector_is_what_is_left_of_it():
    assert eyes_worth(share=1.0)["sudria"].unit == 0.0
    assert eyes_worth(share=1.0)["sudria"].best.bits.value == 0.0


def test_the_answer_lists_the_largest_first():
    values = [w.best.bits.value for w in answer().worth]
    assert values == sorted(values, reverse=True)
    for found in answer().worth:
        bits = [i.bits.value for i in found.indicators]
        assert bits == sorted(bits, reverse=True)
