"""Every kind of question over HTTP: what the command would say, in the form that the document states."""

import datetime as dt
import inspect
import threading
import typing
from typing import Any

import numpy as np
import pytest

from tests.show.test_json import check
from tests.web.served import PARTICLES, STARTER, app_of, asked, case_in, client_at, listening, over
from tocsin.ask import assess as assess_module
from tocsin.ask.ceasefire import MOST_PUSH, ceasefire
from tocsin.ask.collect.collect import collect
from tocsin.ask.inferred import DEFAULT_PARTICLES, infer
from tocsin.ask.options import options
from tocsin.ask.outlook.outlook import foresee
from tocsin.ask.postmortem import postmortem
from tocsin.ask.stress import stress
from tocsin.ask.ties import ties
from tocsin.case.model import Variant
from tocsin.case.read import load
from tocsin.case.variant import changed, in_variant
from tocsin.infer.work import CancelledError
from tocsin.ledger import Ledger, ReportResolution
from tocsin.show.answers import KINDS, as_data
from tocsin.web import asks
from tocsin.web.answering import ASKS, FEWER, as_asked
from tocsin.web.posteriors import Posteriors, bytes_of

CASE = load(STARTER)
CHANGES = {"actors.sudria.dispositions": {"restrained": 0.2, "opportunist": 0.3, "committed": 0.5}}
# Options by which a question is answered fast.
FAST: dict[str, dict[str, Any]] = {
    "futures": {"effort": 1_000, "weeks": 4},
    "options": {"histories": 1_000, "most": 8},
    "stress": {"check": False},
    "postmortem": {"draws": 1, "days": 0},
    "timeline": {"most": 2},
}


def answered(client, **ask):
    """The answer to a question, once its job is done."""
    job = over(client, asked(client, **ask))
    assert job["state"] == "done", job
    return client.get(f"/api/jobs/{job['id']}/answer").json()


@pytest.fixture(scope="module")
def inferred():
    return infer(CASE, particles=PARTICLES, keep_past=True)


def told(act):
    return as_data(act)


