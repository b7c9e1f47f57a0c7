"""Assess as a whole: what it refuses, what it reports, and what may not make a difference."""

import datetime as dt
import threading
from functools import cache

import pytest

import tocsin
from tests.ask.worlds import (
    AS_OF,
    SINCE,
    STARTER,
    changed,
    four_errors,
    starter,
    text_of,
    two_actors,
    without_reports,
    written,
)
from tests.house.source import ROOT
from tocsin.ask.assess import assess
from tocsin.ask.inferred import AskError, default_day
from tocsin.case.read import load
from tocsin.errors import TocsinError
from tocsin.infer.work import CancelledError

FEW = 1_000


@cache
def few():
    return assess(STARTER, AS_OF, particles=FEW).estimate


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"as_of": "2030-01-06"}, "2030-01-07 to 2030-12-30"),
        ({"as_of": "2030-12-31"}, "outside the case"),
        ({"as_of": "11 October"}, "expected one like"),
        ({"particles": 999}, "at least 1000"),
        ({"particles": 99, "islands": 2}, "at least 100"),
        ({"islands": 1}, "at least 2 islands"),
        ({"yardstick": "Kent"}, "ICD 203 or PHIA"),
        ({"since": AS_OF}, "up to the day before"),
        ({"since": "2030-04-01"}, "up to the day before"),
        ({"since": "2029-12-31"}, "from 2030-01-07"),
        ({"threads": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_assessed_is_refused(arguments, said):
    with pytest.raises(AskError, match=said):
        assess(STARTER, **({"as_of": AS_OF} | arguments))


def test_an_assess_error_is_a_tocsin_error_and_a_value_error():
    assert issubclass(AskError, TocsinError)
    assert issubclass(AskError, ValueError)


def test_a_day_may_be_written_as_text_a_date_or_a_time():
    same = {
        text_of(assess(STARTER, day, particles=FEW).estimate)
        for day in ("2030-03-10", dt.datetime(2030, 3, 10, 12, tzinfo=dt.UTC))
    }
    assert same == {text_of(few())}


def test_the_first_and_the_last_day_can_be_assessed():
    for day in (STARTER.start, STARTER.end):
        assert assess(STARTER, day, particles=FEW).estimate.as_of == day


def test_progress_counts_the_islands():
    seen = []
    assess(STARTER, AS_OF, particles=FEW, progress=lambda *found: seen.append(found[:2]))
    assert seen == [(done, 20) for done in range(21)]


def test_progress_counts_the_islands_of_the_earlier_day_too():
    seen = []
    assess(STARTER, AS_OF, particles=FEW, since=SINCE, progress=lambda *found: seen.append(found[0]))
    assert seen == [*range(21), *range(21)]


def test_a_run_that_is_cancelled_stops():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        assess(STARTER, AS_OF, particles=FEW, cancel=cancel)


def test_a_run_can_be_cancelled_half_way():
    cancel, seen = threading.Event(), []

    def progress(done, total, what):
        seen.append(done)
        if done == 3:
            cancel.set()

    with pytest.raises(CancelledError):
        assess(STARTER, AS_OF, particles=FEW, cancel=cancel, progress=progress, threads=1)
    assert max(seen) < 20


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_seed_says_the_same_at_any_number_of_threads(threads):
    one = assess(STARTER, AS_OF, particles=FEW, threads=threads, since=SINCE).estimate
    other = assess(STARTER, AS_OF, particles=FEW, threads=3 - threads, since=SINCE).estimate
    assert text_of(one) == text_of(other)


def test_another_seed_says_nearly_the_same():
    other = assess(STARTER, AS_OF, particles=FEW, seed=7).estimate
    assert text_of(other) != text_of(few())
    for one, two in zip(few().questions, other.questions, strict=True):
        allowed = four_errors(one.chance.mc_error, two.chance.mc_error)
        assert abs(one.chance.probability - two.chance.probability) < allowed


def with_report(**report):
    base = {
        "id": "x1",
        "date": "2030-03-11",
        "source": "valley-press",
        "indicator": "reservists-called",
        "grade": 1,
    }
    return {"reports": [*written(STARTER, "reports"), base | report]}


def with_watch_until(day):
    sources = written(STARTER, "sources")
    sources[1]["watches"][0]["until"] = day
    return {"sources": sources}


def with_event(**event):
    return {"events": [*written(STARTER, "events"), {"id": "x", "text": "t"} | event]}


LATER = {
    "report": with_report(),
    "report of an old day": with_report(date="2030-02-01", known="2030-03-11"),
    "event": with_event(date="2030-03-11", effects=[{"factor": "passes-open", "shift": 0.5}]),
    "event of an old day": with_event(
        date="2030-02-01", known="2030-03-11", effects=[{"standing": "norland", "shift": -0.5}]
    ),
    "tie": {
        "ties": [
            *written(STARTER, "ties"),
            {"from": "westmark", "to": "sudria", "kind": "patron", "strength": "full", "since": "2030-03-11"},
        ]
    },
    "end of a tie": {
        "ties": [written(STARTER, "ties")[0] | {"until": "2030-04-01"}, written(STARTER, "ties")[1]]
    },
    "end of a watch": with_watch_until("2030-04-01"),
    "outcome": {"outcomes": [{"question": "beyond-exchange", "resolved": "yes", "date": "2030-05-01"}]},
    "end of talks": {"deals": [written(STARTER, "deals")[0] | {"off_table": "2030-05-01"}]},
}


@pytest.mark.parametrize("parts", LATER.values(), ids=LATER.keys())
def test_what_became_known_later_makes_no_difference(parts):
    case = changed(STARTER, **parts)
    assert case != STARTER
    assert text_of(assess(case, AS_OF, particles=FEW).estimate) == text_of(few())


def test_what_became_known_on_the_day_does():
    case = changed(STARTER, **with_report(date="2030-03-10"))
    assert text_of(assess(case, AS_OF, particles=FEW).estimate) != text_of(few())


def renamed(case, names):
    """The case with its ids written otherwise, wherever they stand."""

    def word(text):
        return " -> ".join(names.get(part, part) for part in text.split(" -> "))

    def walk(value):
        if isinstance(value, dict):
            return {word(k): walk(v) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v) for v in value]
        return word(value) if isinstance(value, str) else value

    return changed(case, **walk(case.model_dump(by_alias=True, mode="json", exclude_none=True)))


def numbers(estimate):
    """Everything that is counted, in the case's order."""
    found = [
        (q.chance, q.already, q.inadvertent, q.band.word, q.confidence.level) for q in estimate.questions
    ]
    actors = [(a.deceives, a.standing, *(c for _, c, _ in a.dispositions)) for a in estimate.actors]
    fronts = [(f.posture, f.goal, f.readiness, f.preparing) for f in estimate.fronts]
    return found, actors, fronts, estimate.diagnostics


NAMES = {"sudria": "zembla", "norland": "arcady", "westmark": "kravonia"}


def test_renaming_actors_changes_no_number():
    other = assess(renamed(STARTER, NAMES), AS_OF, particles=FEW).estimate
    assert other.actors[0].id == "zembla"
    assert numbers(other) == numbers(few())


def test_renaming_reports_and_shuffling_their_rows_changes_no_number():
    case = renamed(STARTER, {f"r00{k}": f"q{9 - k}" for k in range(1, 7)})
    case = changed(case, reports=list(reversed(written(case, "reports"))))
    assert numbers(assess(case, AS_OF, particles=FEW).estimate) == numbers(few())


def exact(value):
    return {"median": value, "spread": 0.0}


def test_without_misperception_and_incidents_nothing_is_inadvertent():
    style = {"misperception": exact(0.0), "bias": exact(0.0)}
    case = two_actors(
        actors=[{"id": name, "name": name, "style": style} for name in ("a", "b")],
        fronts=[
            {"from": "a", "to": "b", "posture": "exchange"},
            {"from": "b", "to": "a", "posture": "exchange"},
        ],
        pace={"incidents": 0.0},
    )
    question = assess(case, particles=FEW).estimate.questions[0]
    assert 0.0 < question.chance.probability < 1.0
    assert question.inadvertent is not None
    assert (question.inadvertent.value, question.inadvertent.mc_error) == (0.0, 0.0)


def test_with_many_incidents_much_is_inadvertent():
    fronts = [
        {"from": "a", "to": "b", "posture": "exchange"},
        {"from": "b", "to": "a", "posture": "exchange"},
    ]
    question = assess(two_actors(fronts=fronts, pace={"incidents": 3.0}), particles=FEW).estimate.questions[0]
    assert question.inadvertent is not None
    assert question.inadvertent.value > 4 * question.inadvertent.mc_error > 0.0


def test_what_has_happened_already_is_no_longer_inadvertent():
    fronts = [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]
    asked = [{"id": "q", "text": "t", "by": "2024-01-07", "rule": {"front": "a -> b", "reaches": "words"}}]
    question = assess(
        two_actors(fronts=fronts, questions=asked), "2024-01-14", particles=FEW
    ).estimate.questions[0]
    assert question.already == question.chance
    assert question.inadvertent is not None
    assert question.inadvertent.value == 0.0


def test_a_question_that_cannot_come_true_has_no_inadvertent_share():
    asked = [{"id": "q", "text": "t", "by": "2024-01-07", "rule": {"front": "a -> b", "reaches": "war"}}]
    question = assess(two_actors(questions=asked), particles=FEW).estimate.questions[0]
    assert question.chance.probability == 0.0
    assert question.chance.mc_error > 0.0
    assert question.inadvertent is None


def test_chances_given_a_disposition_average_to_the_answer():
    for question in starter().estimate.questions:
        for actor in {name for name, *_ in question.by_disposition}:
            parts = [(share, c.probability) for name, _, share, c in question.by_disposition if name == actor]
            # Dispositions of less than one in a thousand are left out.
            assert sum(share for share, _ in parts) == pytest.approx(1.0, abs=2e-3)
            assert sum(s * p for s, p in parts) == pytest.approx(question.chance.probability, abs=2e-3)


def test_an_estimate_says_how_to_get_it_again():
    from tocsin.case.known import as_known, digest

    assert few().seed == 1
    assert few().version == tocsin.__version__
    assert few().as_of == AS_OF
    assert few().case_digest == digest(as_known(STARTER, AS_OF))
    assert few().diagnostics.particles == FEW


def test_the_yardstick_is_the_one_asked_for():
    estimate = assess(STARTER, AS_OF, particles=FEW, yardstick="PHIA").estimate
    assert {q.band.yardstick for q in estimate.questions} == {"PHIA"}
    assert [q.chance for q in estimate.questions] == [q.chance for q in few().questions]


def test_islands_of_equal_evidence_count_alike():
    estimate = assess(two_actors(), particles=FEW).estimate
    assert estimate.diagnostics.effective_islands == pytest.approx(20.0)
    assert estimate.diagnostics.log_evidence.value == pytest.approx(0.0, abs=1e-9)
    assert estimate.diagnostics.warnings == ()


def test_a_case_that_says_when_it_is_asked_is_assessed_on_that_day():
    case = changed(STARTER, as_of="2030-02-20")
    assert default_day(case) == dt.date(2030, 2, 20)
    assert assess(case, particles=FEW).estimate.as_of == dt.date(2030, 2, 20)


def test_a_day_that_is_asked_for_goes_before_the_cases_own():
    case = changed(STARTER, as_of="2030-02-20")
    assert assess(case, AS_OF, particles=FEW).estimate.as_of == AS_OF


def test_without_either_it_is_the_last_day_on_which_anything_became_known():
    assert STARTER.as_of is None
    assert default_day(STARTER) == dt.date(2030, 3, 3)
    assert default_day(without_reports(STARTER, "r006")) == dt.date(2030, 2, 25)
    assert default_day(two_actors()) == two_actors().start


def test_the_default_day_lies_within_the_case():
    late = changed(STARTER, **with_report(date="2030-12-01", known="2031-05-01"))
    assert default_day(late) == STARTER.end


def test_the_shipped_case_puts_its_question_on_11_october():
    assert default_day(load(ROOT / "cases" / "lebanon-2023")) == dt.date(2023, 10, 11)


def test_an_assessment_shows_itself():
    html, text = starter()._repr_html_(), starter().__rich__()
    for question in starter().estimate.questions:
        assert question.band.word in html
        assert question.confidence.level in html
        assert question.id in text
    # Likelihood and confidence stand in columns of their own.
    assert "<th>likelihood</th><th>confidence</th>" in html


def test_markup_in_a_case_is_shown_as_text():
    case = changed(STARTER, title="<b>[bold]x[/bold]")
    shown = assess(case, AS_OF, particles=FEW)
    assert "<b>" not in shown._repr_html_()
    assert "\\[bold]" in shown.__rich__()
