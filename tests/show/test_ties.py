"""Ties on the terminal, as a page and as JSON."""

import dataclasses
import json
import re
from functools import cache

import pytest

from tests.ask.test_ties import tie, world
from tests.case.test_schema import meets
from tests.house.source import ROOT
from tocsin.ask.ties import Ties, ties
from tocsin.case.read import load
from tocsin.show import network
from tocsin.show.plain import plain, to_json
from tocsin.show.ties import learned, page_ties, render_ties, schema

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
    page = page_ties(nothing())
    assert "every actor has its own skill alone" in page
    assert "The case has no tie up to this day." in page


def test_a_view_is_named():
    found = dataclasses.replace(answer(), head=dataclasses.replace(answer().head, variant="worried"))
    assert "in the view of worried" in render_ties(found)
    assert ", as seen by worried" in page_ties(found)


def test_the_page_asks_for_nothing_outside_itself_and_fakes_no_chance():
    page = page_ties(answer())
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "particle" not in page.split('id="terms"')[0]
    assert "seed" not in page.split('id="terms"')[0]
    assert "Monte Carlo error" in page.split("<main")[0]


def test_markup_in_a_case_becomes_text():
    found = ties(world({**tie("ab"), "note": "<script>x</script>"}), "2024-01-01")
    page = page_ties(found)
    assert "&lt;script&gt;x" in page
    assert page.count("<script>") == 1


def test_the_network_draws_every_relation_once_and_broken_ones_dashed():
    drawn = str(network.network(answer()))
    assert drawn.count('class="tie ') == len(answer().bonds)
    broken = [bond for bond in answer().bonds if not bond.holds]
    assert drawn.count(" broken") == len(broken)
    then = ties(load(ROOT / "cases" / "lebanon-2023"), "2014-01-01")
    assert [b.ref for b in then.bonds if not b.holds] == ["hezbollah -> hamas (training)"]
    assert str(network.network(then)).count(" broken") == 1


def test_an_arrow_leads_only_where_a_tie_binds_one_way():
    drawn = str(network.network(answer()))
    assert drawn.count('class="head ') == sum(bond.holds and not bond.mutual for bond in answer().bonds)


def test_the_timeline_has_a_bar_for_every_stretch():
    drawn = str(network.timeline(answer()))
    assert drawn.count('class="stretch ') == sum(len(bond.stretches) for bond in answer().bonds)


def test_the_same_case_gives_the_same_picture():
    again = ties(load(ROOT / "cases" / "lebanon-2023"), DAY)
    assert page_ties(again) == page_ties(answer())


def test_names_beside_lines_do_not_cover_each_other():
    same = [dataclasses.replace(one, skill=0.0) for one in answer().learners]
    rows = [
        float(y) for y in re.findall(r'y="([\d.]+)" class="label">[a-z-]+ 0 %', str(network.skills(same)))
    ]
    assert len(rows) == len(same)
    assert min(b - a for a, b in zip(sorted(rows), sorted(rows)[1:], strict=False)) >= 12.0
