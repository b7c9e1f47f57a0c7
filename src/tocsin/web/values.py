"""What the server takes and gives besides the answers: frozen values whose fields say what they mean."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tocsin.case import model

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class Value(BaseModel):
    """Base of all that goes over the wire: immutable, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Problem(Value):
    """Why something was refused, in the words of a fault."""

    found: str = Field(description="what was found")
    expected: str = Field(description="what was expected instead")
    mend: str = Field(description="what to do about it")
    where: str | None = Field(None, description="where it stands: a field, or a file with line and column")


class Error(Value):
    """The one shape of everything that is refused."""

    error: Problem = Field(description="why")


class Fault(Value):
    """One thing wrong with the files of a case."""

    file: str = Field(description="name within the case's folder")
    line: int | None = Field(description="from 1; null where the fault has no place in a text")
    column: int | None = Field(description="from 1; null where the fault has no place in a text")
    where: str = Field(description="dotted path, such as actors[1].dispositions; empty for a whole file")
    found: str = Field(description="what was found")
    expected: str = Field(description="what was expected instead")
    mend: str = Field(description="what to do about it")
    severity: Literal["fault", "warning"] = Field(
        description="a warning tells of what is seldom meant, and keeps no case from being read"
    )


class Faults(Value):
    """What is wrong with a case's files as they are now."""

    digest: str | None = Field(description="of the last good reading; null if there was none yet")
    sound: bool = Field(description="true if the files as they are now make a case")
    faults: tuple[Fault, ...] = Field(description="in reading order, warnings too")


class Serving(Value):
    """The server, and what it takes where nothing is said."""

    version: str = Field(description="of tocsin")
    terms: dict[str, str] = Field(description="every technical word of the pages, and what it means")
    particles: int = Field(description="weighted histories of an answer, if not said otherwise")
    islands: int = Field(description="independent filters among which they are shared")
    seed: int = Field(description="of all chance, if not said otherwise")
    asks: tuple[str, ...] = Field(description="what can be asked of a case")
    ledger: bool = Field(description="whether a record of earlier forecasts stands beside the answers")


class CaseHead(Value):
    """A case in a list of cases."""

    id: str = Field(description="by which the addresses here name it")
    title: str = Field(description="its title; its folder's name if it was never read")
    question: str = Field(description="what it asks; empty if it was never read")
    as_of: dt.date | None = Field(description="the day on which it puts its question, or its last news")
    start: dt.date | None = Field(description="its first day")
    end: dt.date | None = Field(description="its last day")
    sound: bool = Field(description="true if its files as they are now make a case")
    faults: int = Field(description="how many faults and warnings its files have now")


class Cases(Value):
    """The cases that are served."""

    cases: tuple[CaseHead, ...] = Field(description="in the order in which they were given")


class Said(Value):
    """A report with what it is about in one word and its grade in one mark."""

    id: str = Field(description="a name of its own")
    date: dt.date = Field(description="when what it tells of happened")
    known: dt.date = Field(description="when it became known")
    source: str = Field(description="who said it")
    grade: str = Field(description="letter of its source and number of the item, e.g. B2")
    origin: str | None = Field(description="where the source has it from; reports of one origin count once")
    kind: Literal["indicator", "front"] = Field(description="what it is about")
    about: str = Field(description="id of the indicator, or the front")
    value: str = Field(description='"seen" or "not seen" for an indicator; a rung for a front')
    text: str = Field(description="what was said")
    citation: str = Field(description="where it can be read")


class View(Value):
    """Another view of the case, over the same record."""

    id: str = Field(description="the name by which it is asked for")
    name: str = Field(description="whose view it is, in a few words")
    text: str = Field(description="what it holds, and on what record")


class CaseView(Value):
    """The last good reading of a case: all that its files say and the pages need."""

    id: str = Field(description="by which the addresses here name it")
    digest: str = Field(description="of the reading; another one means that something was changed")
    title: str = Field(description="what the case is called")
    question: str = Field(description="what it asks")
    start: dt.date = Field(description="its first day")
    end: dt.date = Field(description="its last day")
    as_of: dt.date = Field(description="the day on which it puts its question, or its last news")
    rungs: tuple[model.Rung, ...] = Field(description="of the ladder, lowest first")
    days: tuple[dt.date, ...] = Field(description="each day on which something became known")
    questions: tuple[model.Question, ...] = Field(description="what can be forecast, and how it resolves")
    dispositions: tuple[model.Disposition, ...] = Field(description="the types of actor")
    actors: tuple[model.Actor, ...] = Field(description="who acts")
    fronts: tuple[model.Front, ...] = Field(description="who can act against whom")
    ties: tuple[model.Tie, ...] = Field(description="what binds or divides them, and when")
    factors: tuple[model.Factor, ...] = Field(description="conditions of the world that move decisions")
    reasons: tuple[model.Reason, ...] = Field(description="what holds back and what pulls in")
    threats: tuple[model.Threat, ...] = Field(description="what would be done if another went up the ladder")
    events: tuple[model.Event, ...] = Field(description="what happened and changed the game")
    deals: tuple[model.Deal, ...] = Field(description="what could be agreed")
    levers: tuple[model.Lever, ...] = Field(description="what a decision-maker can do")
    indicators: tuple[model.Indicator, ...] = Field(description="what can be seen of what is hidden")
    sources: tuple[model.Source, ...] = Field(description="who says things, and how far to believe them")
    collectors: tuple[model.Collector, ...] = Field(description="what can be pointed, and where it looks")
    reports: tuple[Said, ...] = Field(description="what was said, in the order in which it became known")
    outcomes: tuple[model.Outcome, ...] = Field(description="how questions were resolved, as known by now")
    variants: tuple[View, ...] = Field(description="other views of the case")
    sound: bool = Field(description="true if the files as they are now make a case")
    faults: tuple[Fault, ...] = Field(description="of the files as they are now, warnings too")


class Job(Value):
    """Long work on its way."""

    id: str = Field(description="the same for the same thing asked of the same reading")
    case: str = Field(description="the case it is of")
    ask: str = Field(description="what was asked")
    state: State = Field(description="the last three are final")
    done: int = Field(description="parts done of the step in work")
    total: int = Field(description="parts of that step in all; 0 before it began")
    what: str = Field(description="what the parts are")
    error: Problem | None = Field(description="why it failed; null if it did not")
    seconds: float = Field(description="for which it has run")