def test_every_kind_of_answer_can_be_asked_for():
    assert set(ASKS) == set(KINDS)
    forms = {typing.get_args(form.model_fields["ask"].annotation)[0] for form in asks.Asked.__subclasses__()}
    assert forms == set(ASKS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_has_the_form_that_the_document_states(client, app, kind):
    answer = answered(client, ask=kind, options=FAST.get(kind, {}))
    schemas = app.openapi()["components"]["schemas"]
    check(answer, schemas[KINDS[kind].answer.__name__], schemas, kind)
    if kind == "assess":
        assert (answer["diagnostics"]["particles"], answer["seed"]) == (PARTICLES, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_saved_as_a_page_that_needs_nothing_else(client, kind):
    job = over(client, asked(client, ask=kind, options=FAST.get(kind, {})))
    page = client.get(f"/api/jobs/{job['id']}/report")
    assert page.status_code == 200
    assert page.headers["Content-Disposition"] == f'attachment; filename="north-{kind}.html"'
    assert CASE.title in page.text
    assert 'src="http' not in page.text


def test_the_assessment_is_that_of_the_command(client):
    day = dt.date(2030, 2, 11)
    found = assess_module.assess(CASE, day, particles=PARTICLES, since="2030-01-21", yardstick="PHIA")
    asked_for = {"as_of": "2030-02-11", "options": {"since": "2030-01-21", "phia": True}}
    assert answered(client, **asked_for) == told(found.estimate)


def test_answers_from_a_kept_posterior_are_those_of_one_inferred_anew(client, inferred):
    """One posterior serves several questions in turn, and none of them leaves a mark on it."""
    assert answered(client, ask="ceasefire") == told(ceasefire(inferred))
    assert answered(client, ask="collect") == told(collect(inferred))
    fast = FAST["futures"]
    assert answered(client, ask="futures", options=fast) == told(
        foresee(inferred, weeks=fast["weeks"], effort=fast["effort"])
    )
    assert answered(client, ask="ceasefire", options={"push": 2.0}) == told(ceasefire(inferred, push=2.0))


def test_ties_may_be_asked_for_before_the_case_begins(client):
    assert answered(client, ask="ties", as_of="2024-01-01") == told(ties(CASE, "2024-01-01"))


def test_a_view_is_taken(client):
    seen = infer(in_variant(CASE, "worried"), particles=PARTICLES, variant="worried")
    assert answered(client, ask="ceasefire", variant="worried") == told(ceasefire(seen))


def test_changes_and_reports_left_out_are_those_of_a_variant(client):
    gone = CASE.reports[0].id
    seen = changed(CASE, Variant(id="x", name="x", change=CHANGES | {f"reports.{gone}": None}))
    expected = told(ceasefire(infer(seen, particles=PARTICLES)))
    assert answered(client, ask="ceasefire", changes=CHANGES, without=[gone]) == expected
    assert expected != answered(client, ask="ceasefire")


def test_a_postmortem_of_a_changed_case_keeps_its_views():
    """A mindset is repaired to the case's own numbers, so that its views must not be gone."""
    ask = asks.AskPostmortem(ask="postmortem", variant="worried", changes=CHANGES)
    seen = as_asked(CASE, ask, keep_variants=True)
    assert seen.variants == CASE.variants
    assert seen.actors[0].dispositions == CHANGES["actors.sudria.dispositions"]
    assert as_asked(CASE, ask).variants == ()


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        ({"variant": "calm"}, "the variant 'calm'"),
        ({"as_of": "1999-01-01"}, "the as-of date 1999-01-01"),
        ({"changes": {"reasons.none.weight": 1}}, "'none'"),
        ({"changes": {"title": 7}}, "title"),
        ({"changes": {"reasons.valleys-claimed.factor": "nowhere"}}, "'nowhere'"),
        ({"without": ["r999"]}, "'r999'"),
        ({"options": {"since": "2031-01-01"}}, "since 2031-01-01"),
        ({"ask": "ceasefire", "options": {"deal": "none"}}, "'none'"),
        ({"ask": "futures", "options": {"conditions": ["whatever"]}}, "whatever"),
        ({"ask": "collect", "options": {"side": "nobody"}}, "'nobody'"),
        ({"ask": "stress", "options": {"question": "none"}}, "'none'"),
        ({"ask": "options", "options": {"questions": {"none": 1}}}, "'none'"),
        ({"ask": "postmortem", "options": {"reference": "none"}}, "'none'"),
        ({"ask": "timeline", "as_of": "1999-01-01"}, "1999-01-01"),
    ],
)
def test_what_the_case_cannot_answer_is_told_by_the_job(client, ask, found):
    job = over(client, asked(client, **ask))
    assert job["state"] == "failed"
    assert found in job["error"]["found"]
    assert job["error"]["expected"]
    assert job["error"]["mend"]
    answer = client.get(f"/api/jobs/{job['id']}/answer")
    assert answer.status_code == 409
    assert answer.json()["error"]["found"] == "a job that is failed"


@pytest.mark.parametrize(
    "ask",
    [
        {"ask": "guess"},
        {"ask": "assess", "options": {"weeks": 3}},
        {"ask": "assess", "as_off": "2030-02-11"},
        {"ask": "assess", "particles": 10},
        {"ask": "assess", "seed": -1},
        {"ask": "assess", "seed": "1"},
        {"ask": "assess", "seed": True},
        {"ask": "assess", "as_of": 0},
        {"ask": "assess", "as_of": "2030-2-1"},
        {"ask": "assess", "changes": {"a": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}},
        {"ask": "assess", "changes": {"a" * 301: 1}},
        {"ask": "assess", "changes": {str(k): k for k in range(501)}},
        {"ask": "futures", "options": {"weeks": 521}},
        {"ask": "stress", "options": {"reports": 9}},
        {},
        [],
        None,
    ],
)
def test_what_the_form_does_not_allow_is_refused_with_its_place(client, ask):
    response = client.post("/api/cases/north/jobs", json=ask)
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["where"].startswith("body")
    assert error["mend"]


@pytest.mark.parametrize(
    ("form", "act", "names"),
    [
        (asks.FuturesOptions, foresee, {}),
        (asks.OptionsOptions, options, {}),
        (asks.CeasefireOptions, ceasefire, {}),
        (asks.CollectOptions, collect, {"within": "within_weeks", "horizon": "horizon_weeks"}),
        (asks.StressOptions, stress, {"window": "window_days"}),
        (asks.PostmortemOptions, postmortem, {}),
    ],
)
def test_what_is_left_out_is_as_in_the_act_itself(form, act, names):
    usual = inspect.signature(act).parameters
    compared = 0
    for name, value in form():
        if (name := names.get(name, name)) in usual:
            expected = usual[name].default
            assert value == expected or (not value and not expected), name
            compared += 1
    assert compared >= len(form.model_fields) - 1  # the words of a yardstick are a choice of two here


