"""A stress test on the terminal, as a page and as JSON."""

import dataclasses
import re

import pytest

from tests.ask.stress.made import stressed
from tocsin.show.stress import page_stress, reach_bar, render_stress, scale_of


def joined(text: str) -> str:
    return " ".join(text.split())


def test_the_short_view_answers_each_question():
    text = render_stress(stressed())
    for heading in (
        "THE FEWEST REPORTS", "THE BEST PLAN FOR A DECEIVER", "HOW FAR ONE PART", "WERE IT KNOWN",
        "WHAT SILENCES THEN MEAN", "CHECKLISTS", "HOW IT WAS FOUND",
    ):  # fmt: skip
        assert heading in text
    assert len(text.splitlines()) < len(render_stress(stressed(), True).splitlines())


def test_what_was_played_is_told_with_what_became_of_the_deception_flag():
    text = joined(render_stress(stressed()))
    assert "Played, the answer was" in text
    assert re.search(r"That sudria deceives (rises|falls|stays within error): ", text)


def test_a_plan_that_broke_the_case_says_so():
    broken = tuple(
        dataclasses.replace(
            p, found=None, difference=None, agrees=None, moved=None, note="no particle", flags=()
        )
        for p in stressed().played
    )
    answer = dataclasses.replace(stressed(), played=broken)
    assert "it breaks the case: no particle" in joined(render_stress(answer))
    assert "no particle" in page_stress(answer)


def test_without_plans_it_says_what_was_tried():
    nothing = tuple(dataclasses.replace(f, plan=None, exact=True, tried_up_to=4) for f in stressed().fewest)
    bought = tuple(dataclasses.replace(b, plan=None) for b in stressed().plans)
    answer = dataclasses.replace(stressed(), fewest=nothing, plans=bought, played=())
    text = joined(render_stress(answer))
    assert "not with 4 reports or fewer (this is proved for the tricks searched)" in text
    assert "nothing that it buys does" in text
    assert "Nothing that it buys" in page_stress(answer)


def test_blanks_of_the_checklists_are_to_be_seen():
    blanks = sum(not line.answer for c in stressed().checklists for line in c.lines)
    assert blanks > 10
    assert render_stress(stressed(), True).count("[ ] the case does not say") == blanks
    assert page_stress(stressed()).count("☐ The case does not say") == blanks


def test_the_page_holds_what_the_answer_says_and_no_holes():
    page = page_stress(stressed())
    for reach in stressed().reach:
        assert reach.name in page
    for checklist in stressed().checklists:
        for line in checklist.lines:
            assert line.question in page
    assert not re.search(r"\bnan\b|\bNone\b", page)
    assert "style=" not in page  # the page's own policy would not let it in


def test_a_reach_is_drawn_between_its_ends_and_named():
    low, high = scale_of(stressed())
    for reach in stressed().reach:
        drawn = reach_bar(reach, stressed(), low, high)
        assert "<title>" in drawn
        assert "<desc>" in drawn
        assert all(float(width) >= 0.0 for width in re.findall(r'<rect[^>]* width="(-?[\d.]+)"', drawn))


@pytest.mark.parametrize(("p", "scale"), [(0.04, (0.0, 0.1)), (0.3, (0.0, 0.5)), (0.97, (0.9, 1.0))])
def test_the_scale_is_as_short_as_holds_them_all(p, scale):
    at = dataclasses.replace(stressed().chance, probability=p)
    reach = tuple(dataclasses.replace(r, low=p, high=p) for r in stressed().reach)
    assert scale_of(dataclasses.replace(stressed(), chance=at, reach=reach)) == pytest.approx(scale)
