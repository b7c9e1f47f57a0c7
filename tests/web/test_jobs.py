"""Jobs: states, turns, sharing, giving up; by work that waits for the test."""

import threading

import pytest

from tests.web.served import until
from tocsin.case.variant import VariantError
from tocsin.infer.work import stop_if
from tocsin.web import jobs as module
from tocsin.web.jobs import Answer, Jobs
from tocsin.web.refusal import Refused

ANSWER = Answer(value="answered", text=b'"answered"')


@pytest.fixture
def jobs():
    made = Jobs(workers=1, grace_seconds=0.05)
    made.open()
    yield made
    made.close()


class Held:
    """Work that goes on until it is let go or cancelled."""

    def __init__(self):
        self.free = threading.Event()
        self.begun = threading.Event()

    def __call__(self, progress, cancel):
        self.begun.set()
        while not self.free.wait(0.005):
            stop_if(cancel)
        return ANSWER


def quick(progress, cancel):
    progress(1, 2, "halves")
    return ANSWER


def submit(jobs, name, work=quick, client="anna"):
    return jobs.submit(name, "north", "assess", work, client)


def test_a_job_is_done_and_its_answer_kept(jobs):
    job, new = submit(jobs, "a")
    until(lambda: job.is_over)
    value = job.value()
    assert (new, value.state, value.done, value.total, value.what) == (True, "done", 1, 2, "halves")
    assert job.answer is ANSWER


def test_the_same_job_is_shared_and_found_again(jobs):
    held = Held()
    first, new = submit(jobs, "a", held)
    second, again = submit(jobs, "a", held, client="ben")
    assert second is first
    assert (new, again) == (True, False)
    held.free.set()
    until(lambda: first.is_over)
    assert submit(jobs, "a", held, client="cem") == (first, False)


def test_lines_of_clients_take_turns(jobs):
    held, order = Held(), []

    def noting(name):
        def work(progress, cancel):
            order.append(name)
            return ANSWER

        return work

    submit(jobs, "first", held)
    held.begun.wait(5)
    for k in range(3):
        submit(jobs, f"anna-{k}", noting(f"anna-{k}"))
    submit(jobs, "ben", noting("ben"), client="ben")
    held.free.set()
    until(lambda: len(order) == 4)
    assert order == ["anna-0", "ben", "anna-1", "anna-2"]


def test_who_leaves_cancels_unless_another_waits(jobs):
    held = Held()
    job, _ = submit(jobs, "a", held)
    submit(jobs, "a", held, client="ben")
    assert jobs.leave("a", "anna").cancel.is_set() is False
    jobs.leave("a", "ben")
    until(lambda: job.is_over)
    assert job.state == "cancelled"


def test_one_that_waits_is_cancelled_at_once_and_its_line_is_empty(jobs):
    held = Held()
    submit(jobs, "a", held)
    held.begun.wait(5)
    waiting, _ = submit(jobs, "b", client="ben")
    jobs.leave("b", "ben")
    assert waiting.state == "cancelled"
    assert jobs.counts == (0, 1)
    held.free.set()


def test_a_cancelled_job_is_begun_anew_when_asked_again(jobs):
    held = Held()
    job, _ = submit(jobs, "a", held)
    jobs.leave("a", "anna")
    again, new = submit(jobs, "a", quick)
    assert again is not job
    assert new
    until(lambda: again.is_over)
    assert again.state == "done"


def test_a_job_that_nobody_asks_for_is_given_up(jobs):
    held = Held()
    job, _ = submit(jobs, "a", held)
    until(lambda: jobs.give_up_the_forsaken() or job.is_over)
    assert job.state == "cancelled"


def test_what_can_be_mended_is_told_and_what_cannot_is_not(jobs, caplog):
    def refused(progress, cancel):
        raise VariantError("found the variant 'x'; expected one of the case's: y")

    def broken(progress, cancel):
        raise RuntimeError("secret")

    told, _ = submit(jobs, "told", refused)
    fault, _ = submit(jobs, "fault", broken)
    until(lambda: fault.is_over)
    assert (told.state, fault.state) == ("failed", "failed")
    assert told.error.found == "the variant 'x'"
    assert told.error.expected == "one of the case's: y"
    assert "secret" not in fault.value().model_dump_json()
    assert "secret" in caplog.text


def test_too_many_of_one_client_are_refused_and_others_are_not(jobs, monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_A_CLIENT", 2)
    held = Held()
    submit(jobs, "a", held)
    held.begun.wait(5)
    submit(jobs, "b")
    submit(jobs, "c")
    with pytest.raises(Refused) as refused:
        submit(jobs, "d")
    assert refused.value.status == 429
    submit(jobs, "e", client="ben")
    held.free.set()


def test_answers_are_kept_up_to_a_bound(jobs, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT_BYTES", 2 * len(ANSWER.text))
    for name in "abc":
        job, _ = submit(jobs, name)
        until(lambda job=job: job.is_over)
        jobs.find("a")  # looked at last, so that another one goes
    assert jobs.find("a").answer is ANSWER
    with pytest.raises(Refused) as refused:
        jobs.find("b")
    assert refused.value.status == 404


def test_closing_cancels_everything():
    made = Jobs(workers=1)
    made.open()
    running, _ = submit(made, "a", Held())
    waiting, _ = submit(made, "b")
    made.close()
    assert (running.state, waiting.state) == ("cancelled", "cancelled")
