"""Long work in its turn: a few jobs at once, one for all who ask the same, given up when nobody waits.

Each client's jobs wait in a line of their own, and the lines take turns, so that who asks for much keeps
nobody from asking for a little. A job has the name of what it answers: asking again finds it, running or
done. Answers are kept up to a bound, and the one not looked at for longest goes first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tocsin.errors import TocsinError
from tocsin.infer.work import CancelledError, Progress
from tocsin.web import values
from tocsin.web.bell import Bell
from tocsin.web.refusal import Refused, problem, problem_of

LOG = logging.getLogger("tocsin.web")
WORKERS = 2
GRACE_SECONDS = 10.0
MOST_WAITING, MOST_OF_A_CLIENT = 1_000, 50
FINAL = ("done", "failed", "cancelled")
MOST_KEPT, MOST_KEPT_BYTES = 500, 256 * 1024 * 1024

Work = Callable[[Progress, threading.Event], "Answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a job came to."""

    value: Any  # a dataclass of `tocsin.ask`
    text: bytes  # the same as JSON, in UTF-8


class Job:
    """One piece of work. Its fields change under the lock of the `Jobs` that hold it."""

    def __init__(self, name: str, case: str, ask: str, work: Work) -> None:
        self.name = name
        self.case = case
        self.ask = ask
        self.work = work
        self.state: values.State = "waiting"
        self.done, self.total, self.what = 0, 0, ""
        self.error: values.Problem | None = None
        self.answer: Answer | None = None
        self.cancel = threading.Event()
        self.clients: set[str] = set()
        self.seen = time.monotonic()  # last time that anybody asked for it
        self.began: float | None = None
        self.ended: float | None = None
        self.bell = Bell()

    @property
    def is_over(self) -> bool:
        """Whether nothing about it changes any more."""
        return self.state in FINAL

    @property
    def is_given_up(self) -> bool:
        """Whether it will never have an answer."""
        return self.state != "done" and (self.is_over or self.cancel.is_set())

    def value(self) -> values.Job:
        """As it stands."""
        until = self.ended if self.ended is not None else time.monotonic()
        return values.Job(
            id=self.name,
            case=self.case,
            ask=self.ask,
            state=self.state,
            done=self.done,
            total=self.total,
            what=self.what,
            error=self.error,
            seconds=0.0 if self.began is None else round(until - self.began, 3),
        )


