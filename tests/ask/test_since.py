"""What moved since an earlier day: the same answers as on that day, and parts that add up."""

import pytest

from tests.ask.worlds import AS_OF, PARTICLES, SINCE, STARTER, starter
from tocsin.ask.assess import assess


def since():
    found = starter().estimate.since
    assert found is not None
    return found


def test_without_an_earlier_day_there_is_nothing_to_compare():
    assert assess(STARTER, AS_OF, particles=1_000).estimate.since is None


def test_before_is_what_was_said_on_that_day():
    then = assess(STARTER, SINCE, particles=PARTICLES).estimate
    assert [change.before for change in since().changes] == [q.chance for q in then.questions]


def test_after_is_what_is_said_now():
    assert [change.after for change in since().changes] == [q.chance for q in starter().estimate.questions]


def test_new_is_what_became_known_after_the_earlier_day():
    assert since().day == SINCE
    assert since().new_reports == ("r005", "r006")
    assert since().new_events == ("westmark-redeploys",)


def test_parts_and_rest_add_up_to_the_change():
    for change in since().changes:
        whole = change.after.probability - change.before.probability
        assert sum(shift for _, shift in change.moved_by) + change.rest == pytest.approx(whole, abs=1e-12)


def test_a_part_is_what_leaving_the_report_out_takes_away():
    pieces = {e.id: e for e in starter().estimate.evidence}
    for change in since().changes:
        for report, shift in change.moved_by:
            without = next(w.without for w in pieces[report].weights if w.hypothesis == change.question)
            assert shift == pytest.approx(change.after.probability - without)


def test_the_largest_part_comes_first():
    for change in since().changes:
        sizes = [abs(shift) for _, shift in change.moved_by]
        assert sizes == sorted(sizes, reverse=True)
        assert {report for report, _ in change.moved_by} == {"r005", "r006"}
