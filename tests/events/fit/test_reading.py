"""What weeks of events say of postures."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import nbinom

from tests.events.fit.theatres import made_up, theatre
from tocsin.events.fit import reading

FIT = theatre()


def mean_of(volume=0.0, recent=0.0):
    T = 1
    return reading.log_mean(FIT.reading, np.zeros(4), np.full(T, volume), np.full((T, 4), recent))


def test_counts_are_negative_binomial():
    """Against SciPy, up to the factor of the counts alone."""
    counts = np.array([[2, 0, 1, 0]])
    mean = mean_of()
    log_fit = reading.log_fit(FIT.reading, mean, counts)[0]
    k = FIT.reading.dispersion
    log_pmf = nbinom.logpmf(counts[:, None, :], k, k / (k + np.exp(mean))).sum(axis=2)[0]
    np.testing.assert_allclose(log_fit - log_fit[0], log_pmf - log_pmf[0], atol=1e-10)


def test_chances_of_coded_rungs_sum_to_one_and_match_the_highest_event():
    mean = mean_of(volume=0.4)
    chances = reading.coded_rung(FIT.reading, mean)[0]
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-12)
    # By hand: nothing at any rung.
    k = FIT.reading.dispersion
    nothing = ((k / (k + np.exp(mean[0]))) ** k).prod(axis=1)
    np.testing.assert_allclose(chances[:, 0], nothing, atol=1e-12)


def test_the_less_is_written_the_less_silence_says():
    counts = np.zeros((1, 4), dtype=int)
    loud, quiet = (reading.log_fit(FIT.reading, mean_of(volume=v), counts)[0] for v in (1.0, -1.0))
    assert loud[0] - loud[3] > quiet[0] - quiet[3] > 0


def test_the_gradient_is_that_of_differences():
    rng = np.random.default_rng(4)
    read = replace(FIT.reading, log_dispersion=rng.normal(0.0, 0.3, 4))
    counts = rng.poisson(0.7, (9, 4))
    volume, recent, shares = rng.normal(size=9), rng.normal(size=(9, 4)), rng.random((9, 5))
    exposure = rng.normal(0.0, 0.3, 4)

    def value(**parts):
        moved = replace(read, **{k: v for k, v in parts.items() if k != "exposure"})
        mean = reading.log_mean(moved, parts.get("exposure", exposure), volume, recent)
        return float((shares * reading.log_fit(moved, mean, counts)).sum())

    mean = reading.log_mean(read, exposure, volume, recent)
    slope, by_exposure = reading.fit_gradient(read, mean, counts, shares, volume, recent)
    step = 1e-5

    def difference(name, at, unit):
        return (value(**{name: at + step * unit}) - value(**{name: at - step * unit})) / (2 * step)

    for name in ("volume", "recent"):
        assert getattr(slope, name) == pytest.approx(difference(name, getattr(read, name), 1.0), rel=1e-5)
    for j, unit in enumerate(np.eye(4)):
        assert slope.log_dispersion[j] == pytest.approx(
            difference("log_dispersion", read.log_dispersion, unit), rel=1e-4, abs=1e-6
        )
        assert by_exposure[j] == pytest.approx(difference("exposure", exposure, unit), rel=1e-5)
    unit = np.zeros((5, 4))
    unit[3, 2] = 1.0
    assert slope.confusion[3, 2] == pytest.approx(difference("confusion", read.confusion, unit), rel=1e-5)


def test_coverage_before_a_week_does_not_see_that_week():
    panel = made_up(160, seed=5)
    covered, centre = reading.coverage(panel, 5)
    counts = panel.counts.copy()
    counts[:, 130:] += 9
    again, _ = reading.coverage(replace(panel, counts=counts), 5, centre)
    np.testing.assert_array_equal(covered.recent[:, :131], again.recent[:, :131])
    assert not np.array_equal(covered.recent[:, 131], again.recent[:, 131])
