"""Many at once, and those who go away: real connections to a real server on this machine."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.web.served import app_of, asked, case_in, client_at, events, listening, over, until
from tocsin.infer.work import stop_if
from tocsin.web import answering

SESSIONS = 50


class Held:
    """In place of an act: goes on until it is let go or cancelled, and says which."""

    def __init__(self):
        self.free = threading.Event()
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    def __call__(self, work):
        work.progress(1, 3, "thirds")
        self.begun.set()
        while not self.free.wait(0.005):
            if work.cancel.is_set():
                self.cancelled.set()
            stop_if(work.cancel)
        raise AssertionError("let go without an answer")


@pytest.fixture
def held(monkeypatch):
    """Ties that are never found."""
    made = Held()
    monkeypatch.setitem(answering._ACTS, "ties", made)
    return made


@pytest.fixture
def place(tmp_path):
    with listening(app_of(case_in(tmp_path), grace_seconds=0.3)) as found:
        yield found


def test_fifty_sessions_at_once(tmp_path):
    """Each opens the page and the case, watches it, asks two things, follows both, tries a what-if."""
    app = app_of(case_in(tmp_path))
    ready = threading.Barrier(SESSIONS)

    def session(k, served):
        with client_at(served, headers={"X-Tocsin-Client": f"page-{k}"}) as client:
            ready.wait(60)
            assert client.get("/").status_code in (200, 404)  # the pages may not be built
            case = client.get("/api/cases/north").json()
            told = []
            with client.stream("GET", "/api/cases/north/watch") as watch:
                watched = events(watch)
                told.append(next(watched)[1]["digest"])
                for ask in ({"seed": 1 + k % 3}, {"ask": "ties"}):
                    job = asked(client, **ask)
                    with client.stream("GET", f"/api/jobs/{job['id']}/events") as stream:
                        states = [value["state"] for _, value in events(stream)]
                    assert states[-1] == "done"
                    answer = client.get(f"/api/jobs/{job['id']}/answer")
                    told.append(answer.text)
            quick = client.post("/api/cases/north/whatif", json={"number": 1})
            assert quick.status_code == 200, quick.text
            assert told[0] == case["digest"]
            return tuple(told)

    with listening(app) as served:
        with ThreadPoolExecutor(SESSIONS) as executor:
            found = list(executor.map(session, range(SESSIONS), [served] * SESSIONS))
        assert app.state.desk.jobs.counts[0] == 0
    # Who asked the same was told the same, and three seeds are three answers.
    assert len(set(found)) == 3


def test_progress_is_told_as_it_comes_and_the_end_ends_the_stream(place, held):
    with client_at(place) as client:
        job = asked(client, ask="ties")
        with client.stream("GET", f"/api/jobs/{job['id']}/events") as stream:
            told = events(stream)
            held.begun.wait(10)
            name, value = until(lambda: next((e for e in told if e[1]["done"]), None))
            assert (name, value["state"]) == ("job", "running")
            assert (value["done"], value["total"], value["what"]) == (1, 3, "thirds")
            held.free.set()
            *_, (_, last) = told
            # Whatever goes wrong within ends the job, and only the server's own log says more.
            assert last["state"] == "failed"
            assert "AssertionError" not in str(last)


def test_a_cancelled_job_ends_at_once(place, held):
    with client_at(place) as client:
        job = asked(client, ask="ties")
        held.begun.wait(10)
        assert client.get(f"/api/jobs/{job['id']}/answer").status_code == 409
        assert client.delete(f"/api/jobs/{job['id']}").status_code == 200
        assert over(client, job)["state"] == "cancelled"
        assert held.cancelled.is_set()


def test_one_of_two_clients_cannot_cancel_what_the_other_waits_for(place, held):
    anna, ben = ({"X-Tocsin-Client": name} for name in ("anna", "ben"))
    with client_at(place) as client:
        first = client.post("/api/cases/north/jobs", json={"ask": "ties"}, headers=anna).json()
        second = client.post("/api/cases/north/jobs", json={"ask": "ties"}, headers=ben).json()
        assert first["id"] == second["id"]
        held.begun.wait(10)
        assert client.delete(f"/api/jobs/{first['id']}", headers=anna).json()["state"] == "running"
        assert not held.cancelled.wait(0.1)
        client.delete(f"/api/jobs/{first['id']}", headers=ben)
        assert held.cancelled.wait(10)


def test_a_job_lives_while_somebody_listens_and_is_freed_when_the_connection_drops(place, held):
    with client_at(place) as client:
        job = asked(client, ask="ties")
        with client.stream("GET", f"/api/jobs/{job['id']}/events") as stream:
            told = events(stream)
            next(told)
            assert held.begun.wait(10)
            assert not held.cancelled.wait(1.0)  # thrice the grace
            # Away without a word, as when a page is closed or a machine sleeps.
            stream.extensions["network_stream"].get_extra_info("socket").close()
            assert held.cancelled.wait(10)
        assert over(client, job)["state"] == "cancelled"


def test_a_job_that_is_asked_for_and_never_looked_at_is_freed(place, held):
    with client_at(place) as client:
        asked(client, ask="ties")
    assert held.cancelled.wait(10)


def test_a_job_that_is_looked_at_now_and_then_goes_on(place, held):
    with client_at(place) as client:
        job = asked(client, ask="ties")
        held.begun.wait(10)
        for _ in range(8):
            assert not held.cancelled.wait(0.1)
            assert client.get(f"/api/jobs/{job['id']}").json()["state"] == "running"


def test_ending_the_server_ends_its_streams_and_its_jobs(tmp_path, held):
    with client_at("http://unused") as client, listening(app_of(case_in(tmp_path))) as place:
        client.base_url = httpx.URL(place)
        job = asked(client, ask="ties")
        held.begun.wait(10)
        streams = [
            client.stream("GET", path) for path in ("/api/cases/north/watch", f"/api/jobs/{job['id']}/events")
        ]
        told = [events(stream.__enter__()) for stream in streams]
        for stream in told:
            assert next(stream)[0] in ("reading", "job")
    # `listening` waits for the server's thread and fails if it does not end.
    assert held.cancelled.is_set()
