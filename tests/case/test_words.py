"""Words to numbers: no word is a point, and every number is on its scale."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case import words
from tocsin.case.model import Spread

TABLES = [
    (words.weight, words.WEIGHTS),
    (words.strength, words.STRENGTHS),
    (words.likelihood, words.LIKELIHOODS),
]
ENTRIES = [(convert, word, value) for convert, table in TABLES for word, value in table.items()]


@pytest.mark.parametrize(("convert", "word", "value"), ENTRIES)
def test_a_word_has_its_median(convert, word, value):
    assert convert(word).median == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(("convert", "word", "value"), [e for e in ENTRIES if e[2] > 0 and e[1] != "full"])
def test_a_word_is_never_a_point(convert, word, value):
    prior = convert(word)
    assert prior.value(-1.0) < prior.median < prior.value(1.0)
    assert convert(value).scale == prior.scale / 2


@given(st.floats(0, 1), st.floats(-6, 6))
def test_a_share_stays_a_share(share, z):
    assert 0.0 <= words.strength(share).value(z) <= 1.0


@given(st.floats(0, 20), st.floats(-6, 6))
def test_a_weight_is_never_negative(weight, z):
    assert words.weight(weight).value(z) >= 0.0


@pytest.mark.parametrize("exact", [0.0, 1.0])
def test_none_and_all_are_exact(exact):
    assert words.likelihood(exact).value(3.0) == exact


@pytest.mark.parametrize("bad", [-0.1, 1.1, math.nan, math.inf])
def test_a_share_outside_its_range_is_refused(bad):
    with pytest.raises(ValueError, match="between 0 and 1"):
        words.strength(bad)


def test_a_spread_of_its_own_is_kept():
    assert words.weight(Spread(median=2.0, spread=0.1)).scale == 0.1


def test_a_word_of_another_scale_is_refused_with_the_words_there_are():
    with pytest.raises(words.WordError) as caught:
        words.weight("likely")
    assert caught.value.words == tuple(words.WEIGHTS)
