"""What every answer says of itself: the case it is of, the day, and how to get it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tocsin import __version__
from tocsin.ask.inferred import Inferred
from tocsin.case.known import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactHeading:
    """Of an answer without chance: the same case and day give it again, and there is no error to report."""

    version: str  # of tocsin
    case: str  # title
    question: str
    case_digest: str  # of the case as known on the as-of day
    variant: str | None  # whose view of the case it is, if not the case's own
    as_of: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(ExactHeading):
    """Of an answer read off particles: the same case, day, seed and particles give it again."""

    seed: int
    particles: int
    islands: int
    rungs: tuple[str, ...]


def heading(inferred: Inferred) -> Heading:
    """The heading of an answer read off a posterior."""
    posterior = inferred.posterior
    return Heading(
        version=__version__,
        case=inferred.known.title,
        question=inferred.known.question,
        case_digest=digest(inferred.known),
        variant=inferred.variant,
        as_of=inferred.as_of,
        seed=inferred.seed,
        particles=posterior.weight.size,
        islands=posterior.islands,
        rungs=posterior.game.rungs,
    )
