"""Cases as they are served: heads for a list, and all that the pages need of one."""

from __future__ import annotations

import datetime as dt

from tocsin.ask.inferred import default_day
from tocsin.case import faults as case_faults
from tocsin.case.model import Case, Report
from tocsin.web.values import CaseHead, CaseView, Fault, Faults, Said, View
from tocsin.web.workspace import Folder


def faults_of(found: tuple[case_faults.Fault, ...]) -> tuple[Fault, ...]:
    """Faults as they are served."""
    return tuple(Fault.model_validate(fault.as_json()) for fault in found)


def is_sound(found: tuple[case_faults.Fault, ...]) -> bool:
    """Whether files with these faults make a case: warnings keep none from being read."""
    return all(fault.severity != "fault" for fault in found)


def faults_now(folder: Folder) -> Faults:
    """What is wrong with a case's files as they are now."""
    reading, found = folder.state
    return Faults(digest=reading.digest if reading else None, sound=is_sound(found), faults=faults_of(found))


def head_of(folder: Folder) -> CaseHead:
    """A case in a list of cases."""
    reading, found = folder.state
    case = reading.case if reading else None
    return CaseHead(
        id=folder.id,
        title=case.title if case else folder.path.name,
        question=case.question if case else "",
        as_of=default_day(case) if case else None,
        start=case.start if case else None,
        end=case.end if case else None,
        sound=is_sound(found),
        faults=len(found),
    )


def view_of(folder: Folder) -> CaseView:
    """The last good reading of a case.

    Raises
    ------
    Refused if there was none yet
    """
    reading = folder.reading
    case = reading.case
    now = faults_now(folder)
    grade = {source.id: source.grade for source in case.sources}
    said = sorted(case.reports, key=lambda report: (report.known_on, report.date, report.id))
    return CaseView(
        id=folder.id,
        digest=reading.digest,
        title=case.title,
        question=case.question,
        start=case.start,
        end=case.end,
        as_of=default_day(case),
        rungs=case.ladder.rungs,
        days=_days(case),
        questions=case.questions,
        dispositions=case.dispositions,
        actors=case.actors,
        fronts=case.fronts,
        ties=case.ties,
        factors=case.factors,
        reasons=case.reasons,
        threats=case.threats,
        events=case.events,
        deals=case.deals,
        levers=case.levers,
        indicators=case.indicators,
        sources=case.sources,
        collectors=case.collectors,
        reports=tuple(_said(report, grade[report.source]) for report in said),
        outcomes=case.outcomes,
        variants=tuple(View(id=v.id, name=v.name, text=v.text) for v in case.variants),
        sound=now.sound,
        faults=now.faults,
    )


def _days(case: Case) -> tuple[dt.date, ...]:
    known = {report.known_on for report in case.reports} | {event.known_on for event in case.events}
    return tuple(sorted(day for day in known if case.start <= day <= case.end))


def _said(report: Report, letter: str) -> Said:
    return Said(
        id=report.id,
        date=report.date,
        known=report.known_on,
        source=report.source,
        grade=f"{letter}{report.grade}",
        origin=report.origin,
        kind="front" if report.indicator is None else "indicator",
        about=report.indicator or report.front or "",
        value=report.value,
        text=report.text,
        citation=report.citation,
    )
