"""Crowd forecasts: read whole or refused, and walked forward without a look ahead."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tocsin.events.backtest.crowd import (
    BASE_RATE,
    COLUMNS,
    CROWD,
    FEWEST_QUESTIONS,
    FOLDER,
    FORECASTERS,
    CrowdDataError,
    may_teach,
    read_crowd,
    shared_questions,
    walk,
)
from tocsin.events.backtest.pools import ORACLE, SINGLE, Setting, compare_pools, simulate
from tocsin.score.proper import brier, log_score_binary

START = dt.date(2030, 1, 6)


def synthetic(questions=160, seed=1, stretch=1.8):
    """Rows of an overconfident crowd: ten questions every ten days, half asked twice, open for 30 days."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(questions):
        truth = rng.beta(0.5, 1.5)
        yes = float(rng.random() < truth)
        asked = k // 10 * 10
        closes = START + dt.timedelta(days=asked + 30)
        # Half of what comes true does so early.
        ends = closes - dt.timedelta(days=12) if yes and k % 2 else closes
        for due in (asked, asked + 10)[: 1 + k % 2]:
            odds = (max(truth, 1e-3) / (1 - min(truth, 0.999))) ** stretch
            rows.append(
                {
                    "forecast_due_date": str(START + dt.timedelta(days=due)),
                    "source": "market" if k % 3 else "panel",
                    "question_id": str(k),
                    "question": f"Will it happen, number {k}?",
                    "close_date": str(closes),
                    "freeze_date": str(START + dt.timedelta(days=due - 3)),
                    "crowd_prob_at_freeze": odds / (1 + odds),
                    "resolution_date": str(ends),
                    "resolved_to": yes,
                }
            )
    return rows


def written(folder, rows):
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    path = folder / FOLDER / "forecastbench_market_questions_made_up.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return folder


@pytest.fixture
def rows(tmp_path):
    return read_crowd(written(tmp_path, synthetic()))


def test_every_row_is_read_in_the_order_of_its_freeze(rows):
    assert len(rows) == len(synthetic())
    assert (np.diff(rows.frozen) >= np.timedelta64(0)).all()
    assert set(rows.source) == {"market", "panel"}


def test_the_future_leaves_a_forecast_alone(rows, tmp_path):
    """Turning round every outcome that was not settled by a day changes no forecast frozen by then."""
    day = np.datetime64("2030-05-01")
    changed = [
        row | {"resolved_to": 1.0 - row["resolved_to"]} if row["close_date"] > str(day) else row
        for row in synthetic()
    ]
    other = read_crowd(written(tmp_path / "other", changed))
    before = rows.frozen <= day
    assert before.any()
    assert not before.all()
    one, two = walk(rows), walk(other)
    for name in FORECASTERS:
        np.testing.assert_array_equal(one.forecasts[name][before], two.forecasts[name][before])
    assert not np.array_equal(one.forecasts[BASE_RATE][~before], two.forecasts[BASE_RATE][~before])


def test_what_came_true_early_teaches_nothing_before_its_close(rows):
    day = np.datetime64("2030-03-01")
    early = (rows.resolved <= day) & (rows.closes > day)
    assert early.any()
    assert not (may_teach(rows, day) & early).any()


def test_nothing_is_said_before_enough_was_settled(rows):
    found = walk(rows)
    bare = found.learned_from < FEWEST_QUESTIONS
    assert bare.any()
    assert np.isnan(found.forecasts["platt"][bare]).all()
    assert not found.scored[bare].any()
    for name in FORECASTERS:
        assert not np.isnan(found.forecasts[name][found.scored]).any()
    assert len(rows) == found.scored.sum() + found.too_early + found.still_open


def test_a_question_that_could_still_be_open_is_not_scored(tmp_path):
    made = synthetic()
    made[-1] |= {"close_date": "2040-01-01"}
    rows = read_crowd(written(tmp_path, made))
    found = walk(rows)
    assert not found.scored[rows.closes == np.datetime64("2040-01-01")].any()
    assert found.still_open == 1


# Log-odds three times too large: over six seeds Platt gained 0.07 to 0.26 nats on 485 forecasts, with
# standard errors of 0.02 to 0.05, so that no gain at all would be some three of them away.
def test_an_overconfident_crowd_is_recalibrated(tmp_path):
    rows = read_crowd(written(tmp_path, synthetic(questions=400, stretch=3.0)))
    found = walk(rows)
    here = found.scored
    crowd = log_score_binary(found.forecasts[CROWD][here], rows.outcome[here])
    for name in ("platt", "beta"):
        gain = crowd - log_score_binary(found.forecasts[name][here], rows.outcome[here])
        assert gain.mean() > 0.0


def test_questions_that_two_sources_ask_are_counted(tmp_path):
    made = synthetic()
    made[0] |= {"question": "Will the strait close?", "source": "market"}
    made[1] |= {"question": "will the Strait close", "source": "panel"}
    assert shared_questions(read_crowd(written(tmp_path, made))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"resolved_to": 0.5}, "found 0.5 in resolved_to of row 0; expected 0 or 1"),
        ({"crowd_prob_at_freeze": 1.5}, "found 1.5 in crowd_prob_at_freeze of row 0"),
        ({"close_date": None}, "found nothing in close_date of row 0"),
        ({"freeze_date": "soon"}, "expected dates such as"),
    ],
)
def test_a_row_that_cannot_be_is_refused(tmp_path, change, told):
    made = synthetic()
    made[0] |= change
    with pytest.raises(CrowdDataError) as refusal:
        read_crowd(written(tmp_path, made))
    assert told in str(refusal.value)


def test_a_folder_without_the_file_is_refused(tmp_path):
    with pytest.raises(CrowdDataError, match="mend: name the folder"):
        read_crowd(tmp_path)


def test_a_file_without_a_column_is_refused(tmp_path):
    made = [{name: row[name] for name in COLUMNS if name != "source"} for row in synthetic()]
    with pytest.raises(CrowdDataError, match="no column source"):
        read_crowd(written(tmp_path, made))


def test_the_real_crowd_scores_as_published(data):
    """The data's own notes give the crowd's Brier score over all 1,020 rows as 0.054."""
    rows = read_crowd(data)
    assert len(rows) == 1020
    assert brier(rows.probability, rows.outcome).mean() == pytest.approx(0.054, abs=5e-4)
    assert shared_questions(rows) == 0


KNOW_APART = Setting(name="apart", common=0.2, own=0.08, forecasters=6, settled=300)


# Calibration of an honest forecaster: those who say about 0.3 come true three times in ten; four standard
# errors at some 1,500 forecasts are 0.05.
def test_what_all_know_together_is_calibrated():
    _, outcome, together = simulate(KNOW_APART, 20_000, np.ones(6), np.random.default_rng(1))
    here = np.abs(together - 0.3) < 0.05
    assert outcome[here].mean() == pytest.approx(together[here].mean(), abs=0.05)


def test_pools_of_those_who_know_different_things_beat_the_best_single_one():
    found = {score.pool: score for score in compare_pools(3, repetitions=8, settings=(KNOW_APART,))}
    assert set(found) == {SINGLE, ORACLE, "linear", "logarithmic", "extremised", "weighted"}
    for name in ("linear", "logarithmic", "extremised", "weighted", ORACLE):
        apart = found[name].brier_less_single
        assert apart is not None
        assert apart.high < 0.0
    assert found["extremised"].brier < found["logarithmic"].brier


def test_the_same_seed_gives_the_same_scores():
    one, two = (compare_pools(5, repetitions=2, settings=(KNOW_APART,)) for _ in range(2))
    assert one == two
