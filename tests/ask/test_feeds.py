"""A feed as a source: one report a front and step, known late, weighed by the feed's own confusion."""

import datetime as dt

import numpy as np
import pytest

from tocsin.ask import feeds
from tocsin.case.known import as_known, digest
from tocsin.case.model import DEFAULT_LADDER, Case
from tocsin.events.confusion import of_source
from tocsin.events.postures import Reading
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence, confusion

START = dt.date(2030, 1, 7)


def case(**changes):
    """Two actors, a feed, eight weeks."""
    text = {
        "tocsin": 1, "title": "t", "question": "q", "start": "2030-01-07", "end": "2030-03-03",
        "actors": [{"id": "norland", "name": "N"}, {"id": "sudria", "name": "S"}],
        "fronts": [{"from": "sudria", "to": "norland"}, {"from": "norland", "to": "sudria"}],
        "questions": [{"id": "q", "text": "q", "by": "2030-03-03",
                       "rule": {"front": "sudria -> norland", "reaches": "strikes"}}],
        "sources": [{"id": "wire", "name": "W", "grade": "B", "reason": "r",
                     "store": {"feed": "keds", "lag_days": 10, "actors": {"norland": "north"}}}],
    }  # fmt: skip
    return Case.model_validate({**text, **changes}, strict=False)


def reading(week=0, rung=4, initiator="sudria", target="north", source="keds"):
    first = START + dt.timedelta(days=7 * week)
    return Reading(
        source=source,
        initiator=initiator,
        target=target,
        first_day=first,
        day_after=first + dt.timedelta(days=7),
        rung=rung,
        counts=tuple(3 * (k == rung) for k in range(7)),
        volume=40,
        likelihood=tuple(of_source("keds").likelihood(rung).tolist()),
    )


def told(value, readings, **options):
    return feeds.reports(value, value.sources[0], readings, **options)


def test_a_reading_becomes_a_report_of_its_steps_last_day_known_when_the_lag_has_passed():
    (report,) = told(case(), [reading(week=1)])
    assert (report.date, report.known) == (dt.date(2030, 1, 20), dt.date(2030, 1, 30))
    assert (report.front, report.value, report.source) == ("sudria -> norland", "strikes", "wire")
    assert report.text == "3 coded strikes; 40 events in the feed"


def test_a_step_has_an_origin_of_its_own():
    found = told(case(), [reading(week=k) for k in range(5)])
    assert len({report.origin for report in found}) == len({report.id for report in found}) == 5


def test_another_feeds_readings_are_not_this_sources():
    assert told(case(), [reading(source="gdelt")]) == ()


@pytest.mark.parametrize("week", range(4))
def test_nothing_that_becomes_known_after_a_day_is_told_by_it(week):
    until = dt.date(2030, 2, 1)
    found = told(case(), [reading(week=week)], until=until)
    assert bool(found) == (START + dt.timedelta(days=7 * week + 6 + 10) <= until)


def test_a_report_of_the_future_leaves_the_case_as_known_alone():
    value = case()
    whole = feeds.with_reports(value, value.sources[0], told(value, [reading(week=k) for k in range(6)]))
    part = feeds.with_reports(value, value.sources[0], told(value, [reading(week=k) for k in range(2)]))
    day = dt.date(2030, 1, 30)
    assert digest(as_known(whole, day)) == digest(as_known(part, day))
    assert len(as_known(whole, day).reports) == 2


def test_a_report_that_is_in_the_case_already_is_not_added_again():
    value = case()
    new = told(value, [reading()])
    once = feeds.with_reports(value, value.sources[0], new)
    assert feeds.with_reports(once, once.sources[0], new) == once


def test_two_sources_of_one_origin_count_once():
    source = case().sources[0].model_dump(by_alias=True)
    source["store"]["origin"] = "wires"
    value = case(sources=[source, {**source, "id": "other", "grade": "A"}])
    for one in value.sources:
        value = feeds.with_reports(value, one, feeds.reports(value, one, [reading()]))
    evidence = compile_evidence(compile_case(value, dt.date(2030, 3, 1)))
    assert [item.source for item in evidence.items] == ["other"]
    assert list(evidence.stood_for) == ["wire-20300107-1"]


def test_the_filter_weighs_a_reading_by_the_feeds_confusion():
    value = case()
    fed = feeds.with_reports(value, value.sources[0], told(value, [reading(rung=4)]))
    evidence = compile_evidence(compile_case(fed, dt.date(2030, 3, 1)))
    assert evidence.level[0, :7] == pytest.approx(of_source("keds").likelihood(4), abs=1e-6)


def test_a_source_keeps_a_confusion_of_its_own():
    own = tuple(tuple(row) for row in np.eye(7).tolist())
    source = {**case().sources[0].model_dump(by_alias=True), "confusion": own}
    value = case(sources=[source])
    fed = feeds.with_reports(value, value.sources[0], told(value, [reading(rung=4)]))
    assert fed.sources[0].confusion == own


def test_a_source_without_a_matrix_is_weighed_by_its_sharpness_as_before():
    report = {"id": "r", "date": "2030-01-08", "source": "p", "front": "sudria -> norland", "value": "shows"}
    plain = {"id": "p", "name": "P", "grade": "B", "reason": "r"}
    evidence = compile_evidence(compile_case(case(sources=[plain], reports=[report]), dt.date(2030, 3, 1)))
    assert evidence.level[0, :7] == pytest.approx(confusion(7, 0.8)[2], abs=1e-6)


def test_a_case_with_a_ladder_of_its_own_is_refused():
    ladder = DEFAULT_LADDER.model_copy(update={"rungs": DEFAULT_LADDER.rungs[1:]})
    value = case().model_copy(update={"ladder": ladder})
    with pytest.raises(feeds.SourceError, match="found the rungs words, shows"):
        told(value, [reading()])


def test_a_feed_reports_on_what_its_source_sees():
    source = {**case().sources[0].model_dump(by_alias=True), "sees": ["norland -> sudria"]}
    value = case(sources=[source])
    assert feeds.fronts_of(value, value.sources[0]) == (("north", "sudria"),)


def test_the_steps_end_with_the_one_that_holds_the_last_day():
    grid = feeds.steps_of(case(), dt.date(2030, 1, 16))
    assert (grid.n_steps, grid.end) == (2, dt.date(2030, 1, 21))


def test_a_new_field_leaves_the_digest_of_a_case_without_it_alone():
    """The digest of this very case before sources had stores and matrices of their own."""
    # The pace is that of then: its defaults have been fitted since.
    plain = case(
        sources=[{"id": "p", "name": "P", "grade": "B", "reason": "r"}],
        pace={"revision": 1.0, "incidents": 0.02},
    )
    assert set(plain.sources[0].model_dump()) >= {"store", "confusion"}
    assert digest(plain) == "73dd67bfb2b804f98bd42cff80cdf327d632408b0888ee3a77b175406785b0c5"
