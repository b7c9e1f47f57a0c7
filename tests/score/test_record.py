"""A track record: it counts what it scores and what it cannot, and never gives a figure that is none."""

import datetime as dt
import math

import numpy as np
import pytest

from tocsin.score.record import Questions, track_record

DAY = dt.date(2030, 6, 1)


def record(p, y, question=None, base=None, unscored=0):
    n = len(p)
    question = np.arange(n) if question is None else question
    standing = Questions(resolved=len(set(question)), open=2, decided_early=1, overdue=0, void=3)
    base = np.full(n, np.nan) if base is None else base
    return track_record(p, y, question, base, day=DAY, questions=standing, unscored=unscored)


def test_an_empty_record_scores_nothing():
    found = record([], [])
    assert (found.forecasts, found.brier, found.parts, found.curve) == (0, None, None, ())
    assert (found.questions.open, found.questions.void) == (2, 3)


def test_a_known_record():
    found = record([0.8, 0.2, 0.6, 0.1], [1, 0, 0, 0], base=[0.5] * 4)
    assert found.brier is not None
    assert found.brier.value == pytest.approx((0.04 + 0.04 + 0.36 + 0.01) / 4)
    assert found.brier_skill is not None
    assert found.brier_skill.value == pytest.approx(1 - 0.1125 / 0.25)
    assert found.base == "the base rates stated with the forecasts"
    assert sum(part.n for part in found.curve) == 4


def test_skill_against_its_own_share_is_said_to_be():
    found = record([0.8, 0.2], [1, 0])
    assert "known only afterwards" in found.base
    mixed = record([0.8, 0.2], [1, 0], base=[0.3, math.nan])
    assert mixed.base.startswith("the base rates stated with 1 of 2 forecasts")


def test_questions_and_not_forecasts_make_its_own_share():
    # Two questions, one yes and asked nine times: the share is a half, whose Brier score is a quarter.
    found = record([0.5] * 10, [1] * 9 + [0], question=["a"] * 9 + ["b"])
    assert found.brier_skill is not None
    assert found.brier_skill.value == pytest.approx(0.0)


def test_what_was_impossible_is_counted_and_not_averaged():
    found = record([0.0, 0.5], [1, 0])
    assert found.impossible == 1
    assert found.log is None
    assert found.log_skill is None
    assert found.brier is not None


def test_one_question_has_no_interval():
    found = record([0.3, 0.4], [1, 1], question=["a", "a"], base=[0.5, 0.5])
    assert found.brier is not None
    assert math.isnan(found.brier.low)
    assert found.brier_skill is not None
    assert found.brier_skill.value == pytest.approx(1 - (0.49 + 0.36) / 2 / 0.25)
    assert math.isnan(found.brier_skill.high)


def test_against_a_base_rate_that_was_always_right_there_is_no_skill():
    assert record([0.1, 0.2], [0, 0]).brier_skill is None


def test_more_forecasts_of_one_question_do_not_narrow_the_interval():
    rng = np.random.default_rng(1)
    p, y = rng.random(30), rng.integers(2, size=30)
    once = record(p, y)
    again = record(np.repeat(p, 9), np.repeat(y, 9), question=np.repeat(np.arange(30), 9))
    assert once.brier is not None
    assert again.brier is not None
    assert (again.brier.low, again.brier.high) == pytest.approx((once.brier.low, once.brier.high))


def test_bins_grow_with_the_record():
    p = np.linspace(0, 1, 200)
    y = (np.arange(200) % 2).astype(int)
    assert len(record(p[:50], y[:50]).curve) <= 5
    assert len(record(p, y).curve) == 10
