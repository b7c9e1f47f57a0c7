"""The record and the sources, wherever they are shown: figures, gaps and what is not counted."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.show import fixtures
from tocsin.score.record import Questions, TrackRecord, track_record
from tocsin.score.skill import Interval
from tocsin.show.html import render_html
from tocsin.show.record import interval, reliability_chart, scored, skill_words
from tocsin.show.text import render_text

DAY = fixtures.AS_OF
NONE = Questions(resolved=0, open=0, decided_early=0, overdue=0, void=0)


def with_record(record):
    return replace(fixtures.estimate(), record=record, hindsight=None)


def made() -> TrackRecord:
    record = fixtures.estimate().record
    assert record is not None
    return record


def record_of(p, y, **changed):
    standing = replace(NONE, resolved=len(p), open=2, void=3)
    return track_record(
        p, y, range(len(p)), np.full(len(p), np.nan), day=DAY, **({"questions": standing} | changed)
    )


def test_an_empty_ledger_says_so():
    empty = with_record(record_of([], [], questions=NONE))
    for shown in (render_text(empty), render_html(empty)):
        assert "The ledger holds no forecast yet." in shown
    assert "Brier score</a></th>" not in render_html(empty)


def test_forecasts_that_are_all_open_score_nothing():
    waiting = record_of([], [], questions=replace(NONE, open=4))
    assert scored(waiting).startswith("Nothing is scored yet")
    assert "4 open" in render_text(with_record(waiting))


def test_no_ledger_leaves_no_record():
    shown = render_html(with_record(None))
    assert 'id="record"' not in shown
    assert "RECORD OF EARLIER FORECASTS" not in render_text(with_record(None)).upper()


def test_the_page_shows_what_was_scored_and_what_was_not():
    shown = render_html(fixtures.estimate())
    for told in (
        "120 forecasts of 60 questions are scored",
        "7 open",
        "3 voided",
        "1 overdue",
        "Brier score",
    ):
        assert told in shown
    # One of the record, one of what was said in hindsight.
    assert shown.count('class="chart reliability"') == 2
    assert "In hindsight: 24 forecasts recorded after the close" in shown


def test_the_parts_on_the_page_add_up():
    parts = made().parts
    assert parts is not None
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bin
    assert total == pytest.approx(parts.brier)
    shown = render_html(fixtures.estimate())
    assert all(f"{value:.4f}" in shown for value in (parts.reliability, parts.resolution, parts.brier))


def test_an_impossible_forecast_is_told_and_not_averaged():
    wrong = with_record(record_of([0.0, 0.6, 0.3], [1, 1, 0]))
    assert "Log infinite: 1 forecast gave no chance to what came." in render_text(wrong)
    assert "infinite: 1 forecast gave no chance to what came" in render_html(wrong)


def test_one_question_claims_no_interval():
    one = with_record(record_of([0.3], [1]))
    assert "too few questions for an interval" in render_text(one)
    assert "nan" not in render_text(one).lower().replace("ordnance", "")


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.1, 0.3, "better than the base rate"),
        (-0.1, 0.3, "no difference can be told"),
        (-0.3, -0.1, "worse than the base rate"),
        (math.nan, math.nan, "too little to tell"),
    ],
)
def test_skill_is_claimed_only_where_the_interval_says_so(low, high, told):
    assert skill_words(Interval(value=0.1, low=low, high=high, n=10, blocks=5)) == told


def test_a_negative_figure_is_written_with_a_minus():
    assert (
        interval(Interval(value=-0.2, low=-0.3, high=0.1, n=9, blocks=4), 1, sign=True)
        == "−0.2 (−0.3 to +0.1)"
    )


def test_the_curve_draws_every_bin():
    curve = made().curve
    drawn = str(reliability_chart(curve))
    assert drawn.count("<circle") == drawn.count('class="band"') == len(curve)
    assert "nan" not in drawn


def test_a_source_shows_what_its_reports_taught():
    for shown in (render_text(fixtures.estimate()), render_html(fixtures.estimate())):
        assert "3 right, 1 wrong" in " ".join(shown.split())
        assert "strait-2029" in shown
    # The short view leaves out sources of which nothing was learned; the page does not.
    assert "The ministry" not in render_text(fixtures.estimate()).partition("SOURCES")[2][:300]
    assert "The ministry" in render_html(fixtures.estimate())
