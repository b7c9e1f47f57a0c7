"""What a question refers to, in a real case with rules within rules."""

from pathlib import Path

import tocsin
from tocsin.case.rules import deals_of, fronts_of

CASE = tocsin.load(Path(__file__).parents[2] / "cases" / "lebanon-2023")


def test_fronts_are_those_of_the_rules_each_once_in_their_order():
    fronts = tuple(dict.fromkeys(front for question in CASE.questions for front in fronts_of(question)))
    assert fronts[:2] == ("hezbollah -> israel", "israel -> hezbollah")
    assert "houthis -> israel" in fronts


def test_deals_are_found_as_well():
    assert {deal for question in CASE.questions for deal in deals_of(question)} <= {d.id for d in CASE.deals}
    assert any(deals_of(question) for question in CASE.questions)