class Jobs:
    """All jobs of a server, and the threads that do them.

    Parameters
    ----------
    workers : jobs at once; each uses every core
    grace_seconds : how long a job lives that nobody listens to or asks for
    """

    def __init__(self, *, workers: int = WORKERS, grace_seconds: float = GRACE_SECONDS) -> None:
        self.grace_seconds = grace_seconds
        self._ready = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # the one looked at last stands last
        self._lines: OrderedDict[str, deque[Job]] = OrderedDict()  # by client; whose turn it is stands first
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"tocsin-job-{k}", daemon=True) for k in range(workers)
        ]

    def open(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def submit(self, name: str, case: str, ask: str, work: Work, client: str) -> tuple[Job, bool]:
        """The job of a name, and whether it was begun by this call; one that failed is begun anew.

        Raises
        ------
        Refused if too many wait
        """
        with self._ready:
            job = self._jobs.get(name)
            if job is None or job.is_given_up:
                self._must_have_room(client)
                job = Job(name, case, ask, work)
                self._jobs[name] = job
                self._lines.setdefault(client, deque()).append(job)
                self._ready.notify()
                new = True
            else:
                new = False
            job.clients.add(client)
            self._looked_at(job)
            return job, new

    def find(self, name: str) -> Job:
        """A job by its name; it counts as asked for.

        Raises
        ------
        Refused if there is none, or no more
        """
        with self._ready:
            job = self._jobs.get(name)
            if job is not None:
                self._looked_at(job)
                return job
        raise Refused(
            404,
            found=f"the job {name!r}",
            expected="a job that is under way, or whose answer is still kept",
            mend="ask again",
            where="job",
        )

    def leave(self, name: str, client: str) -> Job:
        """Say that a client no longer wants a job; it is cancelled if nobody else does."""
        job = self.find(name)
        with self._ready:
            job.clients.discard(client)
            if not job.clients and not job.is_over:
                self._cancel(job)
        return job

    @contextmanager
    def listening(self, job: Job) -> Iterator[Any]:
        """An event that is set when the job goes on; while somebody listens it is not given up."""
        with job.bell.listening() as heard:
            try:
                yield heard
            finally:
                with self._ready:
                    job.seen = time.monotonic()

    def give_up_the_forsaken(self) -> None:
        """Cancel every job that nobody has listened to or asked for during the grace."""
        now = time.monotonic()
        with self._ready:
            for job in tuple(self._jobs.values()):
                if not job.is_over and not job.bell.listeners and now - job.seen > self.grace_seconds:
                    self._cancel(job)

    def close(self) -> None:
        """Cancel everything and take nothing more; returns when the threads are done with what they had."""
        with self._ready:
            self._closed = True
            for job in tuple(self._jobs.values()):
                if not job.is_over:
                    self._cancel(job)
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(timeout=self.grace_seconds)

    def bells(self) -> list[Bell]:
        """Of all jobs that are not over."""
        with self._ready:
            return [job.bell for job in self._jobs.values() if not job.is_over]

    @property
    def counts(self) -> tuple[int, int]:
        """How many wait, and how many run."""
        with self._ready:
            states = [job.state for job in self._jobs.values()]
        return states.count("waiting"), states.count("running")

    def _must_have_room(self, client: str) -> None:
        line = self._lines.get(client, ())
        if len(line) >= MOST_OF_A_CLIENT or sum(map(len, self._lines.values())) >= MOST_WAITING:
            raise Refused(
                429,
                found=f"{len(line)} jobs of yours that wait",
                expected=f"fewer than {MOST_OF_A_CLIENT}, and fewer than {MOST_WAITING} of all",
                mend="wait for them, or cancel some",
            )

    def _looked_at(self, job: Job) -> None:
        job.seen = time.monotonic()
        self._jobs.move_to_end(job.name)

    def _cancel(self, job: Job) -> None:
        job.cancel.set()
        if job.state == "waiting":
            for client, line in tuple(self._lines.items()):
                if job in line:
                    line.remove(job)
                if not line:
                    del self._lines[client]
            self._end(job, "cancelled")

    def _end(self, job: Job, state: values.State) -> None:
        job.state, job.ended = state, time.monotonic()
        job.bell.ring()
        over = [kept for kept in self._jobs.values() if kept.is_over]
        size = sum(len(kept.answer.text) for kept in over if kept.answer is not None)
        while len(over) > MOST_KEPT or (size > MOST_KEPT_BYTES and len(over) > 1):
            oldest = over.pop(0)
            size -= len(oldest.answer.text) if oldest.answer is not None else 0
            if self._jobs.get(oldest.name) is oldest:
                del self._jobs[oldest.name]

    def _next(self) -> Job | None:
        """The next job of the client whose turn it is; None when there will be no more."""
        with self._ready:
            while not self._lines:
                if self._closed:
                    return None
                self._ready.wait()
            client, line = next(iter(self._lines.items()))
            job = line.popleft()
            if line:
                self._lines.move_to_end(client)
            else:
                del self._lines[client]
            job.state, job.began = "running", time.monotonic()
        job.bell.ring()
        return job

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            self._do(job)

    def _do(self, job: Job) -> None:
        def progress(done: int, total: int, what: str) -> None:
            with self._ready:
                job.done, job.total, job.what = done, total, what
            job.bell.ring()

        state: values.State = "failed"
        try:
            job.answer = job.work(progress, job.cancel)
            state = "done"
        except CancelledError:
            state = "cancelled"
        except Refused as error:
            job.error = error.problem
        except TocsinError as error:
            job.error = problem_of(error)
        except Exception:  # whatever a job raises ends that job, never the server
            LOG.exception("the job %s (%s of %s) failed", job.name, job.ask, job.case)
            job.error = problem(
                "a fault of tocsin's own", "an answer", "see what the server printed, and report it"
            )
        with self._ready:
            self._end(job, state)


__all__ = ["FINAL", "Answer", "Job", "Jobs", "Work"]
