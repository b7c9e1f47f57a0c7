"""Assess: what does each actor intend, what will it do by a date, how sure are we, and why.

`assess` compiles a case as it was known on a day, infers the posterior, and asks it everything at once.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin import __version__
from tocsin.ask.actors import estimate_actors, estimate_fronts
from tocsin.ask.bands import YARDSTICKS, band
from tocsin.ask.confidence import Pieces, actors_of, judge, vary
from tocsin.ask.estimate import (
    SCHEMA_VERSION,
    Chance,
    Change,
    Diagnostics,
    Estimate,
    EvidenceEstimate,
    Number,
    QuestionEstimate,
    Since,
)
from tocsin.ask.evidence import conflicts, estimate_evidence, pieces_of
from tocsin.ask.futures import chances, look_ahead
from tocsin.ask.inferred import (
    DEFAULT_ISLANDS,
    DEFAULT_PARTICLES,
    DEFAULT_SEED,
    AskError,
    as_of_day,
    infer_known,
    must_suffice,
    read_day,
)
from tocsin.ask.records import clear_by, estimate_sources, with_proofs
from tocsin.ask.resolve import outcomes
from tocsin.ask.sensitivity import rank_reasons
from tocsin.ask.watchlist import blind_spots, watchlist
from tocsin.ask.weights import LeftOut, leave_out
from tocsin.case.known import as_known, digest
from tocsin.case.model import Case
from tocsin.case.rules import fronts_of
from tocsin.infer.posterior import Paths, Posterior
from tocsin.infer.work import Progress
from tocsin.score.record import TrackRecord
from tocsin.score.reliability import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An estimate, and the particles that it was read from."""

    estimate: Estimate
    posterior: Posterior

    def __getattr__(self, name: str) -> Any:
        """Read like the estimate: ``assessment.questions`` is ``assessment.estimate.questions``."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.estimate, name)

    def __rich__(self) -> str:
        from rich.markup import escape

        lines = [f"[bold]{escape(self.estimate.case)}[/bold] as of {self.estimate.as_of}"]
        lines += [
            f"{q.chance.probability:6.1%} ±{q.chance.mc_error:.1%}  {q.band.word:20s} {q.id}"
            for q in self.estimate.questions
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(q.text)}</td><td>{q.chance.probability:.1%} ±{q.chance.mc_error:.1%}</td>"
            f"<td>{escape(q.band.word)}</td><td>{escape(q.confidence.level)}</td></tr>"
            for q in self.estimate.questions
        )
        return (
            f"<table><caption>{escape(self.estimate.case)}, as of {self.estimate.as_of}</caption>"
            "<thead><tr><th>question</th><th>probability</th><th>likelihood</th><th>confidence</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def assess(
    case: Case,
    as_of: dt.date | str | None = None,
    *,
    particles: int = DEFAULT_PARTICLES,
    islands: int = DEFAULT_ISLANDS,
    seed: int = DEFAULT_SEED,
    since: dt.date | str | None = None,
    yardstick: str = "ICD 203",
    variant: str | None = None,
    threads: int | None = None,
    proofs: Iterable[Proof] = (),
    half_life_days: float | None = None,
    records: tuple[TrackRecord, TrackRecord] | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Assessment:
    """Assess a case as it was known on a day.

    Parameters
    ----------
    case : a checked case, e.g. from `tocsin.load`
    as_of : last day whose news counts; the case's own `as_of` if left out, or else the last day on which
        anything became known
    particles : weighted histories in all; Monte Carlo errors shrink as one over its square root
    islands : independent filters among which the particles are shared
    seed : the same seed gives the same estimate, at any number of threads
    since : an earlier day; the estimate then says what moved since
    yardstick : words of likelihood, "ICD 203" or "PHIA"
    variant : name of the view that `case` was taken in (`tocsin.case.variant`), to be told with the answer
    threads : at most so many at once; all cores if left out
    proofs : reports, of this case and others, that have proved right or wrong; what was clear by the as-of
        day raises its source's record, and nothing else does
    half_life_days : days after which a proof counts half; for good if left out
    records : how earlier forecasts did, those made in time and those in hindsight, to stand beside the
        answers; they touch none of them
    progress : called with (done, total, what)
    cancel : set it from another thread to stop

    Returns
    -------
    Assessment, whose `estimate` is plain data and whose `posterior` holds the particles

    Raises
    ------
    AskError if the day lies outside the case or the particles are too few; DegenerateWeightsError if the
    model cannot explain what was reported; ScoreError if a report proved both right and wrong

    Examples
    --------
    >>> import tocsin
    >>> case = tocsin.load("cases/lebanon-2023")  # doctest: +SKIP
    >>> tocsin.assess(case, as_of="2023-10-11").questions[0].band.word  # doctest: +SKIP
    'very unlikely'
    """

    def infer_at(known: Case, day: dt.date) -> Posterior:
        return infer_known(known, day, particles, islands, seed, threads, progress, cancel)

    must_suffice(particles, islands, threads)
    return assess_by(
        infer_at,
        case,
        as_of,
        seed=seed,
        since=since,
        yardstick=yardstick,
        variant=variant,
        threads=threads,
        proofs=proofs,
        half_life_days=half_life_days,
        records=records,
    )


def assess_by(
    infer_at: Callable[[Case, dt.date], Posterior],
    case: Case,
    as_of: dt.date | str | None = None,
    *,
    seed: int = DEFAULT_SEED,
    since: dt.date | str | None = None,
    yardstick: str = "ICD 203",
    variant: str | None = None,
    threads: int | None = None,
    proofs: Iterable[Proof] = (),
    half_life_days: float | None = None,
    records: tuple[TrackRecord, TrackRecord] | None = None,
) -> Assessment:
    """Assess a case by posteriors that somebody keeps; all else is as in `assess`.

    Parameters
    ----------
    infer_at : the posterior, by `seed`, of a case that holds nothing learned after a day
    """
    day = as_of_day(case, as_of)
    earlier = read_day(since) if since is not None else None
    if earlier is not None and not case.start <= earlier < day:
        raise AskError(f"since {earlier} must lie from {case.start} up to the day before {day}")
    if yardstick not in YARDSTICKS:
        raise AskError(f"found the yardstick {yardstick!r}; expected {' or '.join(YARDSTICKS)}")
    proofs = tuple(proofs)
    written = as_known(case, day)
    known, tallies = with_proofs(written, proofs, day, half_life_days)
    posterior = infer_at(known, day)
    before = None
    if earlier is not None:
        earlier_case, _ = with_proofs(as_known(case, earlier), proofs, earlier, half_life_days)
        before = infer_at(earlier_case, earlier)
    estimate = read_off(posterior, case=known, seed=seed, yardstick=yardstick, threads=threads, before=before)
    estimate = replace(
        estimate,
        variant=variant,
        sources=estimate_sources(posterior, written, tallies, clear_by(proofs, day)),
        record=records[0] if records else None,
        hindsight=records[1] if records else None,
    )
    return Assessment(estimate=estimate, posterior=posterior)


def _truths(posterior: Posterior, paths: Paths | None = None, by: dt.date | None = None) -> np.ndarray:
    return outcomes(posterior.game, paths or posterior.paths, posterior.followed, by)


def read_off(
    posterior: Posterior,
    *,
    case: Case,
    seed: int,
    yardstick: str = "ICD 203",
    threads: int | None = None,
    before: Posterior | None = None,
) -> Estimate:
    """Ask a posterior everything that an estimate holds; `case` is the case as known on the day."""
    game = posterior.game
    truths = _truths(posterior)
    pieces = pieces_of(posterior)
    hypotheses, names = _hypotheses(posterior, truths)
    left_out = leave_out(posterior, hypotheses, pieces.log_chance)
    questions = _questions(posterior, truths, pieces, left_out, yardstick)
    listed = watchlist(posterior, truths)
    evidence = estimate_evidence(posterior, pieces, left_out, names, questions, yardstick)
    return Estimate(
        schema=SCHEMA_VERSION,
        version=__version__,
        case=case.title,
        question=case.question,
        case_digest=digest(case),
        variant=None,
        as_of=game.as_of,
        seed=seed,
        rungs=game.rungs,
        questions=questions,
        actors=estimate_actors(posterior),
        fronts=estimate_fronts(posterior),
        evidence=evidence,
        sources=estimate_sources(posterior, case, {}, ()),
        conflicts=conflicts(posterior, evidence),
        reasons=rank_reasons(posterior, threads),
        indicators=listed,
        blind_spots=blind_spots(posterior, listed),
        futures=look_ahead(posterior),
        since=_since(posterior, before, questions, evidence) if before else None,
        record=None,
        hindsight=None,
        diagnostics=_diagnose(posterior),
    )


def _hypotheses(posterior: Posterior, truths: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Questions, dispositions and deception marks as rows of 0 and 1, with their names."""
    game = posterior.game
    rows, names = [truths], [q.id for q in game.case.questions]
    for i, actor in enumerate(game.actors):
        for k, disposition in enumerate(game.dispositions):
            rows.append(posterior.disposition[i : i + 1] == k)
            names.append(f"{actor}: {disposition}")
        rows.append(posterior.deceives[i : i + 1] == 1)
        names.append(f"{actor}: deceives")
    return np.concatenate(rows).astype(np.uint8), tuple(names)


