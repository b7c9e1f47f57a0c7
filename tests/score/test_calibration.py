"""Reliability, discrimination, the parts of the Brier score and skill."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.score.calibration import auc, reliability_curve
from tocsin.score.decomposition import brier_decomposition
from tocsin.score.inputs import ScoreError
from tocsin.score.proper import brier
from tocsin.score.skill import block_bootstrap, paired_difference, skill, skill_interval

FORECASTS = st.lists(st.tuples(st.floats(0.0, 1.0), st.integers(0, 1)), min_size=1, max_size=40)


# Murphy (1973): with one value in each bin the three parts alone add up. Worked by hand: ten forecasts of 0.2
# of which 3 came true, ten of 0.8 of which 9 did.
def test_the_parts_of_a_known_record():
    p = np.repeat([0.2, 0.8], 10)
    y = np.concatenate([np.arange(10) < 3, np.arange(10) < 9]).astype(int)
    parts = brier_decomposition(p, y)
    assert parts.base_rate == pytest.approx(0.6)
    assert parts.reliability == pytest.approx((0.1**2 + 0.1**2) / 2)
    assert parts.resolution == pytest.approx(0.3**2)
    assert parts.uncertainty == pytest.approx(0.24)
    assert parts.within_bin == pytest.approx(0.0, abs=1e-12)
    assert parts.brier == pytest.approx(0.16)


@given(forecasts=FORECASTS, bins=st.integers(1, 20))
@settings(deadline=None)  # the first example imports scoringrules, which takes seconds
def test_the_parts_add_up(forecasts, bins):
    p, y = (np.array(column, dtype=float) for column in zip(*forecasts, strict=True))
    parts = brier_decomposition(p, y, bins)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bin
    assert parts.brier == pytest.approx(total, abs=1e-12)
    assert parts.brier == pytest.approx(float(brier(p, y).mean()))
    assert parts.reliability >= 0.0
    assert parts.resolution >= 0.0


def test_always_saying_the_base_rate_scores_the_uncertainty():
    parts = brier_decomposition([0.25] * 4, [0, 0, 0, 1])
    assert (parts.brier, parts.reliability, parts.resolution) == pytest.approx((parts.uncertainty, 0.0, 0.0))


def test_the_curve_counts_every_forecast_once():
    p = np.array([0.0, 0.1, 0.1999, 0.2, 0.95, 1.0])
    curve = reliability_curve(p, [0, 0, 1, 0, 1, 1])
    assert [(part.low, part.n) for part in curve] == [(0.0, 1), (0.1, 2), (0.2, 1), (0.9, 2)]
    assert [part.observed for part in curve] == [0.0, 0.5, 0.0, 1.0]


# A bar is the central 90 % of Binomial(100, 0.3) / 100, which reaches from 0.23 to 0.38; two simulated
# quantiles of a whole number of successes may be one step off.
def test_a_consistency_bar_is_the_binomial_one():
    part = reliability_curve([0.3] * 100, [0] * 100)[0]
    assert part.bar_low == pytest.approx(0.23, abs=0.0101)
    assert part.bar_high == pytest.approx(0.38, abs=0.0101)


def test_forecasts_of_one_question_widen_the_bar():
    p, y = [0.3] * 100, [0] * 100
    alone = reliability_curve(p, y)[0]
    together = reliability_curve(p, y, blocks=np.repeat(np.arange(5), 20))[0]
    assert together.bar_high - together.bar_low > 2 * (alone.bar_high - alone.bar_low)


# Right forecasts fall out of 90 % bars one time in ten: of 400 bins 40 +- 4 sqrt(36) = 24, and the bars of
# whole numbers hold somewhat more.
def test_right_forecasts_lie_within_their_bars():
    rng = np.random.default_rng(11)
    outside = 0
    for k in range(40):
        p = rng.random(500)
        curve = reliability_curve(p, (rng.random(500) < p).astype(int), seed=k)
        outside += sum(not part.bar_low <= part.observed <= part.bar_high for part in curve)
    assert 5 <= outside <= 64


# The documented example of scikit-learn's roc_auc_score.
def test_auc_of_a_known_ranking():
    assert auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) == pytest.approx(0.75)


def test_auc_needs_outcomes_of_both_kinds():
    with pytest.raises(ScoreError, match="expected outcomes of both kinds"):
        auc([0.1, 0.2], [1, 1])


def test_no_bins_are_refused():
    with pytest.raises(ScoreError, match="bins: found 0"):
        brier_decomposition([0.1], [1], 0)


def test_skill_of_known_scores():
    assert skill([0.1, 0.2], [0.3, 0.3]) == pytest.approx(0.5)
    assert skill(0.3, 0.3) == 0.0
    with pytest.raises(ScoreError, match="nothing to beat"):
        skill([0.1], [0.0])


# 90 % of intervals hold the truth: of 200, 180 +- 4 sqrt(18) = 17. Percentile intervals of 40 blocks fall
# short by a point or two, which the lower end grants.
@pytest.mark.parametrize("rows_in_a_block", [1, 5])
def test_the_interval_holds_the_mean_as_often_as_it_says(rows_in_a_block):
    rng = np.random.default_rng(5)
    blocks = np.repeat(np.arange(40), rows_in_a_block)
    held = 0
    for k in range(200):
        # Rows of one block share most of their luck, so rows on their own would promise too much.
        values = np.repeat(rng.normal(size=40), rows_in_a_block) + 0.1 * rng.normal(size=40 * rows_in_a_block)
        found = block_bootstrap(values, blocks, seed=k, n=400)
        held += found.low <= 0.0 <= found.high
    assert 160 <= held <= 197


def test_the_same_seed_gives_the_same_interval():
    values, blocks = np.random.default_rng(1).random(40), np.repeat(np.arange(20), 2)
    assert block_bootstrap(values, blocks, seed=1) == block_bootstrap(values, blocks, seed=1)
    assert block_bootstrap(values, blocks, seed=1) != block_bootstrap(values, blocks, seed=2)


def test_a_pair_is_told_apart_where_each_alone_is_not():
    rng = np.random.default_rng(2)
    hard = rng.random(50)
    other = hard + 0.05 + 0.01 * rng.normal(size=50)
    apart = paired_difference(hard, other, np.arange(50), seed=1)
    one, two = (block_bootstrap(scores, np.arange(50), seed=1) for scores in (hard, other))
    assert apart.high < 0.0
    assert one.high > two.low


@given(scores=st.lists(st.floats(0.01, 1.0), min_size=4, max_size=20), factor=st.floats(0.1, 2.0))
@settings(max_examples=30, deadline=None)
def test_skill_at_a_fixed_share_has_no_spread(scores, factor):
    base = np.array(scores)
    found = skill_interval(factor * base, base, np.arange(len(base)), seed=1, n=50)
    assert (found.value, found.low, found.high) == pytest.approx((1 - factor,) * 3)


def test_one_block_has_no_interval():
    with pytest.raises(ScoreError, match="expected at least two"):
        block_bootstrap([1.0, 2.0], ["a", "a"], seed=1)


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ScoreError, match="one label for each of 2"):
        block_bootstrap([1.0, 2.0], ["a"], seed=1)
    with pytest.raises(ScoreError, match="one label for each of 2"):
        reliability_curve([0.1, 0.2], [0, 1], blocks=["a"])
