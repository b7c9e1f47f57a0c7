"""Checklists: every answer names an entry that the case has, and a blank stays blank."""

from dataclasses import replace
from typing import Any

import pytest

from tests.ask.stress.made import inferred, stressed, truth
from tests.ask.worlds import STARTER, changed, written
from tocsin.ask.stress.checklists import checklists
from tocsin.case.model import Case
from tocsin.game.compile import compile_case


def name_of(kind: str, item: dict[str, Any]) -> str:
    """An item's id, or the two ends of a tie, front or threat."""
    ends = {"threats": ("by", "against"), "ties": ("from", "to"), "fronts": ("from", "to")}.get(kind, ("id",))
    return " -> ".join(item[end] for end in ends)


def entry_exists(case: Case, entry: str) -> bool:
    """Whether kind.id.field, or kind.id, is in the case."""
    kind, _, rest = entry.partition(".")
    for item in case.model_dump(mode="json", by_alias=True)[kind]:
        name = name_of(kind, item)
        if rest == name:
            return True
        if rest.startswith(f"{name}.") and rest.removeprefix(f"{name}.") in item:
            return True
    return False


@pytest.mark.parametrize("checklist", range(8))
def test_every_answer_comes_from_entries_that_the_case_has(checklist):
    lines = [line for c in stressed().checklists[checklist : checklist + 1] for line in c.lines]
    for line in lines:
        assert all(entry_exists(STARTER, entry) for entry in line.entries), line
        if not line.answer:
            assert line.entries == ()


def test_the_four_lists_are_there():
    names = [(c.name, c.about) for c in stressed().checklists]
    assert names[0] == ("motive, opportunity and means", "sudria")
    assert names[1] == ("past opposition practices", "sudria")
    assert names[-1] == ("evaluation of evidence", "the evidence")
    sources = {about for name, about in names if name == "manipulability of sources"}
    assert sources == {"valley-press", "border-monitors", "sudria-ministry"}


def test_answered_are_those_that_are_not_blank():
    for c in stressed().checklists:
        assert c.answered == sum(line.answer != "" for line in c.lines)


def test_what_the_case_does_not_say_is_blank():
    """The starter says nothing of past deception, and never could whether it fits a pattern."""
    past = next(c for c in stressed().checklists if c.name == "past opposition practices")
    assert past.answered == 0


def test_what_the_case_says_is_told():
    by_about = {(c.name, c.about): c for c in stressed().checklists}
    ministry = by_about["manipulability of sources", "sudria-ministry"]
    assert ministry.lines[0].answer == "Yes: sudria decides what it says."
    assert ministry.lines[3].answer == ""  # it has no record
    press = by_about["manipulability of sources", "valley-press"]
    assert press.lines[0].answer == ""
    assert press.lines[3].answer == "14 reports proved right, 5 wrong."
    evidence = by_about["evaluation of evidence", "the evidence"]
    assert evidence.lines[3].answer == "ministry-briefing is behind r003, r004"


def test_a_tie_that_teaches_fills_in_means_and_past():
    """One more tie in the case, and the lists say so."""
    ties = [
        *written(STARTER, "ties"),
        {"from": "westmark", "to": "sudria", "kind": "training", "strength": "strong", "since": "2010-01"},
    ]
    posterior = inferred().posterior
    taught = replace(posterior, game=compile_case(changed(STARTER, ties=ties), posterior.game.as_of))
    lists = checklists(taught, truth(), ["sudria"])
    assert "training with westmark" in lists[0].lines[2].answer
    assert "ties.westmark -> sudria" in lists[0].lines[2].entries
    assert lists[1].lines[1].answer.startswith("It learned from: westmark")
