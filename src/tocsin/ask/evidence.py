"""The evidence one by one: what each report and silence says, and what contradicts or carries an answer."""

from __future__ import annotations

import numpy as np

from tocsin.ask.bands import band
from tocsin.ask.confidence import Pieces
from tocsin.ask.estimate import Chance, Conflict, EvidenceEstimate, QuestionEstimate, Weight
from tocsin.ask.weights import FEWEST, LeftOut, number
from tocsin.case.model import Report
from tocsin.infer.posterior import Posterior

# Reports of one front in one step that differ by so many rungs cannot well both be right.
FAR_APART = 2
# A report that everything else gave less than this chance is called out.
SURPRISING = 0.05


def pieces_of(posterior: Posterior) -> Pieces:
    """The evidence in the order of the posterior's log chances: reports, then watches."""
    case, evidence = posterior.game.case, posterior.evidence
    grade = {source.id: source.grade for source in case.sources}
    reports = {report.id: report for report in case.reports}
    listed = [reports[evidence.items[k].report or ""] for k in posterior.reports]
    sources = [report.source for report in listed] + [source for source, _ in evidence.watches]
    return Pieces(
        source=tuple(sources),
        origin=tuple([r.origin or r.source for r in listed] + [source for source, _ in evidence.watches]),
        grade=tuple(grade[source] for source in sources),
        is_report=(True,) * len(listed) + (False,) * len(evidence.watches),
        log_chance=posterior.evidence_log_chance,
    )


def estimate_evidence(
    posterior: Posterior,
    pieces: Pieces,
    left_out: LeftOut,
    names: tuple[str, ...],
    questions: tuple[QuestionEstimate, ...],
    yardstick: str,
) -> tuple[EvidenceEstimate, ...]:
    """Every report and every watch, the most diagnostic first; last the reports for which another stands."""
    case, evidence = posterior.game.case, posterior.evidence
    reports = {report.id: report for report in case.reports}
    n_questions = len(questions)
    # A question whose day has passed has little left to tell; it does not decide what comes first.
    open_ = np.array([question.by > posterior.game.as_of for question in questions])
    counts = open_ if open_.any() else ~open_
    out: list[EvidenceEstimate] = []
    for row in range(len(pieces.source)):
        weights = tuple(
            Weight(
                hypothesis=name,
                decibans=number(left_out.decibans[row, h], left_out.error[row, h]),
                without=float(left_out.without[row, h]),
            )
            for h, name in enumerate(names)
        )
        reliable = bool(left_out.effective[row] >= FEWEST)
        carries = tuple(
            question.id
            for question, weight in zip(questions, weights[:n_questions], strict=True)
            if band(Chance(probability=weight.without, mc_error=0.0), yardstick).word != question.band.word
            and not question.band.edge
        )
        # What it weighs at the least: else noise on the rarest question would come first.
        sure = np.abs(left_out.decibans[row, :n_questions]) - 2.0 * left_out.error[row, :n_questions]
        diagnosticity = float(np.max(sure[counts], initial=0.0))
        common = {
            "chance": float(left_out.chance[row]),
            "weights": weights,
            "diagnosticity": diagnosticity,
            "reliable": reliable,
            "carries": carries,
            "stood_for_by": None,
        }
        if pieces.is_report[row]:
            report = reports[evidence.items[posterior.reports[row]].report or ""]
            out.append(_of_report(report, pieces.grade[row], **common))
        else:
            source, indicator = evidence.watches[row - len(posterior.reports)]
            silent = evidence.watch_items[row - len(posterior.reports)]
            if not len(silent):
                continue
            out.append(
                EvidenceEstimate(
                    id=f"silence: {source} / {indicator}",
                    kind="silence",
                    source=source,
                    grade=pieces.grade[row],
                    date=None,
                    known=None,
                    about=indicator,
                    value="not reported",
                    text=f"{source} has watched for this and reported nothing in {len(silent)} steps",
                    origin=None,
                    **common,  # type: ignore[arg-type]
                )
            )
    out.sort(key=lambda piece: -piece.diagnosticity)
    grade = {source.id: source.grade for source in case.sources}
    for report_id, best in evidence.stood_for.items():
        report = reports[report_id]
        out.append(
            _of_report(
                report,
                grade[report.source],
                chance=1.0,
                weights=(),
                diagnosticity=0.0,
                reliable=True,
                carries=(),
                stood_for_by=best,
            )
        )
    return tuple(out)


def _of_report(report: Report, letter: str, **common: object) -> EvidenceEstimate:
    return EvidenceEstimate(
        id=report.id,
        kind="report",
        source=report.source,
        grade=f"{letter}{report.grade}",
        date=report.date,
        known=report.known_on,
        about=report.indicator or report.front or "",
        value=report.value,
        text=report.text,
        origin=report.origin,
        **common,  # type: ignore[arg-type]
    )


def conflicts(posterior: Posterior, evidence: tuple[EvidenceEstimate, ...]) -> tuple[Conflict, ...]:
    """Pairs that say different things of one step, and reports that all the rest speaks against."""
    game = posterior.game
    weighed = [piece for piece in evidence if piece.kind == "report" and piece.stood_for_by is None]
    found: list[Conflict] = []
    by_thing: dict[tuple[str, int], list[EvidenceEstimate]] = {}
    for piece in weighed:
        if piece.date is not None:
            by_thing.setdefault((piece.about, game.grid.step_of(piece.date)), []).append(piece)
    for (about, _), group in by_thing.items():
        for k, one in enumerate(group):
            for other in group[k + 1 :]:
                if _differ(game.rungs, one.value, other.value):
                    found.append(
                        Conflict(
                            reports=(one.id, other.id),
                            about=about,
                            text=f"{one.source} says {one.value}, {other.source} says {other.value}",
                        )
                    )
    for piece in weighed:
        if piece.chance < SURPRISING:
            found.append(
                Conflict(
                    reports=(piece.id,),
                    about=piece.about,
                    text=f"everything else gave it a chance of {piece.chance:.1%}",
                )
            )
    return tuple(found)


def _differ(rungs: tuple[str, ...], one: str, other: str) -> bool:
    if one in rungs and other in rungs:
        return abs(rungs.index(one) - rungs.index(other)) >= FAR_APART
    return one != other
