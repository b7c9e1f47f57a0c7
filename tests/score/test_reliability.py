"""A source's reliability: where it starts, what resolved reports make of it, and what may not count yet."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tocsin.case import words
from tocsin.case.model import Record, Source
from tocsin.score.inputs import ScoreError
from tocsin.score.reliability import Proof, Reliability, Tally, learned, prior_reliability, tally

DAY = dt.date(2030, 4, 1)
COUNTS = st.integers(0, 50)


def source(grade="C", record=None) -> Source:
    return Source(id="agency", name="The agency", grade=grade, reason="a test", record=record)


def proof(report="r1", right=True, on=DAY, source="agency", case="strait") -> Proof:
    return Proof(source=source, report=report, right=right, on=on, case=case)


@pytest.mark.parametrize("grade", "ABCDEF")
def test_it_starts_from_the_letter(grade):
    found = prior_reliability(source(grade))
    assert (found.right, found.wrong) == words.RELIABILITY[grade]


def test_its_own_record_adds_to_the_letter():
    right, wrong = words.RELIABILITY["C"]
    found = prior_reliability(source("C", Record(right=4, wrong=2)))
    assert (found.right, found.wrong) == (right + 4, wrong + 2)


# Gelman et al., Bayesian Data Analysis (2013), 2.4: Beta(1, 1) after 437 of 980 is Beta(438, 544), whose
# central 95 % reaches from 0.415 to 0.477.
def test_the_known_posterior_of_a_flat_prior():
    found = learned(source("F"), Tally(right=437, wrong=543))
    assert found.mean == pytest.approx(0.446, abs=5e-4)
    assert found.interval(0.95) == pytest.approx((0.415, 0.477), abs=5e-4)


@given(right=COUNTS, wrong=COUNTS, grade=st.sampled_from("ABCDEF"))
def test_a_report_moves_it_its_own_way(right, wrong, grade):
    before = learned(source(grade), Tally(right=right, wrong=wrong))
    up, down = (learned(source(grade), Tally(right=right + a, wrong=wrong + 1 - a)) for a in (1, 0))
    assert down.mean < before.mean < up.mean


@given(marks=st.lists(st.booleans(), max_size=20), seed=st.integers(0, 99))
def test_the_order_of_resolutions_does_not_matter(marks, seed):
    proofs = [proof(f"r{k}", right) for k, right in enumerate(marks)]
    turned = [proofs[k] for k in np.random.default_rng(seed).permutation(len(proofs))]
    assert tally(proofs, DAY) == tally(turned, DAY)


def test_what_was_clear_only_later_does_not_count():
    later = DAY + dt.timedelta(days=1)
    proofs = [proof("r1"), proof("r2", right=False, on=later)]
    assert tally(proofs, DAY) == {"agency": Tally(right=1, wrong=0)}
    assert tally(proofs, later) == {"agency": Tally(right=1, wrong=1)}


def test_said_twice_it_counts_once():
    assert tally([proof(), proof()], DAY)["agency"].total == 1


def test_reports_of_one_name_in_two_cases_are_two():
    assert tally([proof(), proof(case="coast")], DAY)["agency"].total == 2


def test_sources_are_kept_apart():
    found = tally([proof("r1"), proof("r2", right=False, source="rival")], DAY)
    assert found == {"agency": Tally(right=1), "rival": Tally(wrong=1)}


def test_a_half_life_halves():
    old = proof(on=DAY - dt.timedelta(days=100))
    assert tally([old], DAY, half_life_days=100)["agency"].right == pytest.approx(0.5)
    assert tally([old], DAY, half_life_days=50)["agency"].right == pytest.approx(0.25)


# Of sources whose reliability is drawn from the prior itself, 90 % lie within their interval: 400 draws,
# four standard errors of 6.
def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    truth = beta(*words.RELIABILITY["C"]).rvs(400, random_state=rng)
    right = rng.binomial(20, truth)
    held = 0
    for share, count in zip(truth, right, strict=True):
        low, high = learned(source("C"), Tally(right=int(count), wrong=20 - int(count))).interval()
        held += low <= share <= high
    assert 336 <= held <= 384


def test_right_and_wrong_at_once_is_refused():
    with pytest.raises(ScoreError, match=r"report r1: found right \(agency, .*expected one resolution"):
        tally([proof(), proof(right=False)], DAY)


def test_a_half_life_of_nothing_is_refused():
    with pytest.raises(ScoreError, match="expected more than 0"):
        tally([proof()], DAY, half_life_days=0)


def test_a_level_that_is_no_share_is_refused():
    with pytest.raises(ScoreError, match="level"):
        Reliability(right=1, wrong=1).interval(1.0)
