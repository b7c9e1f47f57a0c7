"""Simulation-based calibration at reduced size; `python -m benchmarks.calibration` is the full one."""

import numpy as np
import pytest
from scipy import stats

from tests.infer.simulate import replicate

REPLICATES, ISLANDS, N = 80, 2, 500


@pytest.fixture(scope="module")
def places():
    return [replicate(seed, islands=ISLANDS, n=N) for seed in range(REPLICATES)]


def column(places, name, what):
    return np.array([getattr(place[name], what) for place in places])


def test_truths_rank_uniformly_in_their_posteriors(places):
    # Kolmogorov-Smirnov for each of 60 unknowns, at one in a thousand for all of them together (Bonferroni).
    p = {name: stats.kstest(column(places, name, "rank"), "uniform").pvalue for name in places[0]}
    assert {name: round(value, 6) for name, value in p.items() if value < 0.001 / len(p)} == {}
    # And no more small p-values than there should be: the p-values of many unknowns are themselves uniform.
    # Unknowns of one replicate hang together, hence the wide one in a thousand again.
    assert stats.kstest(list(p.values()), "uniform").pvalue > 0.001


def test_central_intervals_hold_the_truth_as_often_as_they_say(places):
    # Half-widths: 4 standard errors of a binomial share of 80 replicates, 0.18 at 0.8 and 0.22 at 0.5.
    for share in (0.5, 0.8):
        low, high = 0.5 - share / 2.0, 0.5 + share / 2.0
        error = np.sqrt(share * (1.0 - share) / REPLICATES)
        for name in places[0]:
            rank = column(places, name, "rank")
            assert abs(((rank > low) & (rank < high)).mean() - share) <= 4.0 * error, name


def test_what_reports_bear_on_is_recovered(places):
    # By chance alone correlations over 80 replicates have a standard error of 0.11; asked for is 4 of them.
    # The factor is not among them: reports bear on it only by way of what actors choose, and with styles as
    # fitted, which answer and persist more, choices tell little of it (0.25 to 0.31 here).
    for name in ("radio: reliability", "a -> b: posture", "b -> a: posture", "c -> a: posture"):
        correlation = np.corrcoef(column(places, name, "mean"), column(places, name, "true"))[0, 1]
        assert correlation >= 0.44, name


def test_the_true_type_gains_probability(places):
    # Log score of the true type against that of the prior, whose entropy it beats if reports are used well.
    kinds = column(places, "a: disposition", "true").astype(int)
    gain = np.log(column(places, "a: disposition", "chance")) - np.log(np.array([0.4, 0.3, 0.3])[kinds])
    assert gain.mean() >= 4.0 * gain.std(ddof=1) / np.sqrt(REPLICATES)
