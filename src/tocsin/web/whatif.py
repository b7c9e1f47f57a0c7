"""The addresses of what-ifs: the numbers of a case that can be moved, and the answer when they are."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Response
from pydantic import Field

from tocsin import __version__
from tocsin.ask.inferred import AskError, as_of_day
from tocsin.ask.whatif.answer import InFull, WhatIf
from tocsin.case.knobs import Form, knobs_of
from tocsin.case.model import Case
from tocsin.case.variant import in_variant
from tocsin.infer.work import Progress
from tocsin.show.answers import Kind
from tocsin.show.plain import to_json
from tocsin.show.whatif_fields import FIELDS, FULL_FIELDS
from tocsin.web import values
from tocsin.web.asks import Changes, Day, Name, Whole, Without
from tocsin.web.benches import Place
from tocsin.web.jobs import Answer
from tocsin.web.refusal import Refused
from tocsin.web.routes import REFUSED, AtDesk, Desk, InFolder, OfClient
from tocsin.web.values import Value
from tocsin.web.workspace import Folder

# A what-if is for the eye; more particles than these are for the full run.
MOST_PARTICLES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """What came of a what-if."""

    number: int
    state: str
    answer: WhatIf | None
    job: str | None
    why: str | None


KINDS = {
    "what-if": Kind(
        answer=Quick,
        fields=FIELDS
        | {
            "Quick": {
                "number": "the number that the request came with",
                "state": "answered; preparing: `job` lays the case out, ask again when it is done; full: "
                "only a full run answers it; overtaken: a newer request of the same client came",
                "answer": "null unless answered",
                "job": "the job to wait for; null unless preparing",
                "why": "why only a full run answers it; null otherwise",
            }
        },
        description="What an answer would be had some numbers been others.",
    ),
    "what-if in full": Kind(answer=InFull, fields=FULL_FIELDS, description="The changed case inferred anew."),
}


class Moved(Value):
    """Numbers moved, reports left out, levers pulled."""

    as_of: Day | None = Field(None, description="last day whose news counts; the case's own if left out")
    variant: Name | None = Field(None, description="id of the view; the case as it is written if left out")
    question: Name | None = Field(None, description="the one looked at, which sets the horizon; else all")
    changes: Changes
    without: Without = ()
    levers: Annotated[
        tuple[Name, ...], Field(max_length=100, description="ids of levers pulled from the as-of day on")
    ] = ()


class Numbered(Moved):
    """The same, with a number by which a client tells its requests apart."""

    number: Whole = Field(
        0,
        ge=0,
        le=2**53 - 1,
        description="rises with each request of a client; an older one that waits is dropped",
    )


class Mark(Value):
    """A word of a table, and the number that it stands for."""

    word: str = Field(description="as a case writes it")
    number: float = Field(description="where it stands")


class Knob(Value):
    """One number of a case that can be moved."""

    path: str = Field(description="under which a change writes it; of a lever `levers.ID`, which is pulled")
    part: str = Field(description="of shares that sum to 1: which of them; else empty")
    group: str = Field(description="the part of the case that it is of")
    of: str = Field(description="the thing that it is of")
    label: str = Field(description="what it is")
    meaning: str = Field(description="what the format says of it")
    form: Form = Field(
        description="how a change writes it: a number, a whole one, a median beside its spread, a grade's "
        "letter, one of a mapping or list of shares that is written as a whole; a lever is pulled or not"
    )
    written: str = Field(description="as the case has it; empty where it has nothing")
    number: float = Field(description="the middle of that; of a letter its place from A")
    spread: float | None = Field(description="to be written beside the median; null where none is")
    unit: str = Field(description="of the number")
    low: float = Field(description="the least that it may be moved to")
    high: float = Field(description="the most")
    step: float = Field(description="a small step")
    marks: tuple[Mark, ...] = Field(description="words on the way")


class Knobs(Value):
    """Every number of a case that can be moved."""

    knobs: tuple[Knob, ...] = Field(description="part by part, in the case's order")


router = APIRouter(prefix="/api", responses=REFUSED)
Named = Annotated[
    str | None,
    Header(
        alias="X-Tocsin-Client",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="a name that a page makes up for itself; without one no request is ever overtaken",
    ),
]


@router.get("/cases/{case}/knobs")
def knobs(
    folder: InFolder,
    variant: Annotated[
        Name | None, Query(description="id of the view; the case as written if left out")
    ] = None,
    as_of: Annotated[Day | None, Query(description="leave out what came later; nothing if left out")] = None,
) -> Knobs:
    """Every number of the case that can be moved."""
    case = _seen(folder.reading.case, variant)
    day = None if as_of is None else as_of_day(case, as_of)
    return Knobs(
        knobs=tuple(
            Knob(**asdict(knob) | {"marks": tuple(Mark(word=w, number=n) for w, n in knob.marks)})
            for knob in knobs_of(case, day)
        )
    )


@router.post(
    "/cases/{case}/whatif",
    response_class=Response,
    responses={
        200: {
            "description": "the answer, or why there is none yet",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Quick"}}},
        }
    },
)
async def whatif(
    desk: AtDesk, folder: InFolder, moved: Annotated[Numbered, Body()], client: OfClient, name: Named = None
) -> Response:
    """What the answer would be, at once if the case is laid out already; else the job that lays it out."""
    async with desk.benches.turn(name, moved.number) as matters:
        if not matters:
            quick = Quick(number=moved.number, state="overtaken", answer=None, job=None, why=None)
        else:
            quick = await asyncio.to_thread(_answer, desk, folder, moved, client)
    return Response(to_json(quick), media_type="application/json")


@router.post(
    "/cases/{case}/whatif/full",
    status_code=202,
    response_model=values.Job,
    responses={200: {"model": values.Job, "description": "answered before, and the answer is still kept"}},
)
def whatif_in_full(
    desk: AtDesk, folder: InFolder, moved: Annotated[Moved, Body()], client: OfClient, response: Response
) -> values.Job:
    """Infer the changed case anew; the answer of the job is what the quick one stands in for."""
    case, place = _seen(folder.reading.case, moved.variant), _place(desk, folder, moved)

    def work(progress: Progress, cancel: threading.Event) -> Answer:
        from tocsin.ask.whatif import in_full

        found = in_full(
            case,
            _request(moved),
            moved.as_of,
            particles=place.particles,
            seed=place.seed,
            variant=moved.variant,
            progress=progress,
            cancel=cancel,
        )
        return Answer(value=found, text=to_json(found).encode("utf-8", "backslashreplace"))

    name = _job_name("what-if in full", asdict(place), moved.model_dump(mode="json"))
    job, _ = desk.jobs.submit(name, folder.id, "what-if in full", work, client)
    value = job.value()
    if value.state == "done":
        response.status_code = 200
    return value


def _answer(desk: Desk, folder: Folder, moved: Numbered, client: str) -> Quick:
    from tocsin.ask.whatif import FullRunError, WhatIfError

    place = _place(desk, folder, moved)
    bench = desk.benches.find(place)
    if bench is None:
        return Quick(
            number=moved.number,
            state="preparing",
            answer=None,
            job=_lay_out(desk, folder, moved, client),
            why=None,
        )
    try:
        answer = bench.ask(_request(moved))
    except FullRunError as error:
        return Quick(
            number=moved.number,
            state="full",
            answer=None,
            job=None,
            why=f"{error.found} is not {error.expected}",
        )
    except WhatIfError as error:
        raise Refused(
            422, found=error.found, expected=error.expected, mend=error.mend, where=error.where
        ) from None
    return Quick(number=moved.number, state="answered", answer=answer, job=None, why=None)


def _lay_out(desk: Desk, folder: Folder, moved: Moved, client: str) -> str:
    """The job that lays the case out."""
    case, place, benches = (
        _seen(folder.reading.case, moved.variant),
        _place(desk, folder, moved),
        desk.benches,
    )

    def work(progress: Progress, cancel: threading.Event) -> Answer:
        from tocsin.ask.whatif import Bench

        bench = Bench(
            case,
            moved.as_of,
            particles=place.particles,
            seed=place.seed,
            variant=moved.variant,
            progress=progress,
            cancel=cancel,
        )
        benches.keep(place, bench)
        found = bench.as_it_stands()
        return Answer(value=found, text=to_json(found).encode("utf-8", "backslashreplace"))

    name = _job_name("what-if", asdict(place), benches.times_gone(place))
    return desk.jobs.submit(name, folder.id, "what-if", work, client)[0].name


def _seen(case: Case, variant: str | None) -> Case:
    return case if variant is None else in_variant(case, variant)


def _place(desk: Desk, folder: Folder, moved: Moved) -> Place:
    try:
        as_of_day(folder.reading.case, moved.as_of)
    except AskError as error:
        raise Refused(
            422, found=str(error), expected="a day within the case", mend="choose another", where="as_of"
        ) from None
    return Place(
        reading=folder.reading.digest,
        variant=moved.variant,
        as_of=moved.as_of,
        particles=min(desk.means.particles, MOST_PARTICLES),
        seed=desk.means.seed,
    )


def _request(moved: Moved) -> Any:
    from tocsin.ask.whatif import Request

    return Request(changes=moved.changes, without=moved.without, levers=moved.levers, question=moved.question)


def _job_name(*parts: Any) -> str:
    text = json.dumps([__version__, *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


__all__ = ["KINDS", "router"]
