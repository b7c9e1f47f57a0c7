"""The evidence one by one: an origin counts once, what stands for what, what conflicts, what carries."""

import dataclasses

import pytest

from tests.ask.worlds import AS_OF, STARTER, changed, starter, without_reports, written
from tocsin.ask.assess import assess
from tocsin.ask.bands import band
from tocsin.ask.estimate import Chance


def reported(*reports, without=()):
    """The starter case with further reports by the border monitors on one week."""
    common = {"date": "2030-02-20", "known": "2030-02-21", "source": "border-monitors", "grade": 2}
    more = [common | report for report in reports]
    kept = [r for r in written(STARTER, "reports") if r["id"] not in without]
    return assess(changed(STARTER, reports=kept + more), AS_OF, particles=1_000).estimate


def piece(estimate, name):
    return next(e for e in estimate.evidence if e.id == name)


def answers(estimate):
    return [q.chance for q in estimate.questions]


def test_reports_of_one_origin_count_once():
    # The ministry says it (D4) and the paper repeats it (C4): the better graded source stands for both.
    ministry, paper = piece(starter().estimate, "r003"), piece(starter().estimate, "r004")
    assert ministry.stood_for_by == "r004"
    assert ministry.weights == ()
    assert paper.stood_for_by is None


def test_a_report_for_which_another_stands_changes_nothing():
    without = assess(without_reports(STARTER, "r003"), AS_OF, particles=1_000).estimate
    with_it = assess(STARTER, AS_OF, particles=1_000).estimate
    # What both say became known on 6 February with the one, on the 7th with the other: the same week.
    assert answers(without) == answers(with_it)


def test_what_carries_no_weight_comes_last():
    stood_for = [e.stood_for_by is not None for e in starter().estimate.evidence]
    assert stood_for == sorted(stood_for)


def test_every_report_and_every_silence_is_there_once():
    names = [e.id for e in starter().estimate.evidence]
    watches = [f"silence: {s.id} / {w.indicator}" for s in STARTER.sources for w in s.watches]
    assert sorted(names) == sorted([r.id for r in STARTER.reports] + watches)


def test_the_most_diagnostic_comes_first():
    weighed = [e for e in starter().estimate.evidence if e.stood_for_by is None]
    sizes = [e.diagnosticity for e in weighed]
    assert sizes == sorted(sizes, reverse=True)
    questions = {q.id for q in starter().estimate.questions}
    for e in weighed:
        weights = [w.decibans for w in e.weights if w.hypothesis in questions]
        # At the least so much: two errors are taken off, or noise on a rare question would come first.
        expected = max(0.0, *(abs(w.value) - 2.0 * w.mc_error for w in weights))
        assert e.diagnosticity == pytest.approx(expected)


def test_a_question_whose_day_has_passed_does_not_decide_what_comes_first():
    settled = {
        "id": "settled",
        "text": "t",
        "by": "2030-02-01",
        "rule": {"front": "sudria -> norland", "reaches": "shows"},
    }
    case = changed(STARTER, questions=[*written(STARTER, "questions"), settled])
    found = assess(case, AS_OF, particles=1_000).estimate
    plain = assess(STARTER, AS_OF, particles=1_000).estimate
    assert [e.diagnosticity for e in found.evidence] == pytest.approx(
        [e.diagnosticity for e in plain.evidence]
    )
    # It is weighed all the same.
    assert "settled" in {w.hypothesis for w in found.evidence[0].weights}


def test_every_hypothesis_is_weighed():
    estimate = starter().estimate
    names = [q.id for q in estimate.questions]
    for actor in estimate.actors:
        names += [f"{actor.id}: {name}" for name, _, _ in actor.dispositions] + [f"{actor.id}: deceives"]
    assert [w.hypothesis for w in estimate.evidence[0].weights] == names


def test_a_grade_is_the_sources_letter_and_the_items_number():
    assert piece(starter().estimate, "r002").grade == "B2"
    assert piece(starter().estimate, "silence: border-monitors / convoys-seen").grade == "B"


def test_what_carries_an_answer_would_give_it_another_word():
    estimate = starter().estimate
    for e in estimate.evidence:
        for question, weight in zip(estimate.questions, e.weights, strict=False):
            other = band(Chance(probability=weight.without, mc_error=0.0)).word != question.band.word
            assert (question.id in e.carries) == (other and not question.band.edge)


def test_an_answer_on_an_edge_is_carried_by_nothing():
    from tocsin.ask.assess import _hypotheses, _truths
    from tocsin.ask.evidence import estimate_evidence, pieces_of
    from tocsin.ask.weights import leave_out

    posterior = starter().posterior
    pieces = pieces_of(posterior)
    hypotheses, names = _hypotheses(posterior, _truths(posterior))
    left = leave_out(posterior, hypotheses, pieces.log_chance)

    def carried(*, edge, word):
        questions = tuple(
            dataclasses.replace(q, band=dataclasses.replace(q.band, edge=edge, word=word))
            for q in starter().estimate.questions
        )
        found = estimate_evidence(posterior, pieces, left, names, questions, "ICD 203")
        return {q for e in found for q in e.carries}

    assert carried(edge=True, word="another word") == set()
    assert carried(edge=False, word="another word") == {"beyond-exchange", "wider-or-settled"}


def test_postures_two_rungs_apart_in_one_week_conflict():
    front = {"front": "sudria -> norland"}
    found = reported(
        {"id": "x1", "value": "words"} | front,
        {"id": "x2", "value": "exchange", "source": "valley-press"} | front,
    )
    pair = next(c for c in found.conflicts if len(c.reports) == 2)
    assert set(pair.reports) == {"x1", "x2"}
    assert pair.about == "sudria -> norland"
    assert "words" in pair.text
    assert "exchange" in pair.text


@pytest.mark.parametrize("other", ["calm", "words", "shows"])
def test_neighbouring_postures_do_not_conflict(other):
    front = {"front": "sudria -> norland"}
    found = reported(
        {"id": "x1", "value": "words"} | front,
        {"id": "x2", "value": other, "source": "valley-press"} | front,
    )
    assert not [c for c in found.conflicts if len(c.reports) == 2]


def test_seen_and_not_seen_conflict_in_one_week_and_not_in_another():
    seen = {"id": "x1", "indicator": "reservists-called", "value": "seen"}
    unseen = {"id": "x2", "indicator": "reservists-called", "value": "not seen", "source": "valley-press"}
    assert [c for c in reported(seen, unseen).conflicts if set(c.reports) == {"x1", "x2"}]
    later = unseen | {"date": "2030-02-27", "known": "2030-02-28"}
    assert not [c for c in reported(seen, later).conflicts if set(c.reports) == {"x1", "x2"}]


def test_two_reports_of_one_origin_do_not_conflict():
    seen = {"id": "x1", "indicator": "reservists-called", "value": "seen", "origin": "o"}
    unseen = seen | {"id": "x2", "value": "not seen", "source": "valley-press"}
    assert not [c for c in reported(seen, unseen).conflicts if len(c.reports) == 2]


def test_a_report_that_all_the_rest_speaks_against_is_called_out():
    found = reported({"id": "x1", "front": "westmark -> sudria", "value": "war"})
    lone = next(c for c in found.conflicts if c.reports == ("x1",))
    assert piece(found, "x1").chance < 0.05
    assert "chance" in lone.text
