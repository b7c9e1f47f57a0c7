"""The views of options: everything is explained, everything fits, and nothing of a case is obeyed."""

import dataclasses
import re

from tests.ask.options.worlds import LEVERS, whole
from tocsin.ask.estimate import Number
from tocsin.ask.options import answer as answers
from tocsin.ask.options.answer import Paired
from tocsin.show import options_words as words
from tocsin.show.options import render_options

KINDS = [k for k in vars(answers).values() if dataclasses.is_dataclass(k)]


def test_the_short_view_is_short_and_names_every_lever():
    text = render_options(whole())
    assert len(text.splitlines()) <= 80
    assert all(entry["id"] in text for entry in LEVERS)
    assert "no-such-threat: Does nothing here" in text


def test_the_full_view_tells_effects_apart():
    text = render_options(whole(), full=True)
    assert "threat westmark -> sudria +4.00 nats" in text
    assert "provokes sudria -> norland +1.50 rungs" in text
    assert "signs valley-talks" in text
    assert "Does nothing here: the case has nothing" in text


def test_every_choice_is_named():
    text = render_options(whole(), width=100)
    for picked in (whole().choice.least, whole().choice.minimax, whole().choice.robust):
        assert words.portfolio(picked) in re.sub(r"\s+", " ", text)


def change(value, low, high):
    return Paired(value=value, mc_error=abs(value) / 10 + 1e-4, low=low, high=high)


def lever_by(**changes):
    """A lever that changes the risk so in each disposition of one opponent."""
    first = whole().levers[0]
    group = next(g for g in first.groups if g.kind == "disposition")
    groups = tuple(
        dataclasses.replace(group, label=label, outcome=dataclasses.replace(group.outcome, change=value))
        for label, value in changes.items()
    )
    return dataclasses.replace(first, groups=groups)


def test_whom_a_lever_helps_with_is_said_only_where_it_differs():
    only = lever_by(keen=change(-0.1, -0.12, -0.08), calm=change(0.0, -0.01, 0.01))
    assert words.who_it_helps_with(only) == "helps only if sudria is keen"
    alike = lever_by(keen=change(-0.1, -0.12, -0.08), calm=change(-0.02, -0.07, 0.03))
    assert words.who_it_helps_with(alike) == ""
    both = lever_by(keen=change(-0.1, -0.12, -0.08), calm=change(0.05, 0.04, 0.06))
    assert "makes it worse if sudria is calm" in words.who_it_helps_with(both)


def test_small_changes_keep_the_digits_that_their_errors_support():
    assert words.points(Number(value=0.00042, mc_error=0.0002)) == "+0.04 ±0.02"
    assert words.points(Number(value=-0.0342, mc_error=0.012)) == "−3.4 ±1.2"
