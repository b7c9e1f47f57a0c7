"""One number, one word: the ranges of ICD 203 and of PHIA, their edges and their gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.ask.bands import ICD_203, PHIA, YARDSTICKS, band
from tocsin.ask.estimate import Chance

PROBABILITIES = st.floats(0.0, 1.0)
NAMES = st.sampled_from(sorted(YARDSTICKS))


def word(probability: float, yardstick: str = "ICD 203") -> str:
    return band(Chance(probability=probability, mc_error=0.0), yardstick).word


def on_edge(probability: float, mc_error: float, yardstick: str = "ICD 203") -> bool:
    return band(Chance(probability=probability, mc_error=mc_error), yardstick).edge


# Intelligence Community Directive 203 (2 January 2015), section D.6.e.2.(a).
@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "almost no chance"),
        (0.01, "almost no chance"),
        (0.0499, "almost no chance"),
        (0.05, "very unlikely"),
        (0.1999, "very unlikely"),
        (0.20, "unlikely"),
        (0.4499, "unlikely"),
        (0.45, "roughly even chance"),
        (0.5499, "roughly even chance"),
        (0.55, "likely"),
        (0.7999, "likely"),
        (0.80, "very likely"),
        (0.9499, "very likely"),
        (0.95, "almost certain"),
        (0.99, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_icd_203(probability, expected):
    assert word(probability) == expected


# PHIA Probability Yardstick (2019): ranges with gaps. A number in a gap takes the nearer word.
@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "remote chance"),
        (0.05, "remote chance"),
        (0.0749, "remote chance"),
        (0.0751, "highly unlikely"),
        (0.10, "highly unlikely"),
        (0.20, "highly unlikely"),
        (0.2249, "highly unlikely"),
        (0.2251, "unlikely"),
        (0.25, "unlikely"),
        (0.35, "unlikely"),
        (0.3749, "unlikely"),
        (0.3751, "realistic possibility"),
        (0.40, "realistic possibility"),
        (0.50, "realistic possibility"),
        (0.5249, "realistic possibility"),
        (0.5251, "likely or probable"),
        (0.55, "likely or probable"),
        (0.75, "likely or probable"),
        (0.7749, "likely or probable"),
        (0.7751, "highly likely"),
        (0.80, "highly likely"),
        (0.90, "highly likely"),
        (0.9249, "highly likely"),
        (0.9251, "almost certain"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_phia(probability, expected):
    assert word(probability, "PHIA") == expected


@given(PROBABILITIES)
def test_every_probability_has_exactly_one_word_of_icd_203(probability):
    holding = [
        name
        for name, low, high in ICD_203
        if low <= probability < high or (probability == 1.0 and high == 1.0)
    ]
    assert [word(probability)] == holding


@given(PROBABILITIES, NAMES)
def test_no_other_word_is_nearer(probability, yardstick):
    found = band(Chance(probability=probability, mc_error=0.0), yardstick)

    def gap(low, high):
        return max(low - probability, probability - high, 0.0)

    assert gap(found.low, found.high) == min(gap(low, high) for _, low, high in YARDSTICKS[yardstick])


@given(PROBABILITIES, PROBABILITIES, NAMES)
def test_a_larger_probability_never_has_a_smaller_word(one, other, yardstick):
    order = [name for name, _, _ in YARDSTICKS[yardstick]]
    low, high = sorted((one, other))
    assert order.index(word(low, yardstick)) <= order.index(word(high, yardstick))


def test_two_errors_that_reach_the_next_word_are_an_edge():
    # 0.19 lies 0.01 below "unlikely": two errors of 0.004 do not reach it, two of 0.006 do.
    assert not on_edge(0.19, 0.004)
    assert on_edge(0.19, 0.006)


def test_an_edge_lies_on_either_side():
    assert on_edge(0.205, 0.004)
    assert on_edge(0.445, 0.004)


def test_zero_and_one_have_no_neighbour_beyond():
    assert not on_edge(0.0, 0.01)
    assert not on_edge(1.0, 0.01)


def test_in_a_gap_the_edge_is_where_the_nearer_word_changes():
    assert not on_edge(0.06, 0.005, "PHIA")
    assert on_edge(0.07, 0.005, "PHIA")


@given(PROBABILITIES, NAMES)
def test_without_error_nothing_is_on_an_edge(probability, yardstick):
    assert not on_edge(probability, 0.0, yardstick)


def test_a_band_says_its_range_and_its_yardstick():
    found = band(Chance(probability=0.6, mc_error=0.001), "PHIA")
    assert (found.low, found.high, found.yardstick) == (0.55, 0.75, "PHIA")
    assert (found.word, found.low, found.high) in PHIA


def test_an_unknown_yardstick_is_refused():
    with pytest.raises(KeyError):
        word(0.5, "Kent")
