"""The record and the sources, wherever they are shown: figures, gaps and what is not counted."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.show import fixtures
from tocsin.score.record import Questions, TrackRecord, track_record
from tocsin.score.skill import Interval
from tocsin.show.record import interval, scored, skill_words
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
    assert "The ledger holds no forecast yet." in render_text(empty)


def test_forecasts_that_are_all_open_score_nothing():
    waiting = record_of([], [], questions=replace(NONE, open=4))
    assert scored(waiting).startswith("Nothing is scored yet")
    assert "4 open" in render_text(with_record(waiting))


def test_no_ledger_leaves_no_record():
    assert "RECORD OF EARLIER FORECASTS" not in render_text(with_record(None)).upper()


def test_the_parts_add_up():
    parts = made().parts
    assert parts is not None
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bin
    assert total == pytest.approx(parts.brier)


def test_an_impossible_forecast_is_told_and_not_averaged():
    wrong = with_record(record_of([0.0, 0.6, 0.3], [1, 1, 0]))
    assert "Log infinite: 1 forecast gave no chance to what came." in render_text(wrong)


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


def test_a_source_shows_what_its_reports_taught():
    shown = render_text(fixtures.estimate())
    assert "3 right, 1 wrong" in " ".join(shown.split())
    assert "strait-2029" in shown
    # The short view leaves out sources of which nothing was learned.
    assert "The ministry" not in shown.partition("SOURCES")[2][:300]
