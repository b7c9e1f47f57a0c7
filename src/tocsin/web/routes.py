"""The addresses under /api for the server itself, the cases, and the jobs that answer questions of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Path, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from tocsin import __version__
from tocsin.ask.inferred import DEFAULT_ISLANDS
from tocsin.web import answering, jobs, values
from tocsin.web.asks import Ask
from tocsin.web.bell import Bell
from tocsin.web.benches import Benches
from tocsin.web.refusal import Refused
from tocsin.web.viewing import faults_now, head_of, view_of
from tocsin.web.workspace import Folder, Workspace

# Progress goes out at most so often.
PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that a server works with; the routes of other modules take it too.

    Parameters
    ----------
    closing : set when the server ends, so that streams end before it
    """

    workspace: Workspace
    jobs: jobs.Jobs
    means: answering.Means
    benches: Benches = field(default_factory=Benches)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        """End every stream; called on the server's own loop."""
        self.closing.set()
        for bell in self._bells():
            bell.ring()

    def _bells(self) -> list[Bell]:
        return [folder.bell for folder in self.workspace.folders.values()] + self.jobs.bells()


def desk_of(request: Request) -> Desk:
    """The desk of the server that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def folder_of(
    desk: Annotated[Desk, Depends(desk_of)],
    case: Annotated[str, Path(max_length=100, description="id of a case, as /api/cases lists them")],
) -> Folder:
    """The folder of the case in the address."""
    return desk.workspace.folder(case)


def job_of(
    desk: Annotated[Desk, Depends(desk_of)],
    job: Annotated[
        str, Path(max_length=100, description="id of a job, as it was given when it was asked for")
    ],
) -> jobs.Job:
    """The job in the address."""
    return desk.jobs.find(job)


def client_of(
    request: Request,
    name: Annotated[
        str | None,
        Header(
            alias="X-Tocsin-Client",
            pattern=r"^[A-Za-z0-9_-]{1,64}$",
            description="a name that a page makes up for itself: its jobs take turns with those of others; "
            "its address if left out",
        ),
    ] = None,
) -> str:
    """Who asks."""
    return name or (request.client.host if request.client else "somebody")


AtDesk = Annotated[Desk, Depends(desk_of)]
InFolder = Annotated[Folder, Depends(folder_of)]
OfJob = Annotated[jobs.Job, Depends(job_of)]
OfClient = Annotated[str, Depends(client_of)]

REFUSED: dict[int | str, dict[str, Any]] = {
    "default": {"model": values.Error, "description": "refused: what was found, expected, and the mend"}
}
router = APIRouter(prefix="/api", responses=REFUSED)


@router.get("/about")
def about(desk: AtDesk) -> values.Serving:
    """The server, its terms, and what it takes where nothing is said."""
    from tocsin.show.meaning import TERMS

    return values.Serving(
        version=__version__,
        terms=dict(TERMS),
        particles=desk.means.particles,
        islands=DEFAULT_ISLANDS,
        seed=desk.means.seed,
        asks=answering.ASKS,
        ledger=desk.means.ledger is not None,
    )


@router.get("/cases")
def cases(desk: AtDesk) -> values.Cases:
    """The cases that are served."""
    return values.Cases(cases=tuple(head_of(folder) for folder in desk.workspace.folders.values()))


@router.get("/cases/{case}")
def case(folder: InFolder) -> values.CaseView:
    """The last good reading of a case, and what is wrong with its files now; 409 if it was never read."""
    return view_of(folder)


@router.get("/cases/{case}/faults")
def faults(folder: InFolder) -> values.Faults:
    """What is wrong with a case's files as they are now, whether or not it was ever read."""
    return faults_now(folder)


@router.get("/cases/{case}/watch", response_class=EventSourceResponse)
async def watch(desk: AtDesk, folder: InFolder) -> AsyncIterator[values.Faults]:
    """An event `reading` at once, and whenever the case's files changed what it says or what is wrong."""
    with folder.bell.listening() as heard:
        while not desk.closing.is_set():
            heard.clear()
            yield _event("reading", faults_now(folder))
            await heard.wait()


@router.post(
    "/cases/{case}/jobs",
    status_code=202,
    response_model=values.Job,
    responses={200: {"model": values.Job, "description": "answered before, and the answer is still kept"}},
)
def ask(
    desk: AtDesk,
    folder: InFolder,
    asked: Annotated[Ask, Body()],
    client: OfClient,
    response: Response,
) -> values.Job:
    """Ask something of a case. The same question about the same reading has the same job for all."""
    reading, means = folder.reading, desk.means
    job, _ = desk.jobs.submit(
        answering.name_of(asked, reading, means),
        folder.id,
        asked.ask,
        lambda progress, cancel: answering.answer(asked, reading, means, progress, cancel),
        client,
    )
    value = job.value()
    if value.state == "done":
        response.status_code = 200
    return value


@router.get("/jobs/{job}")
def job(found: OfJob) -> values.Job:
    """How a job stands."""
    return found.value()


@router.get("/jobs/{job}/events", response_class=EventSourceResponse)
async def job_events(desk: AtDesk, found: OfJob) -> AsyncIterator[values.Job]:
    """An event `job` at once and whenever it went on, until it is over. A job that nobody listens to or asks
    for is given up after a few seconds."""
    with desk.jobs.listening(found) as heard:
        while not desk.closing.is_set():
            heard.clear()
            value = found.value()
            yield _event("job", value)
            if value.state in jobs.FINAL:
                return
            await asyncio.sleep(PAUSE_SECONDS)
            await heard.wait()


@router.get(
    "/jobs/{job}/answer",
    response_class=Response,
    responses={200: {"description": "the answer, of the form that its kind of question has"}},
)
def job_answer(found: OfJob) -> Response:
    """The answer of a job that is done; 409 of any other."""
    return Response(_answer(found).text, media_type="application/json")


@router.get("/jobs/{job}/report", response_class=HTMLResponse)
def job_report(found: OfJob) -> HTMLResponse:
    """The answer as one page to save, which needs no server and no network."""
    from tocsin.show.report import render_report

    if found.ask not in answering.ASKS:
        raise Refused(
            409,
            found=f"a job of {found.ask}",
            expected=f"one of {', '.join(answering.ASKS)}",
            mend="ask for one of those of the changed case",
            where="job",
        )
    name = f"{found.case}-{found.ask}.html"
    return HTMLResponse(
        render_report(found.ask, _answer(found).value),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.delete("/jobs/{job}")
def cancel(desk: AtDesk, found: OfJob, client: OfClient) -> values.Job:
    """Say that the answer is no longer wanted; the job ends unless another client asked for it too."""
    return desk.jobs.leave(found.name, client).value()


def _event(name: str, value: values.Value) -> Any:
    return ServerSentEvent(event=name, data=value)


def _answer(found: jobs.Job) -> jobs.Answer:
    if found.answer is None:
        raise Refused(
            409,
            found=f"a job that is {found.state}",
            expected="one that is done",
            mend=found.error.mend if found.error else "wait for it, or ask again",
            where="job",
        )
    return found.answer
