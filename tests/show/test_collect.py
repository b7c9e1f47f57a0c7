"""Where to look, on the terminal."""

import dataclasses

import pytest

from tests.ask.collect.worlds import answer
from tocsin.show.collect import by_luck, lost, moves, render_collect


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("kind", ["eye", "none"])
def test_no_line_is_wider_than_it_may_be(width, kind):
    for full in (False, True):
        assert max(map(len, render_collect(answer(kind), full, width).splitlines())) <= width


def test_the_short_view_answers_the_four_questions():
    text = render_collect(answer())
    for heading in ("WOULD WE BE WARNED?", "WORTH MOST", "ALLOCATION THAT HOLDS", "WHAT NEGLECT COSTS"):
        assert heading in text
    assert "sudria -> norland" in text
    assert len(text.splitlines()) < len(render_collect(answer(), True).splitlines())


def test_without_collectors_the_mend_is_told():
    text = " ".join(render_collect(answer("none")).split())
    assert "write collectors.yaml" in text
    assert "WORTH MOST" not in text


def test_shares_that_stay_are_not_listed_as_moves():
    found = answer().allocation
    assert found is not None
    assert moves(dataclasses.replace(found, optimum=found.now)) == []
    for neglect in answer().neglect:
        assert set(lost(neglect)) <= set(neglect.fronts)


def test_luck_is_in_proportion_to_the_weeks():
    """5 % a quarter of 13 weeks, over 8 weeks: 3.1 %."""
    assert by_luck(answer()) == pytest.approx(5.0 * 8.0 / 13.0)
