"""Cases and posteriors that the tests of the answers share; each is inferred once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from tests.house.source import PACKAGE
from tocsin.ask.assess import Assessment, assess
from tocsin.ask.estimate import Estimate
from tocsin.case.model import Case
from tocsin.case.read import load
from tocsin.infer.posterior import Paths, Posterior

STARTER = load(PACKAGE / "case" / "starter")
AS_OF = dt.date(2030, 3, 10)
SINCE = dt.date(2030, 2, 10)
PARTICLES = 2_000
MONDAY = dt.date(2024, 1, 1)


@cache
def starter(particles: int = PARTICLES, seed: int = 1) -> Assessment:
    """The starter case, with what changed since a month before."""
    return assess(STARTER, AS_OF, particles=particles, seed=seed, since=SINCE)


def changed(case: Case, **parts: Any) -> Case:
    """The case with some parts written anew, in the words of a case file."""
    return Case.model_validate(case.model_dump(by_alias=True, mode="json", exclude_none=True) | parts)


def written(case: Case, part: str) -> list[dict[str, Any]]:
    """One part of a case as a case file would hold it, to be changed."""
    return cast("list[dict[str, Any]]", case.model_dump(by_alias=True, mode="json", exclude_none=True)[part])


def without_reports(case: Case, *ids: str) -> Case:
    return changed(case, reports=[report for report in written(case, "reports") if report["id"] not in ids])


def two_actors(**parts: Any) -> Case:
    """Two actors, each with a front toward the other, for twelve weeks."""
    whole = {
        "tocsin": 1,
        "title": "t",
        "question": "q",
        "start": MONDAY,
        "end": MONDAY + dt.timedelta(days=83),
        "actors": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
        "fronts": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}],
        "questions": [
            {
                "id": "q",
                "text": "t",
                "by": MONDAY + dt.timedelta(days=83),
                "rule": {"front": "a -> b", "reaches": "strikes"},
            }
        ],
    }
    return Case.model_validate(whole | parts)


def text_of(estimate: Estimate) -> str:
    """An estimate to the last bit, as text."""
    return json.dumps(dataclasses.asdict(estimate), default=str)


def bare(weight: np.ndarray, islands: int = 1) -> Posterior:
    """A posterior of which only the weights are there, for questions that look at nothing else."""
    return cast("Posterior", SimpleNamespace(weight=weight / weight.sum(), islands=islands))


def with_postures(posterior: Posterior, posture: np.ndarray) -> Posterior:
    """A posterior whose histories are these, (T+1, F, N), all equally likely."""
    n = posture.shape[-1]
    paths = Paths(
        posture=posture.astype(np.uint8),
        deal=np.zeros((len(posture), len(posterior.game.deals), n), dtype=np.uint8),
        factor=np.zeros((len(posture), len(posterior.followed), n), dtype=np.float32),
    )
    return dataclasses.replace(posterior, paths=paths, weight=np.full(n, 1.0 / n))


def four_errors(*errors: float) -> float:
    """Four standard errors of a sum or difference of independent estimates."""
    return 4.0 * float(np.sqrt(sum(error**2 for error in errors)))