def _effective_islands(posterior: Posterior) -> float:
    return float(1.0 / np.sum(posterior.island_weight**2))


def _questions(
    posterior: Posterior, truths: np.ndarray, pieces: Pieces, left_out: LeftOut, yardstick: str
) -> tuple[QuestionEstimate, ...]:
    game = posterior.game
    calm = _truths(posterior, posterior.calm)
    already = chances(posterior, _truths(posterior, by=game.as_of))
    out = []
    answers = zip(game.case.questions, chances(posterior, truths), strict=True)
    for column, (question, chance) in enumerate(answers):
        truth = truths[column]
        variations = vary(posterior, question, truth, pieces)
        by_disposition = []
        for actor in actors_of(question)[:2]:
            i = game.actors.index(actor)
            for k, disposition in enumerate(game.dispositions):
                marks = posterior.disposition[i] == k
                weight = posterior.weight * marks
                share = float(weight.sum())
                if share > 1e-3:
                    mean, error = posterior.expect(truth.astype(np.float64), weight)
                    given = Chance(probability=float(mean), mc_error=float(error))
                    by_disposition.append((actor, disposition, share, given))
        out.append(
            QuestionEstimate(
                id=question.id,
                text=question.text,
                fronts=fronts_of(question),
                by=question.by,
                chance=chance,
                band=band(chance, yardstick),
                confidence=judge(
                    chance, variations, pieces, left_out, column, _effective_islands(posterior), yardstick
                ),
                already=already[column],
                inadvertent=_inadvertent(posterior, truth, calm[column]),
                by_disposition=tuple(by_disposition),
            )
        )
    return tuple(out)


