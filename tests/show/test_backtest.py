"""The table of a backtest's scores."""

from dataclasses import replace

import pytest

from tocsin.events.backtest.report import ScoreLine
from tocsin.show.backtest import render_scores

OURS = ScoreLine(forecaster="ours", score="CRPS", over="2018", value=1.25, low=1.0, high=2.0, n=10)
THEIRS = replace(OURS, forecaster="theirs", value=1.5)
DIFFERENCE = replace(OURS, value=-0.25, low=-0.5, high=-0.125, less="theirs")


def row(text, name):
    return next(line for line in text.splitlines() if line.startswith(f"{name} "))


def test_each_forecaster_has_a_row_and_the_best_is_marked():
    text = render_scores([OURS, THEIRS])
    assert "1.250*" in row(text, "ours")
    assert row(text, "theirs").endswith("1.500")
    assert "1.000 to 2.000" in text


def test_a_tie_to_the_digits_shown_is_a_tie():
    text = render_scores([OURS, replace(THEIRS, value=1.2501)])
    assert text.count("*") == 2


def test_a_difference_keeps_its_sign_and_its_own_table():
    text = render_scores([OURS, THEIRS, DIFFERENCE])
    assert "-0.250" in row(text.split("ours less each other")[1], "theirs")
    assert "-0.500 to -0.125" in text


def test_differences_of_several_forecasters_name_both():
    text = render_scores([DIFFERENCE, replace(DIFFERENCE, forecaster="theirs", less="ours", value=0.25)])
    assert "-0.250" in row(text, "ours less theirs")
    assert "+0.250" in row(text, "theirs less ours")


def test_no_figure_is_cut_off_however_many_columns_there_are():
    many = [replace(OURS, over=str(year)) for year in range(2000, 2020)]
    assert render_scores(many).count("1.000 to 2.000") == 20


def test_a_missing_cell_stays_empty():
    text = render_scores([OURS, replace(THEIRS, over="2019")])
    assert "2018" in text
    assert "2019" in text
    assert row(text, "theirs").count(".") == 1


@pytest.mark.parametrize("colour", [True, False])
def test_styles_only_where_they_are_asked_for(colour):
    text = render_scores([OURS, THEIRS, DIFFERENCE], colour=colour)
    assert ("\x1b[" in text) == colour
