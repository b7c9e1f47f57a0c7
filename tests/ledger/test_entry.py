"""What cannot be an entry is refused when it is made, with what was found and the mend."""

import datetime as dt
import math
from dataclasses import replace
from typing import Any, cast

import pytest

from tests.ledger.made import CLOSES, forecast, question, report, resolution
from tocsin.ledger import EntryError
from tocsin.ledger.entry import slug


@pytest.mark.parametrize("probability", [-0.01, 1.01, math.nan, math.inf, True])
def test_a_probability_lies_between_0_and_1(probability):
    with pytest.raises(EntryError, match="from 0 to 1"):
        forecast(probability=probability)
    with pytest.raises(EntryError, match="base rate"):
        forecast(base_rate=probability)


@pytest.mark.parametrize(
    "answer",
    [
        {"probability": None},
        {"shares": (0.5, 0.5)},
        {"quantiles": ((0.5, 1.0),)},
        {"question": question(classes=("a", "b"))},
        {"question": question(number=True)},
    ],
)
def test_a_question_is_answered_in_its_own_kind(answer):
    with pytest.raises(EntryError, match="and nothing else"):
        forecast(**answer)


@pytest.mark.parametrize("shares", [(0.5, 0.4), (0.5, 0.5, 0.0), (1.5, -0.5)])
def test_shares_are_of_each_class_and_add_up_to_1(shares):
    with pytest.raises(EntryError):
        forecast(question=question(classes=("a", "b")), probability=None, shares=shares)


@pytest.mark.parametrize(
    "quantiles", [((0.5, 1.0), (0.4, 2.0)), ((0.1, 3.0), (0.9, 2.0)), ((0.0, 1.0),), ((0.5, math.nan),)]
)
def test_quantiles_rise(quantiles):
    with pytest.raises(EntryError, match="rising in both"):
        forecast(question=question(number=True), probability=None, quantiles=quantiles)


@pytest.mark.parametrize("classes", [("a",), ("a", "a"), ("a", "b c")])
def test_classes_are_two_or_more_names(classes):
    with pytest.raises(EntryError):
        question(classes=classes)


def test_nothing_is_forecast_after_its_close():
    assert forecast(as_of=CLOSES).lead_days == 0
    with pytest.raises(EntryError, match="up to its close"):
        forecast(as_of=CLOSES + dt.timedelta(days=1))


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "a\ud800b", "a" * 5000])
def test_a_text_can_be_stored_on_both_databases(text):
    with pytest.raises(EntryError):
        question(text=text)


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "x" * 201])
def test_a_key_is_one_word(key):
    with pytest.raises(EntryError, match="without blanks"):
        question(key)


@pytest.mark.parametrize("field", ["source", "rule"])
def test_a_resolution_has_source_and_rule(field):
    with pytest.raises(EntryError, match=f"say the {field}"):
        replace(resolution(), **dict.fromkeys([field], cast("Any", " ")))


def test_a_report_is_resolved_with_a_reason():
    with pytest.raises(EntryError, match="say the why"):
        report(why="")


@pytest.mark.parametrize("error", [-0.1, math.nan])
def test_an_error_is_a_number_or_left_out(error):
    with pytest.raises(EntryError, match="mc_error"):
        forecast(mc_error=error)


@pytest.mark.parametrize("text", ["", "???", "東京"])
def test_a_text_without_letters_gives_no_name(text):
    with pytest.raises(EntryError, match="an id of its own"):
        slug(text)


def test_a_long_text_gives_a_short_name():
    assert len(slug("word " * 100)) <= 70
    assert len(slug("w" * 300)) == 70
