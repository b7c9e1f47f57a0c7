"""The failure cases: complete, honest about their two clocks, and apart as their views say."""

import datetime as dt
from functools import cache

import pytest

from tests.cases.runs import FOLDERS, case_of
from tocsin.ask.inferred import infer
from tocsin.ask.resolve import resolve
from tocsin.case.known import as_known
from tocsin.case.variant import in_variant
from tocsin.game.compile import compile_case

FAILURES = ("gaza-2023", "iraq-2002", "lebanon-2006", "ukraine-2022")
VIEWS = [(name, view.id) for name in FAILURES for view in case_of(name).variants]
PARTICLES, SEED = 2_000, 3


@pytest.mark.parametrize("name", FAILURES)
def test_every_question_of_a_failure_is_resolved_with_a_source(name):
    case = case_of(name)
    assert {o.question for o in case.outcomes} == {q.id for q in case.questions}
    assert all(o.source for o in case.outcomes)


@pytest.mark.parametrize("name", FAILURES)
def test_what_is_known_now_says_on_what_it_rests(name):
    truth = case_of(name).truth
    assert truth is not None
    assert truth.basis
    assert all(level.basis for level in truth.levels)


@pytest.mark.parametrize("name", FAILURES)
def test_every_report_of_a_failure_can_be_looked_up(name):
    assert [r.id for r in case_of(name).reports if not (r.text and r.citation)] == []


@pytest.mark.parametrize("name", FAILURES)
def test_nothing_set_aside_was_known_on_the_day_of_the_question(name):
    case = case_of(name)
    day = case.as_of
    assert day is not None
    assert case.truth is not None
    counted = {r.id for r in as_known(case, day).reports}
    assert not counted & set(case.truth.set_aside)


@pytest.mark.parametrize(("name", "view"), VIEWS)
def test_a_view_can_be_played_and_is_explained(name, view):
    case = case_of(name)
    day = case.as_of
    assert day is not None
    assert view in (FOLDERS[name] / "README.md").read_text(encoding="utf-8")
    game = compile_case(as_known(in_variant(case, view), day), day)
    assert game.fronts == compile_case(as_known(case, day), day).fronts


@cache
def chance(name, question, day, view=None):
    """Probability of a question on a day, and its error, in a view of a case."""
    case = case_of(name) if view is None else in_variant(case_of(name), view)
    posterior = infer(case, dt.date.fromisoformat(day), particles=PARTICLES, seed=SEED).posterior
    asked = next(q for q in posterior.game.case.questions if q.id == question)
    truth = resolve(posterior.game, asked, posterior.paths, posterior.followed)
    mean, error = posterior.expect(truth[None].astype(float))
    return float(mean[0]), float(error[0])


def assert_lower(less, more):
    """Lower by more than the errors of both could feign."""
    assert more[0] - less[0] > 3.0 * (less[1] ** 2 + more[1] ** 2) ** 0.5


def test_iraq_a_desk_that_allows_for_bluff_holds_stocks_less_likely():
    day = "2003-03-08"
    assert_lower(chance("iraq-2002", "stocks-held", day), chance("iraq-2002", "stocks-held", day, "services"))


def test_lebanon_2006_the_raid_raises_the_chance_of_war():
    question = "israel-offensive-2006"
    assert_lower(
        chance("lebanon-2006", question, "2006-07-11"), chance("lebanon-2006", question, "2006-07-12")
    )


def test_ukraine_the_services_part_in_the_order_in_which_they_did():
    question, day = "invasion-2022-04", "2021-12-05"
    assert_lower(
        chance("ukraine-2022", question, day, "german"), chance("ukraine-2022", question, day, "us-uk")
    )


def test_gaza_an_even_handed_outsider_is_less_calm_than_the_desk():
    question, day = "hamas-offensive-2023", "2023-10-06"
    assert_lower(chance("gaza-2023", question, day), chance("gaza-2023", question, day, "even-handed"))