def test_bounds_and_fewer_particles_are_those_of_the_acts():
    assert asks.CeasefireOptions.model_json_schema()["properties"]["push"]["maximum"] == MOST_PUSH
    for kind, particles in FEWER.items():
        act = {"postmortem": postmortem}.get(kind)
        if act is not None:
            assert inspect.signature(act).parameters["particles"].default == particles < DEFAULT_PARTICLES


def test_the_same_question_is_one_job_and_another_reading_another(client):
    plain = asked(client, ask="ties")
    assert asked(client, ask="ties", changes={}, without=[], variant=None)["id"] == plain["id"]
    over(client, plain)
    again = client.post("/api/cases/north/jobs", json={"ask": "ties"})
    assert (again.status_code, again.json()["state"]) == (200, "done")
    others: list[dict[str, Any]] = [
        {"seed": 2},
        {"as_of": "2029-01-01"},
        {"variant": "worried"},
        {"changes": CHANGES},
    ]
    assert len({asked(client, ask="ties", **other)["id"] for other in others} | {plain["id"]}) == 5


def test_what_a_ledger_proved_moves_the_sources_and_its_record_stands_beside(tmp_path):
    case = case_in(tmp_path)
    source = CASE.reports[0].source
    place = str(tmp_path / "ledger.sqlite")
    noon = dt.datetime(2030, 2, 1, 12, tzinfo=dt.UTC)
    with listening(app_of(case, ledger=_begun(place))) as served, client_at(served) as client:
        before = answered(client)
        proof = ReportResolution(
            case="elsewhere",
            source=source,
            report="x",
            right=False,
            resolved_on=noon.date(),
            why="seen since",
        )
        with Ledger.open(place) as ledger:
            ledger.resolve_reports([proof], now=noon)
        after = answered(client)
        assert client.get("/api/about").json()["ledger"] is True
    assert (before["record"] is None, after["record"] is None) == (False, False)
    moved = {s["id"]: s["prior"] for s in after["sources"]}[source]
    assert moved < {s["id"]: s["prior"] for s in before["sources"]}[source]


def _begun(place: str) -> str:
    """The place of a ledger that was begun."""
    with Ledger.open(place):
        return place


def test_posteriors_are_kept_up_to_a_bound_and_shared(inferred):
    size = bytes_of(inferred.posterior)
    kept = Posteriors(most_bytes=int(2.5 * size))
    infer_seed = lambda seed: kept.infer(inferred.known, inferred.as_of, particles=PARTICLES, seed=seed)  # noqa: E731
    first = infer_seed(1)
    assert np.array_equal(first.weight, inferred.posterior.weight)
    infer_seed(2)
    assert infer_seed(1) is first
    infer_seed(3)  # lets go the one used longest ago
    assert infer_seed(1) is first
    assert kept.bytes <= int(2.5 * size)
    assert (
        Posteriors(most_bytes=0).infer(inferred.known, inferred.as_of, particles=PARTICLES, seed=1)
        is not first
    )


def test_who_waits_for_anothers_inference_can_stop_and_takes_over_if_that_one_does(inferred):
    kept = Posteriors()
    begun, stop_first, stop_third = threading.Event(), threading.Event(), threading.Event()
    found: dict[str, Any] = {}

    def held(done, total, what):
        begun.set()
        stop_first.wait(10)

    def infer_as(name, cancel, progress=None):
        try:
            found[name] = kept.infer(
                inferred.known,
                inferred.as_of,
                particles=PARTICLES,
                seed=1,
                progress=progress,
                cancel=cancel,
            )
        except CancelledError:
            found[name] = "cancelled"

    first = threading.Thread(target=infer_as, args=("first", stop_first, held))
    first.start()
    begun.wait(10)
    second = threading.Thread(target=infer_as, args=("second", threading.Event()))
    third = threading.Thread(target=infer_as, args=("third", stop_third))
    second.start()
    third.start()
    stop_third.set()
    third.join(10)
    assert found == {"third": "cancelled"}
    stop_first.set()
    first.join(10)
    second.join(10)
    assert found["first"] == "cancelled"
    assert np.array_equal(found["second"].weight, inferred.posterior.weight)
