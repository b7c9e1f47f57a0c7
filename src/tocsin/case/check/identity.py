"""Whether each thing is defined once, and the ladder's rungs stand in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from tocsin.case.check.finding import Finding, finding
from tocsin.case.check.names import Names
from tocsin.case.faults import Path, dotted, shown
from tocsin.case.model import Case

_WITH_IDS = (
    "dispositions",
    "actors",
    "factors",
    "reasons",
    "events",
    "deals",
    "questions",
    "indicators",
    "sources",
    "levers",
    "reports",
    "collectors",
    "variants",
)


def check_identity(case: Case, names: Names) -> Iterator[Finding]:
    """Ids, fronts, threats and rungs given twice; the roles of rungs; the order of readiness."""
    for kind in _WITH_IDS:
        yield from _twice(((kind, i, "id"), item.id) for i, item in enumerate(getattr(case, kind)))
    yield from _twice((("fronts", i), front.ref) for i, front in enumerate(case.fronts))
    yield from _twice(
        (
            ("threats", i),
            f"{threat.by} -> {threat.against}, from {threat.from_}, for {threat.protects or threat.by}",
        )
        for i, threat in enumerate(case.threats)
    )
    yield from _ladder(case, names)


def _twice(named: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path, name in named:
        if name in first:
            before = dotted(first[name]).removesuffix(".id")
            yield finding(
                path,
                f"{shown(name)} a second time (first at {before})",
                "each of them once",
                "rename or remove one of the two",
            )
        else:
            first[name] = path


def _ladder(case: Case, names: Names) -> Iterator[Finding]:
    rungs = case.ladder.rungs
    yield from _twice((("ladder", "rungs", i, "id"), rung.id) for i, rung in enumerate(rungs))
    for role in ("contact", "blow", "attack"):
        yield from names.unknown("rungs", getattr(case.ladder, role), ("ladder", role))
    if rungs[0].readiness:
        yield finding(
            ("ladder", "rungs", 0, "readiness"),
            f"{rungs[0].readiness} on the lowest rung",
            "0 there",
            "remove it: the lowest rung needs no preparation",
        )
    for i, (lower, rung) in enumerate(pairwise(rungs), start=1):
        if rung.readiness < lower.readiness:
            yield finding(
                ("ladder", "rungs", i, "readiness"),
                f"{rung.readiness}, below {lower.id}'s {lower.readiness}",
                "readiness that never falls along the ladder",
                f"write {lower.readiness} or more",
            )
