"""Ties on the terminal and as JSON."""

import dataclasses
import json
import re
from functools import cache

import pytest

from tests.case.test_schema import meets
from tests.house.source import ROOT
from tocsin.ask.ties import Ties, ties
from tocsin.case.read import load
from tocsin.show.plain import plain, to_json
from tocsin.show.ties import learned, render_ties, schema

DAY = "2023-10-11"


@cache
def answer() -> Ties:
    return ties(load(ROOT / "cases" / "lebanon-2023"), DAY)


@cache
def nothing() -> Ties:
    """The same case before any of its ties."""
    return ties(load(ROOT / "cases" / "lebanon-2023"), "1960-01-01")


def test_the_json_meets_its_schema_and_is_the_answer():
    data = json.loads(to_json(answer()))
    assert data == plain(answer())
    whole = schema()
    assert meets(data, whole, whole["$defs"])
    assert not meets({**data, "bonds": 5}, whole, whole["$defs"])


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("make", [answer, nothing])
def test_no_line_is_wider_than_it_may_be(make, width, full):
    assert max(map(len, render_ties(make(), full=full, width=width).splitlines())) <= width


def test_the_short_view_fits_two_screens_and_the_full_one_has_everything():
    assert len(render_ties(answer()).splitlines()) < 66
    full = " ".join(render_ties(answer(), full=True).split())
    for turn in answer().turns:
        assert f"{turn.day} {turn.what} {turn.bond}" in full
    for one in answer().learners:
        assert f"{one.id} {100 * one.own:.1f} % {100 * one.skill:.1f} %" in full


def test_gains_shown_add_up_to_what_was_learned():
    text = render_ties(answer(), full=True)
    section = text.split("WHO COULD HAVE LEARNED")[1].split("WHAT THE PRIOR")[0]
    gained = [float(x) for x in re.findall(r"^hamas .* \+(\d+\.\d) ", section, flags=re.MULTILINE)]
    hamas = next(one for one in answer().learners if one.id == "hamas")
    # Each of six lines is rounded to a tenth of a point.
    assert len(gained) == len(hamas.lessons)
    assert sum(gained) == pytest.approx(100 * (hamas.skill - hamas.own), abs=0.05 * len(gained))


def test_where_nothing_was_learned_it_is_said():
    assert learned(nothing()) == ()
    assert "every actor has its own skill alone" in " ".join(render_ties(nothing()).split())


def test_a_view_is_named():
    found = dataclasses.replace(answer(), head=dataclasses.replace(answer().head, variant="worried"))
    assert "in the view of worried" in render_ties(found)
