"""Numbers moved over HTTP: the case is laid out once, late answers are dropped, what cannot be is refused."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.show.test_json import check
from tests.web.served import STARTER, over
from tocsin.ask.whatif import Bench, Request, in_full
from tocsin.case.knobs import knobs_of
from tocsin.case.read import load
from tocsin.show.plain import schema_of
from tocsin.web.benches import Benches, Place
from tocsin.web.whatif import KINDS

CASE = load(STARTER)
QUESTION = CASE.questions[0].id
WEIGHT = {"reasons.trade-at-stake.weight": 0.4}


def asked(client, expect=200, name=None, case="north", **moved) -> Any:
    headers = {} if name is None else {"X-Tocsin-Client": name}
    response = client.post(f"/api/cases/{case}/whatif", json={"changes": {}} | moved, headers=headers)
    assert response.status_code == expect, response.text
    return response.json()


@pytest.fixture(scope="module")
def laid(client):
    """The client of a server on which the case is laid out."""
    first = asked(client, question=QUESTION)
    assert first["state"] == "preparing"
    assert first["answer"] is None
    job = over(client, {"id": first["job"]})
    assert job["state"] == "done"
    assert job["what"] == "islands filtered"
    return client


def test_the_answer_is_that_of_the_bench(laid):
    quick = asked(laid, question=QUESTION, changes=WEIGHT, number=7)
    bench = Bench(CASE, particles=1_000).ask(Request(changes=WEIGHT, question=QUESTION))
    assert (quick["number"], quick["state"], quick["why"]) == (7, "answered", None)
    shown = {q["id"]: q["now"]["probability"] for q in quick["answer"]["questions"]}
    assert shown == {q.id: q.now.probability for q in bench.questions}


def test_what_comes_over_the_wire_is_what_its_schema_says(laid):
    kind = KINDS["what-if"]
    schema = schema_of(kind.answer, kind.fields, title="", description="")
    for moved in ({"changes": WEIGHT}, {"changes": {"fronts.norland -> sudria.preparation": 2}}):
        check(asked(laid, **moved), schema, schema["$defs"], "quick")


def test_every_field_of_the_answers_says_what_it_means():
    for kind in KINDS.values():
        schema = schema_of(kind.answer, kind.fields, title="", description="")
        told = {**schema["$defs"], kind.answer.__name__: schema}
        for name, part in told.items():
            assert set(part["properties"]) == set(kind.fields[name])


def test_a_change_that_needs_a_full_run_says_why(laid):
    quick = asked(laid, changes={"fronts.norland -> sudria.preparation": 2})
    assert quick["state"] == "full"
    assert "readiness" in quick["why"]


def test_the_full_run_is_a_job(laid):
    changes = {"fronts.norland -> sudria.preparation": 2}
    moved = {"changes": changes, "question": QUESTION}
    response = laid.post("/api/cases/north/whatif/full", json=moved)
    assert response.status_code in (200, 202)
    job = over(laid, response.json())
    assert job["state"] == "done"
    answer = laid.get(f"/api/jobs/{job['id']}/answer").json()
    full = in_full(CASE, Request(changes=changes, question=QUESTION), particles=1_000)
    assert {name: c["probability"] for name, c, _ in answer["chances"]} == {
        name: c.probability for name, c, _ in full.chances
    }
    assert laid.post("/api/cases/north/whatif/full", json=moved).status_code == 200
    assert laid.get(f"/api/jobs/{job['id']}/report").status_code == 409


def test_levers_and_reports_left_out_count_too(laid):
    lever, report = CASE.levers[0].id, CASE.reports[0].id
    answer = asked(laid, levers=[lever], without=[report])["answer"]
    assert (answer["levers"], answer["without"]) == ([lever], [report])
    assert any(q["shift"]["value"] != 0.0 for q in answer["questions"])


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ({"changes": {"reasons.trade-at-stake.weight": "enormous"}}, "enormous"),
        ({"changes": {"reasons.none.weight": 1}}, "none"),
        ({"without": ["nobody"]}, "nobody"),
        ({"levers": ["wish"]}, "wish"),
        ({"question": "why"}, "why"),
        ({"as_of": "1066-10-14"}, "1066"),
    ],
)
def test_what_cannot_be_is_refused_in_the_one_shape(laid, moved, found):
    error = asked(laid, expect=422, **moved)["error"]
    assert found in error["found"] + (error["where"] or "")
    assert error["expected"]
    assert error["mend"]


def test_the_knobs_are_those_of_the_case(laid):
    knobs = laid.get("/api/cases/north/knobs").json()["knobs"]
    assert [(k["path"], k["part"], k["number"]) for k in knobs] == [
        (k.path, k.part, k.number) for k in knobs_of(CASE)
    ]
    early = laid.get(f"/api/cases/north/knobs?as_of={CASE.start}").json()["knobs"]
    assert len(early) < len(knobs)


def test_the_knobs_of_a_view_have_its_numbers(laid):
    def committed(query):
        knobs = laid.get(f"/api/cases/north/knobs{query}").json()["knobs"]
        return next(k["number"] for k in knobs if k["part"] == "committed" and "sudria" in k["path"])

    assert committed("?variant=worried") > committed("")
    refused = laid.get("/api/cases/north/knobs?variant=unheard-of")
    assert refused.status_code == 409
    assert "unheard-of" in refused.json()["error"]["found"]


def test_of_many_requests_of_one_client_the_newest_is_answered(laid):
    """Those in work may end; those that wait behind a newer one are dropped."""

    def ask(number):
        return asked(laid, question=QUESTION, changes=WEIGHT, number=number, name="mover")

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(ask, range(1, 13)))
    states = {quick["number"]: quick["state"] for quick in found}
    assert states[12] == "answered"
    assert set(states.values()) <= {"answered", "overtaken"}
    # One that comes later but is older is never answered.
    assert ask(3)["state"] == "overtaken"
    assert asked(laid, question=QUESTION, changes=WEIGHT, number=3, name="another")["state"] == "answered"
    assert asked(laid, question=QUESTION, changes=WEIGHT, number=0)["state"] == "answered"


class Sized:
    """A bench of which only the size matters here."""

    def __init__(self, size: int) -> None:
        self.bytes = size


def place(name: str) -> Place:
    return Place(reading=name, variant=None, as_of=None, particles=1, seed=1)


def test_benches_go_when_there_is_no_room_and_are_laid_out_under_another_name():
    benches = Benches(most_bytes=100)
    a, b, c = (place(name) for name in "abc")
    benches.keep(a, Sized(60))  # type: ignore[arg-type]
    benches.keep(b, Sized(30))  # type: ignore[arg-type]
    assert benches.find(a) is not None  # and so `b` is the one used longest ago
    benches.keep(c, Sized(30))  # type: ignore[arg-type]
    assert benches.find(b) is None
    assert benches.times_gone(b) == 1
    assert benches.times_gone(a) == 0
    benches.keep(b, Sized(500))  # type: ignore[arg-type]
    assert benches.find(b) is not None
    assert benches.find(a) is benches.find(c) is None


def test_a_request_that_waits_is_overtaken_by_a_newer_one():
    async def scene():
        benches, seen, done = Benches(), [], asyncio.Event()

        async def ask(number):
            async with benches.turn("one", number) as matters:
                seen.append((number, matters))
                await done.wait()

        asked = []
        for number in range(1, 5):
            asked.append(asyncio.create_task(ask(number)))
            while len(seen) == 0:
                await asyncio.sleep(0)
        # All have come, and the first is still in work.
        await asyncio.sleep(0)
        done.set()
        await asyncio.gather(*asked)
        return seen

    assert asyncio.run(scene()) == [(1, True), (2, False), (3, False), (4, True)]