def _inadvertent(posterior: Posterior, truth: np.ndarray, calm: np.ndarray) -> Number | None:
    """Share of a chance that is gone when nobody misreads and nothing happens by accident; same chance."""
    m = posterior.islands
    n = posterior.weight.size // m
    weight = posterior.weight.reshape(m, n)
    with_errors = (weight * truth.reshape(m, n)).sum(axis=1)
    without = (weight * calm.reshape(m, n)).sum(axis=1)
    total = with_errors.sum()
    if total <= 0.0:
        return None
    share = 1.0 - without.sum() / total
    residual = (with_errors - without) - share * with_errors
    error = float(np.sqrt(m / (m - 1.0) * np.sum(residual**2)) / total)
    return Number(value=float(share), mc_error=error)


def _since(
    posterior: Posterior,
    before: Posterior,
    questions: tuple[QuestionEstimate, ...],
    evidence: tuple[EvidenceEstimate, ...],
) -> Since:
    game, earlier = posterior.game, before.game
    fresh = tuple(r.id for r in game.case.reports if r.known_on > earlier.as_of)
    old = chances(before, _truths(before))
    changes = []
    for question, was in zip(questions, old, strict=True):
        moved = []
        for piece in evidence:
            if piece.id not in fresh:
                continue
            weight = next((w for w in piece.weights if w.hypothesis == question.id), None)
            if weight is not None:
                moved.append((piece.id, question.chance.probability - weight.without))
        moved.sort(key=lambda pair: -abs(pair[1]))
        whole = question.chance.probability - was.probability
        changes.append(
            Change(
                question=question.id,
                before=was,
                after=question.chance,
                moved_by=tuple(moved),
                rest=whole - sum(shift for _, shift in moved),
            )
        )
    return Since(
        day=earlier.as_of,
        new_reports=fresh,
        new_events=tuple(e.id for e in game.case.events if e.known_on > earlier.as_of),
        changes=tuple(changes),
    )


def _diagnose(posterior: Posterior) -> Diagnostics:
    m = posterior.islands
    peak = float(posterior.log_evidence.max())
    relative = np.exp(posterior.log_evidence - peak)
    log_evidence = peak + float(np.log(relative.mean()))
    error = float(relative.std(ddof=1) / np.sqrt(m) / relative.mean())
    shares = np.mean([trace.effective_share for trace in posterior.traces], axis=0)
    worst = int(np.argmin(shares))
    effective = _effective_islands(posterior)
    warnings = []
    if effective < m / 4.0:
        warnings.append(
            f"the islands disagree: the pooled result rests on {effective:.1f} of {m}; "
            "more particles would help"
        )
    if posterior.ancestors < 2 * m:
        warnings.append(
            f"only {posterior.ancestors} of the first particles still have descendants: what the case says "
            "about its first steps rests on few histories"
        )
    return Diagnostics(
        particles=int(posterior.weight.size),
        islands=m,
        log_evidence=Number(value=log_evidence, mc_error=error),
        effective_islands=effective,
        effective_sample_size=float(1.0 / np.sum(posterior.weight**2)),
        surviving_ancestors=posterior.ancestors,
        resamplings=posterior.resamplings,
        worst_step=posterior.game.grid.first_day(worst),
        worst_share=float(shares[worst]),
        warnings=tuple(warnings),
    )
