"""The starter case with levers of every kind, and its options, worked out once."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.ask.worlds import AS_OF, STARTER, changed, starter
from tocsin.ask.inferred import Inferred
from tocsin.ask.options import Options, options
from tocsin.ask.options.trial import Risk, Trial
from tocsin.case.known import as_known
from tocsin.case.model import Case

HISTORIES = 2_000
FRONT, BACK = "sudria -> norland", "norland -> sudria"


def lever(name: str, cost: float, *effects: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "actor": "westmark", "cost": cost, "effects": list(effects)} | parts


LEVERS = [
    lever("hold", 2, {"pull": FRONT, "shift": -2.0}),
    lever(
        "deter-and-provoke", 1,
        {"threat": "westmark -> sudria", "shift": 4.0}, {"provokes": FRONT, "shift": 1.5},
    ),
    lever("warn", 1, {"threat": "westmark -> sudria", "shift": 4.0}, actor="norland"),
    lever("no-such-threat", 1, {"threat": "norland -> westmark", "shift": 4.0}),
    lever("brief", 0.5, {"provokes": FRONT, "shift": 1.0}, delay_days=60, duration_days=7),
    lever("settle", 3, {"deal": "valley-talks", "shift": 1}),
]  # fmt: skip


def case_with(levers: list[dict[str, Any]], **parts: Any) -> Case:
    return changed(STARTER, levers=levers, **parts)


def inferred(case: Case) -> Inferred:
    """The starter's own posterior, which levers do not touch."""
    return Inferred(
        written=case, known=as_known(case, AS_OF), as_of=AS_OF, seed=1, posterior=starter().posterior
    )


@cache
def whole() -> Options:
    return options(inferred(case_with(LEVERS)), histories=HISTORIES)


@cache
def trial() -> Trial:
    """Every single lever and one portfolio of all, tried."""
    tried = Trial(inferred(case_with(LEVERS)), Risk(columns=(0,), weights=(1.0,)), histories=HISTORIES)
    ids = [entry["id"] for entry in LEVERS]
    tried.add([(), *((name,) for name in ids), tuple(ids)])
    return tried
