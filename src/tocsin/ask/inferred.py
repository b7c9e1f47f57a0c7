"""The posterior of a case as known on a day: what every question starts from."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass

from tocsin.ask.resolve import followed_factors
from tocsin.case.known import as_known
from tocsin.case.model import Case
from tocsin.errors import TocsinError
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.posterior import Posterior, infer_posterior
from tocsin.infer.work import Progress

DEFAULT_PARTICLES, DEFAULT_ISLANDS, DEFAULT_SEED = 50_000, 20, 1
FEWEST_PER_ISLAND = 50


class AskError(TocsinError, ValueError):
    """What was asked for cannot be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """A posterior, and the case it is of."""

    written: Case  # as it stands in its folder, what came later included
    known: Case  # as it could have been known on the day
    as_of: dt.date
    seed: int
    posterior: Posterior
    variant: str | None = None  # name of the view that the case was taken in, if not its own


def default_day(case: Case) -> dt.date:
    """The day on which the case puts its question, or else the last on which anything became known in it."""
    if case.as_of is not None:
        return case.as_of
    days = [case.start, *(r.known_on for r in case.reports), *(e.known_on for e in case.events)]
    return min(max(days), case.end)


def read_day(value: dt.date | str) -> dt.date:
    """A day from a date or its text.

    Raises
    ------
    AskError if the text is no date
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise AskError(f"found the date {value!r}; expected one like 2023-10-11") from error


def as_of_day(case: Case, as_of: dt.date | str | None) -> dt.date:
    """The day asked for, or the case's own.

    Raises
    ------
    AskError if it lies outside the case
    """
    day = read_day(as_of) if as_of is not None else default_day(case)
    if not case.start <= day <= case.end:
        raise AskError(f"the as-of date {day} lies outside the case; it runs from {case.start} to {case.end}")
    return day


def must_suffice(particles: int, islands: int, threads: int | None) -> None:
    """Refuse particles too few for their islands.

    Raises
    ------
    AskError
    """
    if islands < 2:
        raise AskError("at least 2 islands are needed, or there is no Monte Carlo error to report")
    if particles < islands * FEWEST_PER_ISLAND:
        raise AskError(
            f"found {particles} particles; expected at least {islands * FEWEST_PER_ISLAND}, "
            f"{FEWEST_PER_ISLAND} for each of the {islands} islands"
        )
    if threads is not None and threads < 1:
        raise AskError(f"found {threads} threads; expected at least 1, or none named for all cores")


def infer_known(
    known: Case,
    day: dt.date,
    particles: int,
    islands: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    followed: tuple[int, ...] | None = None,
    keep_past: bool = False,
) -> Posterior:
    """The posterior of a case that holds nothing learned after the day.

    `followed` are the factors whose paths are kept; if left out, those that a question refers to. With
    `keep_past` all that reports could have spoken of is kept too.
    """
    game = compile_case(known, day)
    return infer_posterior(
        game,
        compile_evidence(game),
        particles=particles,
        islands=islands,
        seed=seed,
        threads=threads,
        followed=followed_factors(game) if followed is None else followed,
        keep_past=keep_past,
        progress=progress,
        cancel=cancel,
    )


def infer(
    case: Case,
    as_of: dt.date | str | None = None,
    *,
    particles: int = DEFAULT_PARTICLES,
    islands: int = DEFAULT_ISLANDS,
    seed: int = DEFAULT_SEED,
    threads: int | None = None,
    variant: str | None = None,
    keep_past: bool = False,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Inferred:
    """Infer the posterior of a case as it was known on a day.

    Parameters
    ----------
    case : a checked case, e.g. from `tocsin.load`
    as_of : last day whose news counts; the case's own if left out
    variant : name of the view that `case` was taken in, to be told with the answer
    keep_past : keep what reports that nobody made would be weighed by
    particles, islands, seed, threads, progress, cancel : as in `tocsin.assess`

    Raises
    ------
    AskError if the day lies outside the case or the particles are too few; DegenerateWeightsError if the
    model cannot explain what was reported; CancelledError

    Examples
    --------
    >>> import tocsin
    >>> infer(tocsin.load("cases/lebanon-2023"), "2023-10-11").posterior.islands  # doctest: +SKIP
    20
    """
    day = as_of_day(case, as_of)
    must_suffice(particles, islands, threads)
    known = as_known(case, day)
    posterior = infer_known(
        known, day, particles, islands, seed, threads, progress, cancel, keep_past=keep_past
    )
    return Inferred(written=case, known=known, as_of=day, seed=seed, posterior=posterior, variant=variant)
