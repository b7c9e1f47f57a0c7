"""The forecasts of an estimate: what is frozen, what is left out, and what gives the number again."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.show import fixtures
from tocsin.ask.estimate import Chance
from tocsin.ask.freeze import AUTHOR, forecasts, settled_by
from tocsin.case.model import Question, Rule
from tocsin.case.read import load
from tocsin.cli import ledger_add

ESTIMATE = fixtures.estimate()


# A case that puts just these questions.
CASE = load(Path(__file__).parents[1] / "case" / "base").model_copy(
    update={
        "questions": tuple(
            Question(
                id=answer.id,
                text=answer.text,
                rule=Rule(front="north -> south", reaches="war"),
                by=answer.by,
                resolution="Two agencies say so.",
            )
            for answer in ESTIMATE.questions
        )
    }
)


def frozen(estimate=ESTIMATE, **options):
    return forecasts(estimate, CASE, "north", **options)


def test_every_open_question_is_frozen_with_what_gives_it_again():
    found = frozen(base_rates={"north-war": 0.01})
    assert [f.question.key for f in found] == [f"north:{answer.id}" for answer in ESTIMATE.questions]
    war = next(f for f in found if f.question.key == "north:north-war")
    answer = next(a for a in ESTIMATE.questions if a.id == "north-war")
    assert (war.probability, war.mc_error) == (answer.chance.probability, answer.chance.mc_error)
    assert (war.case_digest, war.seed, war.version) == (ESTIMATE.case_digest, ESTIMATE.seed, ESTIMATE.version)
    assert (war.as_of, war.author, war.base_rate) == (ESTIMATE.as_of, AUTHOR, 0.01)
    assert war.question.rule.startswith("Two agencies say so. Rule: {")
    assert war.question.closes == answer.by


def test_a_question_whose_day_has_passed_is_left_out():
    passed = replace(ESTIMATE.questions[0], by=ESTIMATE.as_of - dt.timedelta(days=1))
    found = frozen(replace(ESTIMATE, questions=(passed, *ESTIMATE.questions[1:])))
    assert [f.question.key for f in found] == [f"north:{answer.id}" for answer in ESTIMATE.questions[1:]]


def test_an_error_that_cannot_be_told_is_none():
    unsure = replace(ESTIMATE.questions[0], chance=Chance(probability=0.2, mc_error=math.nan))
    assert frozen(replace(ESTIMATE, questions=(unsure,)))[0].mc_error is None


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            Rule.model_validate({"any": [{"factor": "x", "above": 0.5}, {"deal": "d"}]}),
            'Rule: {"any":[{"factor":"x","above":0.5},{"deal":"d"}]}',
        ),
        (Rule(front="a -> b", reaches="war"), 'Rule: {"front":"a -> b","reaches":"war"}'),
    ],
)
def test_a_rule_is_written_as_in_the_case(rule, text):
    assert settled_by(Question(id="q", text="?", rule=rule, by=dt.date(2030, 6, 1))) == text


def test_the_command_line_repeats_the_author():
    assert ledger_add.AUTHOR == AUTHOR
