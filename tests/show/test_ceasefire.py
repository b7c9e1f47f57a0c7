"""Cease-fires in the terminal: everything is said, nothing obeyed, nothing too wide."""

import dataclasses

import pytest

from tests.ask.test_ceasefire import answer as starter_answer
from tests.ask.test_ceasefire import pair
from tocsin.ask.ceasefire import ceasefire
from tocsin.show.ceasefire import counting, idle, idle_words, render_ceasefire

AWKWARD = 'a "b" <script>alert(1)</script> \x1b[31m & \u202e c'


@pytest.fixture(scope="module")
def answer():
    return starter_answer()


def test_the_short_view_tells_what_matters(answer):
    text = " ".join(render_ceasefire(answer).split())
    deal = answer.deals[0]
    for told in (
        "TALKS ON THE VALLEYS", "On the table.", "both accept:", "of which terms", "range now: open",
        "Signed by: 2030-03-17", "30 days", "Signed today against never", "wider-or-settled",
        "Who could spoil it", "westmark", f"seed {answer.head.seed}",
    ):  # fmt: skip
        assert told in text, told
    assert all(side.actor in text for side in deal.sides)


def test_the_full_view_tells_everything(answer):
    short, full = (render_ceasefire(answer, whole) for whole in (False, True))
    assert len(full) > len(short)
    for side in answer.deals[0].sides:
        for part in side.parts:
            assert part.reference in full
    for week in answer.deals[0].weeks:
        assert str(week.day) in full


def test_what_says_nothing_of_a_deal_is_named_in_one_line(answer):
    side = answer.deals[0].sides[1]
    assert {*counting(side), *idle(side)} == set(side.parts)
    assert all(abs(part.nats.value) < 0.005 for part in idle(side))
    assert all(part.reference in idle_words(side) for part in idle(side))


def test_a_deal_off_the_table_says_how_it_is_asked_about():
    deal = ceasefire(pair(deal={"on_table": None}, particles=500))
    assert "Not on the table; what follows is asked as if it were put there today." in " ".join(
        render_ceasefire(deal).split()
    )


def test_what_cannot_be_told_is_said_and_not_left_out(answer):
    text = render_ceasefire(
        dataclasses.replace(
            answer,
            deals=(dataclasses.replace(answer.deals[0], range=None, no_range="a has no front", weeks=()),),
        )
    )
    assert "No bargaining range: a has no front." in text
