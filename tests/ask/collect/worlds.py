"""One small posterior that the tests of collection share, and ways to change who looks where."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.ask.worlds import STARTER, changed
from tocsin.ask.collect.answer import Collection
from tocsin.ask.collect.channels import channels, present
from tocsin.ask.collect.collect import collect
from tocsin.ask.collect.histories import Histories, histories_ahead
from tocsin.ask.collect.warning import Watched, watched
from tocsin.ask.inferred import Inferred, infer
from tocsin.case.model import Case

DAY, PARTICLES, ISLANDS, WITHIN = "2030-03-10", 2_000, 10, 8.0
FRONT = 0  # sudria -> norland

EYE = {
    "id": "eye",
    "name": "An eye",
    "discipline": "imagery",
    "grade": "A",
    "quality": {"sudria": 0.95, "norland": 0.6},
    "looks": {"sudria": 0.8, "norland": 0.2},
}


def with_collectors(*collectors: dict[str, Any]) -> Case:
    """The starter case with these collectors and no others."""
    return changed(STARTER, collectors=list(collectors))


@cache
def inferred(kind: str = "eye") -> Inferred:
    """A posterior of the starter case with one collector, or with none."""
    case = with_collectors(EYE) if kind == "eye" else with_collectors()
    return infer(case, DAY, particles=PARTICLES, islands=ISLANDS)


@cache
def ahead() -> Histories:
    return histories_ahead(inferred().posterior, 26.0)


@cache
def ready() -> Watched:
    """The front of the starter case, made ready to be scored."""
    case = inferred().known
    found = watched(ahead(), FRONT, channels(case, case.collectors), WITHIN, seed=5)
    assert found is not None
    return found


@cache
def answer(kind: str = "eye") -> Collection:
    return collect(inferred(kind))


def shares(**of_eye: float) -> dict[tuple[str, str], float]:
    """Where the eye looks, changed."""
    return present(inferred().known.collectors) | {("eye", actor): share for actor, share in of_eye.items()}
