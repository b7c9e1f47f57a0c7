"""Resolved reports in an estimate: what they change, what they may not, and what is shown of it."""

import datetime as dt

import pytest

from tests.ask.worlds import AS_OF, SINCE, STARTER, starter
from tocsin.ask.assess import assess
from tocsin.ask.records import as_assessed, clear_by, with_proofs
from tocsin.case import words
from tocsin.case.known import as_known, digest
from tocsin.case.model import Record
from tocsin.score.reliability import Proof

PARTICLES = 1_000
PRESS, MONITORS = "valley-press", "border-monitors"


def proof(k, source=PRESS, right=False, on=SINCE, case="other-case") -> Proof:
    return Proof(source=source, report=f"x{k}", right=right, on=on, case=case)


MANY_WRONG = tuple(proof(k) for k in range(40))


def source_of(estimate, name):
    return next(source for source in estimate.sources if source.id == name)


def test_a_record_is_raised_by_its_own_proofs_alone():
    case, tallies = with_proofs(STARTER, (proof(1), proof(2, right=True)), AS_OF)
    records = {source.id: source.record for source in case.sources}
    assert records[PRESS] == Record(right=15, wrong=6)
    assert records[MONITORS] is None
    assert set(tallies) == {PRESS}


def test_without_proofs_the_case_is_the_same():
    case, _ = with_proofs(STARTER, (), AS_OF)
    assert case is STARTER


def test_what_is_clear_only_later_changes_nothing():
    later = tuple(proof(k, on=AS_OF + dt.timedelta(days=1)) for k in range(40))
    assert clear_by(later, AS_OF) == ()
    with_later = assess(STARTER, AS_OF, particles=PARTICLES, proofs=later).estimate
    assert with_later == assess(STARTER, AS_OF, particles=PARTICLES).estimate


def test_many_wrong_reports_make_a_source_believed_less():
    before = assess(STARTER, AS_OF, particles=PARTICLES).estimate
    after = assess(STARTER, AS_OF, particles=PARTICLES, proofs=MANY_WRONG).estimate
    one, two = source_of(before, PRESS), source_of(after, PRESS)
    right, wrong = words.RELIABILITY["C"]
    assert two.before == one.before == pytest.approx((right + 14) / (right + 14 + wrong + 5))
    assert two.prior == pytest.approx((right + 14) / (right + 14 + wrong + 5 + 40))
    assert two.low < two.prior < two.high
    assert two.now.value < one.now.value - 0.15
    assert (two.proved_right, two.proved_wrong, two.proved_in) == (0.0, 40.0, ("other-case",))
    # Whoever else reports keeps the prior it had.
    assert source_of(after, MONITORS).prior == source_of(before, MONITORS).prior
    assert after.case_digest != before.case_digest
    assert [q.chance for q in after.questions] != [q.chance for q in before.questions]


def test_an_earlier_day_knows_only_what_was_clear_then():
    recent = tuple(proof(k, on=AS_OF) for k in range(40))
    found = assess(STARTER, AS_OF, particles=PARTICLES, since=SINCE, proofs=recent).estimate
    plain = assess(STARTER, AS_OF, particles=PARTICLES, since=SINCE).estimate
    assert found.since is not None
    assert plain.since is not None
    assert [c.before for c in found.since.changes] == [c.before for c in plain.since.changes]


def test_old_proofs_count_less_if_asked():
    found = assess(
        STARTER, AS_OF, particles=PARTICLES, proofs=MANY_WRONG, half_life_days=(AS_OF - SINCE).days
    ).estimate
    assert source_of(found, PRESS).proved_wrong == pytest.approx(20.0)


def test_the_assessed_case_can_be_made_again_from_the_estimate():
    found = assess(STARTER, AS_OF, particles=PARTICLES, proofs=MANY_WRONG).estimate
    written = as_known(STARTER, AS_OF)
    assert digest(as_assessed(written, found.sources)) == found.case_digest
    assert digest(written) != found.case_digest


def test_every_source_is_told_even_without_a_ledger():
    told = starter().estimate.sources
    assert [source.id for source in told] == [source.id for source in STARTER.sources]
    assert all(source.proved_in == () for source in told)
    assert all(0.0 < source.now.value < 1.0 for source in told)
    assert starter().estimate.record is None
