"""A stress test on the terminal."""

import dataclasses
import re

from tests.ask.stress.made import stressed
from tocsin.show.stress import render_stress


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


def test_without_plans_it_says_what_was_tried():
    nothing = tuple(dataclasses.replace(f, plan=None, exact=True, tried_up_to=4) for f in stressed().fewest)
    bought = tuple(dataclasses.replace(b, plan=None) for b in stressed().plans)
    answer = dataclasses.replace(stressed(), fewest=nothing, plans=bought, played=())
    text = joined(render_stress(answer))
    assert "not with 4 reports or fewer (this is proved for the tricks searched)" in text
    assert "nothing that it buys does" in text


def test_blanks_of_the_checklists_are_to_be_seen():
    blanks = sum(not line.answer for c in stressed().checklists for line in c.lines)
    assert blanks > 10
    assert render_stress(stressed(), True).count("[ ] the case does not say") == blanks
