"""The reports that should have mattered most: what each that existed says for what happened."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tocsin.ask.postmortem.answer import TellingReport
from tocsin.ask.postmortem.repairs import Workshop
from tocsin.ask.resolve import outcomes
from tocsin.ask.weights import FEWEST, leave_out, number
from tocsin.infer.posterior import Posterior


def telling_reports(
    posterior: Posterior, workshop: Workshop, day: dt.date, happened: np.ndarray
) -> tuple[tuple[TellingReport, ...], ...]:
    """For each question every report, the one that speaks most for what happened first.

    Parameters
    ----------
    posterior : in which all reports that existed by the day are known
    day : the as-of day, by which a report was in hand or not
    happened : (Q,) whether each question came true
    """
    items = [posterior.evidence.items[k] for k in posterior.reports]
    if not items:
        return tuple(() for _ in happened)
    yes = outcomes(posterior.game, posterior.paths, posterior.followed)
    hypotheses = (yes == happened[:, None]).astype(np.uint8)
    left = leave_out(posterior, hypotheses, posterior.evidence_log_chance[: len(items)])
    reports = {report.id: report for report in workshop.own.reports}
    grades = {source.id: source.grade for source in workshop.own.sources}
    out = []
    for q in range(len(happened)):
        listed = []
        for k, item in enumerate(items):
            report = reports.get(item.report or "")
            if report is None:
                continue
            listed.append(
                TellingReport(
                    id=report.id,
                    source=report.source,
                    grade=f"{grades.get(report.source, '?')}{report.grade}",
                    date=report.date,
                    known=report.known_on,
                    status=_status(report.id, report.source, report.known_on, workshop, day),
                    verdict=workshop.truth.reports.get(report.id, "not known"),
                    text=report.text,
                    decibans=number(left.decibans[k, q], left.error[k, q]),
                    without=float(left.without[k, q]),
                    reliable=bool(left.effective[k] >= FEWEST),
                )
            )
        out.append(tuple(sorted(listed, key=lambda r: -r.decibans.value)))
    return tuple(out)


def _status(report: str, source: str, known: dt.date, workshop: Workshop, day: dt.date) -> str:
    if known > day:
        return "set aside" if report in workshop.truth.set_aside else "late"
    return "not heard" if source in workshop.missing else "in hand"


__all__ = ["telling_reports"]
